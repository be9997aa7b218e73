// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Symbol tables of loaded modules
 *
 * A module has two.  The *full* table is the ELF .symtab, entry for entry, at the
 * end of MOD_INIT_DATA; readers see it until the module's init function has returned.
 * The *core* table holds the entries that outlive init, at the end of MOD_DATA.
 * mod->kallsyms points at the one in force; do_init_module() switches it.
 *
 * Both keep the order of the file: /proc/kallsyms shows that order, and
 * livepatch counts by it.  Lookups use the index around each table's types.
 *
 * Tables and indexes are written once, before any reader can see them.  Readers
 * need rcu_read_lock() and no other lock, so lookups may run in an oops or an NMI.
 * The loader has checked both ELF tables: see elf_validity_symtab().  A relocation
 * may still change them.  Answers may be wrong then, but no access leaves the tables.
 */

#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/buildid.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/module_symbol.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include "internal.h"

/* Classify */

/* The loader does not check the sh_name of an SHT_NULL section. */
static bool section_is_debug(const Elf_Shdr *sec, const struct load_info *info)
{
	const Elf_Shdr *names = &info->sechdrs[info->hdr->e_shstrndx];

	return sec->sh_name < names->sh_size &&
	       strstarts(info->secstrings + sec->sh_name, ".debug");
}

/* The letters are those of nm. */
static char symbol_type(const Elf_Sym *sym, const struct load_info *info)
{
	const unsigned int shndx = sym->st_shndx;
	const Elf_Shdr *sec;

	if (ELF_ST_BIND(sym->st_info) == STB_WEAK)
		return ELF_ST_TYPE(sym->st_info) == STT_OBJECT ? 'v' : 'w';
	if (shndx == SHN_UNDEF)
		return 'U';
	if (shndx == SHN_ABS || shndx == info->index.pcpu)
		return 'a';
	if (shndx >= SHN_LORESERVE || shndx >= info->hdr->e_shnum)
		return '?';
	sec = &info->sechdrs[shndx];
	if (sec->sh_flags & SHF_EXECINSTR)
		return 't';
	if (sec->sh_type == SHT_NOBITS)
		return sec->sh_flags & ARCH_SHF_SMALL ? 's' : 'b';
	if (sec->sh_flags & SHF_ALLOC) {
		if (!(sec->sh_flags & SHF_WRITE))
			return 'r';
		return sec->sh_flags & ARCH_SHF_SMALL ? 'g' : 'd';
	}
	return section_is_debug(sec, info) ? 'n' : '?';
}

/* Does the entry outlive init? */
static bool symbol_is_core(const Elf_Sym *sym, const struct load_info *info)
{
	const unsigned long flags = SHF_ALLOC |
				    (IS_ENABLED(CONFIG_KALLSYMS_ALL) ? 0 : SHF_EXECINSTR);
	const Elf_Shdr *sec = &info->sechdrs[sym->st_shndx];
	unsigned long region;

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx >= info->hdr->e_shnum || !sym->st_name)
		return false;
	/* Not SHF_ALLOC: the loader places it by itself, once per CPU. */
	if (sym->st_shndx == info->index.pcpu)
		return IS_ENABLED(CONFIG_KALLSYMS_ALL);

	region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
	return (sec->sh_flags & flags) == flags &&
	       region < MOD_MEM_NUM_TYPES && mod_mem_type_is_core(region);
}

/* Entry 0 always is.  Livepatch relocations use all entries' numbers. */
static bool entry_is_core(const Elf_Sym *symtab, unsigned int i,
			  struct module *mod, const struct load_info *info)
{
	return !i || is_livepatch_module(mod) || symbol_is_core(&symtab[i], info);
}

/*
 * Index
 *
 * Its header ends where typetab begins, for struct mod_kallsyms is ABI and has no member
 * for it.  Behind the types are
 *
 *	hash bytes	for each of names, the lowest byte of its hash
 *	names		entries in the order of their names' hashes: the defined ones
 *	addresses	entries in the order of values: those that a lookup can return
 *
 * Names of one hash are in table order; nearly all others differ in the hash byte.  Of
 * several entries with one value, the first in the table is in addresses.  Both are
 * divided into groups, where a search starts: names by the upper bits of the hash,
 * addresses in MOD_TEXT into pages of equal size.  Integers have 16 bits, or all 32.
 */

struct index_part {
	u32 starts;		/* bytes from the header to where each group begins */
	u32 entries;		/* and to the entries' numbers, with room for all of them */
	u32 count;		/* how many there are */
	u8 bits;		/* there are 1 << bits groups; starts has the last one's end, too */
	u8 shift;		/* a group has 1 << shift keys */
};

struct symtab_index {
	u32 load;		/* see number_load() */
	u32 entries;		/* in the table, whatever num_symtab says later */
	struct index_part names, addresses;
	bool wide;
};

static struct symtab_index *index_of(const struct mod_kallsyms *table)
{
	return (struct symtab_index *)table->typetab - 1;
}

/* A module can set its num_symtab to anything. */
static unsigned int table_size(const struct mod_kallsyms *table)
{
	return min(READ_ONCE(table->num_symtab), index_of(table)->entries);
}

static u32 plan_part(struct index_part *part, u32 at, unsigned int n, unsigned int bits,
		     unsigned int size)
{
	part->bits = bits;
	part->starts = at;
	part->entries = at + (BIT(bits) + 1) * size;
	return part->entries + n * size;
}

/* Say where an index of @n entries has its parts; return its size behind the header. */
static u32 plan_index(struct symtab_index *index, unsigned int n)
{
	const unsigned int size = n <= U16_MAX ? sizeof(u16) : sizeof(u32);
	u32 at = sizeof(*index) + ALIGN(2 * n, sizeof(u32));

	index->entries = n;
	index->wide = size == sizeof(u32);
	at = plan_part(&index->names, at, n, fls(n / 4 | 1), size);
	index->names.shift = 32 - index->names.bits;
	return plan_part(&index->addresses, at, n, fls(n / 8), size) - sizeof(*index);
}

/* Integer @i of the part at @at */
static u32 get_int(const struct symtab_index *index, u32 at, unsigned int i)
{
	const void *part = (const void *)index + at;

	return likely(!index->wide) ? ((const u16 *)part)[i] : ((const u32 *)part)[i];
}

static void set_int(struct symtab_index *index, u32 at, unsigned int i, u32 value)
{
	void *part = (void *)index + at;

	if (likely(!index->wide))
		((u16 *)part)[i] = value;
	else
		((u32 *)part)[i] = value;
}

/* The symbol at place @i of @part; NULL if the module has cut it off its table */
static const Elf_Sym *get_symbol(const struct mod_kallsyms *table,
				 const struct index_part *part, unsigned int i)
{
	const unsigned int entry = get_int(index_of(table), part->entries, i);

	return likely(entry < table_size(table)) ? &table->symtab[entry] : NULL;
}

/* The places in @part of those in @group: from *@low to before *@high */
static void get_group(const struct symtab_index *index, const struct index_part *part,
		      unsigned int group, unsigned int *low, unsigned int *high)
{
	*low = get_int(index, part->starts, group);
	*high = get_int(index, part->starts, group + 1);
}

/*
 * Lay out
 *
 *	MOD_INIT_DATA	.symtab, .strtab, struct mod_kallsyms, index, scratch
 *	MOD_DATA	core entries, core strings, index
 */

struct scratch {
	unsigned long *kept;	/* bitmap: bytes of .strtab that core names have */
	unsigned long *key;	/* for each entry, what it is sorted by */
	u32 *core;		/* for each entry, its number in the core table */
	u32 *order, *spare;	/* entries, to be sorted by their keys */
	u32 *counter;
	u32 *rank;		/* for each long of kept, the bits set before it */
	void *end;
};

#define NOT_CORE	U32_MAX
#define MAX_RADIX_BITS	11

/* At @start: behind the index of a full table of @n entries */
static struct scratch map_scratch(void *start, unsigned int n, unsigned long strsize)
{
	struct scratch scratch = { .kept = start };

	scratch.key = scratch.kept + BITS_TO_LONGS(strsize);
	scratch.core = (u32 *)(scratch.key + n);
	scratch.order = scratch.core + n;
	scratch.spare = scratch.order + n;
	scratch.counter = scratch.spare + n;
	scratch.rank = scratch.counter + BIT(MAX_RADIX_BITS);
	scratch.end = scratch.rank + BITS_TO_LONGS(strsize);
	return scratch;
}

/*
 * Count core entries and the bytes of their names, those that names share once: linkers
 * store a name that is another's tail inside that.  The last entry's name is stored again
 * at the end, which debuggers take for the end of the strings.
 */
static int measure_core(struct module *mod, const struct load_info *info,
			unsigned int *entries, unsigned long *strings)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const Elf_Sym *symtab = (void *)info->hdr + symsec->sh_offset;
	unsigned long *kept = kvcalloc(BITS_TO_LONGS(strsize), sizeof(long), GFP_KERNEL);
	unsigned long last_len = 0;
	unsigned int i;

	if (!kept)
		return -ENOMEM;
	for (i = 0, *entries = 0; i < symsec->sh_size / sizeof(*symtab); i++) {
		const char *name = info->strtab + symtab[i].st_name;

		cond_resched();
		if (!entry_is_core(symtab, i, mod, info))
			continue;
		last_len = hashlen_len(hashlen_string(NULL, name));
		bitmap_set(kept, symtab[i].st_name, last_len + 1);
		++*entries;
	}
	*strings = bitmap_weight(kept, strsize) + last_len + 1;
	kvfree(kept);
	return 0;
}

/* A region's size has 32 bits: UINT_MAX is too much. */
static unsigned long reserve(struct module *mod, enum mod_mem_type type,
			     unsigned long size, unsigned long align)
{
	const u64 offset = ALIGN((u64)mod->mem[type].size, align);

	mod->mem[type].size = min(offset + size, UINT_MAX);
	return offset;
}

/* The file may ask for any alignment, and entries are read in place. */
static void reserve_section(struct module *mod, struct load_info *info, unsigned int index,
			    unsigned long align)
{
	unsigned int *size = &mod->mem[MOD_INIT_DATA].size, before = *size;
	Elf_Shdr *sec = &info->sechdrs[index];

	sec->sh_flags |= SHF_ALLOC;
	sec->sh_addralign = max_t(unsigned long, sec->sh_addralign, align);
	sec->sh_entsize = module_get_offset_and_type(mod, MOD_INIT_DATA, sec, index);
	if (*size < before)
		*size = UINT_MAX;
}

/* Return where the types begin. */
static unsigned long reserve_index(struct module *mod, enum mod_mem_type type, unsigned int n)
{
	struct symtab_index index;
	const u32 size = sizeof(index) + plan_index(&index, n);

	return sizeof(index) + reserve(mod, type, size, __alignof__(index));
}

/**
 * layout_symtab() - reserve memory for a module's symbol tables
 * @mod:  the module, still in the temporary copy of the file
 * @info: the loader's view of the file; sections have been laid out
 *
 * Grows MOD_INIT_DATA by the full table and MOD_DATA by the core table, and records
 * in @info the offsets of their parts.  Their sizes are the distances.
 *
 * Context: process context, before load_module() allocates the regions.  Takes no
 * locks, may sleep.
 * Return: 0, or -ENOMEM: if there is none for a bit for each byte of .strtab, or if a
 * region would have 4 GiB or more.
 */
int layout_symtab(struct module *mod, struct load_info *info)
{
	const unsigned int n = info->sechdrs[info->index.sym].sh_size / sizeof(Elf_Sym);
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const unsigned long scratch = (unsigned long)map_scratch(NULL, n, strsize).end;
	unsigned long strings;
	unsigned int entries;
	int err;

	reserve_section(mod, info, info->index.sym, __alignof__(Elf_Sym));
	reserve_section(mod, info, info->index.str, 1);
	err = measure_core(mod, info, &entries, &strings);
	if (err)
		return err;
	info->mod_kallsyms_init_off = reserve(mod, MOD_INIT_DATA, sizeof(struct mod_kallsyms),
					      __alignof__(struct mod_kallsyms));
	info->init_typeoffs = reserve_index(mod, MOD_INIT_DATA, n);
	reserve(mod, MOD_INIT_DATA, scratch, __alignof__(unsigned long));
	info->symoffs = reserve(mod, MOD_DATA, entries * sizeof(Elf_Sym), __alignof__(Elf_Sym));
	info->stroffs = reserve(mod, MOD_DATA, strings, 1);
	info->core_typeoffs = reserve_index(mod, MOD_DATA, entries);
	/* The loader rounds it up to pages. */
	return max(mod->mem[MOD_INIT_DATA].size, mod->mem[MOD_DATA].size) >
	       PAGE_ALIGN_DOWN(UINT_MAX) ? -ENOMEM : 0;
}

/**
 * number_load() - number a load, from 1 on, for readers to find their places again
 * @info: of the load, whose module becomes the first on the list
 *
 * Context: process context, under module_mutex.
 */
void number_load(struct load_info *info)
{
	static u32 loads;

	info->load = ++loads;
}

/* Populate: .symtab and .strtab are in place, all else that was reserved is zero */

/* Types of both tables, core entries (at most @room), bytes to keep, and hashes. */
static void copy_entries(struct mod_kallsyms *full, struct mod_kallsyms *core, unsigned int room,
			 unsigned long strsize, struct module *mod,
			 const struct load_info *info, struct scratch *scratch)
{
	unsigned int i, copied = 0;

	for (i = 0; i < full->num_symtab; i++) {
		Elf_Sym *sym = &full->symtab[i];
		u64 hashlen;

		cond_resched();
		/* A relocation may have changed it. */
		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;

		hashlen = hashlen_string(NULL, full->strtab + sym->st_name);
		scratch->key[i] = hashlen_hash(hashlen);
		scratch->core[i] = NOT_CORE;
		full->typetab[i] = symbol_type(sym, info);

		if (copied == room || !entry_is_core(full->symtab, i, mod, info))
			continue;
		bitmap_set(scratch->kept, sym->st_name, hashlen_len(hashlen) + 1);
		scratch->core[i] = copied;
		core->symtab[copied] = *sym;
		core->typetab[copied++] = full->typetab[i];
	}
	core->num_symtab = copied;
}

/* Kept bytes stay in order, so a name moves to the number of those before it. */
static void copy_strings(struct mod_kallsyms *core, const char *strtab,
			 unsigned long strsize, unsigned long room, const struct scratch *scratch)
{
	const unsigned long *kept = scratch->kept;
	Elf_Sym *last = &core->symtab[core->num_symtab - 1], *sym;
	unsigned long start, end, len, i, done = 0;

	for (i = 0; i < BITS_TO_LONGS(strsize); i++) {
		scratch->rank[i] = done;
		done += hweight_long(kept[i]);
	}

	done = 0;
	for_each_set_bitrange(start, end, kept, strsize) {
		len = min(end - start, room - 1 - done);
		memcpy(core->strtab + done, strtab + start, len);
		done += len;
	}
	strscpy(core->strtab + done, strtab + last->st_name, room - done);

	for (sym = core->symtab; sym < last; sym++) {
		i = BIT_WORD(sym->st_name);
		sym->st_name = scratch->rank[i] +
			       hweight_long(kept[i] & (BIT_MASK(sym->st_name) - 1));
		sym->st_name = min(sym->st_name, room - 1);
	}
	last->st_name = done;
}

/* A stable radix sort of the @n entries in order, by the bits of key from @low to @high. */
static void sort_by_key(struct scratch *scratch, unsigned int n, int low, int high)
{
	const unsigned int bits = clamp(fls(n), 4, MAX_RADIX_BITS);
	const unsigned long *key = scratch->key, mask = BIT(bits) - 1;
	u32 *counter = scratch->counter;
	unsigned int i;

	for (; low < high; low += bits) {
		const u32 *from = scratch->order;
		u32 *to = scratch->spare, start = 0;

		memset(counter, 0, BIT(bits) * sizeof(*counter));
		for (i = 0; i < n; i++)
			counter[key[from[i]] >> low & mask]++;
		for (i = 0; i <= mask; i++) {
			start += counter[i];
			counter[i] = start - counter[i];
		}
		for (i = 0; i < n; i++)
			to[counter[key[from[i]] >> low & mask]++] = from[i];
		swap(scratch->order, scratch->spare);
	}
}

/*
 * Write a part of an index, of the first @n entries in order.  @numbers has their numbers
 * in the table; NULL: it is the full one.  Groups begin at key @base.  Without @bytes, for
 * the lowest ones of keys, only the first of those with one key is written.
 */
static void write_part(struct symtab_index *index, struct index_part *part, char *bytes,
		       const struct scratch *scratch, unsigned int n, const u32 *numbers,
		       unsigned long base)
{
	unsigned int i, out = 0, group = 0;
	unsigned long last = 0;

	for (i = 0; i < n; i++) {
		const u32 entry = scratch->order[i];
		const unsigned long key = scratch->key[entry];
		const u32 number = numbers ? numbers[entry] : entry;

		if (number == NOT_CORE || (!bytes && out && key == last))
			continue;
		while (group <= BIT(part->bits) && key >= base &&
		       (key - base) >> part->shift >= group)
			set_int(index, part->starts, group++, out);
		if (bytes)
			bytes[out] = key;
		set_int(index, part->entries, out++, number);
		last = key;
	}
	while (group <= BIT(part->bits))
		set_int(index, part->starts, group++, out);
	part->count = out;
}

/* Each order is found once, for the full table; the core table's is a part of it. */
static void index_tables(const struct mod_kallsyms *full, const struct mod_kallsyms *core,
			 const struct module *mod, struct scratch *scratch)
{
	struct symtab_index *all = index_of(full), *some = index_of(core);
	unsigned long value, start = ULONG_MAX, end = 0, text;
	unsigned int i, n;

	for (i = 0, n = 0; i < full->num_symtab; i++)
		if (full->symtab[i].st_shndx != SHN_UNDEF)
			scratch->order[n++] = i;
	sort_by_key(scratch, n, all->names.shift, 32);
	write_part(all, &all->names, full->typetab + all->entries, scratch, n, NULL, 0);
	write_part(some, &some->names, core->typetab + some->entries, scratch, n, scratch->core, 0);

	/* Values outside of the module never answer.  Livepatch sets its symbols' later. */
	for_each_mod_mem_type(type) {
		if (!mod->mem[type].size)
			continue;
		value = (unsigned long)mod->mem[type].base;
		start = min(start, value);
		end = max(end, value + mod->mem[type].size);
	}
	/* Nor does entry 0. */
	for (i = 1, n = 0; i < full->num_symtab; i++) {
		const Elf_Sym *sym = &full->symtab[i];
		const char *name = full->strtab + sym->st_name;

		value = kallsyms_symbol_value(sym);
		if (value - start >= end - start || sym->st_shndx == SHN_UNDEF ||
		    !*name || is_mapping_symbol(name))
			continue;
		scratch->key[i] = value - start;
		scratch->order[n++] = i;
	}
	sort_by_key(scratch, n, 0, fls_long(end - start));
	text = (unsigned long)mod->mem[MOD_TEXT].base - start;
	write_part(all, &all->addresses, NULL, scratch, n, NULL, text);
	write_part(some, &some->addresses, NULL, scratch, n, scratch->core, text);
}

/* Begin the index of @table; return what is behind it. */
static void *begin_index(const struct mod_kallsyms *table, const struct module *mod,
			 const struct load_info *info)
{
	struct symtab_index *index = index_of(table);
	const u32 size = plan_index(index, table->num_symtab);
	const unsigned int text = mod->mem[MOD_TEXT].size;

	index->load = info->load;
	index->addresses.shift = max(fls(text ? text - 1 : 0) - index->addresses.bits, 0);
	return PTR_ALIGN((void *)table->typetab + size, __alignof__(unsigned long));
}

/**
 * add_kallsyms() - fill in a module's symbol tables
 * @mod:  the module, in its final place
 * @info: the loader's view of the file, as layout_symtab() left it
 *
 * Makes the full table the one that readers see, and the core table ready to take
 * over.  Symbols have been resolved: st_value is an address, or an offset in the
 * module's per-CPU area.
 *
 * Context: process context, while @mod is MODULE_STATE_UNFORMED and its regions can
 * be written.  Takes no locks, allocates nothing, may sleep.
 */
void add_kallsyms(struct module *mod, const struct load_info *info)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	void *init = mod->mem[MOD_INIT_DATA].base;
	void *data = mod->mem[MOD_DATA].base;
	struct mod_kallsyms *full = init + info->mod_kallsyms_init_off;
	struct mod_kallsyms *core = &mod->core_kallsyms;
	struct scratch scratch;

	full->symtab = (void *)symsec->sh_addr;
	full->num_symtab = symsec->sh_size / sizeof(Elf_Sym);
	full->strtab = (void *)strsec->sh_addr;
	full->strtab[strsec->sh_size - 1] = '\0';
	full->typetab = init + info->init_typeoffs;
	core->symtab = data + info->symoffs;
	core->strtab = data + info->stroffs;
	core->typetab = data + info->core_typeoffs;

	scratch = map_scratch(begin_index(full, mod, info), full->num_symtab, strsec->sh_size);
	copy_entries(full, core, (info->stroffs - info->symoffs) / sizeof(Elf_Sym),
		     strsec->sh_size, mod, info, &scratch);
	copy_strings(core, full->strtab, strsec->sh_size,
		     info->core_typeoffs - sizeof(struct symtab_index) - info->stroffs, &scratch);
	begin_index(core, mod, info);
	index_tables(full, core, mod, &scratch);
	rcu_assign_pointer(mod->kallsyms, full);
}

/* The table in force: do_init_module() switches it, under the mutex. */
static const struct mod_kallsyms *table_of(const struct module *mod)
{
	return rcu_dereference_check(mod->kallsyms, lockdep_is_held(&module_mutex));
}

/* Look up by address */

/* The region of @addr; MOD_INVALID if there is none that can have symbols. */
static enum mod_mem_type find_region(const struct module *mod, unsigned long addr,
				     unsigned long *base, unsigned int *size)
{
	for_each_mod_mem_type(type) {
		if (!IS_ENABLED(CONFIG_KALLSYMS_ALL) && !mod_mem_type_is_text(type))
			continue;
		/* data_race: do_init_module() may clear those of init meanwhile. */
		*base = (unsigned long)data_race(READ_ONCE(mod->mem[type].base));
		/* data_race: the same */
		*size = data_race(READ_ONCE(mod->mem[type].size));
		if (addr - *base < *size)
			return type;
	}
	return MOD_INVALID;
}

/* The name of the symbol at @addr, its size, and the offset of @addr in it. */
static const char *find_address(const struct module *mod, unsigned long addr,
				unsigned long *size, unsigned long *offset)
{
	const struct mod_kallsyms *table = table_of(mod);
	const struct symtab_index *index = index_of(table);
	const struct index_part *part = &index->addresses;
	unsigned int region_size, low = 0, high = part->count;
	unsigned long base, end;
	enum mod_mem_type type;
	const Elf_Sym *sym;

	type = find_region(mod, addr, &base, &region_size);
	if (type == MOD_INVALID)
		return NULL;
	if (type == MOD_TEXT && (addr - base) >> part->shift < BIT(part->bits))
		get_group(index, part, (addr - base) >> part->shift, &low, &high);

	/* Values before low are not above addr; those from high on are. */
	while (low < high) {
		const unsigned int middle = (low + high) / 2;

		sym = &table->symtab[get_int(index, part->entries, middle)];
		if (kallsyms_symbol_value(sym) <= addr)
			low = middle + 1;
		else
			high = middle;
	}

	for (sym = NULL; high < part->count && !sym; high++)
		sym = get_symbol(table, part, high);
	end = sym ? min(base + region_size, kallsyms_symbol_value(sym)) : base + region_size;
	for (sym = NULL; low && !sym; low--)
		sym = get_symbol(table, part, low - 1);
	if (!sym || kallsyms_symbol_value(sym) < base)
		return NULL;

	if (size)
		*size = end - kallsyms_symbol_value(sym);
	if (offset)
		*offset = addr - kallsyms_symbol_value(sym);
	return table->strtab + sym->st_name;
}

int module_address_lookup(unsigned long addr, unsigned long *symbolsize,
			  unsigned long *offset, char **modname,
			  const unsigned char **modbuildid, char *namebuf)
{
	struct module *mod;
	const char *name;
	ssize_t len;

	guard(rcu)();
	mod = __module_address(addr);
	if (!mod)
		return 0;
	if (modname)
		*modname = mod->name;
	if (modbuildid)
		*modbuildid = module_buildid(mod);
	name = find_address(mod, addr, symbolsize, offset);
	if (!name)
		return 0;

	/* sprint_symbol() goes on at the returned offset: -E2BIG will not do. */
	len = strscpy(namebuf, name, KSYM_NAME_LEN);
	return len < 0 ? KSYM_NAME_LEN - 1 : len;
}

/* A symbol that is found has a name, so the length is not 0. */
int lookup_module_symbol_name(unsigned long addr, char *symname)
{
	return module_address_lookup(addr, NULL, NULL, NULL, NULL, symname) ? 0 : -ERANGE;
}

/* Look up by name */

static u32 name_hash(const char *name)
{
	return hashlen_hash(hashlen_string(NULL, name));
}

/* Call @fn for each defined entry with that name, in table order, while it returns 0. */
static int on_each_match(const struct mod_kallsyms *table, const char *name, u32 hash,
			 int (*fn)(void *, unsigned long), void *data)
{
	const struct symtab_index *index = index_of(table);
	const u8 *hash_bytes = (const u8 *)table->typetab + index->entries;
	unsigned int i, end;
	int ret = 0;

	get_group(index, &index->names, hash >> index->names.shift, &i, &end);
	for (; i < end && !ret; i++) {
		const Elf_Sym *sym;

		if (hash_bytes[i] != (u8)hash)
			continue;
		sym = get_symbol(table, &index->names, i);
		if (sym && !strcmp(table->strtab + sym->st_name, name))
			ret = fn(data, kallsyms_symbol_value(sym));
	}
	return ret;
}

static int take_value(void *data, unsigned long value)
{
	*(unsigned long *)data = value;
	return 1;
}

unsigned long find_kallsyms_symbol_value(struct module *mod, const char *name)
{
	unsigned long value = 0;

	guard(rcu)();
	on_each_match(table_of(mod), name, name_hash(name), take_value, &value);
	return value;
}

/* The number of the load that made it; 0: it is unformed, and its tables not complete. */
static u32 load_of(const struct module *mod)
{
	const struct mod_kallsyms *table = table_of(mod);

	/* data_race: the state goes on. */
	if (data_race(READ_ONCE(mod->state)) == MODULE_STATE_UNFORMED || !table)
		return 0;
	return index_of(table)->load;
}

/* The module behind @mod on the list, or the first; with @modname, that one alone */
static struct module *next_module(struct module *mod, const char *modname)
{
	if (mod && modname)
		return NULL;
	mod = list_prepare_entry(mod, &modules, list);
	list_for_each_entry_continue_rcu(mod, &modules, list)
		if (load_of(mod) && (!modname || !strcmp(modname, mod->name)))
			return mod;
	return NULL;
}

unsigned long module_kallsyms_lookup_name(const char *name)
{
	const char *colon = strnchr(name, MODULE_NAME_LEN, ':');
	const u32 hash = name_hash(name);
	struct module *mod = NULL;
	unsigned long value = 0;

	guard(rcu)();
	if (colon) {
		mod = find_module_all(name, colon - name, false);
		return mod ? find_kallsyms_symbol_value(mod, colon + 1) : 0;
	}

	while (!value && (mod = next_module(mod, NULL)))
		on_each_match(table_of(mod), name, hash, take_value, &value);
	return value;
}

int module_kallsyms_on_each_match_symbol(const char *modname, int (*fn)(void *, unsigned long),
					 const char *name, void *data)
{
	const u32 hash = name_hash(name);
	struct module *mod = NULL;
	int ret = 0;

	guard(mutex)(&module_mutex);
	while (!ret && (mod = next_module(mod, modname)))
		ret = on_each_match(table_of(mod), name, hash, fn, data);
	return ret;
}

/* Enumerate: modules in the order of the list, entries in that of the table */

static bool symbol_is_exported(const struct module *mod, const char *name, unsigned long value)
{
	const struct kernel_symbol *ks;

	ks = bsearch(name, mod->syms, mod->num_syms, sizeof(*ks), cmp_name);
	return ks && kernel_symbol_value(ks) == value;
}

/* The module that a reader is in; NULL if it has gone. */
static struct module *find_own(const struct module_kallsym_pos *pos)
{
	struct module *mod = mod_find((unsigned long)pos->table, &mod_tree);

	if (mod && load_of(mod) == pos->load)
		return mod;
	/* The table may have been in init memory, where another module is now. */
	list_for_each_entry_rcu(mod, &modules, list)
		if (load_of(mod) == pos->load)
			return mod;
	return NULL;
}

/*
 * The first module that a reader has not read: behind its own on the list; if that has gone,
 * behind the one before; or the one with the greatest lower number, as they descend there.
 * No list pointer is kept: modules take themselves off the list, and come back at its head.
 */
static struct module *find_next(const struct module_kallsym_pos *pos)
{
	struct module *mod, *behind = NULL, *lower = NULL;
	bool own = !pos->load, before = !pos->before_load;

	list_for_each_entry_rcu(mod, &modules, list) {
		const u32 load = load_of(mod);

		if (load == pos->load) {
			own = true;
		} else if (load == pos->before_load) {
			before = true;
		} else if (load && (load < pos->load || load > pos->greatest_load)) {
			if (own)
				return mod;
			if (before && !behind)
				behind = mod;
			if (load < pos->load && (!lower || load > load_of(lower)))
				lower = mod;
		}
	}
	if (own)
		return NULL;
	return before ? behind : lower;
}

/* Is entry @i of the full table core entry @number?  Section and name make it core. */
static bool is_core_entry(const struct mod_kallsyms *full, unsigned int i,
			  const struct mod_kallsyms *core, unsigned int number)
{
	return number < table_size(core) &&
	       core->symtab[number].st_shndx == full->symtab[i].st_shndx &&
	       !strcmp(core->strtab + core->symtab[number].st_name,
		       full->strtab + full->symtab[i].st_name);
}

/* Go to the next entry, or stay.  The table that the reader was in may have gone with init. */
static struct module *find_entry(struct module_kallsym_pos *pos, bool next)
{
	struct module *mod = pos->load ? find_own(pos) : NULL;
	const struct mod_kallsyms *table = mod ? table_of(mod) : NULL;

	if (table && table != pos->table)
		pos->symnum = pos->core + (next && pos->is_core);
	else
		pos->symnum += next;
	pos->core += next && pos->is_core;
	while (!table || pos->symnum >= table_size(table)) {
		mod = find_next(pos);
		if (!mod)
			return NULL;
		table = table_of(mod);
		pos->before_load = pos->load;
		pos->load = index_of(table)->load;
		pos->greatest_load = max(pos->greatest_load, pos->load);
		pos->symnum = 0;
		pos->core = 0;
	}
	pos->table = table;
	pos->is_core = table == &mod->core_kallsyms ||
		       is_core_entry(table, pos->symnum, &mod->core_kallsyms, pos->core);
	return mod;
}

int module_get_kallsym(struct module_kallsym_pos *pos, bool next, unsigned long *value,
		       char *type, char *name, char *module_name, int *exported)
{
	const struct module *mod;
	const Elf_Sym *sym;

	guard(rcu)();
	mod = find_entry(pos, next);
	if (!mod)
		return -ERANGE;

	sym = &pos->table->symtab[pos->symnum];
	*value = kallsyms_symbol_value(sym);
	*type = pos->table->typetab[pos->symnum];
	strscpy(name, pos->table->strtab + sym->st_name, KSYM_NAME_LEN);
	strscpy(module_name, mod->name, MODULE_NAME_LEN);
	*exported = symbol_is_exported(mod, name, *value);
	return 0;
}

int module_kallsyms_on_each_symbol(const char *modname,
				   int (*fn)(void *, const char *, unsigned long), void *data)
{
	struct module *mod = NULL;
	int ret = 0;

	guard(mutex)(&module_mutex);
	while (!ret && (mod = next_module(mod, modname))) {
		const struct mod_kallsyms *table = table_of(mod);
		const Elf_Sym *sym, *end = table->symtab + table_size(table);

		for (sym = table->symtab; sym < end && !ret; sym++)
			if (sym->st_shndx != SHN_UNDEF)
				ret = fn(data, table->strtab + sym->st_name,
					 kallsyms_symbol_value(sym));
		cond_resched();
	}
	return ret;
}

/* Build ID */

#ifdef CONFIG_STACKTRACE_BUILD_ID
/**
 * init_build_id() - remember the build ID of a module's first note section that has one
 * @mod:  the module, in its final place
 * @info: the loader's view of the file
 *
 * Context: process context, while @mod is MODULE_STATE_UNFORMED.
 */
void init_build_id(struct module *mod, const struct load_info *info)
{
	const Elf_Shdr *sec = info->sechdrs;
	const Elf_Shdr *end = sec + info->hdr->e_shnum;

	for (; sec < end; sec++)
		if (sec->sh_type == SHT_NOTE && !sect_empty(sec) &&
		    !build_id_parse_buf((void *)sec->sh_addr, mod->build_id, sec->sh_size))
			return;
}
#else
void init_build_id(struct module *mod, const struct load_info *info) { }
#endif

/* Architectures with function descriptors have their own. */
void * __weak dereference_module_function_descriptor(struct module *mod, void *ptr)
{
	return ptr;
}
