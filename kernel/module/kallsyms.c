// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Symbol tables of loaded modules
 *
 * A module has two.  The *full* table is the ELF .symtab, entry for entry, at the end of
 * MOD_INIT_DATA; readers see it until the module's init function has returned.  The *core*
 * table holds the entries that outlive init, at the end of MOD_DATA.  mod->kallsyms points at
 * the one in force; do_init_module() switches it.  Both keep the order of the file, which
 * /proc/kallsyms shows, and livepatch counts by.  Lookups use the index around its types.
 *
 * Tables and indexes are written once, before any reader can see them.  Readers need
 * rcu_read_lock() and no other lock, so lookups may run in an oops or an NMI.  The loader has
 * checked both ELF tables: see elf_validity_symtab().  A relocation may still change them.
 * Answers may be wrong then, but no access leaves the tables.
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
#include <linux/unaligned.h>
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
	const unsigned int must = SHF_ALLOC | (IS_ENABLED(CONFIG_KALLSYMS_ALL) ? 0 : SHF_EXECINSTR);
	const Elf_Shdr *sec = &info->sechdrs[sym->st_shndx];
	unsigned long region;

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx >= info->hdr->e_shnum || !sym->st_name)
		return false;
	/* Not SHF_ALLOC: the loader places it by itself, once per CPU. */
	if (sym->st_shndx == info->index.pcpu)
		return IS_ENABLED(CONFIG_KALLSYMS_ALL);

	region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
	return (sec->sh_flags & must) == must &&
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
 * for it.  Behind the types are, of entries with names that somebody asks for,
 *
 *	hash bytes	for each of names, the lowest byte of its hash
 *	names		entries in groups by the upper bits of their names' hashes
 *	addresses	entries in the order of values: those that a lookup can return
 *
 * Names of one hash are in table order; nearly all others differ in the hash byte.  Of several
 * entries with one value, the first is in addresses, whose groups are pages of MOD_TEXT.
 */

struct index_part {
	u32 starts;		/* bytes from the header to where each group begins */
	u32 entries;		/* and to the entries' numbers */
	u16 bits;		/* there are 1 << bits groups, and the end of the last one */
	u16 shift;		/* a group has 1 << shift keys: hashes, or bytes of text */
};

struct symtab_index {
	u32 load;		/* see number_load() */
	u32 entries;		/* in the table, whatever num_symtab says later */
	u32 values;		/* that addresses have */
	u32 width, mask;	/* bytes that an integer takes, and its bits */
	struct index_part names, addresses;
};

/* Others answer no address, and hardly anybody looks for their names. */
static bool name_is_indexed(const char *name)
{
	return *name && !is_mapping_symbol(name);
}

static struct symtab_index *index_of(const struct mod_kallsyms *table)
{
	return (struct symtab_index *)table->typetab - 1;
}

/* A module can set its num_symtab to anything, and clear all of it. */
static unsigned int table_size(const struct mod_kallsyms *table)
{
	const unsigned int entries = READ_ONCE(table->num_symtab);

	return entries ? min(entries, index_of(table)->entries) : 0;
}

/* Integers are read and written by four bytes: there are as many behind the last one. */
static u32 plan_part(struct index_part *part, u32 at, u32 names, u32 bits, u32 width)
{
	part->bits = bits;
	part->starts = at;
	part->entries = at + (BIT(bits) + 1) * width + sizeof(u32) - width;
	return part->entries + names * width + sizeof(u32) - width;
}

/* Say where an index of @entries, with @names, has its parts; return its size. */
static u32 plan_index(struct symtab_index *index, u32 entries, u32 names, u32 text)
{
	const u32 most = max(entries - 1, names);
	u32 at = sizeof(*index) + entries + names;

	index->entries = entries;
	index->width = DIV_ROUND_UP(fls(most | 1), 8);
	index->mask = U32_MAX >> (32 - 8 * index->width);
	at = plan_part(&index->names, at, names, fls(names / 4 | 1), index->width);
	index->names.shift = 32 - index->names.bits;
	at = plan_part(&index->addresses, at, names, fls(names / 8), index->width);
	index->addresses.shift = max(fls(text ? text - 1 : 0) - index->addresses.bits, 0);
	return at;
}

/* Integer @i of those at @at */
static u32 get_int(const struct symtab_index *index, u32 at, unsigned int i)
{
	return get_unaligned_le32((const void *)index + at + i * index->width) & index->mask;
}

/* In ascending order, for it writes over those behind. */
static void set_int(struct symtab_index *index, u32 at, unsigned int i, u32 value)
{
	put_unaligned_le32(value, (void *)index + at + i * index->width);
}

/* The places in @part of those in @group: from *@low to before *@high */
static void get_group(const struct symtab_index *index, const struct index_part *part,
		      unsigned int group, unsigned int *low, unsigned int *high)
{
	const u32 at = part->starts + group * index->width;

	*low = get_int(index, at, 0);
	*high = get_int(index, at + index->width, 0);
}

/* Lay out */

struct symtab_name {
	unsigned long key;	/* what it is sorted by: the name's hash, then the value */
	u32 entry, core;	/* its numbers in the full table, and in the core table */
};

#define NOT_CORE	U32_MAX
#define RADIX_BITS	12

/* What layout_symtab() finds out for add_kallsyms() */
struct symtab_build {
	unsigned int core_entries, names, core_names;
	unsigned long strings;	/* bytes of core names, and those of the last one again */
	struct symtab_name *name, *spare;
	u32 *rank;		/* for each long of kept, the bits set before it */
	u32 *counter;
	unsigned long kept[];	/* bitmap: bytes of .strtab that core names have */
};

static bool entry_is_indexed(const Elf_Sym *sym, const char *strtab)
{
	return sym->st_shndx != SHN_UNDEF && name_is_indexed(strtab + sym->st_name);
}

static struct symtab_build *allocate_build(const Elf_Sym *symtab, unsigned int n,
					   const char *strtab, unsigned long longs)
{
	struct symtab_build *build;
	unsigned int i, names = 0;

	for (i = 0; i < n; i++)
		names += entry_is_indexed(&symtab[i], strtab);
	build = kvmalloc(struct_size(build, kept, longs) + 2 * names * sizeof(*build->name) +
			 (longs + BIT(RADIX_BITS)) * sizeof(u32), GFP_KERNEL);
	if (!build)
		return NULL;
	*build = (struct symtab_build){ .names = names };
	build->name = (void *)(build->kept + longs);
	build->spare = build->name + names;
	build->rank = (void *)(build->spare + names);
	build->counter = build->rank + longs;
	bitmap_zero(build->kept, longs * BITS_PER_LONG);
	return build;
}

/*
 * Hash names, count core entries, and find the bytes of their names, which are shared where
 * one is another's tail: where a bit is set, all up to the NUL are.  The last name is stored
 * again at the end, which debuggers take for the end of the strings.
 */
static int measure_names(struct module *mod, struct load_info *info)
{
	const unsigned int n = info->sechdrs[info->index.sym].sh_size / sizeof(Elf_Sym);
	const unsigned long longs = BITS_TO_LONGS(info->sechdrs[info->index.str].sh_size);
	const Elf_Sym *symtab = (void *)info->hdr + info->sechdrs[info->index.sym].sh_offset;
	struct symtab_build *build = allocate_build(symtab, n, info->strtab, longs);
	struct symtab_name *name;
	unsigned long done = 0, i;
	const char *last = NULL;

	if (!build)
		return -ENOMEM;
	info->build = build;
	name = build->name;
	for (i = 0; i < n; i++) {
		const bool core = entry_is_core(symtab, i, mod, info);
		const char *string = info->strtab + symtab[i].st_name;
		unsigned long len = 0;

		if (!(i % 1024))
			cond_resched();
		if (entry_is_indexed(&symtab[i], info->strtab)) {
			const u64 hashlen = hashlen_string(NULL, string);

			len = hashlen_len(hashlen);
			name->key = hashlen_hash(hashlen);
			name++->entry = i;
			build->core_names += core;
		}
		if (!core)
			continue;
		build->core_entries++;
		last = string;
		if (!test_bit(symtab[i].st_name, build->kept))
			bitmap_set(build->kept, symtab[i].st_name, (len ?: strlen(string)) + 1);
	}
	for (i = 0; i < longs; i++) {
		build->rank[i] = done;
		done += hweight_long(build->kept[i]);
	}
	build->strings = done + strlen(last) + 1;
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

/**
 * layout_symtab() - reserve memory for a module's symbol tables
 * @mod:  the module, still in the temporary copy of the file
 * @info: the loader's view of the file; sections have been laid out
 *
 * Grows MOD_INIT_DATA by the full table and MOD_DATA by the core table, and records
 * in @info the offsets of their parts, and what add_kallsyms() needs, to be kvfree()d.
 *
 * Context: process context, before load_module() allocates the regions; may sleep.
 * Return: 0, or -ENOMEM, also if a region would have 4 GiB or more.
 */
int layout_symtab(struct module *mod, struct load_info *info)
{
	u32 n = info->sechdrs[info->index.sym].sh_size / sizeof(Elf_Sym);
	struct symtab_index index;
	int err;

	reserve_section(mod, info, info->index.sym, __alignof__(Elf_Sym));
	reserve_section(mod, info, info->index.str, 1);
	err = measure_names(mod, info);
	if (err)
		return err;
	info->mod_kallsyms_init_off = reserve(mod, MOD_INIT_DATA, sizeof(struct mod_kallsyms),
					      __alignof__(struct mod_kallsyms));
	n = plan_index(&index, n, info->build->names, 0);
	info->init_typeoffs = sizeof(index) + reserve(mod, MOD_INIT_DATA, n, sizeof(u32));
	info->symoffs = reserve(mod, MOD_DATA, info->build->core_entries * sizeof(Elf_Sym),
				__alignof__(Elf_Sym));
	info->stroffs = reserve(mod, MOD_DATA, info->build->strings, 1);
	n = plan_index(&index, info->build->core_entries, info->build->core_names, 0);
	info->core_typeoffs = sizeof(index) + reserve(mod, MOD_DATA, n, sizeof(u32));
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

/* Types of both tables, and core entries.  A relocation may have made more of them. */
static void copy_entries(struct module *mod, const struct load_info *info,
			 const struct mod_kallsyms *full, struct mod_kallsyms *core)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const struct symtab_build *build = info->build;
	struct symtab_name *name = build->name;
	unsigned int i, copied = 0, core_names = 0;

	for (i = 0; i < full->num_symtab; i++) {
		Elf_Sym *sym = &full->symtab[i];
		u32 number = NOT_CORE;

		if (!(i % 1024))
			cond_resched();
		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;

		full->typetab[i] = symbol_type(sym, info);
		if (copied < build->core_entries && entry_is_core(full->symtab, i, mod, info)) {
			number = copied++;
			core->symtab[number] = *sym;
			core->typetab[number] = full->typetab[i];
		}
		if (name == build->spare || name->entry != i)
			continue;
		name++->core = core_names < build->core_names ? number : NOT_CORE;
		core_names += number != NOT_CORE;
	}
	core->num_symtab = copied;
}

/* Kept bytes stay in order: a name's new offset is the number of kept bytes before it. */
static void copy_strings(struct mod_kallsyms *core, const char *strtab, unsigned long strsize,
			 const struct symtab_build *build)
{
	Elf_Sym *last = &core->symtab[core->num_symtab - 1], *sym;
	unsigned long start, end, done = 0;
	u32 from = 0, to = 0;

	for_each_set_bitrange(start, end, build->kept, strsize) {
		memcpy(core->strtab + done, strtab + start, end - start);
		done += end - start;
	}
	strscpy(core->strtab + done, strtab + last->st_name, build->strings - done);

	for (sym = core->symtab; sym < last; sym++) {
		/* The assembler's labels have one name, and follow one another. */
		if (sym->st_name != from) {
			const unsigned long word = BIT_WORD(sym->st_name);

			from = sym->st_name;
			to = build->rank[word] +
			     hweight_long(build->kept[word] & (BIT_MASK(from) - 1));
		}
		sym->st_name = to;
	}
	last->st_name = done;
}

/* A stable radix sort of the first @n names, by the bits of key from @low to @high */
static void sort_by_key(struct symtab_build *build, unsigned int n, int low, int high)
{
	const unsigned int bits = clamp(fls(n), 4, RADIX_BITS), mask = BIT(bits) - 1;
	u32 *counter = build->counter;
	unsigned int i;

	for (; low < high; low += bits) {
		const struct symtab_name *name = build->name;
		u32 start = 0;

		memset(counter, 0, BIT(bits) * sizeof(*counter));
		for (i = 0; i < n; i++)
			counter[name[i].key >> low & mask]++;
		for (i = 0; i <= mask; i++) {
			start += counter[i];
			counter[i] = start - counter[i];
		}
		for (i = 0; i < n; i++)
			build->spare[counter[name[i].key >> low & mask]++] = name[i];
		swap(build->name, build->spare);
	}
}

/*
 * Write a part of an index: of the first @n names, as sorted, all or the @core table's; groups
 * begin at key @base.  Without @bytes of keys, of those with one key the first in the table.
 */
static u32 write_part(struct symtab_index *index, const struct index_part *part, char *bytes,
		      const struct symtab_build *build, unsigned int n, bool core,
		      unsigned long base)
{
	const struct symtab_name *name = build->name, *end = name + n;
	const unsigned long groups = BIT(part->bits) + 1;
	unsigned long last = 0, group = 0;
	unsigned int out = 0;

	for (; name < end; name++) {
		const unsigned long key = name->key;
		u32 number = core ? name->core : name->entry;

		if (number == NOT_CORE)
			continue;
		if (!bytes && out && key == last)
			number = min(number, get_int(index, part->entries, --out));
		if (key >= base)
			for (; group <= (key - base) >> part->shift && group < groups; group++)
				set_int(index, part->starts, group, out);
		if (bytes)
			bytes[out] = key;
		set_int(index, part->entries, out++, number);
		last = key;
	}
	for (; group < groups; group++)
		set_int(index, part->starts, group, out);
	return out;
}

/* Each order is found once, for the full table; the core table's is a part of it. */
static void index_tables(const struct mod_kallsyms *full, const struct mod_kallsyms *core,
			 const struct module *mod, const struct load_info *info)
{
	struct symtab_index *all = index_of(full), *some = index_of(core);
	unsigned long value, start = ULONG_MAX, end = 0, text;
	struct symtab_build *build = info->build;
	unsigned int i, n = 0;

	plan_index(all, full->num_symtab, build->names, mod->mem[MOD_TEXT].size);
	plan_index(some, core->num_symtab, build->core_names, mod->mem[MOD_TEXT].size);
	all->load = info->load;
	some->load = info->load;

	sort_by_key(build, build->names, all->names.shift, 32);
	write_part(all, &all->names, full->typetab + all->entries, build, build->names, false, 0);
	write_part(some, &some->names, core->typetab + some->entries, build, build->names, true, 0);

	/* Neither entry 0 nor values outside answer.  Livepatch sets its symbols' later. */
	for_each_mod_mem_type(type) {
		if (!mod->mem[type].size)
			continue;
		value = (unsigned long)mod->mem[type].base;
		start = min(start, value);
		end = max(end, value + mod->mem[type].size);
	}
	for (i = 0; i < build->names; i++) {
		struct symtab_name name = build->name[i];

		name.key = kallsyms_symbol_value(&full->symtab[name.entry]) - start;
		if (name.key < end - start && name.entry)
			build->name[n++] = name;
	}
	sort_by_key(build, n, 0, fls_long(end - start));
	text = (unsigned long)mod->mem[MOD_TEXT].base - start;
	all->values = write_part(all, &all->addresses, NULL, build, n, false, text);
	some->values = write_part(some, &some->addresses, NULL, build, n, true, text);
}

/**
 * add_kallsyms() - fill in a module's symbol tables
 * @mod:  the module, in its final place
 * @info: the loader's view of the file, as layout_symtab() left it
 *
 * Makes the full table the one that readers see, and the core table ready to take over.
 * st_value is an address by now, or an offset in the module's per-CPU area.
 *
 * Context: process context, while @mod is MODULE_STATE_UNFORMED; may sleep.
 */
void add_kallsyms(struct module *mod, const struct load_info *info)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	void *init = mod->mem[MOD_INIT_DATA].base;
	void *data = mod->mem[MOD_DATA].base;
	struct mod_kallsyms *full = init + info->mod_kallsyms_init_off;
	struct mod_kallsyms *core = &mod->core_kallsyms;

	full->symtab = (void *)symsec->sh_addr;
	full->num_symtab = symsec->sh_size / sizeof(Elf_Sym);
	full->strtab = (void *)strsec->sh_addr;
	full->strtab[strsec->sh_size - 1] = '\0';
	full->typetab = init + info->init_typeoffs;
	core->symtab = data + info->symoffs;
	core->strtab = data + info->stroffs;
	core->typetab = data + info->core_typeoffs;

	copy_entries(mod, info, full, core);
	copy_strings(core, full->strtab, strsec->sh_size, info->build);
	index_tables(full, core, mod, info);
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
	const unsigned int entries = table_size(table);
	unsigned int region_size, low = 0, high, i;
	unsigned long base, end;
	enum mod_mem_type type;
	const Elf_Sym *sym;

	type = find_region(mod, addr, &base, &region_size);
	if (type == MOD_INVALID || !entries)
		return NULL;
	high = index->values;
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

	/* A module may have cut off entries: then the next ones count. */
	for (i = entries; high < index->values && i >= entries; high++)
		i = get_int(index, part->entries, high);
	end = base + region_size;
	if (i < entries)
		end = min(end, kallsyms_symbol_value(&table->symtab[i]));
	for (i = entries; low && i >= entries; low--)
		i = get_int(index, part->entries, low - 1);
	sym = &table->symtab[i];
	if (i >= entries || kallsyms_symbol_value(sym) < base)
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

/* From place @i of names on, or, without the @byte of the hash, of the table */
static noinline int match_entries(const struct mod_kallsyms *table, unsigned int i,
				  unsigned int end, const char *name, int byte,
				  int (*fn)(void *, unsigned long), void *data)
{
	const struct symtab_index *index = index_of(table);
	int ret = 0;

	for (; i < end && !ret; i++) {
		const Elf_Sym *sym = &table->symtab[i];

		if (byte >= 0 && (u8)table->typetab[index->entries + i] != byte)
			continue;
		if (byte >= 0)
			sym = &table->symtab[get_int(index, index->names.entries, i)];
		if (sym->st_shndx != SHN_UNDEF && !strcmp(table->strtab + sym->st_name, name))
			ret = fn(data, kallsyms_symbol_value(sym));
	}
	return ret;
}

/* Call @fn for each defined entry with that name, in table order, while it returns 0. */
static int on_each_match(const struct mod_kallsyms *table, const char *name, bool indexed,
			 u32 hash, int (*fn)(void *, unsigned long), void *data)
{
	const unsigned int entries = READ_ONCE(table->num_symtab);
	const struct symtab_index *index = index_of(table);
	unsigned int i, end;

	if (!indexed || !entries || entries < index->entries)
		return match_entries(table, 0, table_size(table), name, -1, fn, data);
	get_group(index, &index->names, hash >> index->names.shift, &i, &end);
	/* That leaves out most names that are not there. */
	while (i < end && (u8)table->typetab[index->entries + i] != (u8)hash)
		i++;
	return i < end ? match_entries(table, i, end, name, (u8)hash, fn, data) : 0;
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
	on_each_match(table_of(mod), name, name_is_indexed(name),
		      hashlen_hash(hashlen_string(NULL, name)), take_value, &value);
	return value;
}

/* The number of the load that made it; 0 if its tables are not complete yet, or empty. */
static u32 load_of(const struct module *mod)
{
	/* data_race: the state goes on. */
	const bool formed = data_race(smp_load_acquire(&mod->state)) != MODULE_STATE_UNFORMED;
	const struct mod_kallsyms *table = formed ? table_of(mod) : NULL;

	return table && READ_ONCE(table->num_symtab) ? index_of(table)->load : 0;
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
	const bool indexed = name_is_indexed(name);
	const u32 hash = hashlen_hash(hashlen_string(NULL, name));
	struct module *mod = NULL;
	unsigned long value = 0;

	guard(rcu)();
	if (colon) {
		mod = find_module_all(name, colon - name, false);
		return mod ? find_kallsyms_symbol_value(mod, colon + 1) : 0;
	}

	while (!value && (mod = next_module(mod, NULL)))
		on_each_match(table_of(mod), name, indexed, hash, take_value, &value);
	return value;
}

int module_kallsyms_on_each_match_symbol(const char *modname, int (*fn)(void *, unsigned long),
					 const char *name, void *data)
{
	const bool indexed = name_is_indexed(name);
	const u32 hash = hashlen_hash(hashlen_string(NULL, name));
	struct module *mod = NULL;
	int ret = 0;

	guard(mutex)(&module_mutex);
	while (!ret && (mod = next_module(mod, modname)))
		ret = on_each_match(table_of(mod), name, indexed, hash, fn, data);
	return ret;
}

/* Enumerate: modules in the order of the list, entries in that of the table */

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
 * The next module on the list.  Modules take themselves off it, and come back at its head, so no
 * list pointer is kept: next is what is behind the reader's own and the one before that.  If one
 * of them has gone and nothing that was read is in front of the other one, that may have moved.
 * Then, or if both have gone, those with higher numbers, up to the greatest, have been read.
 */
static struct module *find_next(const struct module_kallsym_pos *pos)
{
	bool in_place = false, in_front = false, found = false;
	const u32 unread = max(pos->load, pos->before_load);
	struct module *mod, *next = NULL;

	list_for_each_entry_rcu(mod, &modules, list) {
		const u32 load = load_of(mod);

		if (load && (load == pos->load || load == pos->before_load)) {
			in_place = in_front || found;
			found = true;
			next = NULL;
		} else if (load) {
			in_front |= load <= pos->greatest_load;
			if (!next && (in_place || load < unread || load > pos->greatest_load))
				next = mod;
		}
	}
	return next;
}

/* Go to the next entry, or stay.  The table that the reader was in may have gone with init. */
static struct module *find_entry(struct module_kallsym_pos *pos, bool next)
{
	struct module *mod = pos->load ? find_own(pos) : NULL;
	const struct mod_kallsyms *table = mod ? table_of(mod) : NULL, *core;
	const Elf_Sym *sym;

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
	/* Section and name make an entry core. */
	core = &mod->core_kallsyms;
	sym = &table->symtab[pos->symnum];
	pos->is_core = table == core ||
		       (pos->core < table_size(core) &&
			core->symtab[pos->core].st_shndx == sym->st_shndx &&
			!strcmp(core->strtab + core->symtab[pos->core].st_name,
				table->strtab + sym->st_name));
	return mod;
}

int module_get_kallsym(struct module_kallsym_pos *pos, bool next, unsigned long *value,
		       char *type, char *name, char *module_name, int *exported)
{
	const struct kernel_symbol *ks;
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
	ks = bsearch(name, mod->syms, mod->num_syms, sizeof(*ks), cmp_name);
	*exported = ks && kernel_symbol_value(ks) == *value;
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
