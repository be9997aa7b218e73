// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KUnit test for the symbol tables of modules (kernel/module/kallsyms.c)
 *
 * A case makes the parts of an ELF file that matter here, in memory, and takes
 * them through the loader's steps: elf_validity_cache_strtab() and
 * elf_validity_symtab(), layout_symtab(), the move to the module's regions,
 * add_kallsyms().  Then the module is put on the list of modules, and symbols
 * are looked up.  walk_address() and walk_name()
 * define what a lookup has to answer: they look at every entry of a table.
 */

#include <kunit/test.h>
#include <linux/elf.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/module_symbol.h>
#include <linux/mutex.h>
#include <linux/prandom.h>
#include <linux/rculist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include "../../kernel/module/internal.h"

enum {
	SEC_NULL, SEC_TEXT, SEC_DATA, SEC_RODATA, SEC_BSS, SEC_AFTER_INIT, SEC_PERCPU,
	SEC_INIT_TEXT, SEC_INIT_DATA, SEC_INIT_RODATA, SEC_EMPTY, SEC_DEBUG, SEC_COMMENT,
	SEC_NOTE, SEC_NOTE2, SEC_MODULE, SEC_SYMTAB, SEC_STRTAB, SEC_SHSTRTAB, SEC_WILD,
	NUM_SECS
};

#define SEC_SIZE	0x400u		/* of every section that has symbols */
#define PERCPU_BASE	0x40u		/* where the per-CPU area begins */
#define MAX_SYMS	256
#define MAX_STRINGS	8192
#define GUARD		64		/* bytes around each region */
#define GUARD_BYTE	0xa5
#define REGION_FILL	0x5a
#define INDEX_HEADER	44	/* bytes of struct symtab_index */

#define INFO(bind, type)	(((bind) << 4) | (type))
#define FUNC			INFO(STB_GLOBAL, STT_FUNC)
#define OBJECT			INFO(STB_GLOBAL, STT_OBJECT)
#define LOCAL			INFO(STB_LOCAL, STT_NOTYPE)

static const struct {
	const char *name;
	unsigned int type;
	unsigned long flags;
	enum mod_mem_type region;	/* MOD_INVALID: not allocated */
	unsigned int size;
} sections[NUM_SECS] = {
#define TEXT	(SHF_ALLOC | SHF_EXECINSTR)
#define DATA	(SHF_ALLOC | SHF_WRITE)
	[SEC_NULL] = { "", SHT_NULL, 0, MOD_INVALID },
	[SEC_TEXT] = { ".text", SHT_PROGBITS, TEXT, MOD_TEXT, SEC_SIZE },
	[SEC_DATA] = { ".data", SHT_PROGBITS, DATA, MOD_DATA, SEC_SIZE },
	[SEC_RODATA] = { ".rodata", SHT_PROGBITS, SHF_ALLOC, MOD_RODATA, SEC_SIZE },
	[SEC_BSS] = { ".bss", SHT_NOBITS, DATA, MOD_DATA, SEC_SIZE },
	[SEC_AFTER_INIT] = { ".data..ro", SHT_PROGBITS, DATA, MOD_RO_AFTER_INIT, SEC_SIZE },
	/* The loader has taken SHF_ALLOC away. */
	[SEC_PERCPU] = { ".data..percpu", SHT_PROGBITS, SHF_WRITE, MOD_INVALID, SEC_SIZE },
	[SEC_INIT_TEXT] = { ".init.text", SHT_PROGBITS, TEXT, MOD_INIT_TEXT, SEC_SIZE },
	[SEC_INIT_DATA] = { ".init.data", SHT_PROGBITS, DATA, MOD_INIT_DATA, SEC_SIZE },
	[SEC_INIT_RODATA] = { ".init.rodata", SHT_PROGBITS, SHF_ALLOC, MOD_INIT_RODATA, SEC_SIZE },
	[SEC_EMPTY] = { ".text.empty", SHT_PROGBITS, TEXT, MOD_TEXT },
	[SEC_DEBUG] = { ".debug_info", SHT_PROGBITS, 0, MOD_INVALID, SEC_SIZE },
	[SEC_COMMENT] = { ".comment", SHT_PROGBITS, 0, MOD_INVALID, SEC_SIZE },
	[SEC_NOTE] = { ".note.first", SHT_NOTE, SHF_ALLOC, MOD_INVALID },
	[SEC_NOTE2] = { ".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, MOD_INVALID },
	[SEC_MODULE] = { ".gnu.linkonce.this_module", SHT_PROGBITS, 0, MOD_INVALID },
	[SEC_SYMTAB] = { ".symtab", SHT_SYMTAB, 0, MOD_INVALID },
	[SEC_STRTAB] = { ".strtab", SHT_STRTAB, 0, MOD_INVALID },
	[SEC_SHSTRTAB] = { ".shstrtab", SHT_STRTAB, 0, MOD_INVALID },
	/* The loader does not check the name of an SHT_NULL section. */
	[SEC_WILD] = { ".debug, where .shstrtab has ended", SHT_NULL, 0, MOD_INVALID },
};

/* The file, without the contents of most sections. */
struct image {
	Elf_Ehdr ehdr;
	Elf_Shdr sechdrs[NUM_SECS + 1];	/* the last one is not the file's */
	struct module mod;
	char shstrtab[512];
	char tables[];			/* .symtab, .strtab, then a guard */
};

struct fixture {
	struct kunit *test;
	struct load_info info;
	struct image *image;
	Elf_Sym *symtab, *loaded;	/* in the image, and where the loader moves it */
	char *strtab;			/* in the image */
	Elf_Shdr *symsec, *strsec;
	unsigned int num_syms;
	unsigned int strings;		/* bytes of strtab in use */
	unsigned int sections_end[MOD_MEM_NUM_TYPES];
	struct module *mod;		/* in its final place */
	bool wrong;			/* answers may be, for the tables were changed */
	char name[KSYM_NAME_LEN];	/* what an address lookup has found */
};

KUNIT_DEFINE_ACTION_WRAPPER(free_memory, kvfree, const void *);

static void *allocate(struct kunit *test, size_t size)
{
	void *p = kvzalloc(size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_memory, p));
	return p;
}

static void add_sections(struct fixture *f)
{
	struct image *image = f->image;
	unsigned int i, names = 0;

	for (i = 0; i < NUM_SECS; i++) {
		Elf_Shdr *sec = &image->sechdrs[i];
		const size_t size = strlen(sections[i].name) + 1;
		const unsigned long region = sections[i].region;

		memcpy(image->shstrtab + names, sections[i].name, size);
		sec->sh_name = names;
		if (i != SEC_WILD)
			names += size;
		sec->sh_type = sections[i].type;
		sec->sh_flags = sections[i].flags;
		sec->sh_size = sections[i].size;
		sec->sh_addralign = 1;
		sec->sh_entsize = ~0UL;
		sec->sh_offset = f->info.len;
		if (sections[i].region == MOD_INVALID)
			continue;
		sec->sh_entsize = image->mod.mem[region].size | region << SH_ENTSIZE_TYPE_SHIFT;
		image->mod.mem[region].size += sec->sh_size;
	}
	image->sechdrs[NUM_SECS] = image->sechdrs[SEC_TEXT];
	/* What comes behind the sections is not aligned by chance. */
	image->mod.mem[MOD_DATA].size++;
	image->mod.mem[MOD_INIT_DATA].size++;

	image->sechdrs[SEC_MODULE].sh_offset = offsetof(struct image, mod);
	image->sechdrs[SEC_MODULE].sh_size = sizeof(image->mod);
	image->sechdrs[SEC_SHSTRTAB].sh_offset = offsetof(struct image, shstrtab);
	image->sechdrs[SEC_SHSTRTAB].sh_size = names;
	f->strsec->sh_offset = (void *)f->strtab - (void *)image;
	f->symsec->sh_offset = (void *)f->symtab - (void *)image;
	f->symsec->sh_addralign = __alignof__(Elf_Sym);
}

static struct fixture *new_large_module(struct kunit *test, const char *name,
					unsigned int max_syms, unsigned int max_strings)
{
	const size_t symtab_size = max_syms * sizeof(Elf_Sym);
	const size_t len = ALIGN(sizeof(struct image), __alignof__(Elf_Sym)) + symtab_size +
			   max_strings + GUARD;
	struct fixture *f = allocate(test, sizeof(*f));
	struct image *image = allocate(test, len);

	f->test = test;
	f->image = image;
	f->symtab = PTR_ALIGN((void *)image->tables, __alignof__(Elf_Sym));
	f->strtab = (char *)f->symtab + symtab_size;
	f->num_syms = 1;
	f->strings = 1;
	f->symsec = &image->sechdrs[SEC_SYMTAB];
	f->strsec = &image->sechdrs[SEC_STRTAB];
	f->info = (struct load_info){
		.name = image->mod.name, .mod = &image->mod,
		.hdr = &image->ehdr, .len = len,
		.sechdrs = image->sechdrs, .secstrings = image->shstrtab,
		.index.sym = SEC_SYMTAB, .index.str = SEC_STRTAB,
		.index.mod = SEC_MODULE, .index.pcpu = SEC_PERCPU,
	};
	image->ehdr.e_shnum = NUM_SECS;
	image->ehdr.e_shstrndx = SEC_SHSTRTAB;
	image->ehdr.e_shoff = offsetof(struct image, sechdrs);
	image->mod.state = MODULE_STATE_UNFORMED;
	strscpy(image->mod.name, name);
	memset(f->strtab + max_strings, 'x', GUARD);
	add_sections(f);
	return f;
}

static struct fixture *new_module(struct kunit *test, const char *name)
{
	return new_large_module(test, name, MAX_SYMS, MAX_STRINGS);
}

static void set_livepatch(struct fixture *f, bool livepatch)
{
#ifdef CONFIG_LIVEPATCH
	f->image->mod.klp = livepatch;
#endif
}

static unsigned int add_string(struct fixture *f, const char *string)
{
	const unsigned int start = f->strings;
	const size_t size = strlen(string) + 1;

	memcpy(f->strtab + start, string, size);
	f->strings += size;
	return start;
}

/* @value is relative to the section, as it is in a file. */
static Elf_Sym *add_symbol(struct fixture *f, const char *name, unsigned int shndx,
			   unsigned long value, unsigned int info)
{
	Elf_Sym *sym = &f->symtab[f->num_syms];

	sym->st_name = *name ? add_string(f, name) : 0;
	sym->st_shndx = shndx;
	sym->st_value = value;
	sym->st_size = value / 2 + f->num_syms++;
	sym->st_info = info;
	return sym;
}

/* A bit of everything. */
static const struct {
	const char *name;
	unsigned int shndx;
	unsigned long value;
	unsigned int info;
} typical[] = {
	{ "file.c", SHN_ABS, 0x5, LOCAL }, { "", SEC_TEXT, 0, LOCAL },
	{ "last", SEC_TEXT, 0x80, INFO(STB_WEAK, STT_FUNC) }, { "later", SHN_UNDEF, 0, FUNC },
	{ "$t", SEC_TEXT, 0x20, LOCAL }, { "same", SEC_TEXT, 0x20, FUNC },
	{ "alias", SEC_TEXT, 0x20, FUNC }, { ".Llocal", SEC_TEXT, 0x24, LOCAL },
	{ "L0local", SEC_TEXT, 0x26, LOCAL }, { "", SEC_TEXT, 0x40, LOCAL },
	{ "third", SEC_TEXT, 0x40, FUNC }, { "first", SEC_TEXT, 0x10, FUNC },
	{ "same", SEC_TEXT, 0x60, FUNC }, { "later", SEC_TEXT, 0x70, FUNC },
	{ "datum", SEC_DATA, 0x20, OBJECT }, { "bss", SEC_BSS, 0x40, OBJECT },
	{ "percpu", SEC_PERCPU, 0x8, OBJECT }, { "rodata", SEC_RODATA, 0, OBJECT },
	{ "init_first", SEC_INIT_TEXT, 0, FUNC }, { "init_second", SEC_INIT_TEXT, 0x80, FUNC },
	{ "init_data", SEC_INIT_DATA, 0x10, OBJECT }, { "debug", SEC_DEBUG, 0, LOCAL },
	{ "undefined", SHN_UNDEF, 0, LOCAL }, { "", SEC_TEXT, 0, LOCAL },
};

/* Names of those that are defined. */
#define TEXT_NAMES(unnamed) \
			"last $t same alias .Llocal L0local " unnamed "third first same later "
#define DATA_NAMES	"datum bss percpu rodata "
#define INIT_NAMES	"init_first init_second init_data debug "

static void add_typical(struct fixture *f)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(typical); i++)
		add_symbol(f, typical[i].name, typical[i].shndx, typical[i].value,
			   typical[i].info);
}

/* After this, a case can change sizes and offsets. */
static void finish(struct fixture *f)
{
	f->symsec->sh_size = f->num_syms * sizeof(Elf_Sym);
	f->strsec->sh_size = f->strings;
}

static int validate(struct fixture *f)
{
	return elf_validity_cache_strtab(&f->info) ?: elf_validity_symtab(&f->info);
}

static void move(struct fixture *f)
{
	unsigned int i;

	for_each_mod_mem_type(type) {
		struct module_memory *mem = &f->image->mod.mem[type];

		if (!mem->size)
			continue;
		mem->base = allocate(f->test, mem->size + 2 * GUARD) + GUARD;
		memset(mem->base - GUARD, GUARD_BYTE, GUARD);
		memset(mem->base, REGION_FILL, f->sections_end[type]);
		memset(mem->base + mem->size, GUARD_BYTE, GUARD);
	}
	for (i = 1; i < NUM_SECS; i++) {
		Elf_Shdr *sec = &f->image->sechdrs[i];
		const unsigned long region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
		void *to;

		if (region >= MOD_MEM_NUM_TYPES)
			continue;
		to = f->image->mod.mem[region].base + (sec->sh_entsize & SH_ENTSIZE_OFFSET_MASK);
		if (i == f->info.index.sym || i == f->info.index.str)
			memcpy(to, (void *)sec->sh_addr, sec->sh_size);
		sec->sh_addr = (unsigned long)to;
	}
	f->loaded = (Elf_Sym *)f->symsec->sh_addr;
	f->mod = allocate(f->test, sizeof(*f->mod));
	*f->mod = f->image->mod;
#ifdef CONFIG_MODULE_UNLOAD
	INIT_LIST_HEAD(&f->mod->source_list);
	INIT_LIST_HEAD(&f->mod->target_list);
#endif
}

static unsigned long section_addr(const struct fixture *f, unsigned int shndx)
{
	if (shndx == SEC_PERCPU)
		return PERCPU_BASE;
	return shndx && shndx < NUM_SECS ? f->image->sechdrs[shndx].sh_addr : 0;
}

/* Outside of these bounds no address is looked up.  The loader only widens them. */
static void set_bounds(void)
{
	unsigned long min = ULONG_MAX, max = 0;
	struct module *mod;

	list_for_each_entry(mod, &modules, list) {
		for_each_mod_mem_type(type) {
			const unsigned long base = (unsigned long)mod->mem[type].base;

			if (!mod->mem[type].size)
				continue;
			min = min(min, base);
			max = max(max, base + mod->mem[type].size);
		}
	}
	mod_tree.addr_min = min;
	mod_tree.addr_max = max;
}

/* The module that comes last is the first on the list. */
/* A load is numbered when its module is put on the list first, with @info. */
static void list_module(struct module *mod, struct load_info *info)
{
	guard(mutex)(&module_mutex);
	if (info)
		number_load(info);
	list_add_rcu(&mod->list, &modules);
	mod_tree_insert(mod);
	set_bounds();
}

static void unlist_module(struct module *mod)
{
	guard(mutex)(&module_mutex);
	list_del_rcu(&mod->list);
	mod_tree_remove(mod);
	set_bounds();
	synchronize_rcu_expedited();
}

KUNIT_DEFINE_ACTION_WRAPPER(unlist, unlist_module, struct module *);

/* As far as relocation: what is loaded can be changed then. */
static void prepare(struct fixture *f)
{
	struct image *image = f->image;
	unsigned int i;

	finish(f);
	KUNIT_ASSERT_EQ(f->test, validate(f), 0);
	for (i = 1; i < NUM_SECS; i++)
		image->sechdrs[i].sh_addr = (unsigned long)image + image->sechdrs[i].sh_offset;
	for_each_mod_mem_type(type)
		f->sections_end[type] = image->mod.mem[type].size;
	KUNIT_ASSERT_EQ(f->test, 0, layout_symtab(&image->mod, &f->info));
	KUNIT_ASSERT_EQ(f->test, 0,
			kunit_add_action_or_reset(f->test, free_memory, f->info.build));
	move(f);
	for (i = 1; i < f->num_syms; i++)
		f->loaded[i].st_value += section_addr(f, f->loaded[i].st_shndx);
	list_module(f->mod, &f->info);
	KUNIT_ASSERT_EQ(f->test, 0, kunit_add_action_or_reset(f->test, unlist, f->mod));
}

static void populate(struct fixture *f)
{
	add_kallsyms(f->mod, &f->info);
	kunit_release_action(f->test, free_memory, f->info.build);
	for_each_mod_mem_type(type) {
		const struct module_memory *mem = &f->mod->mem[type];

		if (!mem->size)
			continue;
		KUNIT_EXPECT_NULL(f->test, memchr_inv(mem->base - GUARD, GUARD_BYTE, GUARD));
		KUNIT_EXPECT_NULL(f->test, memchr_inv(mem->base + mem->size, GUARD_BYTE, GUARD));
		/* Nor may the tables spread over the sections. */
		KUNIT_EXPECT_NULL(f->test, memchr_inv(mem->base, REGION_FILL,
						      f->sections_end[type]));
	}
	f->mod->state = MODULE_STATE_COMING;
}

static void load(struct fixture *f)
{
	prepare(f);
	populate(f);
}

static struct fixture *load_typical(struct kunit *test, const char *name)
{
	struct fixture *f = new_module(test, name);

	add_typical(f);
	load(f);
	return f;
}

/*
 * What do_init_module() does after init.  The kernel keeps regions in a tree
 * (CONFIG_MODULES_TREE_LOOKUP), so the module is off the list meanwhile.
 */
static void end_init(struct fixture *f)
{
	unlist_module(f->mod);
	rcu_assign_pointer(f->mod->kallsyms, &f->mod->core_kallsyms);
	for_class_mod_mem_type(type, init) {
		struct module_memory *mem = &f->mod->mem[type];

		if (mem->size)
			kunit_release_action(f->test, free_memory, mem->base - GUARD);
		mem->base = NULL;
		mem->size = 0;
	}
	f->mod->state = MODULE_STATE_LIVE;
	list_module(f->mod, NULL);
}

static const struct mod_kallsyms *full_table(const struct fixture *f)
{
	return f->mod->mem[MOD_INIT_DATA].base + f->info.mod_kallsyms_init_off;
}

static const struct mod_kallsyms *table_in_force(const struct fixture *f)
{
	return rcu_dereference_protected(f->mod->kallsyms, true);
}

static const char *name_in(const struct mod_kallsyms *table, unsigned int i)
{
	return table->strtab + table->symtab[i].st_name;
}

#define NO_SYMBOL	"(none)"

/* Also checks what does not depend on the symbol. */
static const char *name_of_address(struct fixture *f, unsigned long addr,
				   unsigned long *size, unsigned long *offset)
{
	const bool inside = within_module(addr, f->mod);
	const unsigned char *build_id = NULL;
	char *modname = NULL;
	int ret, len;

	strscpy(f->name, NO_SYMBOL);
	ret = lookup_module_symbol_name(addr, f->name);
	KUNIT_EXPECT_TRUE(f->test, ret == (strcmp(f->name, NO_SYMBOL) ? 0 : -ERANGE) || f->wrong);
	strscpy(f->name, NO_SYMBOL);
	len = module_address_lookup(addr, size, offset, &modname, &build_id, f->name);
	/* It may be another module's, as values may be anything. */
	if (!inside && modname != f->mod->name)
		return NO_SYMBOL;
	if (f->wrong)
		return f->name;
	KUNIT_EXPECT_PTR_EQ(f->test, modname, &f->mod->name[0]);
	KUNIT_EXPECT_PTR_EQ(f->test, build_id, module_buildid(f->mod));
	KUNIT_EXPECT_EQ(f->test, len, strcmp(f->name, NO_SYMBOL) ? strlen(f->name) : 0);
	return f->name;
}

/* The same from a table that is walked, with the whole name. */
static const char *walk_address(const struct fixture *f, unsigned long addr,
				unsigned long *size, unsigned long *offset)
{
	const struct mod_kallsyms *table = table_in_force(f);
	unsigned long base = 0, end = 0, found = 0;
	const char *found_name = NULL;
	unsigned int i;

	for_each_mod_mem_type(type) {
		if (within_module_mem_type(addr, f->mod, type) &&
		    (IS_ENABLED(CONFIG_KALLSYMS_ALL) || mod_mem_type_is_text(type))) {
			base = (unsigned long)f->mod->mem[type].base;
			end = base + f->mod->mem[type].size;
		}
	}
	for (i = 1; i < table->num_symtab && end; i++) {
		const Elf_Sym *sym = &table->symtab[i];
		const unsigned long value = kallsyms_symbol_value(sym);
		const char *name = name_in(table, i);

		if (sym->st_shndx == SHN_UNDEF || sym->st_shndx == SHN_LIVEPATCH ||
		    !*name || is_mapping_symbol(name) || value < base)
			continue;
		if (value > addr) {
			end = min(end, value);
		} else if (!found_name || value > found) {
			found = value;
			found_name = name;
		}
	}
	if (!found_name)
		return NO_SYMBOL;
	*size = end - found;
	*offset = addr - found;
	return found_name;
}

/* The next entry with that name, from number @i on; NULL if there is none. */
static const Elf_Sym *walk_name(const struct fixture *f, const char *name, unsigned int i)
{
	const struct mod_kallsyms *table = table_in_force(f);

	for (; i < table->num_symtab; i++) {
		const char *other = name_in(table, i);

		if (table->symtab[i].st_shndx != SHN_UNDEF &&
		    (other == name || !strcmp(other, name)))
			return &table->symtab[i];
	}
	return NULL;
}

static void expect_same_address(struct fixture *f, unsigned long addr)
{
	unsigned long size = 1, offset = 2, walk_size = 1, walk_offset = 2;
	const char *expected = walk_address(f, addr, &walk_size, &walk_offset);
	const char *name = name_of_address(f, addr, &size, &offset);

	if (f->wrong)
		return;
	KUNIT_EXPECT_EQ_MSG(f->test, 0, strncmp(name, expected, KSYM_NAME_LEN - 1),
			    "%lx: %s, not %s", addr, name, expected);
	/* Where there is no symbol, these are as they were. */
	if (name != f->name)
		return;
	KUNIT_EXPECT_EQ(f->test, size, walk_size);
	KUNIT_EXPECT_EQ(f->test, offset, walk_offset);
}

struct walk {
	struct fixture *f;
	const char *name;
	const Elf_Sym *sym;		/* the next one with that name */
};

static int expect_same_match(void *data, unsigned long value)
{
	struct walk *walk = data;
	struct fixture *f = walk->f;

	if (f->wrong)
		return 0;
	if (!walk->sym || value != kallsyms_symbol_value(walk->sym))
		return -EINVAL;
	walk->sym = walk_name(f, walk->name, walk->sym - table_in_force(f)->symtab + 1);
	return 0;
}

static void expect_same_name(struct fixture *f, const char *name)
{
	struct walk walk = { f, name, walk_name(f, name, 0) };
	const unsigned long expected = walk.sym ? kallsyms_symbol_value(walk.sym) : 0;
	const unsigned long value = find_kallsyms_symbol_value(f->mod, name);
	const int ret = module_kallsyms_on_each_match_symbol(f->mod->name, expect_same_match,
							     name, &walk);

	KUNIT_EXPECT_EQ_MSG(f->test, ret, 0, "name %s", name);
	if (f->wrong)
		return;
	KUNIT_EXPECT_EQ_MSG(f->test, value, expected, "name %s", name);
	KUNIT_EXPECT_NULL_MSG(f->test, walk.sym, "name %s", name);
}

/* A line of /proc/kallsyms, and the place of its reader */
struct line {
	struct module_kallsym_pos pos;
	unsigned long value;
	char type, name[KSYM_NAME_LEN], module_name[MODULE_NAME_LEN];
	int exported;
};

static int get_line(struct line *line, bool next)
{
	return module_get_kallsym(&line->pos, next, &line->value, &line->type, line->name,
				  line->module_name, &line->exported);
}

static unsigned int below(struct rnd_state *rnd, unsigned int n)
{
	return prandom_u32_state(rnd) % n;
}

/*
 * Each address and each name that could tell them apart gets the walk's answer.
 * In larger tables not everything is tried, for the walk takes its time.
 */
static void expect_same(struct fixture *f)
{
	const struct mod_kallsyms *table = table_in_force(f);
	const long step = table->num_symtab / (table->num_symtab > 4000 ? 40 : 400) + 1;
	struct rnd_state rnd;
	char name[80];
	long i;

	prandom_seed_state(&rnd, f->strings);
	for (i = (long)table->num_symtab - 1; i >= 0; i -= step) {
		const unsigned long value = kallsyms_symbol_value(&table->symtab[i]);

		cond_resched();
		expect_same_address(f, value - 1);
		expect_same_address(f, value);
		expect_same_address(f, value + 1);
		expect_same_name(f, name_in(table, i));
		snprintf(name, sizeof(name), "%sa", name_in(table, i));
		expect_same_name(f, name);
		/* Some tail of some name. */
		expect_same_name(f, f->strtab + below(&rnd, f->strings));
	}
	for_each_mod_mem_type(type) {
		const struct module_memory *mem = &f->mod->mem[type];
		const unsigned long addr = (unsigned long)mem->base;

		expect_same_address(f, addr - 1);
		expect_same_address(f, addr);
		expect_same_address(f, addr + below(&rnd, mem->size ?: 1));
		expect_same_address(f, addr + mem->size - 1);
		expect_same_address(f, addr + mem->size);
	}
}

/* The same in each table, while it is in force. */
static void expect_same_in_both(struct fixture *f)
{
	expect_same(f);
	/* For a moment after init, the regions of init are still there. */
	rcu_assign_pointer(f->mod->kallsyms, &f->mod->core_kallsyms);
	expect_same(f);
	end_init(f);
	expect_same(f);
}

/* Classify */

enum core { NEVER, WITH_ALL, ALWAYS };	/* WITH_ALL: with KALLSYMS_ALL=y */

static const struct symbol_param {
	const char *desc;
	unsigned int shndx, info;
	char type;
	enum core core;
	unsigned long more_flags, less_flags;	/* of the section */
} symbol_params[] = {
	{ "function", SEC_TEXT, FUNC, 't', ALWAYS },
	{ "text not allocated", SEC_TEXT, FUNC, 't', NEVER, 0, SHF_ALLOC },
	{ "empty text", SEC_EMPTY, FUNC, 't', ALWAYS },
	{ "init function", SEC_INIT_TEXT, FUNC, 't', NEVER },
	{ "data", SEC_DATA, OBJECT, 'd', WITH_ALL },
	{ "executable data", SEC_DATA, OBJECT, 't', ALWAYS, SHF_EXECINSTR },
	{ "ro_after_init", SEC_AFTER_INIT, OBJECT, 'd', WITH_ALL },
	{ "init data", SEC_INIT_DATA, OBJECT, 'd', NEVER },
	{ "rodata", SEC_RODATA, OBJECT, 'r', WITH_ALL },
	{ "bss", SEC_BSS, OBJECT, 'b', WITH_ALL },
	{ "bss not allocated", SEC_BSS, OBJECT, 'b', NEVER, 0, SHF_ALLOC },
	{ "weak function", SEC_TEXT, INFO(STB_WEAK, STT_FUNC), 'w', ALWAYS },
	{ "weak object", SEC_DATA, INFO(STB_WEAK, STT_OBJECT), 'v', WITH_ALL },
	{ "weak undefined", SHN_UNDEF, INFO(STB_WEAK, STT_NOTYPE), 'w', NEVER },
	{ "weak per-CPU", SEC_PERCPU, INFO(STB_WEAK, STT_OBJECT), 'v', WITH_ALL },
	{ "undefined", SHN_UNDEF, INFO(STB_GLOBAL, STT_NOTYPE), 'U', NEVER },
	{ "absolute", SHN_ABS, LOCAL, 'a', NEVER },
	{ "per-CPU", SEC_PERCPU, OBJECT, 'a', WITH_ALL },
	{ "executable per-CPU", SEC_PERCPU, OBJECT, 'a', WITH_ALL, SHF_EXECINSTR },
	{ "common", SHN_COMMON, OBJECT, '?', NEVER },
	{ "livepatch", SHN_LIVEPATCH, FUNC, '?', NEVER },
	{ "first reserved index", SHN_LORESERVE, FUNC, '?', NEVER },
	{ "debug section", SEC_DEBUG, LOCAL, 'n', NEVER },
	{ "allocated debug section", SEC_DEBUG, LOCAL, 'r', NEVER, SHF_ALLOC },
	{ "other section", SEC_COMMENT, LOCAL, '?', NEVER },
	{ "text not laid out", SEC_COMMENT, FUNC, 't', NEVER, SHF_ALLOC | SHF_EXECINSTR },
	{ "section named beyond all names", SEC_WILD, LOCAL, '?', NEVER },
	/* The loader refuses these, but for what a relocation makes. */
	{ "no such section", NUM_SECS, FUNC, '?', NEVER },
#if ARCH_SHF_SMALL
	{ "small data", SEC_DATA, OBJECT, 'g', WITH_ALL, ARCH_SHF_SMALL },
	{ "small rodata", SEC_RODATA, OBJECT, 'r', WITH_ALL, ARCH_SHF_SMALL },
	{ "small bss", SEC_BSS, OBJECT, 's', WITH_ALL, ARCH_SHF_SMALL },
#endif
};

KUNIT_ARRAY_PARAM_DESC(symbol, symbol_params, desc);

/* Two of the kind, a named and an unnamed one. */
static struct fixture *load_symbols(struct kunit *test)
{
	const struct symbol_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_symbol");

	if (param->more_flags | param->less_flags) {
		f->image->sechdrs[param->shndx].sh_flags |= param->more_flags;
		f->image->sechdrs[param->shndx].sh_flags &= ~param->less_flags;
	}
	/* A module need not have a per-CPU section. */
	if (param->shndx == SHN_UNDEF)
		f->info.index.pcpu = 0;
	add_symbol(f, "named", param->shndx, 0x10, param->info);
	add_symbol(f, "", param->shndx, 0x20, param->info);
	load(f);
	return f;
}

static void test_type_letter(struct kunit *test)
{
	const struct symbol_param *param = test->param_value;
	struct fixture *f = load_symbols(test);

	KUNIT_EXPECT_EQ(test, full_table(f)->typetab[1], param->type);
	KUNIT_EXPECT_EQ(test, full_table(f)->typetab[2], param->type);
}

static void test_core_rule(struct kunit *test)
{
	const struct symbol_param *param = test->param_value;
	const bool core = param->core == ALWAYS ||
			  (param->core == WITH_ALL && IS_ENABLED(CONFIG_KALLSYMS_ALL));

	KUNIT_EXPECT_EQ(test, load_symbols(test)->mod->core_kallsyms.num_symtab, core ? 2 : 1);
}

/* Lay out and populate */

static void add_nothing(struct fixture *f)
{
}

/* Not functions, in these: 32-bit Arm takes an odd value for a Thumb bit. */
static void add_one_name(struct fixture *f)
{
	unsigned int i;

	add_symbol(f, "same", SEC_TEXT, SEC_SIZE - 1, OBJECT);
	for (i = 2; i < MAX_SYMS; i++)
		add_symbol(f, "", SEC_TEXT, SEC_SIZE - i, OBJECT)->st_name = 1;
}

/* Names that are tails of one name, as GNU ld writes them. */
static void add_shared_tails(struct fixture *f)
{
	const unsigned int start = f->strings;
	unsigned int i;

	for (i = 0; i < 4000; i++)
		f->strtab[f->strings++] = 'a' + i % 26;
	f->strings++;
	for (i = 0; i < 80; i++)
		add_symbol(f, "", SEC_TEXT, i, OBJECT)->st_name = start + i * 7 % 26;
}

/* A section header's sh_link may lead to any string table. */
static void add_other_strings(struct fixture *f)
{
	unsigned int i;

	f->info.index.str = SEC_SHSTRTAB;
	f->strsec = &f->image->sechdrs[SEC_SHSTRTAB];
	f->strtab = f->image->shstrtab;
	f->strings = f->strsec->sh_size;
	for (i = SEC_TEXT; i <= SEC_INIT_RODATA; i++)
		add_symbol(f, "", i, 0x10, OBJECT)->st_name = f->image->sechdrs[i].sh_name;
}

/* All that is not malformed yet. */
static void add_extremes(struct fixture *f)
{
	f->symtab[0].st_shndx = NUM_SECS - 1;
	f->symtab[0].st_name = add_string(f, "zero");
	add_typical(f);
	f->symtab[f->num_syms - 1].st_name = f->strings - 1;
	f->symsec->sh_addralign = PAGE_SIZE;
	f->strsec->sh_addralign = 0;
	f->image->ehdr.e_shoff = f->symsec->sh_offset + f->num_syms * sizeof(Elf_Sym);
}

/* The file asks for less than its entries need. */
static void add_unaligned(struct fixture *f)
{
	add_typical(f);
	f->symsec->sh_addralign = 1;
}

/* No name is indexed. */
static void add_mapping_symbols(struct fixture *f)
{
	static const char * const names[] = { "$d", ".L0 ", "L0", "$x", "$d", "$", ".L" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		add_symbol(f, names[i], i % 3 ? SEC_TEXT : SEC_INIT_TEXT, 0x10 * i, LOCAL);
}

static void add_mapping_around(struct fixture *f)
{
	add_mapping_symbols(f);
	add_typical(f);
	add_mapping_symbols(f);
}

/* A value outside of its region neither answers nor ends another's extent. */
static void add_outside(struct fixture *f)
{
	add_symbol(f, "fn", SEC_TEXT, 0x10, FUNC);
	add_symbol(f, "behind", SEC_TEXT, SEC_SIZE + 0x10, FUNC);
	add_symbol(f, "at_end", SEC_TEXT, SEC_SIZE, FUNC);
	add_symbol(f, "before", SEC_TEXT, -0x10L, FUNC);
	add_symbol(f, "low", SHN_ABS, 0, OBJECT);
	add_symbol(f, "high", SHN_ABS, ULONG_MAX, OBJECT);
}

/* A file may say that its tables are allocated, and have symbols in them. */
static void add_in_tables(struct fixture *f)
{
	f->symsec->sh_flags |= SHF_ALLOC | SHF_EXECINSTR;
	f->strsec->sh_flags |= SHF_ALLOC | SHF_EXECINSTR;
	f->symsec->sh_entsize = (unsigned long)MOD_TEXT << SH_ENTSIZE_TYPE_SHIFT;
	f->strsec->sh_entsize = f->symsec->sh_entsize;
	add_symbol(f, "in_symtab", SEC_SYMTAB, 0, OBJECT);
	add_symbol(f, "in_strtab", SEC_STRTAB, 0, OBJECT);
	add_symbol(f, "in_text", SEC_TEXT, 0, FUNC);
	/* In the core table's entries, which follow the sections. */
	add_symbol(f, "in_core_table", SEC_DATA, 2 * SEC_SIZE + 0x20, OBJECT);
}

/* And with no gap before the core table. */
static void add_without_text(struct fixture *f)
{
	f->image->mod.mem[MOD_DATA].size = ALIGN(2 * SEC_SIZE + 1, __alignof__(Elf_Sym));
	f->image->mod.mem[MOD_TEXT].size = 0;
	f->image->mod.mem[MOD_INIT_TEXT].size = 0;
	add_symbol(f, "data", SEC_DATA, 0x20, OBJECT);
	add_symbol(f, "init_data", SEC_INIT_DATA, 0x10, OBJECT);
	add_symbol(f, "more_data", SEC_DATA, 0x30, OBJECT);
}

static const struct table_param {
	const char *desc;
	void (*add)(struct fixture *f);
	bool livepatch;
} table_params[] = {
	{ "typical", add_typical },
	{ "entry 0 alone", add_nothing },
	{ "one name", add_one_name },
	{ "shared tails", add_shared_tails },
	{ "other string table", add_other_strings },
	{ "nearly malformed", add_extremes },
	{ "not aligned", add_unaligned },
	{ "mapping symbols alone", add_mapping_symbols },
	{ "mapping symbols first and last", add_mapping_around },
	{ "values outside of regions", add_outside },
	{ "symbols in the tables", add_in_tables },
	{ "no text", add_without_text },
	{ "typical, livepatch", add_typical, true },
	{ "entry 0 alone, livepatch", add_nothing, true },
	{ "shared tails, livepatch", add_shared_tails, true },
};

KUNIT_ARRAY_PARAM_DESC(table, table_params, desc);

static struct fixture *load_table(struct kunit *test)
{
	const struct table_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_table");

	if (param->livepatch && !IS_ENABLED(CONFIG_LIVEPATCH))
		kunit_skip(test, "needs CONFIG_LIVEPATCH");
	set_livepatch(f, param->livepatch);
	param->add(f);
	load(f);
	return f;
}

/* Is @sym, entry @i, in the core table? */
static bool expected_core(const struct fixture *f, unsigned int i, const Elf_Sym *sym)
{
	const unsigned int shndx = sym->st_shndx;

	if (!i || is_livepatch_module(f->mod))
		return true;
	if (!sym->st_name || shndx >= NUM_SECS)
		return false;
	if (shndx == SEC_PERCPU)
		return IS_ENABLED(CONFIG_KALLSYMS_ALL);
	if (sections[shndx].region == MOD_INVALID || mod_mem_type_is_init(sections[shndx].region))
		return false;
	return IS_ENABLED(CONFIG_KALLSYMS_ALL) || sections[shndx].flags & SHF_EXECINSTR;
}

static void test_full_table_is_elf_table(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *full = full_table(f);
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)full, sizeof(long)));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)full->symtab, __alignof__(Elf_Sym)));
	KUNIT_EXPECT_PTR_EQ(test, full, table_in_force(f));
	KUNIT_ASSERT_EQ(test, full->num_symtab, f->num_syms);
	for (i = 0; i < f->num_syms; i++) {
		Elf_Sym expected = f->symtab[i];

		if (i)
			expected.st_value += section_addr(f, expected.st_shndx);
		KUNIT_EXPECT_MEMEQ(test, &full->symtab[i], &expected, sizeof(expected));
	}
	KUNIT_EXPECT_MEMEQ(test, full->strtab, f->strtab, f->strings);
}

static void test_core_table_keeps_the_order(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *core = &f->mod->core_kallsyms;
	const struct mod_kallsyms *full = full_table(f);
	unsigned int i, n = 0;

	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)core->symtab, __alignof__(Elf_Sym)));
	for (i = 0; i < f->num_syms; i++) {
		Elf_Sym expected = full->symtab[i];

		if (!expected_core(f, i, &expected))
			continue;
		KUNIT_ASSERT_LT(test, n, core->num_symtab);
		KUNIT_EXPECT_STREQ(test, name_in(core, n), name_in(full, i));
		KUNIT_EXPECT_EQ(test, core->typetab[n], full->typetab[i]);
		expected.st_name = core->symtab[n].st_name;
		KUNIT_EXPECT_MEMEQ(test, &core->symtab[n], &expected, sizeof(expected));
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, core->num_symtab);
}

/*
 * A byte that several names share is stored once, and the last name once more.
 * Debuggers take its end for the end of the strings.
 */
static void test_core_strings(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *core = &f->mod->core_kallsyms;
	char *kept = allocate(test, f->strings);
	unsigned long i, size = 0, last = 0;

	for (i = 0; i < f->num_syms; i++) {
		const unsigned int name = f->symtab[i].st_name;

		if (!expected_core(f, i, &f->symtab[i]))
			continue;
		last = strlen(f->strtab + name) + 1;
		memset(kept + name, 1, last);
	}
	for (i = 0; i < f->strings; i++)
		size += kept[i];
	size += last;
	for (i = 0; i < core->num_symtab; i++) {
		last = core->symtab[i].st_name + strlen(name_in(core, i)) + 1;
		KUNIT_EXPECT_LE(test, last, size);
	}
	KUNIT_EXPECT_EQ(test, last, size);
	/* The header of the index follows, at the next multiple of four. */
	KUNIT_EXPECT_GE(test, core->typetab - core->strtab, size + INDEX_HEADER);
	KUNIT_EXPECT_LT(test, core->typetab - core->strtab, size + INDEX_HEADER + sizeof(u32));
}

static void test_lookups_in_table(struct kunit *test)
{
	expect_same_in_both(load_table(test));
}

/* A region's size has 32 bits.  What does not fit is refused, and all that needs more. */
static void test_region_of_4_gib(struct kunit *test)
{
	static const enum mod_mem_type regions[] = {
		MOD_DATA,
#ifdef CONFIG_64BIT
		/* Others warn: sh_entsize has too few bits for the offset. */
		MOD_INIT_DATA,
#endif
	};
	unsigned int i, room;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		bool fits = false;

		for (room = 0; room < PAGE_SIZE + 0x7000; room += 0x18) {
			struct fixture *f = new_module(test, "kunit_4_gib");
			struct module_memory *mem = &f->image->mod.mem[regions[i]];
			int err;

			add_typical(f);
			finish(f);
			KUNIT_ASSERT_EQ(test, validate(f), 0);
			mem->size = UINT_MAX - room;
			err = layout_symtab(&f->image->mod, &f->info);
			kvfree(f->info.build);
			if (!room || err)
				KUNIT_EXPECT_EQ(test, err, fits ? 0 : -ENOMEM);
			else
				KUNIT_EXPECT_GE(test, mem->size, UINT_MAX - room);
			fits = !err;
			kunit_release_action(test, free_memory, f->image);
		}
		KUNIT_EXPECT_TRUE(test, fits);
	}
}

/* Malformed tables.  Each has one fault alone. */

/* What the loader says while @member is @value. */
#define EXPECT_VALIDITY(f, ret, member, value) do {			\
	typeof(member) *__member = &(member), __was = *__member;	\
	struct fixture *__f = (f);					\
									\
	*__member = (value);						\
	KUNIT_EXPECT_EQ(__f->test, ret, validate(__f));			\
	*__member = __was;						\
} while (0)
#define EXPECT_VALID(f, member, value)		EXPECT_VALIDITY(f, 0, member, value)
#define EXPECT_REFUSED(f, member, value)	EXPECT_VALIDITY(f, -ENOEXEC, member, value)

static struct fixture *new_file(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_malformed");

	add_typical(f);
	/* All zero, as what comes behind it. */
	*add_symbol(f, "", SHN_UNDEF, 0, 0) = (Elf_Sym){};
	finish(f);
	KUNIT_ASSERT_EQ(test, validate(f), 0);
	return f;
}

static void test_malformed_contents(struct kunit *test)
{
	struct fixture *f = new_file(test);
	Elf_Sym *sym = f->symtab, *last = &sym[f->num_syms - 1];

	EXPECT_VALID(f, sym->st_shndx, NUM_SECS - 1);
	EXPECT_REFUSED(f, sym->st_shndx, NUM_SECS);
	EXPECT_REFUSED(f, sym->st_shndx, SHN_LORESERVE - 1);
	EXPECT_VALID(f, sym->st_shndx, SHN_LORESERVE);
	EXPECT_VALID(f, sym->st_shndx, SHN_ABS);
	EXPECT_VALID(f, sym->st_shndx, SHN_HIRESERVE);
	/* simplify_symbols() looks at the others. */
	EXPECT_VALID(f, sym[1].st_shndx, NUM_SECS);

	EXPECT_VALID(f, sym->st_name, f->strings - 1);
	EXPECT_REFUSED(f, sym->st_name, f->strings);
	EXPECT_VALID(f, last->st_name, f->strings - 1);
	EXPECT_REFUSED(f, last->st_name, f->strings);
	EXPECT_REFUSED(f, last->st_name, UINT_MAX);

	EXPECT_REFUSED(f, f->strtab[0], 'x');
	EXPECT_REFUSED(f, f->strtab[f->strings - 1], 'x');
	/* One NUL is enough for unnamed entries, but only for them. */
	EXPECT_REFUSED(f, f->strsec->sh_size, 1);
	f->symsec->sh_size = sizeof(Elf_Sym);
	EXPECT_VALID(f, f->strsec->sh_size, 1);
	EXPECT_REFUSED(f, f->strsec->sh_size, 0);
	f->strsec->sh_size = 1;
	EXPECT_REFUSED(f, f->strtab[0], 'x');
}

static void test_malformed_sizes(struct kunit *test)
{
	struct fixture *f = new_file(test);
	const unsigned long huge = (SZ_256M / sizeof(Elf_Sym) + 1) * sizeof(Elf_Sym);

	EXPECT_REFUSED(f, f->symsec->sh_size, 0);
	EXPECT_REFUSED(f, f->symsec->sh_size, sizeof(Elf_Sym) - 1);
	EXPECT_VALID(f, f->symsec->sh_size, sizeof(Elf_Sym));
	EXPECT_REFUSED(f, f->symsec->sh_size, sizeof(Elf_Sym) + 1);
	EXPECT_REFUSED(f, f->strsec->sh_size, 0);
	/* There is no memory of that size, so no check of strings. */
	f->strsec->sh_size = SZ_256M + 1;
	KUNIT_EXPECT_EQ(test, elf_validity_symtab(&f->info), -ENOEXEC);
	f->strsec->sh_size = f->strings;
	f->symsec->sh_offset = f->info.len;
	f->symsec->sh_size = huge;
	KUNIT_EXPECT_EQ(test, elf_validity_symtab(&f->info), -ENOEXEC);
}

static void test_malformed_alignments(struct kunit *test)
{
	struct fixture *f = new_file(test);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		Elf_Shdr *sec = i ? f->strsec : f->symsec;

		EXPECT_VALID(f, sec->sh_addralign, 0);
		EXPECT_VALID(f, sec->sh_addralign, 1);
		EXPECT_VALID(f, sec->sh_addralign, PAGE_SIZE);
		EXPECT_VALID(f, sec->sh_addralign, 2 * PAGE_SIZE);
		EXPECT_VALID(f, sec->sh_addralign, SZ_2G);
		EXPECT_REFUSED(f, sec->sh_addralign, 3);
		EXPECT_REFUSED(f, sec->sh_addralign, 24);
		EXPECT_REFUSED(f, sec->sh_addralign, 3 * PAGE_SIZE);
		EXPECT_REFUSED(f, sec->sh_addralign, SZ_2G + 1UL);
#ifdef CONFIG_64BIT
		EXPECT_REFUSED(f, sec->sh_addralign, SZ_4G);
		EXPECT_REFUSED(f, sec->sh_addralign, 1UL << 63);
#endif
	}
}

static void test_malformed_name_length(struct kunit *test)
{
	struct fixture *f = new_large_module(test, "kunit_malformed", 2, SZ_128K);
	char *name = allocate(test, SZ_64K + 2);

	memset(name, 'n', SZ_64K);
	add_symbol(f, name, SEC_TEXT, 0x10, FUNC);
	finish(f);
	KUNIT_EXPECT_EQ(test, validate(f), 0);

	/* Nobody has to have that name. */
	f->num_syms--;
	f->strings = 1;
	name[SZ_64K] = 'n';
	add_string(f, "first");
	add_string(f, name);
	add_string(f, "last");
	finish(f);
	KUNIT_EXPECT_EQ(test, validate(f), -ENOEXEC);
}

/* Something of @size bytes at *@offset may touch a table, but share no byte with it. */
static void expect_no_overlap(struct fixture *f, const Elf_Shdr *table,
			      elf_addr_t *offset, unsigned int size)
{
	const unsigned long begin = table->sh_offset, end = begin + table->sh_size;

	EXPECT_VALID(f, *offset, begin - size);
	EXPECT_REFUSED(f, *offset, begin - size + 1);
	EXPECT_REFUSED(f, *offset, begin);
	EXPECT_REFUSED(f, *offset, end - 1);
	EXPECT_VALID(f, *offset, end);
}

static void test_overlapping_tables(struct kunit *test)
{
	struct fixture *f = new_file(test);
	Elf_Shdr *mod = &f->image->sechdrs[SEC_MODULE];
	elf_addr_t *headers = &f->image->ehdr.e_shoff;

	EXPECT_REFUSED(f, f->info.index.mod, SEC_SYMTAB);
	EXPECT_REFUSED(f, f->info.index.mod, SEC_STRTAB);

	mod->sh_size = 64;
	expect_no_overlap(f, f->symsec, &mod->sh_offset, mod->sh_size);
	expect_no_overlap(f, f->strsec, &mod->sh_offset, mod->sh_size);
	expect_no_overlap(f, f->symsec, headers, NUM_SECS * sizeof(Elf_Shdr));
	expect_no_overlap(f, f->strsec, headers, NUM_SECS * sizeof(Elf_Shdr));
	/* Strings of zeroes: what is around the symbol table, and its last entry. */
	expect_no_overlap(f, f->symsec, &f->strsec->sh_offset, f->strings);

	/* The ELF header ends with a zero, and others follow. */
	f->image->ehdr.e_shstrndx = 0;
	*headers = f->info.len;
	f->symsec->sh_size = sizeof(Elf_Sym);
	EXPECT_VALID(f, f->symsec->sh_offset, sizeof(Elf_Ehdr));
	EXPECT_REFUSED(f, f->symsec->sh_offset, sizeof(Elf_Ehdr) - 1);
	f->strsec->sh_size = 1;
	EXPECT_VALID(f, f->strsec->sh_offset, sizeof(Elf_Ehdr));
	EXPECT_REFUSED(f, f->strsec->sh_offset, sizeof(Elf_Ehdr) - 1);
}

/*
 * Relocated tables: a file may change its own symbol table after layout, by a relocation.
 * Answers may be wrong then, if that changes names or sections.  They lead nowhere else.
 */

static const struct relocate_param {
	const char *desc;
	/* What is set to value; NAME_OF: to that of entry value; STRINGS: last bytes, to x. */
	enum { SECTION, NAME_AT_END, NAME_OF, VALUE, STRINGS } what;
	unsigned int first, last;
	unsigned long value;
	bool wrong;
} relocate_params[] = {
#define LONG_NAME	"a long beginning of a "
#define LONG_ENTRY	25		/* undefined, of that name and a tail */
#define TAIL_ENTRY	26		/* in the text, of the tail */
#define LAST_ENTRY	30		/* the last of four mapping symbols */
	{ "more core entries", SECTION, 21, 24, SEC_TEXT, true },
	{ "more core names", SECTION, 19, 22, SEC_TEXT, true },
	{ "less core entries", SECTION, 12, 13, SHN_UNDEF, true },
	{ "no core entries", SECTION, 0, LAST_ENTRY, SHN_UNDEF, true },
	{ "other core entries", SECTION, 2, 8, SEC_INIT_TEXT, true },
	{ "sections behind the last", SECTION, 0, 12, NUM_SECS, true },
	{ "reserved sections", SECTION, 0, 12, SHN_HIRESERVE, true },
	{ "more names", NAME_OF, LAST_ENTRY - 3, LAST_ENTRY, 12, true },
	{ "less names", NAME_OF, 2, 12, LAST_ENTRY, true },
	{ "longer name", NAME_OF, TAIL_ENTRY, TAIL_ENTRY, LONG_ENTRY, true },
	{ "longer last name", NAME_OF, LAST_ENTRY, LAST_ENTRY, LONG_ENTRY, true },
	{ "wild names", NAME_AT_END, 0, LAST_ENTRY, INT_MAX, true },
	{ "names at the end", NAME_AT_END, 0, 12, 0, true },
	{ "low values", VALUE, 0, 15, 0 },
	{ "high values", VALUE, 0, 15, ULONG_MAX },
	{ "no last NUL", STRINGS, 0, 0, 1 },
	{ "no NUL", STRINGS, 0, 0, UINT_MAX, true },
};

KUNIT_ARRAY_PARAM_DESC(relocate, relocate_params, desc);

static void add_symbols_to_relocate(struct fixture *f)
{
	unsigned int i;

	add_typical(f);
	add_symbol(f, LONG_NAME "tail", SHN_UNDEF, 0, FUNC);
	add_symbol(f, "", SEC_TEXT, 0x110, FUNC)->st_name =
		f->symtab[LONG_ENTRY].st_name + strlen(LONG_NAME);
	for (i = 0; i < 4; i++)
		add_symbol(f, "$d", SEC_TEXT, 0x120 + i, LOCAL);
	KUNIT_ASSERT_EQ(f->test, f->num_syms, LAST_ENTRY + 1);
}

static void relocate_tables(struct fixture *f, const struct relocate_param *param)
{
	const unsigned long size = min(param->value, f->strings);
	unsigned int i;

	for (i = param->first; i <= param->last; i++) {
		Elf_Sym *sym = &f->loaded[i];

		if (param->what == SECTION)
			sym->st_shndx = param->value;
		else if (param->what == NAME_AT_END)
			sym->st_name = f->strings + param->value;
		else if (param->what == NAME_OF)
			sym->st_name = f->loaded[param->value].st_name;
		else if (param->what == VALUE)
			sym->st_value = param->value;
		else
			memset((char *)f->strsec->sh_addr + f->strings - size, 'x', size);
	}
}

static void expect_bounded(struct fixture *f, const struct mod_kallsyms *table,
			   unsigned long room, unsigned long strsize)
{
	unsigned int i;

	KUNIT_EXPECT_LE(f->test, table->num_symtab, room);
	for (i = 0; i < table->num_symtab; i++) {
		const unsigned long left = strsize - table->symtab[i].st_name;

		KUNIT_EXPECT_LT(f->test, table->symtab[i].st_name, strsize);
		KUNIT_EXPECT_LT(f->test, strnlen(name_in(table, i), left), left);
		KUNIT_EXPECT_NE(f->test, table->typetab[i], '\0');
	}
}

/* Livepatch does so in the table in force, at any time. */
static void resolve_livepatch(struct fixture *f, unsigned long value)
{
	const struct mod_kallsyms *tables[] = { full_table(f), &f->mod->core_kallsyms };
	unsigned int t, i;

	for (t = 0; t < ARRAY_SIZE(tables); t++)
		for (i = 0; i < tables[t]->num_symtab; i++)
			if (tables[t]->symtab[i].st_shndx == SHN_LIVEPATCH)
				tables[t]->symtab[i].st_value = value;
}

/* Fill in tables that were changed after layout, and look up all that they have. */
static void expect_harmless(struct fixture *f)
{
	const unsigned long room = (f->info.stroffs - f->info.symoffs) / sizeof(Elf_Sym);

	populate(f);
	expect_bounded(f, full_table(f), f->num_syms, f->strings);
	expect_bounded(f, &f->mod->core_kallsyms, room,
		       f->info.core_typeoffs - INDEX_HEADER - f->info.stroffs);
	resolve_livepatch(f, section_addr(f, SEC_TEXT) + 0x18);
	expect_same_in_both(f);
}

static void test_relocated_table(struct kunit *test)
{
	const struct relocate_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_relocated");

	add_symbols_to_relocate(f);
	prepare(f);
	relocate_tables(f, param);
	f->wrong = param->wrong;
	expect_harmless(f);
}

static void test_livepatch_symbol_is_resolved(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_livepatch");
	unsigned long addr;

	set_livepatch(f, true);
	add_symbol(f, "klp", SHN_LIVEPATCH, 0, FUNC);
	add_typical(f);
	load(f);
	addr = section_addr(f, SEC_TEXT) + 0x18;
	resolve_livepatch(f, addr);
	KUNIT_EXPECT_STREQ(test, name_of_address(f, addr, NULL, NULL), "first");
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "klp"), addr);
	expect_same_in_both(f);
}

/* The loader resolves it, to an export of another module or of the kernel. */
static void test_undefined_has_no_address(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_undefined");
	unsigned long addr;

	add_typical(f);
	add_symbol(f, "resolved", SHN_UNDEF, 0, FUNC);
	prepare(f);
	addr = section_addr(f, SEC_TEXT) + 0x18;
	f->loaded[f->num_syms - 1].st_value = addr;
	populate(f);
	KUNIT_EXPECT_STREQ(test, name_of_address(f, addr, NULL, NULL), "first");
	expect_same_in_both(f);
}

/* Look up by address */

static const struct address_param {
	const char *desc;
	unsigned int shndx;
	long at;
	const char *name;
	unsigned long offset, size;
} address_params[] = {
	{ "first byte", SEC_TEXT, 0x10, "first", 0, 0x10 },
	{ "last byte", SEC_TEXT, 0x1f, "first", 0xf, 0x10 },
	{ "the lowest index of two at one value", SEC_TEXT, 0x20, "same", 0, 0x20 },
	{ "after mapping symbols", SEC_TEXT, 0x28, "same", 8, 0x20 },
	{ "not the unnamed of the same value", SEC_TEXT, 0x40, "third", 0, 0x20 },
	{ "last byte of the region", SEC_TEXT, 0x3ff, "last", 0x37f, SEC_SIZE - 0x80 },
	{ "first byte behind the region", SEC_TEXT, SEC_SIZE, NO_SYMBOL },
	{ "first byte of the region, unnamed", SEC_TEXT, 0, NO_SYMBOL },
	{ "before the first", SEC_TEXT, 0xf, NO_SYMBOL },
	{ "last byte before the region", SEC_TEXT, -1, NO_SYMBOL },
	{ "datum, from bss", SEC_BSS, 0x10, "datum", SEC_SIZE - 0x10, SEC_SIZE + 0x20 },
	{ "region without symbols", SEC_AFTER_INIT, 0x10, NO_SYMBOL },
	{ "init, first byte of the region", SEC_INIT_TEXT, 0, "init_first", 0, 0x80 },
};

KUNIT_ARRAY_PARAM_DESC(address, address_params, desc);

static void test_address(struct kunit *test)
{
	const struct address_param *param = test->param_value;
	struct fixture *f = load_typical(test, "kunit_address");
	const unsigned long addr = section_addr(f, param->shndx) + param->at;
	unsigned long size = 0, offset = 0;

	if (param->shndx == SEC_BSS && !IS_ENABLED(CONFIG_KALLSYMS_ALL))
		kunit_skip(test, "needs CONFIG_KALLSYMS_ALL");
	KUNIT_EXPECT_STREQ(test, param->name, name_of_address(f, addr, &size, &offset));
	KUNIT_EXPECT_EQ(test, size, param->size);
	KUNIT_EXPECT_EQ(test, offset, param->offset);
	/* Nobody has to ask for them. */
	module_address_lookup(addr, NULL, NULL, NULL, NULL, f->name);
	KUNIT_EXPECT_STREQ(test, param->name, f->name);
}

/* No gap between them: where text ends, a region without symbols begins. */
static void test_adjacent_regions(struct kunit *test)
{
	struct fixture *f = load_typical(test, "kunit_adjacent");
	const struct module_memory *text = &f->mod->mem[MOD_TEXT];
	struct module_memory *init = &f->mod->mem[MOD_INIT_TEXT];
	const unsigned long end = (unsigned long)text->base + text->size;

	unlist_module(f->mod);
	init->base = (void *)end;
	list_module(f->mod, NULL);
	KUNIT_EXPECT_STREQ(test, name_of_address(f, end - 1, NULL, NULL), "last");
	KUNIT_EXPECT_STREQ(test, name_of_address(f, end, NULL, NULL), NO_SYMBOL);
}

/* A module may write any size into its region.  Behind its text there are no groups. */
static void test_grown_text(struct kunit *test)
{
	struct fixture *f = load_typical(test, "kunit_grown");
	struct module_memory *text = &f->mod->mem[MOD_TEXT];
	const unsigned long end = (unsigned long)text->base + text->size;
	unsigned long size, offset;

	unlist_module(f->mod);
	text->size += GUARD;
	list_module(f->mod, NULL);
	KUNIT_EXPECT_STREQ(test, name_of_address(f, end, &size, &offset), "last");
	KUNIT_EXPECT_EQ(test, size, SEC_SIZE - 0x80 + GUARD);
	KUNIT_EXPECT_EQ(test, offset, SEC_SIZE - 0x80);
}

static void test_long_name_is_cut(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_long");
	char *long_name = allocate(test, KSYM_NAME_LEN + 100);
	char *symbol = allocate(test, KSYM_SYMBOL_LEN);
	struct line *line = allocate(test, sizeof(*line));
	unsigned long addr;

	memset(long_name, 'l', KSYM_NAME_LEN + 50);
	add_symbol(f, long_name, SEC_TEXT, 0x10, FUNC);
	load(f);
	addr = section_addr(f, SEC_TEXT) + 0x10;
	KUNIT_EXPECT_EQ(test, strlen(name_of_address(f, addr, NULL, NULL)), KSYM_NAME_LEN - 1);
	KUNIT_EXPECT_EQ(test, 0, get_line(line, false));
	KUNIT_EXPECT_EQ(test, 0, get_line(line, true));
	KUNIT_EXPECT_EQ(test, strlen(line->name), KSYM_NAME_LEN - 1);
	/* This goes on where the name has been cut. */
	KUNIT_EXPECT_EQ(test, sprint_symbol(symbol, addr), strlen(symbol));
	KUNIT_EXPECT_PTR_EQ(test, strstr(symbol, "+0x0/0x"), symbol + KSYM_NAME_LEN - 1);
	/* By name it is found whole and not cut. */
	KUNIT_EXPECT_EQ(test, addr, find_kallsyms_symbol_value(f->mod, long_name));
	KUNIT_EXPECT_EQ(test, 0, find_kallsyms_symbol_value(f->mod, line->name));
}

/* Look up by name */

static void test_names_of_all_lengths(struct kunit *test)
{
	static const unsigned int lengths[] = { 1, 2, 7, 8, 9, 1023, 1024, 1025, SZ_64K };
	const unsigned int n = 3 * ARRAY_SIZE(lengths), max_strings = 3 * 70000;
	struct fixture *f = new_large_module(test, "kunit_lengths", n + 1, max_strings);
	char *name = allocate(test, SZ_64K + 1);
	unsigned int i;

	/* Of each length three, of which the first and the last differ in the last byte. */
	for (i = 0; i < n; i++) {
		memset(name, i % 3 == 1 ? 'm' : 'n', lengths[i / 3]);
		name[lengths[i / 3] - 1] = 'x' + i % 3;
		add_symbol(f, name, SEC_TEXT, 16 * i, FUNC);
	}
	load(f);
	name[SZ_64K - 1] = 'w';
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, name), 0);
	expect_same_in_both(f);
}

/* Hashes with the same upper three and lower eight bits: only the names differ. */
static void test_names_of_one_hash(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_one_hash");
	unsigned int i, value = 0;
	char name[16];

	for (i = 0; value < 0x100 && i < SZ_1M; i++) {
		u32 hash;

		snprintf(name, sizeof(name), "name_%x", i);
		hash = hashlen_hash(hashlen_string(NULL, name));
		if ((u8)hash || hash >> 29)
			continue;
		/* The last one is not in the table. */
		value += 8;
		if (value < 0x100)
			add_symbol(f, name, SEC_TEXT, value, FUNC);
	}
	KUNIT_ASSERT_EQ(test, value, 0x100);
	load(f);
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, name), 0);
	expect_same_in_both(f);
}

static const struct lookup_param {
	const char *name;
	enum { NOWHERE, OLD, NEW } where;
	unsigned int shndx;
	unsigned long value;
} lookup_params[] = {
	/* A plain name: the first module on the list that has a value for it. */
	{ "same", NEW, SEC_TEXT, 0x20 },	/* the lowest index of two */
	{ "later", NEW, SEC_TEXT, 0x70 },	/* another one is not defined */
	{ "old_fn", OLD, SEC_TEXT, 0x90 },
	{ "zero", OLD, SEC_TEXT, 0xa0 },
	{ "kunit_absent" },
	/* That module alone. */
	{ "kunit_older:same", OLD, SEC_TEXT, 0x20 },
	{ "kunit_older:$t", OLD, SEC_TEXT, 0x20 },
	{ "kunit_older:init_second", OLD, SEC_INIT_TEXT, 0x80 },
	{ "kunit_older:file.c", OLD, SHN_ABS, 0x5 },
	{ "kunit_older:", OLD, SEC_TEXT, 0 },
	{ "kunit_older:undefined" },
	{ "kunit_older:sam" },
	{ "kunit_older:same1" },
	{ "kunit_older:ame" },
	{ "kunit_newer:same", NEW, SEC_TEXT, 0x20 },
	{ "kunit_newer:old_fn" },
	{ "kunit_newer:zero" },
	{ "kunit_newe:same" },
	{ "kunit_newer1:same" },
	{ ":same" },
	{ "kunit_newer::same" },
};

KUNIT_ARRAY_PARAM_DESC(lookup, lookup_params, name);

static void test_lookup_name(struct kunit *test)
{
	const struct lookup_param *param = test->param_value;
	struct fixture *old = new_module(test, "kunit_older");
	struct fixture *new = new_module(test, "kunit_newer");
	unsigned long value = 0;

	add_typical(old);
	add_symbol(old, "old_fn", SEC_TEXT, 0x90, FUNC);
	add_symbol(old, "zero", SEC_TEXT, 0xa0, FUNC);
	load(old);
	add_symbol(new, "zero", SHN_ABS, 0, FUNC);
	add_typical(new);
	load(new);
	if (param->where != NOWHERE)
		value = section_addr(param->where == OLD ? old : new, param->shndx) + param->value;
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name(param->name), value);
}

/* Only a colon where a module's name can end makes the form module:name. */
static void test_late_colon_is_of_the_name(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_colon");
	char name[MODULE_NAME_LEN + 8] = { };

	memset(name, 'x', sizeof(name) - 1);
	name[MODULE_NAME_LEN - 1] = ':';
	add_symbol(f, name, SEC_TEXT, 0x10, FUNC);
	swap(name[MODULE_NAME_LEN - 1], name[MODULE_NAME_LEN]);
	add_symbol(f, name, SEC_TEXT, 0x20, FUNC);
	load(f);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name(name), section_addr(f, SEC_TEXT) + 0x20);
	swap(name[MODULE_NAME_LEN - 1], name[MODULE_NAME_LEN]);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name(name), 0);
}

/* Tables of all sizes */

static const struct random_param {
	const char *desc;
	unsigned int tables;
	unsigned int max_syms;		/* without entry 0 */
	bool exactly;			/* that many, not up to that many */
	bool core, one_address, one_name;	/* all of them */
	bool wild;			/* changed after layout */
	unsigned int mapping;		/* mapping symbols, in percent */
} random_params[] = {
	{ "one entry", 100, 1, true },
	{ "up to 8 entries", 900, 8 },
	{ "up to 40 entries", 900, 40 },
	{ "up to 250 entries", 120, 250 },
	{ "up to 1500 entries", 12, 1500 },
	{ "all at one address", 30, 100, false, false, true },
	{ "all of one name", 30, 100, false, false, false, true },
	{ "130000 entries", 1, 129999, true },
	{ "up to 40 entries, changed after layout", 400, 40, .wild = true },
	{ "up to 250 entries, many mapping symbols", 40, 250, .mapping = 36 },
	{ "up to 250 entries, mostly mapping symbols", 20, 250, .mapping = 98 },
	{ "70000 entries, mostly mapping symbols", 1, 69999, true, .mapping = 98 },
	/* Integers of the index have 8 bits up to 256 entries, and so on; entry 0 is one. */
	{ "255 core entries", 2, 254, true, true },
	{ "256 core entries", 2, 255, true, true },
	{ "257 core entries", 2, 256, true, true },
	{ "256 core entries of one name", 1, 255, true, true, false, true },
	{ "65535 core entries", 1, 65534, true, true },
	{ "65536 core entries", 1, 65535, true, true },
	{ "65537 core entries", 1, 65536, true, true },
	{ "100000 core entries of one name", 1, 100000, true, true, false, true },
	{ "100000 core entries at one address", 1, 100000, true, true, true },
};

KUNIT_ARRAY_PARAM_DESC(random, random_params, desc);

/* Few letters, so that names are alike. */
static void add_random_strings(struct fixture *f, struct rnd_state *rnd, unsigned int n)
{
	static const char * const heads[] = { "", "__pfx_", "$", ".L", "L0", "x86_64_very_" };
	unsigned int i, len;
	char string[64];

	while (n--) {
		strscpy(string, heads[below(rnd, 2) * below(rnd, ARRAY_SIZE(heads))]);
		len = strlen(string);
		for (i = below(rnd, 40); i; i--)
			string[len++] = 'a' + below(rnd, 3);
		string[len] = '\0';
		add_string(f, string);
	}
}

static void add_random_symbols(struct fixture *f, struct rnd_state *rnd,
			       const struct random_param *param, unsigned int n)
{
	static const unsigned int shndx[] = {
		SEC_TEXT, SEC_TEXT, SEC_TEXT, SEC_TEXT, SEC_DATA, SEC_RODATA,
		SEC_BSS, SEC_AFTER_INIT, SEC_PERCPU, SEC_INIT_TEXT,
		SEC_INIT_TEXT, SEC_INIT_DATA, SEC_INIT_RODATA, SEC_EMPTY,
		SEC_DEBUG, SHN_UNDEF, SHN_ABS, SHN_LIVEPATCH,
	};
	const unsigned int label = add_string(f, ".L0 ");
	const unsigned int one = add_string(f, "one"), strings = f->strings;
	unsigned int i;

	add_random_strings(f, rnd, n);
	for (i = 0; i < n; i++) {
		const unsigned int any = below(rnd, SEC_SIZE), sec = below(rnd, ARRAY_SIZE(shndx));
		const unsigned long values[] = {
			0, SEC_SIZE - 1, SEC_SIZE, -1UL, any % 8 * 16, any, any, any,
		};
		unsigned int name = strings + below(rnd, f->strings - strings);
		Elf_Sym *sym = add_symbol(f, "", shndx[sec], values[below(rnd, ARRAY_SIZE(values))],
					  INFO(below(rnd, 3), below(rnd, 4)));

		/* Mostly whole strings; else tails, the empty one among them. */
		if (below(rnd, 4))
			while (name > 1 && f->strtab[name - 1])
				name--;
		if (param->one_name)
			name = one;
		if (below(rnd, 100) < param->mapping)
			name = label;
		if (param->one_address)
			sym->st_value = 0x10;
		sym->st_name = below(rnd, 16) || param->core ? name : 0;
		if (param->core)
			sym->st_shndx = SEC_TEXT;
	}
	if (n && (param->core || !below(rnd, 4))) {
		f->symtab[0].st_name = f->symtab[1].st_name;
		f->symtab[0].st_shndx = SEC_TEXT;
		f->symtab[0].st_value = 1;
	}
}

/*
 * Some symbol of no section gets a value inside a region, and so does entry 0,
 * which may have a name.  A @wild relocation changes all there is.
 */
static void relocate_randomly(struct fixture *f, struct rnd_state *rnd, bool wild)
{
	char *strings = (char *)f->strsec->sh_addr;
	unsigned int i;

	for (i = 0; i < f->num_syms; i++) {
		const struct module_memory *mem = &f->mod->mem[below(rnd, MOD_MEM_NUM_TYPES)];
		Elf_Sym *sym = &f->loaded[i];

		if (!i || sym->st_shndx == SHN_ABS ||
		    (wild && !below(rnd, 4) && sym->st_shndx != SHN_LIVEPATCH))
			sym->st_value = (unsigned long)mem->base + below(rnd, mem->size);
		if (wild && !below(rnd, 4))
			sym->st_name = below(rnd, 2 * f->strings);
		if (wild && !below(rnd, 4))
			sym->st_shndx = below(rnd, NUM_SECS + 2);
		if (wild && !below(rnd, 16))
			prandom_bytes_state(rnd, sym, sizeof(*sym));
	}
	for (i = wild ? below(rnd, 8) : 0; i; i--)
		strings[below(rnd, f->strings)] = prandom_u32_state(rnd);
}

static void test_random_tables(struct kunit *test)
{
	const struct random_param *param = test->param_value;
	const unsigned int max = param->max_syms + 1;
	struct rnd_state rnd;
	unsigned int n, i;

	prandom_seed_state(&rnd, 0x6b616c6c + param->max_syms);
	for (n = 0; n < param->tables; n++) {
		struct fixture *f = new_large_module(test, "kunit_random", max, max * 64 + 64);
		const struct mod_kallsyms *core;

		set_livepatch(f, !below(&rnd, 8));
		add_random_symbols(f, &rnd, param,
				   param->exactly ? param->max_syms : below(&rnd, max));
		prepare(f);
		f->wrong = param->wild && below(&rnd, 8);
		if (f->wrong || below(&rnd, 2))
			relocate_randomly(f, &rnd, f->wrong);
		expect_harmless(f);
		core = table_in_force(f);
		/* Looking for mapping symbols takes its time. */
		for (i = 0; param->core && i < f->num_syms; i++) {
			const char *name = name_in(core, i);

			if (!is_mapping_symbol(name))
				KUNIT_EXPECT_NE(test, 0, find_kallsyms_symbol_value(f->mod, name));
		}
		kunit_release_action(test, unlist, f->mod);
		kunit_release_action(test, free_memory, f->image);
	}
}

/* Enumerate */

struct seen {
	char names[512];
	unsigned int calls, stop_at;
	unsigned long value;
};

static int see(void *data, const char *name, unsigned long value)
{
	struct seen *seen = data;

	strlcat(seen->names, name, sizeof(seen->names));
	strlcat(seen->names, " ", sizeof(seen->names));
	seen->value = value;
	return ++seen->calls == seen->stop_at ? 42 : 0;
}

/* Returns the last value. */
static unsigned long expect_each(struct kunit *test, const char *modname, unsigned int stop_at,
				 const char *names)
{
	struct seen *seen = allocate(test, sizeof(*seen));

	seen->stop_at = stop_at;
	KUNIT_EXPECT_EQ(test, module_kallsyms_on_each_symbol(modname, see, seen),
			stop_at ? 42 : 0);
	KUNIT_EXPECT_STREQ(test, seen->names, names);
	return seen->value;
}

static void test_each_symbol(struct kunit *test)
{
	struct fixture *f = load_typical(test, "kunit_each");
	const unsigned long text = section_addr(f, SEC_TEXT);

	KUNIT_EXPECT_EQ(test, text, expect_each(test, "kunit_each", 0, "file.c  " TEXT_NAMES(" ")
						DATA_NAMES INIT_NAMES " "));
	KUNIT_EXPECT_EQ(test, text + 0x80, expect_each(test, "kunit_each", 3, "file.c  last "));
	end_init(f);
	expect_each(test, "kunit_each", 0, IS_ENABLED(CONFIG_KALLSYMS_ALL) ?
		    TEXT_NAMES("") DATA_NAMES : TEXT_NAMES(""));
}

static void test_each_symbol_of_which_module(struct kunit *test)
{
	struct fixture *old = new_module(test, "kunit_older");
	struct fixture *new = new_module(test, "kunit_newer");

	add_symbol(old, "old_fn", SEC_TEXT, 0x10, FUNC);
	load(old);
	add_symbol(new, "new_fn", SEC_TEXT, 0x10, FUNC);
	load(new);
	expect_each(test, NULL, 2, "new_fn old_fn ");
	expect_each(test, "kunit_older", 0, "old_fn ");
	expect_each(test, "kunit_none", 0, "");
}

static const struct match_param {
	const char *desc, *modname, *name;
	unsigned int stop_at;
	/* In the text: of the newer module, then of the older one. */
	unsigned int newer, older;
	unsigned long values[4];
} match_params[] = {
	{ "several in several modules", NULL, "same", 0, 2, 2, { 0x20, 0x60, 0x20, 0x60 } },
	{ "stop at the first", NULL, "same", 1, 1, 0, { 0x20 } },
	{ "stop in another module", NULL, "same", 3, 2, 1, { 0x20, 0x60, 0x20 } },
	{ "of one module", "kunit_older", "same", 0, 0, 2, { 0x20, 0x60 } },
	{ "stop in that module", "kunit_older", "same", 1, 0, 1, { 0x20 } },
	{ "not the undefined one", "kunit_newer", "later", 0, 1, 0, { 0x70 } },
	{ "undefined alone", NULL, "undefined" },
	{ "mapping symbol", "kunit_newer", "$t", 0, 1, 0, { 0x20 } },
	{ "of the older alone", NULL, "old_fn", 0, 0, 1, { 0x90 } },
	{ "not in that module", "kunit_newer", "old_fn" },
	{ "no such name", NULL, "kunit_absent" },
	{ "no such module", "kunit_none", "same" },
};

KUNIT_ARRAY_PARAM_DESC(match, match_params, desc);

struct matches {
	unsigned int n, stop_at;
	unsigned long values[4];
};

static int add_match(void *data, unsigned long value)
{
	struct matches *matches = data;

	if (matches->n < ARRAY_SIZE(matches->values))
		matches->values[matches->n] = value;
	return ++matches->n == matches->stop_at ? 42 : 0;
}

static void test_each_match(struct kunit *test)
{
	const struct match_param *param = test->param_value;
	struct fixture *old = new_module(test, "kunit_older"), *new;
	unsigned int i, core;

	add_typical(old);
	add_symbol(old, "old_fn", SEC_TEXT, 0x90, FUNC);
	load(old);
	new = load_typical(test, "kunit_newer");
	for (core = 0; core < 2; core++) {
		struct matches matches = { .stop_at = param->stop_at };

		if (core) {
			end_init(old);
			end_init(new);
		}
		KUNIT_EXPECT_EQ(test, param->stop_at ? 42 : 0,
				module_kallsyms_on_each_match_symbol(param->modname, add_match,
								     param->name, &matches));
		KUNIT_ASSERT_EQ(test, matches.n, param->newer + param->older);
		for (i = 0; i < matches.n; i++)
			KUNIT_EXPECT_EQ(test, matches.values[i], param->values[i] +
					section_addr(i < param->newer ? new : old, SEC_TEXT));
	}
}

/* Every entry counts: entry 0, unnamed and undefined ones too. */
static void test_get_kallsym(struct kunit *test)
{
	struct fixture *old = load_typical(test, "kunit_older");
	struct fixture *new = load_typical(test, "kunit_newer");
	struct line *line = allocate(test, sizeof(*line));
	unsigned int i;

	for (i = 0; i < 2 * (new->num_syms + old->num_syms); i++) {
		const struct fixture *f = i < 2 * new->num_syms ? new : old;
		const unsigned int entry = i / 2 % new->num_syms;

		/* Each twice */
		KUNIT_ASSERT_EQ(test, 0, get_line(line, i % 2 == 0));
		KUNIT_EXPECT_STREQ(test, line->name, name_in(full_table(f), entry));
		KUNIT_EXPECT_EQ(test, line->value, full_table(f)->symtab[entry].st_value);
		KUNIT_EXPECT_EQ(test, line->type, full_table(f)->typetab[entry]);
		KUNIT_EXPECT_STREQ(test, line->module_name, f->mod->name);
		KUNIT_EXPECT_EQ(test, line->exported, 0);
	}
	/* Other modules follow. */
	while (!get_line(line, true))
		KUNIT_ASSERT_STRNEQ(test, line->module_name, old->mod->name);
	KUNIT_EXPECT_EQ(test, -ERANGE, get_line(line, true));
	KUNIT_EXPECT_EQ(test, -ERANGE, get_line(line, false));
}

/*
 * A reader of three modules is interrupted after each of their lines.  It gets all
 * other lines of those that stay, once; of those whose init has ended, core entries.
 * Of one that comes, takes itself off the list, or comes back at its head, it may get some.
 */
enum { NEWEST, OWN, OLDEST, NUM_MODULES };

static const struct interrupt_param {
	const char *desc;
	enum fate {
		STAYS, ENDS_INIT, GOES, UNFORMED,
		DEL, DEL_INIT, DEL_RCU, TO_HEAD,	/* by itself */
	} fate[NUM_MODULES];
	bool another;			/* comes, with the second one's name */
} interrupt_params[] = {
	{ "nothing" },
	{ "one comes", .another = true },
	{ "newest goes", { GOES } },
	{ "second goes", { STAYS, GOES } },
	{ "second goes, one comes", { STAYS, GOES }, true },
	{ "oldest goes", { STAYS, STAYS, GOES } },
	{ "all but the oldest go", { GOES, GOES } },
	{ "all go", { GOES, GOES, GOES }, true },
	{ "inits end", { ENDS_INIT, ENDS_INIT, ENDS_INIT } },
	{ "second goes, inits end", { ENDS_INIT, GOES, ENDS_INIT }, true },
	{ "second begins to go", { STAYS, UNFORMED } },
	{ "newest hides by list_del()", { DEL } },
	{ "second hides by list_del()", { STAYS, DEL } },
	{ "oldest hides by list_del()", { STAYS, STAYS, DEL } },
	{ "second hides by list_del_init()", { STAYS, DEL_INIT } },
	{ "second hides by list_del_rcu()", { STAYS, DEL_RCU } },
	{ "all hide", { DEL, DEL_INIT, DEL_RCU } },
	{ "second hides, newest goes", { GOES, DEL_INIT } },
	{ "second comes back at the head", { STAYS, TO_HEAD } },
	{ "oldest comes back at the head", { STAYS, STAYS, TO_HEAD } },
	{ "oldest comes back at the head, second goes", { STAYS, GOES, TO_HEAD } },
	{ "the same, and one comes", { STAYS, GOES, TO_HEAD }, true },
	{ "second comes back at the head, newest goes", { GOES, TO_HEAD } },
	{ "all come back at the head", { TO_HEAD, TO_HEAD, TO_HEAD } },
};

KUNIT_ARRAY_PARAM_DESC(interrupt, interrupt_params, desc);

#define MIXED_ENTRIES	9u

/* Entries of init are the first, the last, and between others. */
static struct fixture *prepare_mixed(struct kunit *test, const char *name)
{
	struct fixture *f = new_module(test, name);
	unsigned int i;

	for (i = 0; i < MIXED_ENTRIES - 1; i++)
		add_symbol(f, "fn", BIT(i) & 0x9b ? SEC_INIT_TEXT : SEC_TEXT, 16 * i, FUNC);
	prepare(f);
	return f;
}

/* As do_init_module() does, at the module's place on the list. */
static void switch_tables(struct fixture *f)
{
	rcu_assign_pointer(f->mod->kallsyms, &f->mod->core_kallsyms);
	kunit_release_action(f->test, free_memory, f->mod->mem[MOD_INIT_DATA].base - GUARD);
}

/* Memory goes, too: KASAN sees who reads on. */
static void unload(struct fixture *f)
{
	kunit_release_action(f->test, unlist, f->mod);
	for_each_mod_mem_type(type) {
		/* switch_tables() has freed it, and another module may be there now. */
		if (type == MOD_INIT_DATA && table_in_force(f) == &f->mod->core_kallsyms)
			continue;
		if (f->mod->mem[type].size)
			kunit_release_action(f->test, free_memory, f->mod->mem[type].base - GUARD);
	}
	kunit_release_action(f->test, free_memory, f->mod);
}

/* What modules do to themselves; then @f's is what readers make of it. */
static void meet(struct fixture *f, enum fate fate)
{
	struct list_head *list = &f->mod->list;

	if (fate == GOES)
		unload(f);
	else if (fate == ENDS_INIT)
		switch_tables(f);
	else if (fate == UNFORMED)
		f->mod->state = MODULE_STATE_UNFORMED;
	guard(mutex)(&module_mutex);
	if (fate == DEL || fate == TO_HEAD)
		list_del(list);
	else if (fate == DEL_INIT)
		list_del_init(list);
	else if (fate == DEL_RCU)
		list_del_rcu(list);
	if (fate == TO_HEAD)
		list_add_rcu(list, &modules);
}

/* After @cut lines; the last one has been shown if @next. */
static void interrupt_reader(struct kunit *test, struct line *line, unsigned int cut, bool next)
{
	static const char * const names[] = { "kunit_newest", "kunit_own", "kunit_oldest" };
	const struct interrupt_param *param = test->param_value;
	struct fixture *f[NUM_MODULES], *another = NULL;
	unsigned long values[NUM_MODULES * MIXED_ENTRIES];
	bool must[NUM_MODULES * MIXED_ENTRIES], may[NUM_MODULES * MIXED_ENTRIES];
	unsigned int i, m, lines = 0;

	for (m = NUM_MODULES; m--;)
		f[m] = prepare_mixed(test, names[m]);
	/* Loads that run at one time need not finish in the order of the list. */
	for (m = 0; m < NUM_MODULES; m++)
		populate(f[m]);
	for (i = 0; i < ARRAY_SIZE(must); i++) {
		const struct fixture *own = f[i / MIXED_ENTRIES];
		const enum fate fate = param->fate[i / MIXED_ENTRIES];
		const Elf_Sym *sym = &own->loaded[i % MIXED_ENTRIES];

		values[i] = sym->st_value;
		must[i] = fate == STAYS || (fate == ENDS_INIT && (sym == own->loaded ||
							sym->st_shndx == SEC_TEXT));
		may[i] = must[i] || fate >= DEL;
	}
	memset(line, 0, sizeof(*line));
	for (i = 0; i < cut; i++)
		KUNIT_ASSERT_EQ(test, 0, get_line(line, i));

	for (m = NUM_MODULES; m--;)
		meet(f[m], param->fate[m]);
	if (param->another) {
		another = prepare_mixed(test, names[OWN]);
		populate(another);
	}
	/* It may be where another one was. */
	if (another && param->fate[(cut - 1) / MIXED_ENTRIES] == GOES)
		line->pos.table = table_in_force(another);

	for (i = next ? cut : cut - 1; !get_line(line, next); next = true) {
		/* Nor does it end in a loop. */
		KUNIT_ASSERT_LT(test, lines++, 1000000);
		if (!strstarts(line->module_name, "kunit_") ||
		    (another && line->pos.load == another->info.load))
			continue;
		while (i < ARRAY_SIZE(must) && !must[i] &&
		       (!may[i] || values[i] != line->value ||
			strcmp(line->module_name, names[i / MIXED_ENTRIES])))
			i++;
		KUNIT_ASSERT_LT(test, i, ARRAY_SIZE(must));
		KUNIT_EXPECT_STREQ(test, line->module_name, names[i / MIXED_ENTRIES]);
		KUNIT_EXPECT_EQ(test, line->value, values[i++]);
	}
	while (i < ARRAY_SIZE(must))
		KUNIT_EXPECT_FALSE(test, must[i++]);

	for (m = 0; m < NUM_MODULES; m++) {
		if (param->fate[m] >= DEL && param->fate[m] < TO_HEAD)
			list_add_rcu(&f[m]->mod->list, &modules);
		if (param->fate[m] != GOES)
			unload(f[m]);
	}
	if (another)
		unload(another);
}

static void test_interrupted_reader(struct kunit *test)
{
	struct line *line = allocate(test, sizeof(*line));
	unsigned int cut;

	for (cut = 1; cut <= NUM_MODULES * MIXED_ENTRIES; cut++) {
		interrupt_reader(test, line, cut, false);
		interrupt_reader(test, line, cut, true);
	}
}

/* Digits are modules: they are loaded, and the second time come back at the head of the list. */
static const struct order_param {
	const char *desc;
	bool pairs;
} order_params[] = { { "1232" }, { "12324" }, { "1234215" }, { "12345", true } };

KUNIT_ARRAY_PARAM_DESC(order, order_params, desc);

#define MOST_MODULES	5

/*
 * Module @goes goes after @cut lines, or two of them: of the others each line is read once.
 * 0: none goes, and the lines are in the order of the list.
 */
static void read_unordered_list(struct kunit *test, struct line *line, unsigned int cut,
				unsigned int goes)
{
	const struct order_param *param = test->param_value;
	struct fixture *f[MOST_MODULES + 1] = {}, *last = NULL;
	unsigned int lines[MOST_MODULES + 1] = {}, read = 0, m;
	char name[] = "kunit_0";
	const char *digit;

	for (digit = param->desc; *digit; digit++) {
		m = *digit - '0';
		name[sizeof(name) - 2] = *digit;
		if (f[m]) {
			meet(f[m], TO_HEAD);
			continue;
		}
		f[m] = prepare_mixed(test, name);
		populate(f[m]);
	}
	memset(line, 0, sizeof(*line));
	while (!get_line(line, read)) {
		for (m = 1; m <= MOST_MODULES; m++) {
			if (!f[m] || line->pos.load != f[m]->info.load)
				continue;
			lines[m]++;
			if (last && last != f[m] && !goes)
				KUNIT_EXPECT_PTR_EQ(test, f[m]->mod->list.prev, &last->mod->list);
			last = f[m];
		}
		if (++read == cut)
			for (m = goes; m && m + 1 + param->pairs > goes; m--)
				if (f[m]) {
					unload(f[m]);
					f[m] = NULL;
				}
		KUNIT_ASSERT_LT(test, read, 1000000);
	}
	for (m = 1; m <= MOST_MODULES; m++) {
		if (!f[m])
			continue;
		KUNIT_EXPECT_EQ_MSG(test, lines[m], MIXED_ENTRIES, "%u: %u goes after %u",
				    m, goes, cut);
		unload(f[m]);
	}
}

static void test_reader_of_unordered_list(struct kunit *test)
{
	struct line *line = allocate(test, sizeof(*line));
	unsigned int cut, goes;

	for (cut = 1; cut <= MOST_MODULES * MIXED_ENTRIES; cut += 4)
		for (goes = 0; goes <= MOST_MODULES; goes++)
			read_unordered_list(test, line, cut, goes);
}

/* A module that is still being set up. */
static void test_unformed_module_is_skipped(struct kunit *test)
{
	struct fixture *f = load_typical(test, "kunit_unformed");
	const unsigned long addr = section_addr(f, SEC_TEXT) + 0x10;
	struct line *line = allocate(test, sizeof(*line));
	char *modname = NULL;

	f->mod->state = MODULE_STATE_UNFORMED;
	KUNIT_EXPECT_EQ(test, 0, module_address_lookup(addr, NULL, NULL, &modname, NULL, f->name));
	KUNIT_EXPECT_NULL(test, modname);
	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_lookup_name("init_second"));
	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_lookup_name("kunit_unformed:init_second"));
	expect_each(test, "kunit_unformed", 0, "");
	if (!get_line(line, false))
		KUNIT_EXPECT_STRNEQ(test, line->module_name, "kunit_unformed");
}

static int count(void *data, const char *name, unsigned long value)
{
	++*(unsigned int *)data;
	return 0;
}

/* A module may clear its table. */
static void test_cleared_table(struct kunit *test)
{
	struct fixture *f = load_typical(test, "kunit_cleared");
	struct line *line = allocate(test, sizeof(*line));
	unsigned int pass, i;

	for (pass = 0; pass < 2; pass++) {
		struct mod_kallsyms *table = (struct mod_kallsyms *)table_in_force(f);
		const unsigned long addr = section_addr(f, SEC_TEXT) + 0x10;
		const struct mod_kallsyms saved = *table;
		unsigned int walked = 0;
		char *modname = NULL;

		memset(table, 0, sizeof(*table));
		KUNIT_EXPECT_EQ(test, 0, module_address_lookup(addr, NULL, NULL, &modname, NULL,
							       f->name));
		KUNIT_EXPECT_PTR_EQ(test, modname, (char *)f->mod->name);
		for (i = 0; i < saved.num_symtab; i++)
			KUNIT_EXPECT_EQ(test, 0, find_kallsyms_symbol_value(f->mod,
									    name_in(&saved, i)));
		KUNIT_EXPECT_EQ(test, 0, module_kallsyms_lookup_name("kunit_nowhere"));
		module_kallsyms_on_each_symbol(f->mod->name, count, &walked);
		KUNIT_EXPECT_EQ(test, 0, walked);
		memset(line, 0, sizeof(*line));
		while (!get_line(line, true))
			KUNIT_ASSERT_STRNEQ(test, line->module_name, f->mod->name);
		*table = saved;
		expect_same(f);
		if (!pass)
			end_init(f);
	}
}

/* A module may write any number into its num_symtab. */
static const struct size_param {
	const char *desc;
	unsigned int size;
} size_params[] = {
	{ "0", 0 }, { "1", 1 }, { "2", 2 }, { "12", 12 },
	{ "one less than all", ARRAY_SIZE(typical) }, { "all", ARRAY_SIZE(typical) + 1 },
	{ "one more", ARRAY_SIZE(typical) + 2 }, { "UINT_MAX", UINT_MAX },
};

KUNIT_ARRAY_PARAM_DESC(size, size_params, desc);

static void expect_size(struct fixture *f, unsigned int size)
{
	struct mod_kallsyms *table = (struct mod_kallsyms *)table_in_force(f);
	const unsigned int entries = table->num_symtab;
	struct line *line = allocate(f->test, sizeof(*line));
	unsigned int i, lines = 0, defined = 0, walked = 0;

	table->num_symtab = size;
	while (!get_line(line, true))
		lines += !strcmp(line->module_name, f->mod->name);
	KUNIT_EXPECT_EQ(f->test, lines, min(size, entries));
	module_kallsyms_on_each_symbol(f->mod->name, count, &walked);

	/* The walk believes num_symtab. */
	table->num_symtab = min(size, entries);
	for (i = 0; i < table->num_symtab; i++)
		defined += table->symtab[i].st_shndx != SHN_UNDEF;
	KUNIT_EXPECT_EQ(f->test, walked, defined);
	for (i = 0; i < entries; i++) {
		expect_same_address(f, kallsyms_symbol_value(&table->symtab[i]));
		expect_same_address(f, kallsyms_symbol_value(&table->symtab[i]) + 1);
		expect_same_name(f, name_in(table, i));
	}
	expect_same(f);

	/* A larger number makes no more of them. */
	for (i = 0; i < entries && size > entries; i++) {
		const unsigned long addr = kallsyms_symbol_value(&table->symtab[i]);
		unsigned long value[2], sizes[2] = {}, offsets[2] = {};
		char name[16];

		value[0] = find_kallsyms_symbol_value(f->mod, name_in(table, i));
		strscpy(name, name_of_address(f, addr, &sizes[0], &offsets[0]));
		table->num_symtab = size;
		value[1] = find_kallsyms_symbol_value(f->mod, name_in(table, i));
		KUNIT_EXPECT_STREQ(f->test, name,
				   name_of_address(f, addr, &sizes[1], &offsets[1]));
		table->num_symtab = entries;
		KUNIT_EXPECT_EQ(f->test, value[0], value[1]);
		KUNIT_EXPECT_EQ(f->test, sizes[0], sizes[1]);
		KUNIT_EXPECT_EQ(f->test, offsets[0], offsets[1]);
	}
	table->num_symtab = entries;
}

static void test_own_num_symtab(struct kunit *test)
{
	const struct size_param *param = test->param_value;
	struct fixture *f = load_typical(test, "kunit_size");

	expect_size(f, param->size);
	end_init(f);
	expect_size(f, param->size);
	expect_same(f);
}

static void export(struct kernel_symbol *ks, const char *name, unsigned long value)
{
#ifdef CONFIG_HAVE_ARCH_PREL32_RELOCATIONS
	ks->value_offset = value - (unsigned long)&ks->value_offset;
	ks->name_offset = (unsigned long)name - (unsigned long)&ks->name_offset;
#else
	ks->value = value;
	ks->name = name;
#endif
}

/* Exports are in .text, for relative references do not reach everywhere. */
static void test_exported(struct kunit *test)
{
	static const struct {
		const char *name;
		unsigned int entry;
	} names[] = { { "alias", 7 }, { "same", 13 }, { "third", 11 } };
	struct fixture *f = load_typical(test, "kunit_exports");
	struct line *line = allocate(test, sizeof(*line));
	struct {
		struct kernel_symbol syms[3];
		char names[3][16];
	} *exports = (void *)section_addr(f, SEC_TEXT);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		strscpy(exports->names[i], names[i].name);
		export(&exports->syms[i], exports->names[i], f->loaded[names[i].entry].st_value);
	}
	f->mod->syms = exports->syms;
	f->mod->num_syms = ARRAY_SIZE(names);

	for (i = 0; i < f->num_syms; i++) {
		KUNIT_ASSERT_EQ(test, 0, get_line(line, i));
		KUNIT_EXPECT_EQ(test, line->exported, i == 7 || i == 13 || i == 11);
	}
}

/* Build ID */

#define BUILD_ID	"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a" \
			"\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"

struct note {
	u32 hdr[3];		/* sizes of name and contents, type */
	char name[4];
	char desc[20];
};

#define NT_BUILD_ID	3
#define NOTE(size, type, ...)	{ { sizeof("GNU"), size, type }, __VA_ARGS__ }
#define GOOD_NOTE		NOTE(20, NT_BUILD_ID, "GNU", BUILD_ID)
#define WHOLE			sizeof(struct note)

static const struct build_id_param {
	const char *desc;
	unsigned int bytes;		/* 0: none is found */
	unsigned int first_size, second_size;
	struct note first, second;
	unsigned long less_flags;
} build_id_params[] = {
	{ "found", 20, WHOLE, 0, GOOD_NOTE },
	{ "absent", 0, 0, 0 },
	{ "in the second section", 20, WHOLE, WHOLE, NOTE(20, 1, "GNU"), GOOD_NOTE },
	{ "the first of two", 20, WHOLE, WHOLE, GOOD_NOTE, NOTE(4, NT_BUILD_ID, "GNU", "last") },
	{ "empty section first", 20, 0, WHOLE, {}, GOOD_NOTE },
	{ "of eight bytes", 8, WHOLE, 0, NOTE(8, NT_BUILD_ID, "GNU", BUILD_ID) },
	{ "not allocated", 0, WHOLE, WHOLE, GOOD_NOTE, GOOD_NOTE, SHF_ALLOC },
	{ "other name", 0, WHOLE, 0, NOTE(20, NT_BUILD_ID, "XNU", BUILD_ID) },
};

KUNIT_ARRAY_PARAM_DESC(build_id, build_id_params, desc);

/* In memory of exactly its size, for KASAN to watch. */
static void set_note(struct fixture *f, unsigned int shndx, const struct note *note,
		     unsigned int size)
{
	Elf_Shdr *sec = &f->image->sechdrs[shndx];
	void *p = kunit_kmalloc(f->test, size ?: 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(f->test, p);
	memcpy(p, note, size);
	sec->sh_addr = (unsigned long)p;
	sec->sh_size = size;
}

static void test_build_id(struct kunit *test)
{
	static const struct note elsewhere = NOTE(4, NT_BUILD_ID, "GNU", "data");
	const struct build_id_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_build_id");
	u8 expected[BUILD_ID_SIZE_MAX] = { };

	if (!IS_ENABLED(CONFIG_STACKTRACE_BUILD_ID))
		kunit_skip(test, "needs CONFIG_STACKTRACE_BUILD_ID");
	load(f);
	/* That other sections look like one means nothing. */
	set_note(f, SEC_RODATA, &elsewhere, sizeof(elsewhere));
	set_note(f, SEC_NOTE, &param->first, param->first_size);
	set_note(f, SEC_NOTE2, &param->second, param->second_size);
	f->image->sechdrs[SEC_NOTE].sh_flags &= ~param->less_flags;
	f->image->sechdrs[SEC_NOTE2].sh_flags &= ~param->less_flags;
	memcpy(expected, BUILD_ID, param->bytes);

	init_build_id(f->mod, &f->info);
	KUNIT_EXPECT_MEMEQ(test, module_buildid(f->mod), expected, sizeof(expected));
}

static void test_function_descriptor(struct kunit *test)
{
	struct module *mod = load_typical(test, "kunit_descriptor")->mod;

	if (IS_ENABLED(CONFIG_HAVE_FUNCTION_DESCRIPTORS))
		kunit_skip(test, "this architecture has function descriptors");
	KUNIT_EXPECT_PTR_EQ(test, dereference_module_function_descriptor(mod, test), (void *)test);
}

static struct kunit_case module_kallsyms_cases[] = {
	KUNIT_CASE_PARAM(test_type_letter, symbol_gen_params),
	KUNIT_CASE_PARAM(test_core_rule, symbol_gen_params),
	KUNIT_CASE_PARAM(test_full_table_is_elf_table, table_gen_params),
	KUNIT_CASE_PARAM(test_core_table_keeps_the_order, table_gen_params),
	KUNIT_CASE_PARAM(test_core_strings, table_gen_params),
	KUNIT_CASE_PARAM(test_lookups_in_table, table_gen_params),
	KUNIT_CASE(test_region_of_4_gib),
	KUNIT_CASE(test_malformed_contents),
	KUNIT_CASE(test_malformed_sizes),
	KUNIT_CASE(test_malformed_alignments),
	KUNIT_CASE(test_malformed_name_length),
	KUNIT_CASE(test_overlapping_tables),
	KUNIT_CASE_PARAM(test_relocated_table, relocate_gen_params),
	KUNIT_CASE(test_livepatch_symbol_is_resolved),
	KUNIT_CASE(test_undefined_has_no_address),
	KUNIT_CASE_PARAM(test_address, address_gen_params),
	KUNIT_CASE(test_adjacent_regions),
	KUNIT_CASE(test_grown_text),
	KUNIT_CASE(test_long_name_is_cut),
	KUNIT_CASE(test_names_of_all_lengths),
	KUNIT_CASE(test_names_of_one_hash),
	KUNIT_CASE_PARAM(test_lookup_name, lookup_gen_params),
	KUNIT_CASE(test_late_colon_is_of_the_name),
	KUNIT_CASE_PARAM(test_random_tables, random_gen_params),
	KUNIT_CASE(test_each_symbol),
	KUNIT_CASE(test_each_symbol_of_which_module),
	KUNIT_CASE_PARAM(test_each_match, match_gen_params),
	KUNIT_CASE(test_get_kallsym),
	KUNIT_CASE_PARAM(test_interrupted_reader, interrupt_gen_params),
	KUNIT_CASE_PARAM(test_reader_of_unordered_list, order_gen_params),
	KUNIT_CASE(test_unformed_module_is_skipped),
	KUNIT_CASE(test_cleared_table),
	KUNIT_CASE_PARAM(test_own_num_symtab, size_gen_params),
	KUNIT_CASE(test_exported),
	KUNIT_CASE_PARAM(test_build_id, build_id_gen_params),
	KUNIT_CASE(test_function_descriptor),
	{}
};

/*
 * Not reached, of kallsyms.c, on UML; whoever measures coverage can compare.  All
 * else is run, and all branches go both ways, with KALLSYMS_ALL=y or =n.
 *
 *	if (!build)			no memory: test-allocations.sh makes it fail
 *	if (err)			the same
 *	sh_flags & ARCH_SHF_SMALL	0 but on alpha
 *	is_livepatch_module(mod)	UML has no livepatch
 */
static struct kunit_suite module_kallsyms_suite = {
	.name = "module_kallsyms",
	.test_cases = module_kallsyms_cases,
};

kunit_test_suite(module_kallsyms_suite);

MODULE_DESCRIPTION("KUnit test for the symbol tables of modules");
MODULE_LICENSE("GPL");
