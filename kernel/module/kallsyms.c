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
 * livepatch counts by it.  Lookups use the index behind each table.
 *
 * Tables and indexes are written once, before any reader can see them.  Readers
 * need rcu_read_lock() and no other lock, so lookups may run in an oops or an NMI.
 *
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
#include <kunit/static_stub.h>
#include <kunit/visibility.h>
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
 * Each table has one behind its types.  struct mod_kallsyms is ABI and has no
 * member for it: where its parts are follows from the number of entries, n.  All
 * but the first two are integers of 16 bits, or of 32 where n needs that.
 *
 *	types		n bytes: typetab
 *	hash bytes	n bytes: for each of names, the lowest byte of its hash
 *	buckets		positions in names: where each begins, and twice where they end
 *	names		room for n entries
 *	pages		positions in addresses: the same
 *	addresses	room for n entries
 *
 * *By name*: names is a hash table of the defined entries.  Those of a bucket are
 * adjacent, those of one name in table order.  Nearly all other names differ in the
 * hash byte.
 *
 * *By address*: addresses are the entries that an address lookup can return, sorted
 * by value; of several with one value, the first in the table.  MOD_TEXT is divided
 * into pages of equal size: a search there starts with the addresses of one page.
 */

struct symtab_index {
	unsigned int n;
	u8 *hash_bytes;
	void *buckets, *names, *pages, *addresses, *end;
};

/* Buckets are numbered by that many upper bits of a hash, of 32. */
static inline unsigned int bucket_bits(unsigned int n)
{
	return fls(n / 4 | 1);
}

static inline unsigned int page_bits(unsigned int n)
{
	return fls(n / 8);
}

/* A text of @size bytes has at most 1 << page_bits() pages of 1 << shift bytes. */
static inline unsigned int text_shift(unsigned int size, unsigned int n)
{
	return max_t(int, fls(size ? size - 1 : 0) - page_bits(n), 0);
}

/* The index of a table of @n entries whose types are at @typetab */
static inline struct symtab_index map_index(void *typetab, unsigned int n)
{
	const size_t size = n <= U16_MAX ? sizeof(u16) : sizeof(u32);
	struct symtab_index index = { .n = n, .hash_bytes = typetab + n };

	index.buckets = PTR_ALIGN(typetab + 2UL * n, sizeof(u32));
	index.names = index.buckets + (BIT(bucket_bits(n)) + 2) * size;
	index.pages = index.names + n * size;
	index.addresses = index.pages + (BIT(page_bits(n)) + 2) * size;
	index.end = index.addresses + n * size;
	return index;
}

static inline u32 get_int(const struct symtab_index *index, const void *part, unsigned int i)
{
	if (likely(index->n <= U16_MAX))
		return ((const u16 *)part)[i];
	return ((const u32 *)part)[i];
}

static inline void set_int(const struct symtab_index *index, void *part, unsigned int i, u32 value)
{
	if (likely(index->n <= U16_MAX))
		((u16 *)part)[i] = value;
	else
		((u32 *)part)[i] = value;
}

/*
 * Lay out
 *
 *	MOD_INIT_DATA	.symtab, .strtab, struct mod_kallsyms, types, index, scratch
 *	MOD_DATA	core entries, core strings, types, index, number of the load
 */

/* What it takes to populate the tables */
struct scratch {
	u32 *core;		/* for each entry, its number in the core table */
	u32 *order, *spare;	/* entries, to be sorted by their keys */
	u32 *counter;
	u32 *rank;		/* for each long of kept, the bits set before it */
	unsigned long *kept;	/* bitmap: bytes of .strtab that core names have */
	unsigned long *key;	/* for each entry, what it is sorted by */
	void *end;
};

#define NOT_CORE	BIT(31)	/* with the number of the next core entry */
#define MAX_RADIX_BITS	11

/* At @typetab: behind the index of a full table of @n entries */
static struct scratch map_scratch(void *typetab, unsigned int n, unsigned long strsize)
{
	void *end = map_index(typetab, n).end;
	struct scratch scratch = { .core = PTR_ALIGN(end, sizeof(u32)) };

	scratch.order = scratch.core + n;
	scratch.spare = scratch.order + n;
	scratch.counter = scratch.spare + n;
	scratch.rank = scratch.counter + BIT(MAX_RADIX_BITS);
	end = scratch.rank + BITS_TO_LONGS(strsize);
	scratch.kept = PTR_ALIGN(end, __alignof__(unsigned long));
	scratch.key = scratch.kept + BITS_TO_LONGS(strsize);
	scratch.end = scratch.key + n;
	return scratch;
}

/* At the very end of MOD_DATA */
static u32 *load_number(const struct module *mod)
{
	return mod->mem[MOD_DATA].base + mod->mem[MOD_DATA].size - sizeof(u32);
}

/* KUnit makes it fail. */
VISIBLE_IF_KUNIT unsigned long *module_alloc_kept(unsigned long strsize)
{
	KUNIT_STATIC_STUB_REDIRECT(module_alloc_kept, strsize);
	return kvcalloc(BITS_TO_LONGS(strsize), sizeof(long), GFP_KERNEL | __GFP_NOWARN);
}
EXPORT_SYMBOL_IF_KUNIT(module_alloc_kept);

/*
 * Count core entries and the bytes of their names.  Bytes that names share, as linkers
 * store a name that is another's tail, count once.  The last entry's name is stored
 * again at the end: debuggers take its end for the end of the strings.  Without memory
 * for the bitmap all of .strtab counts.
 */
static void measure_core(struct module *mod, const struct load_info *info,
			 unsigned int *entries, unsigned long *strings)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const Elf_Sym *symtab = (void *)info->hdr + symsec->sh_offset;
	unsigned long *kept = module_alloc_kept(strsize);
	unsigned long last_len = 0;
	unsigned int i;

	for (i = 0; i < symsec->sh_size / sizeof(*symtab); i++) {
		const char *name = info->strtab + symtab[i].st_name;

		if (!entry_is_core(symtab, i, mod, info))
			continue;
		last_len = hashlen_len(hashlen_string(NULL, name));
		if (kept)
			bitmap_set(kept, symtab[i].st_name, last_len + 1);
		++*entries;
	}
	*strings = kept ? bitmap_weight(kept, strsize) : strsize;
	*strings += last_len + 1;
	kvfree(kept);
}

static unsigned long reserve(struct module *mod, enum mod_mem_type type,
			     unsigned long size, unsigned long align)
{
	unsigned long offset = ALIGN(mod->mem[type].size, align);

	mod->mem[type].size = offset + size;
	return offset;
}

static void reserve_section(struct module *mod, struct load_info *info, unsigned int index)
{
	Elf_Shdr *sec = &info->sechdrs[index];

	sec->sh_flags |= SHF_ALLOC;
	sec->sh_entsize = module_get_offset_and_type(mod, MOD_INIT_DATA, sec, index);
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
 * locks.  Allocates a bit for each byte of .strtab for a while; without that memory
 * it reserves more than the core table needs.
 */
void layout_symtab(struct module *mod, struct load_info *info)
{
	const unsigned int n = info->sechdrs[info->index.sym].sh_size / sizeof(Elf_Sym);
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	unsigned int *data_size = &mod->mem[MOD_DATA].size;
	unsigned int *init_size = &mod->mem[MOD_INIT_DATA].size;
	unsigned long strings;
	unsigned int entries = 0;

	reserve_section(mod, info, info->index.sym);
	reserve_section(mod, info, info->index.str);
	info->mod_kallsyms_init_off = reserve(mod, MOD_INIT_DATA, sizeof(struct mod_kallsyms),
					      __alignof__(struct mod_kallsyms));
	/* A region begins on a page, so offsets are as aligned as addresses. */
	info->init_typeoffs = *init_size;
	*init_size = (unsigned long)map_scratch((void *)info->init_typeoffs, n, strsize).end;

	measure_core(mod, info, &entries, &strings);
	info->symoffs = reserve(mod, MOD_DATA, entries * sizeof(Elf_Sym), __alignof__(Elf_Sym));
	info->stroffs = reserve(mod, MOD_DATA, strings, 1);
	info->core_typeoffs = *data_size;
	*data_size = (unsigned long)map_index((void *)info->core_typeoffs, entries).end;
	reserve(mod, MOD_DATA, sizeof(u32), __alignof__(u32));
}
EXPORT_SYMBOL_IF_KUNIT(layout_symtab);

/**
 * number_load() - number a load, for readers to find their places on the list again
 * @mod: the module, in its final place
 *
 * Context: process context, under module_mutex, as @mod becomes the first on the list.
 */
void number_load(struct module *mod)
{
	static u32 loads;

	*load_number(mod) = ++loads;
}

/* Populate: .symtab and .strtab are in place, all else that was reserved is zero */

/* Types of both tables, core entries (at most @room), bytes to keep, and hashes. */
static void copy_entries(struct mod_kallsyms *full, struct mod_kallsyms *core,
			 unsigned int room, unsigned long strsize,
			 struct module *mod, const struct load_info *info, struct scratch *scratch)
{
	unsigned int i, copied = 0;

	for (i = 0; i < full->num_symtab; i++) {
		Elf_Sym *sym = &full->symtab[i];
		u64 hashlen;

		/* A relocation may have changed it. */
		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;

		hashlen = hashlen_string(NULL, full->strtab + sym->st_name);
		scratch->key[i] = hashlen_hash(hashlen);
		scratch->core[i] = copied | NOT_CORE;
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
static void sort_by_key(struct scratch *scratch, unsigned int n, unsigned int low,
			unsigned int high)
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
 * Write one part of an index: by name, where @text is NULL, or by address, where keys
 * are values from @start on.  @count entries of the full table are in the order of
 * their keys; @numbers has their numbers in @table, and is NULL for the full table.
 */
static void write_part(const struct mod_kallsyms *table, const u32 *numbers,
		       const struct scratch *scratch, unsigned int count,
		       const struct module_memory *text, unsigned long start)
{
	const struct symtab_index index = map_index(table->typetab, table->num_symtab);
	const unsigned int bits = text ? page_bits(index.n) : bucket_bits(index.n);
	const unsigned int shift = text ? text_shift(text->size, index.n) : 32 - bits;
	const unsigned long base = text ? (unsigned long)text->base - start : 0;
	void *starts = text ? index.pages : index.buckets;
	void *entries = text ? index.addresses : index.names;
	unsigned int i, out = 0, group = 0;
	unsigned long last = 0;

	for (i = 0; i < count; i++) {
		const u32 entry = scratch->order[i];
		const unsigned long key = scratch->key[entry];
		const u32 number = numbers ? numbers[entry] : entry;

		if (number & NOT_CORE || (text && out && key == last))
			continue;
		while (group <= BIT(bits) && key >= base && (key - base) >> shift >= group)
			set_int(&index, starts, group++, out);
		if (!text)
			index.hash_bytes[out] = key;
		set_int(&index, entries, out++, number);
		last = key;
	}
	while (group <= BIT(bits) + 1)
		set_int(&index, starts, group++, out);
}

/* Each order is found once, for the full table; the core table's is a part of it. */
static void index_tables(const struct mod_kallsyms *full, const struct mod_kallsyms *core,
			 const struct module *mod, struct scratch *scratch)
{
	unsigned long value, start = ULONG_MAX, end = 0;
	unsigned int i, n;

	for (i = 0, n = 0; i < full->num_symtab; i++)
		if (full->symtab[i].st_shndx != SHN_UNDEF)
			scratch->order[n++] = i;
	sort_by_key(scratch, n, 32 - bucket_bits(full->num_symtab), 32);
	write_part(full, NULL, scratch, n, NULL, 0);
	write_part(core, scratch->core, scratch, n, NULL, 0);

	/* Values outside of the module are never the answer; livepatch sets some later. */
	for_each_mod_mem_type(type) {
		if (!mod->mem[type].size)
			continue;
		value = (unsigned long)mod->mem[type].base;
		start = min(start, value);
		end = max(end, value + mod->mem[type].size);
	}
	/* Nor is entry 0. */
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
	write_part(full, NULL, scratch, n, &mod->mem[MOD_TEXT], start);
	write_part(core, scratch->core, scratch, n, &mod->mem[MOD_TEXT], start);
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
 * be written.  Takes no locks, allocates nothing.
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

	scratch = map_scratch(full->typetab, full->num_symtab, strsec->sh_size);
	copy_entries(full, core, (info->stroffs - info->symoffs) / sizeof(Elf_Sym),
		     strsec->sh_size, mod, info, &scratch);
	copy_strings(core, full->strtab, strsec->sh_size,
		     info->core_typeoffs - info->stroffs, &scratch);
	index_tables(full, core, mod, &scratch);
	rcu_assign_pointer(mod->kallsyms, full);
}
EXPORT_SYMBOL_IF_KUNIT(add_kallsyms);

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
	const struct mod_kallsyms *table = rcu_dereference(mod->kallsyms);
	const struct symtab_index index = map_index(table->typetab, table->num_symtab);
	unsigned int region_size, low = 0, high, count;
	unsigned long base, end, value = 0;
	enum mod_mem_type type;
	const Elf_Sym *sym;

	type = find_region(mod, addr, &base, &region_size);
	if (type == MOD_INVALID)
		return NULL;

	count = get_int(&index, index.pages, BIT(page_bits(index.n)) + 1);
	high = count;
	if (type == MOD_TEXT) {
		const unsigned int page = (addr - base) >> text_shift(region_size, index.n);

		low = get_int(&index, index.pages, page);
		high = get_int(&index, index.pages, page + 1);
	}

	/* Values before low are not above addr; those from high on are. */
	while (low < high) {
		const unsigned int middle = (low + high) / 2;

		sym = &table->symtab[get_int(&index, index.addresses, middle)];
		if (kallsyms_symbol_value(sym) <= addr)
			low = middle + 1;
		else
			high = middle;
	}

	end = base + region_size;
	if (low < count) {
		sym = &table->symtab[get_int(&index, index.addresses, low)];
		end = min(end, kallsyms_symbol_value(sym));
	}
	if (low) {
		sym = &table->symtab[get_int(&index, index.addresses, low - 1)];
		value = kallsyms_symbol_value(sym);
	}
	if (!low || value < base)
		return NULL;

	if (size)
		*size = end - value;
	if (offset)
		*offset = addr - value;
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
EXPORT_SYMBOL_IF_KUNIT(module_address_lookup);

/* A symbol that is found has a name, so the length is not 0. */
int lookup_module_symbol_name(unsigned long addr, char *symname)
{
	return module_address_lookup(addr, NULL, NULL, NULL, NULL, symname) ? 0 : -ERANGE;
}
EXPORT_SYMBOL_IF_KUNIT(lookup_module_symbol_name);

/* Look up by name */

static u32 name_hash(const char *name)
{
	return hashlen_hash(hashlen_string(NULL, name));
}

/* From place @i of names on.  Most names that are not there do not come this far. */
static noinline int on_each_match_from(unsigned int i, unsigned int end,
				       const struct mod_kallsyms *table, const char *name, u32 hash,
				       int (*fn)(void *, unsigned long), void *data)
{
	const struct symtab_index index = map_index(table->typetab, table->num_symtab);
	int ret = 0;

	for (; i < end && !ret; i++) {
		const Elf_Sym *sym = &table->symtab[get_int(&index, index.names, i)];

		if (index.hash_bytes[i] == (u8)hash && !strcmp(table->strtab + sym->st_name, name))
			ret = fn(data, kallsyms_symbol_value(sym));
	}
	return ret;
}

/* Call @fn for each defined entry with that name, in table order, while it returns 0. */
static inline int on_each_match(const struct mod_kallsyms *table, const char *name, u32 hash,
				int (*fn)(void *, unsigned long), void *data)
{
	const struct symtab_index index = map_index(table->typetab, table->num_symtab);
	const unsigned int bucket = hash >> (32 - bucket_bits(index.n));
	const unsigned int end = get_int(&index, index.buckets, bucket + 1);
	unsigned int i = get_int(&index, index.buckets, bucket);

	while (i < end && index.hash_bytes[i] != (u8)hash)
		i++;
	return i < end ? on_each_match_from(i, end, table, name, hash, fn, data) : 0;
}

static int take_value(void *data, unsigned long value)
{
	*(unsigned long *)data = value;
	return 1;
}

static unsigned long find_name_value(const struct module *mod, const char *name, u32 hash)
{
	unsigned long value = 0;

	on_each_match(rcu_dereference(mod->kallsyms), name, hash, take_value, &value);
	return value;
}

unsigned long find_kallsyms_symbol_value(struct module *mod, const char *name)
{
	guard(rcu)();
	return find_name_value(mod, name, name_hash(name));
}
EXPORT_SYMBOL_IF_KUNIT(find_kallsyms_symbol_value);

/* The module behind @mod on the list, or the first; with @modname, that one alone */
static struct module *next_module(struct module *mod, const char *modname)
{
	if (mod && modname)
		return NULL;
	mod = list_prepare_entry(mod, &modules, list);
	list_for_each_entry_continue_rcu(mod, &modules, list)
		/* Tables of an unformed one are not complete.  data_race: state goes on. */
		if (data_race(READ_ONCE(mod->state)) != MODULE_STATE_UNFORMED &&
		    (!modname || !strcmp(modname, mod->name)))
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
		value = find_name_value(mod, name, hash);
	return value;
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_lookup_name);

/* do_init_module() switches tables under the mutex. */
static const struct mod_kallsyms *table_under_mutex(const struct module *mod)
{
	return rcu_dereference_protected(mod->kallsyms, lockdep_is_held(&module_mutex));
}

int module_kallsyms_on_each_match_symbol(const char *modname, int (*fn)(void *, unsigned long),
					 const char *name, void *data)
{
	const u32 hash = name_hash(name);
	struct module *mod = NULL;
	int ret = 0;

	guard(mutex)(&module_mutex);
	while (!ret && (mod = next_module(mod, modname)))
		ret = on_each_match(table_under_mutex(mod), name, hash, fn, data);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_on_each_match_symbol);

/* Enumerate: modules in the order of the list, entries in that of the table */

static bool symbol_is_exported(const struct module *mod, const char *name, unsigned long value)
{
	const struct kernel_symbol *ks;

	ks = bsearch(name, mod->syms, mod->num_syms, sizeof(*ks), cmp_name);
	return ks && kernel_symbol_value(ks) == value;
}

static void enter_module(struct module_kallsym_pos *pos, struct module *mod)
{
	pos->mod = mod;
	if (!mod)
		return;
	pos->table = rcu_dereference(mod->kallsyms);
	pos->symnum = 0;
	pos->load = *load_number(mod);
}

/* Of a reader that has not held its module.  If init has ended, old.core says where it is. */
static void find_place(struct module_kallsym_pos *pos, bool next)
{
	const struct module_kallsym_pos old = *pos;
	/* This may be in init memory that goes, where __module_address() would BUG(). */
	struct module *mod = mod_find((unsigned long)old.table, &mod_tree);

	if (!mod || *load_number(mod) != old.load) {
		mod = next_module(NULL, NULL);
		/* The first place of all is number 0, before any load. */
		while (mod && *load_number(mod) - 1 > old.load - 1)
			mod = next_module(mod, NULL);
	}
	enter_module(pos, mod);
	if (!mod || pos->load != old.load)
		return;
	if (pos->table == old.table)
		pos->symnum = old.symnum + next;
	else
		pos->symnum = old.core & NOT_CORE ? old.core ^ NOT_CORE : old.core + next;
}

int module_get_kallsym(struct module_kallsym_pos *pos, bool next, unsigned long *value,
		       char *type, char *name, char *module_name, int *exported)
{
	const struct mod_kallsyms *table;
	const Elf_Sym *sym;

	guard(rcu)();
	if (pos->mod)
		pos->symnum += next;
	else
		find_place(pos, next);
	while (pos->mod && pos->symnum >= pos->table->num_symtab)
		enter_module(pos, next_module(pos->mod, NULL));
	if (!pos->mod)
		return -ERANGE;

	table = pos->table;
	if (table != &pos->mod->core_kallsyms)
		pos->core = map_scratch(table->typetab, table->num_symtab, 0).core[pos->symnum];

	sym = &table->symtab[pos->symnum];
	*value = kallsyms_symbol_value(sym);
	*type = table->typetab[pos->symnum];
	strscpy(name, table->strtab + sym->st_name, KSYM_NAME_LEN);
	strscpy(module_name, pos->mod->name, MODULE_NAME_LEN);
	*exported = symbol_is_exported(pos->mod, name, *value);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(module_get_kallsym);

int module_kallsyms_on_each_symbol(const char *modname,
				   int (*fn)(void *, const char *, unsigned long), void *data)
{
	struct module *mod = NULL;
	int ret = 0;

	guard(mutex)(&module_mutex);
	while (!ret && (mod = next_module(mod, modname))) {
		const struct mod_kallsyms *table = table_under_mutex(mod);
		const Elf_Sym *sym, *end = table->symtab + table->num_symtab;

		for (sym = table->symtab; sym < end && !ret; sym++)
			if (sym->st_shndx != SHN_UNDEF)
				ret = fn(data, table->strtab + sym->st_name,
					 kallsyms_symbol_value(sym));
		cond_resched();
	}
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_on_each_symbol);

/* Build ID */

#ifdef CONFIG_STACKTRACE_BUILD_ID
/**
 * init_build_id() - remember a module's build ID
 * @mod:  the module, in its final place
 * @info: the loader's view of the file
 *
 * Takes the first allocated note section that holds one.  Stack traces print it.
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
EXPORT_SYMBOL_IF_KUNIT(init_build_id);

/* Architectures with function descriptors have their own. */
void * __weak dereference_module_function_descriptor(struct module *mod, void *ptr)
{
	return ptr;
}
EXPORT_SYMBOL_IF_KUNIT(dereference_module_function_descriptor);

#if IS_ENABLED(CONFIG_KUNIT)
/* For the KUnit suite: put a module where lookups look, and take it away. */
void module_kallsyms_kunit_add(struct module *mod)
{
	guard(mutex)(&module_mutex);
	for_each_mod_mem_type(type) {
		unsigned long base = (unsigned long)mod->mem[type].base;

		if (!mod->mem[type].size)
			continue;
		mod_tree.addr_min = min(mod_tree.addr_min, base);
		mod_tree.addr_max = max(mod_tree.addr_max, base + mod->mem[type].size);
	}
	number_load(mod);
	list_add_rcu(&mod->list, &modules);
	mod_tree_insert(mod);
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_kunit_add);

void module_kallsyms_kunit_del(struct module *mod)
{
	guard(mutex)(&module_mutex);
	list_del_rcu(&mod->list);
	mod_tree_remove(mod);
	synchronize_rcu_expedited();
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_kunit_del);
#endif
