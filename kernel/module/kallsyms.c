// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Symbol tables of loaded modules
 *
 * A module has two symbol tables.  The *full* table is the ELF .symtab as it
 * came in the file, entry for entry; it lives at the end of MOD_INIT_DATA and
 * is what readers see until the module's init function has returned.  The
 * *core* table holds what outlives init; it lives at the end of MOD_DATA and
 * goes away with the module.  mod->kallsyms points at the one in force, and
 * the loader moves it from the first to the second (do_init_module()).
 *
 * The file reads in the order in which data flows, and nothing calls upward:
 *
 *	classify	one entry: its type letter, whether it is core
 *	validate	what the file holds, before anybody trusts it
 *	lay out		measure the tables, reserve room for them
 *	populate	fill what was reserved
 *	look up		by address, by name
 *	enumerate	for /proc/kallsyms, ftrace, livepatch
 *	build ID
 *
 * Tables are written once, by the thread that loads the module, while the
 * module is MODULE_STATE_UNFORMED and no reader looks at it.  From then on
 * they only change place under RCU, so that lookups need no lock and may run
 * in an oops or an NMI: all they need is preemption off.
 *
 * A value is what kallsyms_symbol_value() makes of an entry, never a bare
 * st_value: 32-bit Arm keeps the Thumb bit there.
 */

#include <linux/align.h>
#include <linux/bsearch.h>
#include <linux/buildid.h>
#include <linux/elf.h>
#include <linux/kallsyms.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/module_symbol.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include "internal.h"

/*
 * Modules carry a struct module that was compiled elsewhere, and debuggers
 * read both structs by offset: these are ABI.
 */
static_assert(sizeof(struct mod_kallsyms) == 4 * sizeof(void *));
static_assert(sizeof_field(struct module, core_kallsyms) == 4 * sizeof(void *));
static_assert(sizeof_field(struct module, kallsyms) == sizeof(void *));
static_assert(offsetof(struct mod_kallsyms, symtab) == 0);
static_assert(offsetof(struct mod_kallsyms, num_symtab) == sizeof(void *));
static_assert(offsetof(struct mod_kallsyms, strtab) == 2 * sizeof(void *));
static_assert(offsetof(struct mod_kallsyms, typetab) == 3 * sizeof(void *));
static_assert(sizeof_field(struct mod_kallsyms, num_symtab) == sizeof(int));
static_assert(__same_type(((struct mod_kallsyms *)0)->symtab, Elf_Sym *));
static_assert(__same_type(((struct mod_kallsyms *)0)->strtab, char *));
static_assert(__same_type(((struct mod_kallsyms *)0)->typetab, char *));

/*
 * Classify
 *
 * These look at one entry and its section header and at nothing else.
 * Section indexes come from the file: the loader has checked them for all
 * entries but the first by the time types are asked for, and for none of
 * them before that.
 */

static const Elf_Shdr *symbol_section(const Elf_Sym *sym,
				      const struct load_info *info)
{
	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx >= info->hdr->e_shnum)
		return NULL;
	return &info->sechdrs[sym->st_shndx];
}

/* The loader leaves the sh_name of SHT_NULL sections unchecked. */
static bool section_is_debug(const Elf_Shdr *sec, const struct load_info *info)
{
	const Elf_Shdr *names = &info->sechdrs[info->hdr->e_shstrndx];

	return sec->sh_name < names->sh_size &&
	       strstarts(info->secstrings + sec->sh_name, ".debug");
}

/**
 * module_symbol_is_core() - does an entry outlive the module's init?
 * @sym:  the entry, from a table whose names have been validated
 * @info: the loader's view of the file; sections must have been laid out
 *
 * Entry 0 and the entries of livepatch modules are kept whatever this says.
 *
 * Context: any.
 * Return: true if the entry belongs in the core table.
 */
VISIBLE_IF_KUNIT bool module_symbol_is_core(const Elf_Sym *sym,
					    const struct load_info *info)
{
	const Elf_Shdr *sec = symbol_section(sym, info);
	unsigned long region;

	if (!sec || !sym->st_name)
		return false;

	/* Not SHF_ALLOC: the loader places it by itself, once per CPU. */
	if (IS_ENABLED(CONFIG_KALLSYMS_ALL) && sym->st_shndx == info->index.pcpu)
		return true;

	if (!(sec->sh_flags & SHF_ALLOC))
		return false;
	if (!IS_ENABLED(CONFIG_KALLSYMS_ALL) && !(sec->sh_flags & SHF_EXECINSTR))
		return false;

	region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
	return region < MOD_MEM_NUM_TYPES && mod_mem_type_is_core(region);
}
EXPORT_SYMBOL_IF_KUNIT(module_symbol_is_core);

/**
 * module_symbol_type() - the letter that stands for an entry's type
 * @sym:  the entry
 * @info: the loader's view of the file
 *
 * The letters are nm's. All are in lower case but for ``U``; /proc/kallsyms
 * turns those of exported symbols into upper case.
 *
 * Context: any.
 * Return: the letter, ``?`` where none fits.
 */
VISIBLE_IF_KUNIT char module_symbol_type(const Elf_Sym *sym,
					 const struct load_info *info)
{
	const Elf_Shdr *sec;

	if (ELF_ST_BIND(sym->st_info) == STB_WEAK)
		return ELF_ST_TYPE(sym->st_info) == STT_OBJECT ? 'v' : 'w';
	if (sym->st_shndx == SHN_UNDEF)
		return 'U';
	if (sym->st_shndx == SHN_ABS || sym->st_shndx == info->index.pcpu)
		return 'a';

	sec = symbol_section(sym, info);
	if (!sec || sym->st_shndx >= SHN_LORESERVE)
		return '?';
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
EXPORT_SYMBOL_IF_KUNIT(module_symbol_type);

/*
 * Validate
 *
 * Runs on the temporary copy of the file, before anything else in the loader
 * looks at a symbol's name, and mends that copy: whoever reads the tables
 * afterwards (simplify_symbols(), relocations, livepatch, the stages below)
 * finds every st_name inside a string table that ends in a NUL.
 *
 * The copy may be at any alignment, hence get_unaligned().
 */

/* Stands in for a string table without a single NUL. */
static const char empty_strtab[1];

static void replace_section(Elf_Shdr *sec, const void *contents, size_t size)
{
	sec->sh_addr = (unsigned long)contents;
	sec->sh_size = size;
	sec->sh_addralign = __alignof__(Elf_Sym);
}

/*
 * layout_symtab() has no way to report an error, but simplify_symbols() refuses
 * a module over a section index that doesn't exist, before anything has been
 * relocated: give it one. Until then the loader allocates regions and copies
 * sections to them. That may be just what can't be done here, so nothing is
 * left to copy but struct module, which it can't do without, and this table.
 */
static const char refused_strtab[] = "\0(see above)";
static const Elf_Sym refused_symtab[] = {
	{ },
	{ .st_name = 1, .st_shndx = SHN_HIRESERVE },
};

static void refuse_module(struct module *mod, struct load_info *info,
			  const char *why)
{
	Elf_Shdr *this_module = &info->sechdrs[info->index.mod];
	unsigned int i;

	pr_err("%s: unusable symbol table: %s\n", mod->name, why);

	for (i = 0; i < info->hdr->e_shnum; i++)
		info->sechdrs[i].sh_flags &= ~(unsigned long)SHF_ALLOC;
	for_each_mod_mem_type(type)
		mod->mem[type].size = 0;
	this_module->sh_flags |= SHF_ALLOC;
	this_module->sh_entsize = module_get_offset_and_type(mod, MOD_DATA,
							     this_module,
							     info->index.mod);

	/* A file may call its symbol table struct module. */
	if (info->index.sym == info->index.mod)
		info->index.sym = info->index.str;
	info->index.str = info->index.sym;
	replace_section(&info->sechdrs[info->index.sym], refused_symtab,
			sizeof(refused_symtab));
	info->strtab = (char *)refused_strtab;
}

static bool section_overlaps(const Elf_Shdr *sec, unsigned long start,
			     unsigned long size)
{
	return sec->sh_size && sec->sh_offset < start + size &&
	       start < sec->sh_offset + sec->sh_size;
}

/*
 * Layout and validation write to the ELF header's neighbours and to struct
 * module: a table that shares bytes with these would change under its reader.
 */
static bool overlaps_headers(const Elf_Shdr *sec, const struct load_info *info)
{
	const Elf_Shdr *this_module = &info->sechdrs[info->index.mod];

	return section_overlaps(sec, 0, sizeof(*info->hdr)) ||
	       section_overlaps(sec, info->hdr->e_shoff,
				info->hdr->e_shnum * sizeof(Elf_Shdr)) ||
	       section_overlaps(sec, this_module->sh_offset,
				this_module->sh_size);
}

static bool mend_alignment(Elf_Shdr *sec, unsigned long least)
{
	bool odd = sec->sh_addralign > PAGE_SIZE ||
		   (sec->sh_addralign && !is_power_of_2(sec->sh_addralign));

	/* 0 and 1 are fine, to ELF; the table is read as an array here. */
	if (odd || sec->sh_addralign < least)
		sec->sh_addralign = least;
	return odd;
}

static bool mend_strtab(struct load_info *info, Elf_Shdr *strsec)
{
	unsigned long size = strsec->sh_size;

	/* Whatever begins below the last NUL ends there at the latest. */
	while (size && info->strtab[size - 1])
		size--;

	if (!size) {
		replace_section(strsec, empty_strtab, sizeof(empty_strtab));
		info->strtab = (char *)empty_strtab;
		return true;
	}
	if (size == strsec->sh_size && !info->strtab[0])
		return false;

	strsec->sh_size = size;
	info->strtab[0] = '\0';
	return true;
}

static unsigned int mend_names(Elf_Shdr *symsec, const Elf_Shdr *strsec)
{
	Elf_Sym *sym = (void *)symsec->sh_addr;
	Elf_Sym *end = (void *)symsec->sh_addr + symsec->sh_size;
	unsigned int bad = 0;

	for (; sym < end; sym++) {
		if (likely(get_unaligned(&sym->st_name) < strsec->sh_size))
			continue;
		put_unaligned(0, &sym->st_name);
		bad++;
	}
	return bad;
}

/* simplify_symbols() checks the section index of every entry but this one. */
static bool mend_entry0(Elf_Shdr *symsec, const struct load_info *info)
{
	Elf_Sym *sym = (void *)symsec->sh_addr;
	unsigned int shndx;

	if (!symsec->sh_size)
		return false;

	shndx = get_unaligned(&sym->st_shndx);
	if (shndx < info->hdr->e_shnum || shndx >= SHN_LORESERVE)
		return false;

	put_unaligned(SHN_UNDEF, &sym->st_shndx);
	return true;
}

static void validate_symtab(struct module *mod, struct load_info *info)
{
	Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	bool tail, align, strtab, entry0;
	unsigned int names;

	if (overlaps_headers(symsec, info) || overlaps_headers(strsec, info)) {
		refuse_module(mod, info, "it overlaps the module's headers");
		return;
	}

	/* If they have been laid out with the others: they are again, below. */
	symsec->sh_flags &= ~(unsigned long)SHF_ALLOC;
	strsec->sh_flags &= ~(unsigned long)SHF_ALLOC;

	tail = symsec->sh_size % sizeof(Elf_Sym);
	symsec->sh_size -= symsec->sh_size % sizeof(Elf_Sym);
	align = mend_alignment(symsec, __alignof__(Elf_Sym));
	align |= mend_alignment(strsec, 1);
	strtab = mend_strtab(info, strsec);
	names = mend_names(symsec, strsec);
	entry0 = mend_entry0(symsec, info);

	if (likely(!tail && !align && !strtab && !names && !entry0))
		return;

	pr_warn("%s: malformed symbol table: %u of %lu names outside the string table%s%s%s%s\n",
		mod->name, names,
		(unsigned long)(symsec->sh_size / sizeof(Elf_Sym)),
		strtab ? ", string table without its first or last NUL" : "",
		tail ? ", last entry incomplete" : "",
		align ? ", bad alignment" : "",
		entry0 ? ", entry 0 in a section that does not exist" : "");
}

/*
 * Lay out
 *
 * Reserves, by growing regions of the module that are yet to be allocated:
 *
 *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types
 *	MOD_DATA	core entries | core strings | types
 *
 * Debuggers find symtab and strtab of either table in these regions.
 */

struct core_size {
	unsigned int entries;
	unsigned long strings;		/* bytes */
	bool whole_strtab;
};

/*
 * The core string table begins with a NUL that all empty names share, then
 * has the names one behind the other, in the order of their entries.  The
 * last entry's name is stored even if it is empty: debuggers that want the
 * table's size take the end of that name for the end of the table.
 *
 * Names may overlap in .strtab.  Where that makes copies larger than .strtab
 * itself, .strtab is kept whole, with the last name once more behind it; so a
 * file can't make us reserve, or even measure, more than about twice its size.
 */
static void measure_core(struct module *mod, const struct load_info *info,
			 struct core_size *core)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	const Elf_Sym *src = (void *)symsec->sh_addr;
	unsigned long i, n = symsec->sh_size / sizeof(*src);
	unsigned long len = 0;
	const char *last = "";

	core->entries = 0;
	core->strings = 1;
	core->whole_strtab = false;

	for (i = 0; i < n; i++) {
		const Elf_Sym sym = get_unaligned(&src[i]);

		if (i && !is_livepatch_module(mod) &&
		    !module_symbol_is_core(&sym, info))
			continue;

		core->entries++;
		last = info->strtab + sym.st_name;
		if (core->whole_strtab)
			continue;

		len = strlen(last);
		if (len)
			core->strings += len + 1;
		core->whole_strtab = core->strings > strsec->sh_size;
	}

	len = strlen(last);
	if (core->whole_strtab)
		core->strings = strsec->sh_size + len + 1;
	else if (core->entries && !len)
		core->strings++;
}

/*
 * A region's size is an unsigned int, which the loader rounds up to pages, and
 * sh_entsize has to hold offsets in it.
 */
static bool region_has_room(const struct module *mod, enum mod_mem_type type,
			    u64 bytes)
{
	return mod->mem[type].size + bytes <=
	       min_t(u64, UINT_MAX - PAGE_SIZE, SH_ENTSIZE_OFFSET_MASK);
}

static bool tables_fit(const struct module *mod, const struct load_info *info,
		       const struct core_size *core)
{
	/* Room for aligning each part of a table. */
	const u64 slack = 4 * PAGE_SIZE;
	const u64 symtab = info->sechdrs[info->index.sym].sh_size;
	const u64 strtab = info->sechdrs[info->index.str].sh_size;

	return region_has_room(mod, MOD_DATA, slack + core->strings +
			       (u64)core->entries * (sizeof(Elf_Sym) + 1)) &&
	       region_has_room(mod, MOD_INIT_DATA, slack + strtab + symtab +
			       symtab / sizeof(Elf_Sym));
}

static unsigned long reserve(struct module *mod, enum mod_mem_type type,
			     unsigned long size, unsigned long align)
{
	unsigned long offset = ALIGN(mod->mem[type].size, align);

	mod->mem[type].size = offset + size;
	return offset;
}

static void reserve_section(struct module *mod, struct load_info *info,
			    unsigned int index)
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
 * Validates .symtab and .strtab, then grows MOD_INIT_DATA by the full table
 * and MOD_DATA by the core table and records in @info where they go. A table
 * that is malformed is mended in the temporary copy; one that can't be used is
 * replaced by one over which simplify_symbols() refuses the module with
 * -ENOEXEC. Either is said once in the kernel log.
 *
 * Context: process context, called by load_module() before any memory is
 * allocated. Takes no locks, allocates nothing.
 */
void layout_symtab(struct module *mod, struct load_info *info)
{
	struct core_size core;
	unsigned long entries;

	validate_symtab(mod, info);
	measure_core(mod, info, &core);
	if (!tables_fit(mod, info, &core)) {
		refuse_module(mod, info, "it does not fit in the module's memory");
		measure_core(mod, info, &core);
	}
	entries = info->sechdrs[info->index.sym].sh_size / sizeof(Elf_Sym);

	reserve_section(mod, info, info->index.sym);
	reserve_section(mod, info, info->index.str);
	info->mod_kallsyms_init_off = reserve(mod, MOD_INIT_DATA,
					      sizeof(struct mod_kallsyms),
					      __alignof__(struct mod_kallsyms));
	info->init_typeoffs = reserve(mod, MOD_INIT_DATA, entries, 1);

	info->num_core_syms = core.entries;
	info->core_strsize = core.strings;
	info->core_strtab_whole = core.whole_strtab;
	info->symoffs = reserve(mod, MOD_DATA, core.entries * sizeof(Elf_Sym),
				__alignof__(Elf_Sym));
	info->stroffs = reserve(mod, MOD_DATA, core.strings, 1);
	info->core_typeoffs = reserve(mod, MOD_DATA, core.entries, 1);
}
EXPORT_SYMBOL_IF_KUNIT(layout_symtab);

/*
 * Populate
 *
 * Fills exactly what was reserved.  The full table's entries and strings are
 * in place already, moved there with the other sections.
 *
 * A file may have had them relocated since they were validated.  No linker
 * makes one that does, and its relocations could have written anywhere; but
 * whatever they wrote here is kept from leading out of the tables.
 */

static const char *symbol_name(const struct mod_kallsyms *table, unsigned int i)
{
	return table->strtab + table->symtab[i].st_name;
}

static void populate_full(struct mod_kallsyms *full, struct module *mod,
			  const struct load_info *info)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	unsigned int i;

	full->symtab = (void *)symsec->sh_addr;
	full->num_symtab = symsec->sh_size / sizeof(Elf_Sym);
	full->strtab = (void *)strsec->sh_addr;
	full->typetab = mod->mem[MOD_INIT_DATA].base + info->init_typeoffs;

	full->strtab[strsec->sh_size - 1] = '\0';
	for (i = 0; i < full->num_symtab; i++) {
		Elf_Sym *sym = &full->symtab[i];

		if (unlikely(sym->st_name >= strsec->sh_size))
			sym->st_name = 0;
		full->typetab[i] = module_symbol_type(sym, info);
	}
}

/* Returns where @name is in the core string table, advancing its end. */
static unsigned long store_name(struct mod_kallsyms *core, const char *name,
				bool last, unsigned long *end,
				unsigned long reserved)
{
	unsigned long start = *end;
	size_t size = strlen(name) + 1;

	if ((size == 1 && !last) || size > reserved - start)
		return 0;

	memcpy(core->strtab + start, name, size);
	*end += size;
	return start;
}

static void populate_core(struct mod_kallsyms *core, struct module *mod,
			  const struct mod_kallsyms *full,
			  const struct load_info *info)
{
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	void *base = mod->mem[MOD_DATA].base;
	unsigned long strings = 1;
	unsigned int i, n = 0;

	core->symtab = base + info->symoffs;
	core->strtab = base + info->stroffs;
	core->typetab = base + info->core_typeoffs;

	if (info->core_strtab_whole)
		strings = strsec->sh_size;
	memcpy(core->strtab, full->strtab, strings);
	core->strtab[0] = '\0';

	for (i = 0; i < full->num_symtab && n < info->num_core_syms; i++) {
		const Elf_Sym *src = &full->symtab[i];
		bool last = n + 1 == info->num_core_syms;

		if (i && !is_livepatch_module(mod) &&
		    !module_symbol_is_core(src, info))
			continue;

		core->typetab[n] = full->typetab[i];
		core->symtab[n] = *src;
		if (!info->core_strtab_whole || last)
			core->symtab[n].st_name =
				store_name(core, symbol_name(full, i), last,
					   &strings, info->core_strsize);
		n++;
	}
	core->num_symtab = n;
}

/**
 * add_kallsyms() - fill in a module's symbol tables
 * @mod:  the module, in its final place
 * @info: the loader's view of the file, as layout_symtab() left it
 *
 * Symbols have been resolved and relocated: st_value is an address, or an
 * offset in the module's per-CPU area. Makes the full table the one that
 * readers see, and the core table ready to take over.
 *
 * Context: process context, called by load_module() while @mod is
 * MODULE_STATE_UNFORMED and both MOD_DATA and MOD_INIT_DATA can be written.
 * Takes no locks, allocates nothing.
 */
void add_kallsyms(struct module *mod, const struct load_info *info)
{
	struct mod_kallsyms *full = mod->mem[MOD_INIT_DATA].base +
				    info->mod_kallsyms_init_off;

	populate_full(full, mod, info);
	populate_core(&mod->core_kallsyms, mod, full, info);
	rcu_assign_pointer(mod->kallsyms, full);
}
EXPORT_SYMBOL_IF_KUNIT(add_kallsyms);

/*
 * Look up by address
 *
 * The walk below is the definition of the answer.
 */

static struct mod_kallsyms *current_table(struct module *mod)
{
	return rcu_dereference_sched(mod->kallsyms);
}

static bool symbol_is_defined(const Elf_Sym *sym)
{
	return sym->st_shndx != SHN_UNDEF;
}

/* Can an address lookup return this entry? */
static bool symbol_names_address(const struct mod_kallsyms *table, unsigned int i)
{
	const char *name = symbol_name(table, i);

	return symbol_is_defined(&table->symtab[i]) && *name &&
	       !is_mapping_symbol(name);
}

/**
 * module_symtab_walk_address() - find the entry an address belongs to
 * @table: the symbol table
 * @addr:  the address
 * @base:  first address of the region that @addr is in
 * @end:   where to store the end of the entry's extent: its caller sets it to
 *         the end of the region, and it is lowered to the next greater value
 *
 * Looks at every entry.
 *
 * Context: any; @table must stay in place.
 * Return: index of the entry with the greatest value from @base to @addr, the
 * first in the table of those that share it; 0 if there is none.
 */
VISIBLE_IF_KUNIT unsigned int
module_symtab_walk_address(const struct mod_kallsyms *table, unsigned long addr,
			   unsigned long base, unsigned long *end)
{
	unsigned long value, best_value = base;
	unsigned int i, best = 0;

	for (i = 1; i < table->num_symtab; i++) {
		value = kallsyms_symbol_value(&table->symtab[i]);
		if (value < best_value || value >= *end ||
		    !symbol_names_address(table, i))
			continue;
		if (value > addr) {
			*end = value;
		} else if (!best || value > best_value) {
			best = i;
			best_value = value;
		}
	}
	return best;
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_walk_address);

static bool region_has_symbols(enum mod_mem_type type)
{
	return IS_ENABLED(CONFIG_KALLSYMS_ALL) || mod_mem_type_is_text(type);
}

static bool find_region(const struct module *mod, unsigned long addr,
			unsigned long *base, unsigned long *end)
{
	for_each_mod_mem_type(type) {
		if (!region_has_symbols(type) ||
		    !within_module_mem_type(addr, mod, type))
			continue;
		*base = (unsigned long)mod->mem[type].base;
		*end = *base + mod->mem[type].size;
		return true;
	}
	return false;
}

/**
 * module_find_symbol() - find the symbol of an address within one module
 * @mod:    the module
 * @addr:   the address
 * @size:   if not NULL, set to the bytes from the symbol's value to the next
 *          greater one, or to the end of its region
 * @offset: if not NULL, set to the bytes from the symbol's value to @addr
 *
 * Context: any; preemption must be off.
 * Return: the symbol's name, which stays valid until preemption is on again;
 * NULL if no symbol covers @addr, and then nothing has been set.
 */
VISIBLE_IF_KUNIT const char *module_find_symbol(struct module *mod,
						unsigned long addr,
						unsigned long *size,
						unsigned long *offset)
{
	const struct mod_kallsyms *table = current_table(mod);
	unsigned long base, end, value;
	unsigned int i;

	if (!find_region(mod, addr, &base, &end))
		return NULL;

	i = module_symtab_walk_address(table, addr, base, &end);
	if (!i)
		return NULL;

	value = kallsyms_symbol_value(&table->symtab[i]);
	if (size)
		*size = end - value;
	if (offset)
		*offset = addr - value;
	return symbol_name(table, i);
}
EXPORT_SYMBOL_IF_KUNIT(module_find_symbol);

int module_address_lookup(unsigned long addr, unsigned long *symbolsize,
			  unsigned long *offset, char **modname,
			  const unsigned char **modbuildid, char *namebuf)
{
	struct module *mod;
	const char *name;

	guard(preempt)();

	mod = __module_address(addr);
	if (!mod)
		return 0;

	if (modname)
		*modname = mod->name;
	if (modbuildid)
		*modbuildid = module_buildid(mod);

	name = module_find_symbol(mod, addr, symbolsize, offset);
	return name ? strscpy(namebuf, name, KSYM_NAME_LEN) : 0;
}
EXPORT_SYMBOL_IF_KUNIT(module_address_lookup);

int lookup_module_symbol_name(unsigned long addr, char *symname)
{
	struct module *mod;
	const char *name;

	guard(preempt)();

	mod = __module_address(addr);
	name = mod ? module_find_symbol(mod, addr, NULL, NULL) : NULL;
	if (!name)
		return -ERANGE;

	strscpy(symname, name, KSYM_NAME_LEN);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(lookup_module_symbol_name);

/*
 * Look up by name
 *
 * As above, the walk defines the answer.
 */

/**
 * module_symtab_walk_name() - find the first defined entry of a name
 * @table: the symbol table
 * @name:  the name, NUL-terminated, of any length
 *
 * Looks at every entry up to the one it finds.
 *
 * Context: any; @table must stay in place.
 * Return: index of the entry, %UINT_MAX if there is none. Index 0 is an answer
 * like any other: entry 0 of an odd file may well be defined.
 */
VISIBLE_IF_KUNIT unsigned int
module_symtab_walk_name(const struct mod_kallsyms *table, const char *name)
{
	unsigned int i;

	for (i = 0; i < table->num_symtab; i++)
		if (symbol_is_defined(&table->symtab[i]) &&
		    !strcmp(symbol_name(table, i), name))
			return i;
	return UINT_MAX;
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_walk_name);

unsigned long find_kallsyms_symbol_value(struct module *mod, const char *name)
{
	const struct mod_kallsyms *table;
	unsigned int i;

	guard(preempt)();

	table = current_table(mod);
	i = module_symtab_walk_name(table, name);
	return i == UINT_MAX ? 0 : kallsyms_symbol_value(&table->symtab[i]);
}
EXPORT_SYMBOL_IF_KUNIT(find_kallsyms_symbol_value);

unsigned long module_kallsyms_lookup_name(const char *name)
{
	const char *colon = strnchr(name, MODULE_NAME_LEN, ':');
	struct module *mod;
	unsigned long value;

	guard(preempt)();

	if (colon) {
		mod = find_module_all(name, colon - name, false);
		return mod ? find_kallsyms_symbol_value(mod, colon + 1) : 0;
	}

	list_for_each_entry_rcu(mod, &modules, list) {
		if (mod->state == MODULE_STATE_UNFORMED)
			continue;
		value = find_kallsyms_symbol_value(mod, name);
		if (value)
			return value;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_lookup_name);

/*
 * Enumerate
 *
 * In the table's order, and modules in the list's: what /proc/kallsyms shows
 * and what livepatch counts by (sympos) are ABI.
 */

static bool symbol_is_exported(const struct module *mod, const char *name,
			       unsigned long value)
{
	const struct kernel_symbol *ks;

	ks = bsearch(name, mod->syms, mod->num_syms, sizeof(*ks), cmp_name);
	return ks && kernel_symbol_value(ks) == value;
}

int module_get_kallsym(unsigned int symnum, unsigned long *value, char *type,
		       char *name, char *module_name, int *exported)
{
	struct module *mod;

	guard(preempt)();

	list_for_each_entry_rcu(mod, &modules, list) {
		const struct mod_kallsyms *table;

		if (mod->state == MODULE_STATE_UNFORMED)
			continue;

		table = current_table(mod);
		if (symnum >= table->num_symtab) {
			symnum -= table->num_symtab;
			continue;
		}

		*value = kallsyms_symbol_value(&table->symtab[symnum]);
		*type = table->typetab[symnum];
		strscpy(name, symbol_name(table, symnum), KSYM_NAME_LEN);
		strscpy(module_name, mod->name, MODULE_NAME_LEN);
		*exported = symbol_is_exported(mod, name, *value);
		return 0;
	}
	return -ERANGE;
}
EXPORT_SYMBOL_IF_KUNIT(module_get_kallsym);

static int call_for_symbols(struct module *mod,
			    int (*fn)(void *, const char *, unsigned long),
			    void *data)
{
	/* module_mutex keeps do_init_module() from moving the pointer. */
	const struct mod_kallsyms *table =
		rcu_dereference_protected(mod->kallsyms,
					  lockdep_is_held(&module_mutex));
	unsigned int i;
	int ret;

	for (i = 0; i < table->num_symtab; i++) {
		if (!symbol_is_defined(&table->symtab[i]))
			continue;
		ret = fn(data, symbol_name(table, i),
			 kallsyms_symbol_value(&table->symtab[i]));
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}

int module_kallsyms_on_each_symbol(const char *modname,
				   int (*fn)(void *, const char *, unsigned long),
				   void *data)
{
	struct module *mod;
	int ret;

	guard(mutex)(&module_mutex);

	list_for_each_entry(mod, &modules, list) {
		if (mod->state == MODULE_STATE_UNFORMED ||
		    (modname && strcmp(modname, mod->name)))
			continue;
		ret = call_for_symbols(mod, fn, data);
		if (ret || modname)
			return ret;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_on_each_symbol);

/*
 * Build ID
 */

#ifdef CONFIG_STACKTRACE_BUILD_ID
/**
 * init_build_id() - remember a module's build ID
 * @mod:  the module, in its final place
 * @info: the loader's view of the file
 *
 * Takes the first allocated note section that holds one. Stack traces print it.
 *
 * Context: process context, called by load_module() while @mod is
 * MODULE_STATE_UNFORMED.
 */
void init_build_id(struct module *mod, const struct load_info *info)
{
	const Elf_Shdr *sec = info->sechdrs;
	const Elf_Shdr *end = sec + info->hdr->e_shnum;

	for (; sec < end; sec++)
		if (sec->sh_type == SHT_NOTE && !sect_empty(sec) &&
		    !build_id_parse_buf((void *)sec->sh_addr, mod->build_id,
					sec->sh_size))
			return;
}
#else
void init_build_id(struct module *mod, const struct load_info *info) { }
#endif
EXPORT_SYMBOL_IF_KUNIT(init_build_id);

/*
 * Architectures whose function pointers point at descriptors (parisc, powerpc
 * ELFv1) have their own.
 */
void * __weak dereference_module_function_descriptor(struct module *mod, void *ptr)
{
	return ptr;
}
EXPORT_SYMBOL_IF_KUNIT(dereference_module_function_descriptor);

#if IS_ENABLED(CONFIG_KUNIT)
/*
 * For the KUnit suite: put modules that it made in memory where lookups look,
 * and take them away again.
 */

void module_kallsyms_kunit_add(struct module *mod)
{
	guard(mutex)(&module_mutex);

	for_each_mod_mem_type(type) {
		unsigned long base = (unsigned long)mod->mem[type].base;

		if (!mod->mem[type].size)
			continue;
		mod_tree.addr_min = min(mod_tree.addr_min, base);
		mod_tree.addr_max = max(mod_tree.addr_max,
					base + mod->mem[type].size);
	}
	list_add_rcu(&mod->list, &modules);
	mod_tree_insert(mod);
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_kunit_add);

void module_kallsyms_kunit_del(struct module *mod)
{
	guard(mutex)(&module_mutex);

	list_del_rcu(&mod->list);
	mod_tree_remove(mod);
	synchronize_rcu();
}
EXPORT_SYMBOL_IF_KUNIT(module_kallsyms_kunit_del);
#endif
