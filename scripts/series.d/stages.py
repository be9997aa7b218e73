#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes the stages that the series has before the last one.

  stages.py FROM TO

FROM has the files that land, as make apply puts them there. TO gets those of
them that are other in an earlier stage: TO/no-index, without the index, and
TO/no-sharing, which writes each core name out as well. A stage is what is left when
functions, cases and members are taken out of the stage after it; what is not found,
or not once, is named and ends it: then kallsyms.c has been edited there, and
what is to be taken out has to be said anew.
"""

import os
import sys

KALLSYMS = 'kernel/module/kallsyms.c'
INTERNAL = 'kernel/module/internal.h'
KUNIT = 'lib/tests/module_kallsyms_kunit.c'

source, target = sys.argv[1:]
texts = {}
for path in KALLSYMS, INTERNAL, KUNIT:
    with open(os.path.join(source, path), encoding='utf-8') as f:
        texts[path] = f.read()
current = None


def edit(path):
    global current
    current = path


def once(what):
    number = texts[current].count(what)
    if number != 1:
        sys.exit(f'{current}: {number} places, not one, of:\n{what}')
    return texts[current].index(what)


def cut(first, behind, instead=''):
    """From the one place of FIRST up to the next of BEHIND."""
    start = once(first)
    end = texts[current].find(behind, start + 1)
    if end < 0:
        sys.exit(f'{current}: not found after {first!r}:\n{behind}')
    texts[current] = texts[current][:start] + instead + texts[current][end:]


def replace(old, new):
    once(old)
    texts[current] = texts[current].replace(old, new)


def remove(text):
    replace(text, '')


def write(stage):
    for path, text in texts.items():
        name = os.path.join(target, stage, path)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, 'w', encoding='utf-8') as f:
            f.write(text)


# Without the index: lookups walk the table.

edit(KALLSYMS)
replace(''' *	names		hash them; which bytes of .strtab the core table needs
 *	index		where the parts of an index are
''', ''' *	names		which bytes of .strtab the core table needs
''')
replace(''' *	populate	fill what was reserved: copy, share strings, index
''', ''' *	populate	fill what was reserved: copy, share strings
''')
for inc in ('hash.h','stringhash.h','compiler.h'):
    remove(f'#include <linux/{inc}>\n')
remove('#include <asm/word-at-a-time.h>\n')
replace('''/* What an entry takes after from its section. */
struct section_class {
	char type;
	bool core;
	u8 region;		/* an enum mod_mem_type, or NO_REGION */
} __aligned(4);

#define NO_REGION	MOD_MEM_NUM_TYPES
''', '''/* What an entry takes after from its section. */
struct section_class {
	char type;
	bool core;
};
''')
replace('''	struct section_class class = { .type = '?', .region = NO_REGION };
''', '''	struct section_class class = { .type = '?' };
''')
replace('''		class.core = section_is_core(sec);
		class.region = min_t(unsigned long, NO_REGION,
				     sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT);
''', '''		class.core = section_is_core(sec);
''')
cut('''/*
 * Hash names
''', '''/*
 * Keep strings
''')
cut('''/*
 * Index
 *
 * Behind the types''', '''static bool symbol_is_defined(''')
remove('''/* Mapping symbols begin with '$', '.' or 'L', most others with a letter above. */
static __always_inline bool name_is_of_address(const char *name)
{
	return likely((u8)*name > 'L') || (*name && !is_mapping_symbol(name));
}

''')
replace(''' *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types
 *			| index of the rest | scratch space
 *	MOD_DATA	core entries | core strings | types | index
''', ''' *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types
 *			| scratch space
 *	MOD_DATA	core entries | core strings | types
''')
replace('''	unsigned int entries;
	unsigned int addresses;		/* at most */
	unsigned int rest;		/* entries that are defined and not core */
	unsigned long strings;''', '''	unsigned int entries;
	unsigned long strings;''')
replace('''		    !keep_all) {
			core.rest += symbol_is_defined(&copy);
			if (ends)''', '''		    !keep_all) {
			if (ends)''')
replace('''		core.entries++;
		core.addresses += name_is_of_address(strtab + last);
''', '''		core.entries++;
''')
cut('''/* Addresses are sorted by cells first;''', '''/* What it takes to make the tables;''')
replace('''	u32 *rank;			/* for each chunk, bytes that are kept before */
	struct index_input core, rest;
	u32 *rest_entry;		/* of each input: its index in the full table */
	unsigned long rest_regions;	/* a bit for each that has addresses of them */
''', '''	u32 *rank;			/* for each chunk, bytes that are kept before */
''')
cut('''static void input_layout(''', '''/* Finds the parts in @base.''')
replace('''static u64 scratch_layout(struct scratch *scratch, void *base, unsigned int core,
			  unsigned int rest, const struct load_info *info)
''', '''static u64 scratch_layout(struct scratch *scratch, void *base,
			  const struct load_info *info)
''')
remove('''	input_layout(&scratch->core, base, &size, core);
	input_layout(&scratch->rest, base, &size, rest);
	scratch->rest_entry = scratch_part(base, &size, rest * sizeof(u32));
	scratch->rest_regions = 0;
''')
replace('''static u64 scratch_size(const struct core_size *core, const struct load_info *info)
{
	struct scratch scratch;

	return scratch_layout(&scratch, NULL, core->entries, core->rest, info);
}

static u64 rest_index_size(unsigned int rest)
{
	return sizeof(struct rest_index) + ALIGN((u64)rest, name_size(INDEX_32)) +
	       index_size(rest, rest, INDEX_32);
}
''', '''static u64 scratch_size(const struct load_info *info)
{
	struct scratch scratch;

	return scratch_layout(&scratch, NULL, info);
}
''')
replace('''			       (u64)core->entries * (sizeof(Elf_Sym) + 2) +
			       index_size(core->entries, core->addresses,
					  index_form(core->entries))) &&
''', '''			       (u64)core->entries * (sizeof(Elf_Sym) + 1)) &&
''')
replace('''			       symtab / sizeof(Elf_Sym) +
			       rest_index_size(core->rest) +
			       scratch_size(core, info));
''', '''			       symtab / sizeof(Elf_Sym) + scratch_size(info));
''')
replace('''static void reserve_full(struct module *mod, struct load_info *info,
			 const struct core_size *core)
{''', '''static void reserve_full(struct module *mod, struct load_info *info)
{''')
replace('''	reserve(mod, MOD_INIT_DATA, rest_index_size(core->rest),
		__alignof__(struct rest_index));
	info->symtab_scratch_off = reserve(mod, MOD_INIT_DATA,
					   scratch_size(core, info),
					   __alignof__(unsigned long));
''', '''	info->symtab_scratch_off = reserve(mod, MOD_INIT_DATA, scratch_size(info),
					   __alignof__(unsigned long));
''')
replace('''	const unsigned int n = core->entries;
	const enum index_form form = index_form(n);

	info->symoffs''', '''	const unsigned int n = core->entries;

	info->symoffs''')
replace('''	info->core_typeoffs = reserve(mod, MOD_DATA, n, 1);
	if (!index_is_packed(form))
		reserve(mod, MOD_DATA, n, 1);
	reserve(mod, MOD_DATA, index_size(n, core->addresses, form), name_size(form));
}
''', '''	info->core_typeoffs = reserve(mod, MOD_DATA, n, 1);
}
''')
remove('''	info->num_core_addresses = core.addresses;
	info->num_rest_syms = core.rest;
''')
replace('''	reserve_full(mod, info, &core);
''', '''	reserve_full(mod, info);
''')
replace('''	return symbol_is_defined(&table->symtab[i]) &&
	       name_is_of_address(symbol_name(table, i));
''', '''	const char *name = symbol_name(table, i);

	return symbol_is_defined(&table->symtab[i]) && *name && !is_mapping_symbol(name);
''')
cut('''/*
 * Addresses are indexed by *keys*''', '''/*
 * One pass over the entries of the file''', '''static bool region_has_symbols(enum mod_mem_type type)
{
	return IS_ENABLED(CONFIG_KALLSYMS_ALL) || mod_mem_type_is_text(type);
}

''')
cut('''/*
 * One pass over the entries of the file''', '''/* Where strings go in the core string table. */''', '''/*
 * One pass over the entries of the file fills both tables, but for the core names.
 */
static void copy_entries(struct mod_kallsyms *full, struct mod_kallsyms *core,
			 struct module *mod, const struct load_info *info,
			 struct scratch *scratch)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const struct section_class *section = scratch->section;
	const unsigned int num_sections = info->hdr->e_shnum;
	unsigned long *starts = scratch->starts, *ends = scratch->ends;
	const bool livepatch = is_livepatch_module(mod);
	Elf_Sym *sym = full->symtab, *end = sym + full->num_symtab;
	Elf_Sym *core_sym = core->symtab, *core_end = core_sym + info->num_core_syms;
	char *type = full->typetab, *core_type = core->typetab;
	bool keep_all = true;			/* entry 0 for one */

	for (; sym < end; sym++) {
		const struct section_class class =
			class_of(sym->st_shndx, section, num_sections, info);
		const char its_type = symbol_type(sym, class);

		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;

		*type++ = its_type;
		if ((symbol_is_core(sym, class) || keep_all) && likely(core_sym < core_end)) {
			keep_all = livepatch;
			mark_core_name(starts, sym->st_name);
			*core_type++ = its_type;
			*core_sym++ = *sym;
			continue;
		}
		mark_other_name(ends, full->strtab, sym->st_name);
	}
	mark_first_and_last(starts, ends, strsize);
	core->num_symtab = core_sym - core->symtab;
}

''')
replace('''/* Returns false if there is no room, and then no entry has a name. */
static bool store_core_strings(''', '''/* If there is no room no entry has a name. */
static void store_core_strings(''')
replace('''				     info->core_strsize))
			return true;
''', '''				     info->core_strsize))
			return;
''')
replace('''			end[-1].st_name = strings.last;
		return true;
	}

	for (; sym < end; sym++)
		sym->st_name = 0;
	return false;
}
''', '''			end[-1].st_name = strings.last;
		return;
	}

	for (; sym < end; sym++)
		sym->st_name = 0;
}
''')
cut('''/*
 * Write an index: a counting sort''', '''/**
 * add_kallsyms() - fill in''')
replace('''	struct address_regions regions;
	struct scratch scratch;
	bool complete;
''', '''	struct scratch scratch;
''')
cut('''	scratch_layout(&scratch, init +''', '''	rcu_assign_pointer(mod->kallsyms, full);
''', '''	scratch_layout(&scratch, init + info->symtab_scratch_off, info);
	classify_sections(scratch.section, info);
	copy_entries(full, core, mod, info, &scratch);
	store_core_strings(core, full, info, &scratch);
''')
replace(''' * Look up by address
 *
 * The walk below is the definition of the answer, and what is left to do where
 * there is no index.
 */
''', ''' * Look up by address
 */
''')
remove('''/* Instead of an entry: there is no index. */
#define NO_INDEX	(UINT_MAX - 1)

''')
cut('''/* Where a lookup looks: see find_region(). */''', '''#if IS_ENABLED(CONFIG_KUNIT)
/**
 * module_find_symbol()''', '''/* Where a lookup looks. */
struct region {
	unsigned long base, end;
};

/*
 * Finds the region with symbols that @addr is in. What has been read is gone by:
 * do_init_module() may clear the regions of init meanwhile, but waits before it
 * frees them.
 */
static bool find_region(const struct module *mod, unsigned long addr,
			struct region *region)
{
	for_each_mod_mem_type(type) {
		/* May be cleared, see above. */
		unsigned long base = (unsigned long)data_race(READ_ONCE(mod->mem[type].base));
		unsigned long size = data_race(READ_ONCE(mod->mem[type].size));	/* likewise */

		if (region_has_symbols(type) && addr - base < size) {
			region->base = base;
			region->end = base + size;
			return true;
		}
	}
	return false;
}

/* Sets all, or returns false. */
static bool symbol_of_address(struct module *mod, unsigned long addr, const char **name,
			      unsigned long *size, unsigned long *offset)
{
	const struct mod_kallsyms *table = current_table(mod);
	struct region region;
	unsigned int entry;
	unsigned long value;

	if (!find_region(mod, addr, &region))
		return false;

	entry = module_symtab_walk_address(table, addr, region.base, &region.end);
	if (!entry)
		return false;

	value = kallsyms_symbol_value(&table->symtab[entry]);
	if (size)
		*size = region.end - value;
	if (offset)
		*offset = addr - value;
	*name = symbol_name(table, entry);
	return true;
}

''')
replace(''' * Look up by name
 *
 * Again a walk defines the answer.
 */
''', ''' * Look up by name
 */
''')
cut('''/*
 * The highest bit of each lane of''', '''static const Elf_Sym *walk_names(''')
cut('''/* Of a name that is in both indexes''', '''unsigned long find_kallsyms_symbol_value(''', '''/* NULL: none has that name. */
static const Elf_Sym *find_name(struct module *mod, const char *name)
{
	return walk_names(current_table(mod), name);
}

static unsigned long name_value(struct module *mod, const char *name)
{
	const Elf_Sym *sym = find_name(mod, name);

	return sym ? kallsyms_symbol_value(sym) : 0;
}

''')
replace('''	return name_value(mod, name, name_hash(name));
''', '''	return name_value(mod, name);
''')
replace('''	unsigned long value;
	u32 hash;

	guard(preempt)();

	if (colon)''', '''	unsigned long value;

	guard(preempt)();

	if (colon)''')
replace('''	hash = name_hash(name);
	list_for_each''', '''	list_for_each''')
replace('''		value = name_value(mod, name, hash);
''', '''		value = name_value(mod, name);
''')
replace('''/*
 * For the KUnit suite: it makes modules in memory. Put them where lookups look,
 * take them away again, and let it look into indexes.
 */
''', '''/*
 * For the KUnit suite: it makes modules in memory. Put them where lookups look, and
 * take them away again.
 */
''')
cut('''static void *addresses_end(''', '''const Elf_Sym *module_symtab_find_name(''')
replace('''	sym = find_name(mod, name, name_hash(name));
''', '''	sym = find_name(mod, name);
''')
cut('''u32 module_symtab_name_hash(''', '''#endif''')
texts[KALLSYMS] = texts[KALLSYMS].replace('''EXPORT_SYMBOL_IF_KUNIT(module_symtab_find_name);

#endif''', '''EXPORT_SYMBOL_IF_KUNIT(module_symtab_find_name);
#endif''')

edit(INTERNAL)
remove('\tunsigned int num_core_addresses;\n')
remove('\tunsigned int num_rest_syms;\n')
remove('void *module_symtab_index_end(const struct mod_kallsyms *core);\n')
remove('void *module_symtab_rest_end(const struct mod_kallsyms *full);\n')
remove('unsigned int module_symtab_index_size(const struct mod_kallsyms *core);\n')
remove('u32 module_symtab_name_hash(const char *name);\n')
remove('void module_symtab_forget_index(struct module *mod);\n')
replace('reserved for symbol tables and their indexes */', 'reserved for symbol tables */')

edit(KUNIT)
cut('static bool can_be_found_by_address(','/* The parts lie one behind the other up')
replace('''	unsigned int unused;
	const char *end;

	KUNIT_EXPECT_PTR_EQ(test, (void *)core->strtab,''', '''	const char *end;

	KUNIT_EXPECT_PTR_EQ(test, (void *)core->strtab,''')
replace('''	/* At layout it can't be known which symbols will share an address. */
	unused = f->info.num_core_addresses - count_addresses(f, core);
	unused *= module_symtab_index_size(core);
	KUNIT_EXPECT_PTR_EQ(test, module_symtab_index_end(core) + unused,
			    data->base + data->size);
''', '''	KUNIT_EXPECT_PTR_EQ(test, (void *)core->typetab + core->num_symtab,
			    data->base + data->size);
''')
replace('''	/* Behind it is the space in which it was made. */
	KUNIT_EXPECT_LT(test, module_symtab_rest_end(full) - init->base, init->size);
''', '''	/* Behind it is the space in which it was made. */
	KUNIT_EXPECT_LT(test, (void *)full->typetab + full->num_symtab - init->base,
			init->size);
''')
cut('''
	/* And likewise in a walk. */
	module_symtab_forget_index(f->mod);''', '''}

/* Lookups don't know where sections end''')
cut('''/*
 * Index against walk: on random tables''', '''/* The keeping of all strings has room for the last name as it was''')
cut('''static void test_without_index(''', '''/* Names are looked at four at a time. */''')
cut('''#define NAMES_OF_ONE_HASH	100''', '''/* The code takes for granted how mapping symbols can begin. */''')
cut('''/* The code takes for granted how mapping''', '''/* Enumerate */''')
for c in ('_PARAM(test_index_is_walk, random_gen_params)',
          '_PARAM(test_relocated_table, relocate_gen_params)', '(test_without_index)',
          '(test_module_without_text)', '(test_name_that_goes_on)',
          '(test_names_of_one_hash)', '_PARAM(test_core_index_of_size, size_gen_params)',
          '(test_first_letter_of_mapping_symbols)'):
    remove('\tKUNIT_CASE' + c + ',\n')
remove('''#include <linux/prandom.h>
''')
remove(''' *	while (type < NO_REGION &&	keys are given to what is in a region
 *	lanes = (lanes >> 8		big-endian: the cases run on s390, too
 *	rest->usable = usable &&	its index has room for all that was counted
''')

write('no-index')

# Without shared strings: each core name is written out.

edit(KALLSYMS)
remove(''' *	names		which bytes of .strtab the core table needs
''')
replace(''' *	populate	fill what was reserved: copy, share strings
''', ''' *	populate	fill what was reserved
''')
cut('''/*
 * Keep strings
''', '''static bool symbol_is_defined(''')
cut('''static void classify_sections(''', '''static bool symbol_is_core(''')
replace(''' *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types
 *			| scratch space
''', ''' *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types
''')
cut('''struct core_size {''', '''/*
 * A region's size is an unsigned int''', '''struct core_size {
	unsigned int entries;
	unsigned long strings;		/* bytes */
};

/*
 * Debuggers that want the string table's size take the end of the last entry's
 * name for its end.  Names are stored in the order of entries, and if the last is
 * empty it gets a NUL of its own.
 */
static struct core_size measure_core(struct module *mod, const struct load_info *info)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Sym *sym = (void *)symsec->sh_addr;
	const Elf_Sym *end = (void *)symsec->sh_addr + symsec->sh_size;
	const bool livepatch = is_livepatch_module(mod);
	struct core_size core = { .strings = 1 };
	bool keep_all = true;			/* entry 0 for one */
	unsigned long size = 0;

	for (; sym < end; sym++) {
		const Elf_Sym copy = {
			.st_name = get_unaligned(&sym->st_name),
			.st_shndx = get_unaligned(&sym->st_shndx),
		};

		if (!keep_all &&
		    !symbol_is_core(&copy, classify_section(copy.st_shndx, info)))
			continue;
		keep_all = livepatch;
		core.entries++;
		size = strlen(info->strtab + copy.st_name);
		if (size)
			core.strings = size_add(core.strings, size + 1);
	}
	core.strings = size_add(core.strings, !size);
	return core;
}

''')
replace('''			       symtab / sizeof(Elf_Sym) + scratch_size(info));
''', '''			       symtab / sizeof(Elf_Sym));
''')
remove('''	info->symtab_scratch_off = reserve(mod, MOD_INIT_DATA, scratch_size(info),
					   __alignof__(unsigned long));
''')
cut(' * allocated. Takes no locks. Allocates', ' */\nvoid layout_symtab(', ' * allocated. Takes no locks.\n')
remove('''	info->core_strtab_whole = core.whole_strtab;
''')
cut('''/*
 * One pass over the entries of the file fills both tables, but for the core names.
 */''', '''/**
 * add_kallsyms() - fill in''', '''/* Returns where in the core string table the name is, which is at @end if it fits. */
static unsigned long copy_name(char *strtab, unsigned long *end, unsigned long size,
			       const char *name)
{
	const unsigned long at = *end, len = strlen(name);

	if (!len || len >= size - at)
		return 0;
	memcpy(strtab + at, name, len + 1);
	*end = at + len + 1;
	return at;
}

/* One pass over the entries of the file fills both tables. */
static void copy_entries(struct mod_kallsyms *full, struct mod_kallsyms *core,
			 struct module *mod, const struct load_info *info)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const bool livepatch = is_livepatch_module(mod);
	Elf_Sym *sym = full->symtab, *end = sym + full->num_symtab;
	Elf_Sym *core_sym = core->symtab, *core_end = core_sym + info->num_core_syms;
	char *type = full->typetab, *core_type = core->typetab;
	unsigned long used = 1;			/* the first string is empty */
	bool keep_all = true;			/* entry 0 for one */

	for (; sym < end; sym++) {
		const struct section_class class = classify_section(sym->st_shndx, info);
		const char its_type = symbol_type(sym, class);

		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;

		*type++ = its_type;
		if ((!symbol_is_core(sym, class) && !keep_all) || core_sym == core_end)
			continue;
		keep_all = livepatch;
		*core_type++ = its_type;
		*core_sym = *sym;
		core_sym->st_name = copy_name(core->strtab, &used, info->core_strsize,
					      full->strtab + sym->st_name);
		core_sym++;
	}
	core->num_symtab = core_sym - core->symtab;
	if (core->num_symtab && !core_sym[-1].st_name)
		core_sym[-1].st_name = info->core_strsize - 1;
}

''')
replace('''	struct scratch scratch;

	full->symtab''', '''
	full->symtab''')
replace('''	scratch_layout(&scratch, init + info->symtab_scratch_off, info);
	classify_sections(scratch.section, info);
	copy_entries(full, core, mod, info, &scratch);
	store_core_strings(core, full, info, &scratch);
''', '''	copy_entries(full, core, mod, info);
''')
for inc in ('bitmap.h','bitops.h','gfp.h','slab.h'):
    remove(f'#include <linux/{inc}>\n')
remove('#include <kunit/static_stub.h>\n')

edit(INTERNAL)
remove('\tbool core_strtab_whole;\n')
remove('\t/* where its scratch space is, in MOD_INIT_DATA */\n')
remove('\tunsigned long symtab_scratch_off;\n')
remove('void *module_symtab_alloc(size_t size);\n')

edit(KUNIT)
cut('/* From the first byte that begins a core name to the end of its run. */',
    'static void test_full_table_is_elf_table(')
cut('static const struct memory_param {', 'static void set_alloc(')
cut('/* The keeping of all strings has room for the last name as it was',
    '/* Names are looked at four at a time. */')
for c in ('_PARAM(test_strings_are_what_is_core, table_gen_params)',
          '_PARAM(test_no_memory, memory_gen_params)', '(test_relocated_last_name)'):
    remove('\tKUNIT_CASE' + c + ',\n')
remove('''	/* One name is stored once. */
	KUNIT_EXPECT_EQ(test, f->info.core_strsize, strlen("same") + 2);
''')
replace('''	/* Behind it is the space in which it was made. */
	KUNIT_EXPECT_LT(test, (void *)full->typetab + full->num_symtab - init->base,
			init->size);
''', '''	KUNIT_EXPECT_PTR_EQ(test, (void *)full->typetab + full->num_symtab,
			    init->base + init->size);
''')
remove('#include <kunit/static_stub.h>\n')

write('no-sharing')
