// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KUnit test for the symbol tables of modules (kernel/module/kallsyms.c)
 *
 * Each case writes the symbols of a module into an ELF file made in memory,
 * takes it through the steps of the loader that matter here (layout_symtab(),
 * the move to the module's regions, add_kallsyms()), and asks. A case that
 * needs the kernel to know the module puts it on the list of modules.
 */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/elf.h>
#include <linux/kallsyms.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/module_symbol.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../../kernel/module/internal.h"

enum {
	SEC_NULL,
	SEC_TEXT,
	SEC_DATA,
	SEC_RODATA,
	SEC_BSS,
	SEC_RO_AFTER_INIT,
	SEC_PERCPU,
	SEC_INIT_TEXT,
	SEC_INIT_DATA,
	SEC_INIT_RODATA,
	SEC_EMPTY,
	SEC_DEBUG,
	SEC_COMMENT,
	SEC_WILD,
	SEC_NOTE,
	SEC_NOTE2,
	SEC_THIS_MODULE,
	SEC_SYMTAB,
	SEC_STRTAB,
	SEC_SHSTRTAB,
	NUM_SECS
};

#define SEC_SIZE	0x400u		/* of every section that has symbols */
#define PERCPU_BASE	0x40u		/* where the per-CPU area begins */
#define MAX_SYMS	256
#define MAX_STRINGS	8192
#define GUARD		64		/* bytes around each region */
#define GUARD_BYTE	0xa5
#define REGION_FILL	0x5a

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
	[SEC_NULL] = { "", SHT_NULL, 0, MOD_INVALID },
	[SEC_TEXT] = { ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, MOD_TEXT, SEC_SIZE },
	[SEC_DATA] = { ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, MOD_DATA, SEC_SIZE },
	[SEC_RODATA] = { ".rodata", SHT_PROGBITS, SHF_ALLOC, MOD_RODATA, SEC_SIZE },
	[SEC_BSS] = { ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, MOD_DATA, SEC_SIZE },
	[SEC_RO_AFTER_INIT] = { ".data..ro_after_init", SHT_PROGBITS,
		SHF_ALLOC | SHF_WRITE | SHF_RO_AFTER_INIT, MOD_RO_AFTER_INIT, SEC_SIZE },
	/* The loader has taken SHF_ALLOC away. */
	[SEC_PERCPU] = { ".data..percpu", SHT_PROGBITS, SHF_WRITE, MOD_INVALID, SEC_SIZE },
	[SEC_INIT_TEXT] = { ".init.text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
		MOD_INIT_TEXT, SEC_SIZE },
	[SEC_INIT_DATA] = { ".init.data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE,
		MOD_INIT_DATA, SEC_SIZE },
	[SEC_INIT_RODATA] = { ".init.rodata", SHT_PROGBITS, SHF_ALLOC, MOD_INIT_RODATA, SEC_SIZE },
	[SEC_EMPTY] = { ".text.empty", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, MOD_TEXT, 0 },
	[SEC_DEBUG] = { ".debug_info", SHT_PROGBITS, 0, MOD_INVALID, SEC_SIZE },
	[SEC_COMMENT] = { ".comment", SHT_PROGBITS, 0, MOD_INVALID, SEC_SIZE },
	/* Its sh_name, which the loader does not check, is out of bounds. */
	[SEC_WILD] = { "", SHT_NULL, 0, MOD_INVALID },
	[SEC_NOTE] = { ".note.first", SHT_NOTE, SHF_ALLOC, MOD_INVALID },
	[SEC_NOTE2] = { ".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, MOD_INVALID },
	[SEC_THIS_MODULE] = { ".gnu.linkonce.this_module", SHT_PROGBITS, 0, MOD_INVALID },
	[SEC_SYMTAB] = { ".symtab", SHT_SYMTAB, 0, MOD_INVALID },
	[SEC_STRTAB] = { ".strtab", SHT_STRTAB, 0, MOD_INVALID },
	[SEC_SHSTRTAB] = { ".shstrtab", SHT_STRTAB, 0, MOD_INVALID },
};

#define KEEP	(~0UL)			/* leave a size as the symbols make it */

/* The file, as far as anybody here looks into it. */
struct image {
	Elf_Ehdr ehdr;
	Elf_Shdr sechdrs[NUM_SECS];
	struct module mod;
	char shstrtab[512];
	char tables[];			/* .symtab, .strtab, then a guard */
};

struct fixture {
	struct kunit *test;
	struct load_info info;
	struct image *image;
	Elf_Sym *symtab;			/* in the image */
	char *strtab;
	unsigned int max_syms, max_strings;
	size_t len;				/* of the image */
	Elf_Shdr *symsec, *strsec;
	unsigned int num_syms;
	unsigned int strings;			/* bytes of strtab in use */
	unsigned long symtab_size, strtab_size;	/* unless they are KEEP */
	Elf_Sym *before;			/* symtab before layout */
	unsigned int sections_end[MOD_MEM_NUM_TYPES];
	struct module *mod;			/* in its final place */
	bool listed;
};

/* Making the file */

KUNIT_DEFINE_ACTION_WRAPPER(free_memory, kvfree, const void *);

static void *allocate(struct kunit *test, size_t size)
{
	void *p = kvzalloc(size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_memory, p));
	return p;
}

static struct fixture *new_large_module(struct kunit *test, const char *name,
					unsigned int max_syms,
					unsigned int max_strings)
{
	const size_t symtab_size = max_syms * sizeof(Elf_Sym);
	struct fixture *f = allocate(test, sizeof(*f));
	unsigned int i, names = 1;
	struct image *image;

	f->len = ALIGN(sizeof(*image), __alignof__(Elf_Sym)) + symtab_size +
		 max_strings + GUARD;
	image = allocate(test, f->len);
	f->symtab = PTR_ALIGN((void *)image->tables, __alignof__(Elf_Sym));
	f->strtab = (char *)f->symtab + symtab_size;
	f->max_syms = max_syms;
	f->max_strings = max_strings;
	f->before = allocate(test, symtab_size);
	f->test = test;
	f->image = image;
	f->num_syms = 1;
	f->strings = 1;
	f->symtab_size = KEEP;
	f->strtab_size = KEEP;
	f->symsec = &image->sechdrs[SEC_SYMTAB];
	f->strsec = &image->sechdrs[SEC_STRTAB];
	f->info.hdr = &image->ehdr;
	f->info.len = f->len;
	f->info.sechdrs = image->sechdrs;
	f->info.secstrings = image->shstrtab;
	f->info.strtab = f->strtab;
	f->info.mod = &image->mod;
	f->info.name = image->mod.name;
	f->info.index.sym = SEC_SYMTAB;
	f->info.index.str = SEC_STRTAB;
	f->info.index.mod = SEC_THIS_MODULE;
	f->info.index.pcpu = SEC_PERCPU;
	image->ehdr.e_shnum = NUM_SECS;
	image->ehdr.e_shstrndx = SEC_SHSTRTAB;
	image->ehdr.e_shoff = offsetof(struct image, sechdrs);
	image->mod.state = MODULE_STATE_UNFORMED;
	strscpy(image->mod.name, name);
	memset(f->strtab + max_strings, 'x', GUARD);

	for (i = 0; i < NUM_SECS; i++) {
		Elf_Shdr *sec = &image->sechdrs[i];
		size_t size = strlen(sections[i].name) + 1;
		unsigned long region = sections[i].region;

		KUNIT_ASSERT_LE(test, names + size, sizeof(image->shstrtab));
		memcpy(image->shstrtab + names, sections[i].name, size);
		sec->sh_name = i == SEC_WILD ? 0x7fffffff : names;
		names += size;
		sec->sh_type = sections[i].type;
		sec->sh_flags = sections[i].flags;
		sec->sh_size = sections[i].size;
		sec->sh_addralign = 1;
		sec->sh_entsize = ~0UL;
		sec->sh_offset = f->len;
		if (sections[i].region == MOD_INVALID)
			continue;
		sec->sh_entsize = image->mod.mem[region].size |
				  region << SH_ENTSIZE_TYPE_SHIFT;
		image->mod.mem[region].size += sec->sh_size;
	}
	image->sechdrs[SEC_THIS_MODULE].sh_offset = offsetof(struct image, mod);
	image->sechdrs[SEC_THIS_MODULE].sh_size = sizeof(image->mod);
	image->sechdrs[SEC_SHSTRTAB].sh_offset = offsetof(struct image, shstrtab);
	image->sechdrs[SEC_SHSTRTAB].sh_size = names;
	f->strsec->sh_offset = (void *)f->strtab - (void *)image;
	f->symsec->sh_offset = (void *)f->symtab - (void *)image;
	f->symsec->sh_addralign = __alignof__(Elf_Sym);
	return f;
}

static struct fixture *new_module(struct kunit *test, const char *name)
{
	return new_large_module(test, name, MAX_SYMS, MAX_STRINGS);
}

static unsigned int add_string(struct fixture *f, const char *string)
{
	unsigned int start = f->strings;
	size_t size = strlen(string) + 1;

	KUNIT_ASSERT_LE(f->test, start + size, f->max_strings);
	memcpy(f->strtab + start, string, size);
	f->strings += size;
	return start;
}

/* @value is relative to the section, as it is in a file. */
static unsigned int add_symbol(struct fixture *f, const char *name,
			       unsigned int shndx, unsigned long value,
			       unsigned int info)
{
	Elf_Sym *sym = &f->symtab[f->num_syms];

	KUNIT_ASSERT_LT(f->test, f->num_syms, f->max_syms);
	sym->st_name = *name ? add_string(f, name) : 0;
	sym->st_shndx = shndx;
	sym->st_value = value;
	sym->st_size = value / 2 + f->num_syms;
	sym->st_info = info;
	return f->num_syms++;
}

/* Loading it */

static void layout(struct fixture *f)
{
	struct image *image = f->image;
	unsigned int i;

	f->symsec->sh_size = f->symtab_size != KEEP ? f->symtab_size :
			     f->num_syms * sizeof(Elf_Sym);
	f->strsec->sh_size = f->strtab_size != KEEP ? f->strtab_size : f->strings;
	for (i = 1; i < NUM_SECS; i++)
		image->sechdrs[i].sh_addr = (unsigned long)image +
					    image->sechdrs[i].sh_offset;
	f->info.strtab = (char *)image + f->strsec->sh_offset;
	memcpy(f->before, f->symtab, f->max_syms * sizeof(Elf_Sym));
	for_each_mod_mem_type(type)
		f->sections_end[type] = image->mod.mem[type].size;

	layout_symtab(&image->mod, &f->info);
}

static void allocate_regions(struct fixture *f)
{
	for_each_mod_mem_type(type) {
		struct module_memory *mem = &f->image->mod.mem[type];
		char *p;

		if (!mem->size)
			continue;
		p = allocate(f->test, mem->size + 2 * GUARD);
		memset(p, GUARD_BYTE, mem->size + 2 * GUARD);
		mem->base = p + GUARD;
		memset(mem->base, 0, mem->size);
		memset(mem->base, REGION_FILL, f->sections_end[type]);
	}
}

static void move(struct fixture *f)
{
	unsigned int i;

	allocate_regions(f);
	for (i = 1; i < NUM_SECS; i++) {
		Elf_Shdr *sec = &f->image->sechdrs[i];
		unsigned long region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
		void *to;

		if (region >= MOD_MEM_NUM_TYPES)
			continue;
		to = f->image->mod.mem[region].base +
		     (sec->sh_entsize & SH_ENTSIZE_OFFSET_MASK);
		if (i == f->info.index.sym || i == f->info.index.str)
			memcpy(to, (void *)sec->sh_addr, sec->sh_size);
		sec->sh_addr = (unsigned long)to;
	}
	f->mod = kunit_kmalloc(f->test, sizeof(*f->mod), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(f->test, f->mod);
	*f->mod = f->image->mod;
#ifdef CONFIG_MODULE_UNLOAD
	INIT_LIST_HEAD(&f->mod->source_list);
	INIT_LIST_HEAD(&f->mod->target_list);
#endif
}

static unsigned long section_addr(struct fixture *f, unsigned int shndx)
{
	return shndx == SEC_PERCPU ? PERCPU_BASE : f->image->sechdrs[shndx].sh_addr;
}

/* What simplify_symbols() does; false if it refuses the module. */
static bool resolve(struct fixture *f)
{
	Elf_Sym *sym = (void *)f->symsec->sh_addr;
	unsigned int i;

	for (i = 1; i < f->symsec->sh_size / sizeof(*sym); i++) {
		unsigned int shndx = sym[i].st_shndx;

		/* It reads every name. */
		KUNIT_EXPECT_LT(f->test, sym[i].st_name, f->strsec->sh_size);
		if (shndx == SHN_UNDEF || shndx == SHN_ABS || shndx == SHN_LIVEPATCH)
			continue;
		if (shndx >= NUM_SECS)
			return false;
		sym[i].st_value += section_addr(f, shndx);
	}
	return true;
}

static void expect_guards(struct fixture *f)
{
	for_each_mod_mem_type(type) {
		struct module_memory *mem = &f->mod->mem[type];

		if (!mem->size)
			continue;
		KUNIT_EXPECT_NULL(f->test, memchr_inv(mem->base - GUARD, GUARD_BYTE, GUARD));
		KUNIT_EXPECT_NULL(f->test, memchr_inv(mem->base + mem->size, GUARD_BYTE, GUARD));
		/* Nor may the tables spread over the sections. */
		KUNIT_EXPECT_NULL(f->test, memchr_inv(mem->base, REGION_FILL,
						      f->sections_end[type]));
	}
}

static bool try_load(struct fixture *f)
{
	layout(f);
	move(f);
	if (!resolve(f))
		return false;
	add_kallsyms(f->mod, &f->info);
	expect_guards(f);
	f->mod->state = MODULE_STATE_COMING;
	return true;
}

static void load(struct fixture *f)
{
	KUNIT_ASSERT_TRUE(f->test, try_load(f));
}

/* After a change to the full table's entries: what is reserved has to be zero. */
static void add_kallsyms_again(struct fixture *f)
{
	struct module_memory *data = &f->mod->mem[MOD_DATA];
	struct module_memory *init = &f->mod->mem[MOD_INIT_DATA];
	void *tables = init->base + f->info.mod_kallsyms_init_off;

	memset(data->base + f->info.symoffs, 0, data->size - f->info.symoffs);
	memset(tables, 0, init->base + init->size - tables);
	add_kallsyms(f->mod, &f->info);
	expect_guards(f);
}

/*
 * What do_init_module() does after init. The kernel keeps regions in a tree
 * (CONFIG_MODULES_TREE_LOOKUP): it must not know a module whose regions change.
 */
static void end_init(struct fixture *f)
{
	if (f->listed)
		module_kallsyms_kunit_del(f->mod);
	rcu_assign_pointer(f->mod->kallsyms, &f->mod->core_kallsyms);
	for_class_mod_mem_type(type, init) {
		f->mod->mem[type].base = NULL;
		f->mod->mem[type].size = 0;
	}
	f->mod->state = MODULE_STATE_LIVE;
	if (f->listed)
		module_kallsyms_kunit_add(f->mod);
}

static void unlist(void *data)
{
	module_kallsyms_kunit_del(data);
}

/* Let the kernel see it; the module that comes last is the first on the list. */
static void list_module(struct fixture *f)
{
	module_kallsyms_kunit_add(f->mod);
	f->listed = true;
	KUNIT_ASSERT_EQ(f->test, 0,
			kunit_add_action_or_reset(f->test, unlist, f->mod));
}

static struct mod_kallsyms *full_table(struct fixture *f)
{
	return f->mod->mem[MOD_INIT_DATA].base + f->info.mod_kallsyms_init_off;
}

/*
 * To fail an expectation takes memory, and with it preemption. The name stays
 * where it is, for the module is ours.
 */
static const char *name_of_address(struct fixture *f, unsigned long addr,
				   unsigned long *size, unsigned long *offset)
{
	const char *name;

	preempt_disable();
	name = module_find_symbol(f->mod, addr, size, offset);
	preempt_enable();
	return name;
}

static const char *name_in(const struct mod_kallsyms *table, unsigned int i)
{
	return table->strtab + table->symtab[i].st_name;
}

/* The names of a table's entries, each followed by a space. */
static const char *names_of(struct fixture *f, const struct mod_kallsyms *table)
{
	char *names = kunit_kzalloc(f->test, MAX_STRINGS, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(f->test, names);
	for (i = 0; i < table->num_symtab; i++) {
		strlcat(names, name_in(table, i), MAX_STRINGS);
		strlcat(names, " ", MAX_STRINGS);
	}
	return names;
}

/* A bit of everything. */
static void add_typical_symbols(struct fixture *f)
{
	add_symbol(f, "file.c", SHN_ABS, 0, INFO(STB_LOCAL, STT_FILE));
	add_symbol(f, "", SEC_TEXT, 0, INFO(STB_LOCAL, STT_SECTION));
	add_symbol(f, "local_fn", SEC_TEXT, 0x10, INFO(STB_LOCAL, STT_FUNC));
	add_symbol(f, "local_data", SEC_DATA, 0x20, INFO(STB_LOCAL, STT_OBJECT));
	add_symbol(f, "init_fn", SEC_INIT_TEXT, 0x30, INFO(STB_LOCAL, STT_FUNC));
	add_symbol(f, "init_data", SEC_INIT_DATA, 0x10, INFO(STB_LOCAL, STT_OBJECT));
	add_symbol(f, "debug", SEC_DEBUG, 0, LOCAL);
	add_symbol(f, "$x", SEC_TEXT, 0x10, LOCAL);
	add_symbol(f, "global_fn", SEC_TEXT, 0x80, FUNC);
	add_symbol(f, "undefined", SHN_UNDEF, 0, INFO(STB_GLOBAL, STT_NOTYPE));
	add_symbol(f, "bss", SEC_BSS, 0x40, OBJECT);
	add_symbol(f, "percpu", SEC_PERCPU, 0x8, OBJECT);
	add_symbol(f, "rodata", SEC_RODATA, 0x0, OBJECT);
	add_symbol(f, "weak_fn", SEC_TEXT, 0x100, INFO(STB_WEAK, STT_FUNC));
}

#define TYPICAL_FULL " file.c  local_fn local_data init_fn init_data debug $x " \
		     "global_fn undefined bss percpu rodata weak_fn "
#define TYPICAL_CORE (IS_ENABLED(CONFIG_KALLSYMS_ALL) ?				\
		      " local_fn local_data $x global_fn bss percpu rodata weak_fn " : \
		      " local_fn $x global_fn weak_fn ")

/* Classify: type letters */

static const struct type_param {
	const char *desc;
	unsigned int shndx, info;
	unsigned long more_flags;
	char type;
} type_params[] = {
	{ "function", SEC_TEXT, FUNC, 0, 't' },
	{ "local function", SEC_TEXT, INFO(STB_LOCAL, STT_FUNC), 0, 't' },
	{ "init function", SEC_INIT_TEXT, FUNC, 0, 't' },
	{ "object in text", SEC_TEXT, OBJECT, 0, 't' },
	{ "writable text", SEC_TEXT, FUNC, SHF_WRITE, 't' },
	{ "data", SEC_DATA, OBJECT, 0, 'd' },
	{ "ro_after_init", SEC_RO_AFTER_INIT, OBJECT, 0, 'd' },
	{ "init data", SEC_INIT_DATA, OBJECT, 0, 'd' },
	{ "rodata", SEC_RODATA, OBJECT, 0, 'r' },
	{ "init rodata", SEC_INIT_RODATA, OBJECT, 0, 'r' },
	{ "bss", SEC_BSS, OBJECT, 0, 'b' },
	{ "weak function", SEC_TEXT, INFO(STB_WEAK, STT_FUNC), 0, 'w' },
	{ "weak object", SEC_DATA, INFO(STB_WEAK, STT_OBJECT), 0, 'v' },
	{ "weak without a type", SEC_DATA, INFO(STB_WEAK, STT_NOTYPE), 0, 'w' },
	{ "weak before undefined", SHN_UNDEF, INFO(STB_WEAK, STT_NOTYPE), 0, 'w' },
	{ "weak object before undefined", SHN_UNDEF, INFO(STB_WEAK, STT_OBJECT), 0, 'v' },
	{ "weak before absolute", SHN_ABS, INFO(STB_WEAK, STT_NOTYPE), 0, 'w' },
	{ "weak before per-CPU", SEC_PERCPU, INFO(STB_WEAK, STT_OBJECT), 0, 'v' },
	{ "undefined", SHN_UNDEF, INFO(STB_GLOBAL, STT_NOTYPE), 0, 'U' },
	{ "undefined function", SHN_UNDEF, FUNC, 0, 'U' },
	{ "absolute", SHN_ABS, LOCAL, 0, 'a' },
	{ "per-CPU", SEC_PERCPU, OBJECT, 0, 'a' },
	{ "per-CPU before executable", SEC_PERCPU, OBJECT, SHF_EXECINSTR, 'a' },
	{ "common", SHN_COMMON, OBJECT, 0, '?' },
	{ "livepatch", SHN_LIVEPATCH, FUNC, 0, '?' },
	{ "extended index", 0xffff, FUNC, 0, '?' },
	{ "first reserved index", SHN_LORESERVE, FUNC, 0, '?' },
	{ "debug section", SEC_DEBUG, LOCAL, 0, 'n' },
	{ "allocated debug section", SEC_DEBUG, LOCAL, SHF_ALLOC, 'r' },
	{ "other section", SEC_COMMENT, LOCAL, 0, '?' },
	{ "section with a wild name", SEC_WILD, LOCAL, 0, '?' },
	{ "no such section", NUM_SECS, FUNC, 0, '?' },
	{ "no such section by far", SHN_LORESERVE - 1, FUNC, 0, '?' },
#if ARCH_SHF_SMALL
	{ "small data", SEC_DATA, OBJECT, ARCH_SHF_SMALL, 'g' },
	{ "small rodata", SEC_RODATA, OBJECT, ARCH_SHF_SMALL, 'r' },
	{ "small bss", SEC_BSS, OBJECT, ARCH_SHF_SMALL, 's' },
#endif
};

KUNIT_ARRAY_PARAM_DESC(type, type_params, desc);

static void test_type_letter(struct kunit *test)
{
	const struct type_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_type");
	const Elf_Sym sym = { .st_shndx = param->shndx, .st_info = param->info };

	if (param->more_flags)
		f->image->sechdrs[param->shndx].sh_flags |= param->more_flags;
	KUNIT_EXPECT_EQ(test, module_symbol_type(&sym, &f->info), param->type);
}

static void test_type_without_percpu_section(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_type");
	const Elf_Sym undefined = { .st_info = FUNC };

	f->info.index.pcpu = 0;
	KUNIT_EXPECT_EQ(test, module_symbol_type(&undefined, &f->info), 'U');
}

/* A file has e_shnum headers, whatever it has behind them. */
static void test_section_behind_the_last(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_type");
	const Elf_Sym last = { .st_name = 1, .st_shndx = SEC_TEXT };
	const Elf_Sym behind = { .st_name = 1, .st_shndx = SEC_TEXT + 1 };

	f->image->sechdrs[SEC_TEXT + 1] = f->image->sechdrs[SEC_TEXT];
	f->image->ehdr.e_shnum = SEC_TEXT + 1;
	KUNIT_EXPECT_EQ(test, module_symbol_type(&last, &f->info), 't');
	KUNIT_EXPECT_TRUE(test, module_symbol_is_core(&last, &f->info));
	KUNIT_EXPECT_EQ(test, module_symbol_type(&behind, &f->info), '?');
	KUNIT_EXPECT_FALSE(test, module_symbol_is_core(&behind, &f->info));
}

/* Nor has a section a name that begins where the names end. */
static void test_section_name_at_the_end(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_type");
	Elf_Shdr *names = &f->image->sechdrs[SEC_SHSTRTAB];
	Elf_Shdr *sec = &f->image->sechdrs[SEC_WILD];
	const Elf_Sym sym = { .st_shndx = SEC_WILD };

	sec->sh_name = names->sh_size;
	KUNIT_ASSERT_LT(test, names->sh_size + sizeof(".debug"), sizeof(f->image->shstrtab));
	memcpy(f->image->shstrtab + names->sh_size, ".debug", sizeof(".debug"));
	KUNIT_EXPECT_EQ(test, module_symbol_type(&sym, &f->info), '?');
	names->sh_size += sizeof(".debug");
	KUNIT_EXPECT_EQ(test, module_symbol_type(&sym, &f->info), 'n');
}

/* Classify: core or not */

static const struct core_param {
	const char *desc;
	unsigned int shndx;
	unsigned long more_flags, less_flags;
	bool all, text_only;		/* core with KALLSYMS_ALL=y, =n */
} core_params[] = {
	{ "text", SEC_TEXT, 0, 0, true, true },
	{ "empty text", SEC_EMPTY, 0, 0, true, true },
	{ "data", SEC_DATA, 0, 0, true, false },
	{ "executable data", SEC_DATA, SHF_EXECINSTR, 0, true, true },
	{ "rodata", SEC_RODATA, 0, 0, true, false },
	{ "bss", SEC_BSS, 0, 0, true, false },
	{ "ro_after_init", SEC_RO_AFTER_INIT, 0, 0, true, false },
	{ "per-CPU", SEC_PERCPU, 0, 0, true, false },
	{ "executable per-CPU", SEC_PERCPU, SHF_EXECINSTR, 0, true, false },
	{ "init text", SEC_INIT_TEXT, 0, 0, false, false },
	{ "init data", SEC_INIT_DATA, 0, 0, false, false },
	{ "init rodata", SEC_INIT_RODATA, 0, 0, false, false },
	{ "text that is not allocated", SEC_TEXT, 0, SHF_ALLOC, false, false },
	{ "debug section", SEC_DEBUG, 0, 0, false, false },
	{ "allocated, not laid out", SEC_COMMENT, SHF_ALLOC | SHF_EXECINSTR, 0, false, false },
	{ "undefined", SHN_UNDEF, 0, 0, false, false },
	{ "absolute", SHN_ABS, 0, 0, false, false },
	{ "common", SHN_COMMON, 0, 0, false, false },
	{ "no such section", NUM_SECS, 0, 0, false, false },
	{ "no such section by far", SHN_LORESERVE - 1, 0, 0, false, false },
};

KUNIT_ARRAY_PARAM_DESC(core, core_params, desc);

static void test_core_rule(struct kunit *test)
{
	const struct core_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_core");
	Elf_Sym sym = { .st_name = 1, .st_shndx = param->shndx };

	if (param->more_flags || param->less_flags) {
		f->image->sechdrs[param->shndx].sh_flags |= param->more_flags;
		f->image->sechdrs[param->shndx].sh_flags &= ~param->less_flags;
	}
	KUNIT_EXPECT_EQ(test, module_symbol_is_core(&sym, &f->info),
			IS_ENABLED(CONFIG_KALLSYMS_ALL) ? param->all : param->text_only);
	sym.st_name = 0;
	KUNIT_EXPECT_FALSE(test, module_symbol_is_core(&sym, &f->info));
}

/* Lay out and populate */

static void add_nothing(struct fixture *f)
{
}

static void add_nothing_core(struct fixture *f)
{
	add_symbol(f, "init_fn", SEC_INIT_TEXT, 0, FUNC);
	add_symbol(f, "undefined", SHN_UNDEF, 0, FUNC);
}

static void add_unnamed_last(struct fixture *f)
{
	add_typical_symbols(f);
	add_symbol(f, "", SEC_TEXT, 0, INFO(STB_LOCAL, STT_SECTION));
}

/* Names that are tails of one name, as GNU ld writes them. */
static void add_shared_tails(struct fixture *f)
{
	unsigned int i, start = add_string(f, "abcdefghijklmnopqrstuvwxyz");

	for (i = 0; i < 26; i++) {
		unsigned int sym = add_symbol(f, "", SEC_TEXT, i, FUNC);

		f->symtab[sym].st_name = start + (i * 7) % 26;
	}
}

static void add_one_long_name_often(struct fixture *f)
{
	unsigned int i, start = f->strings;

	memset(f->strtab + start, 'n', 4000);
	f->strings += 4001;
	for (i = 0; i < MAX_SYMS - 2; i++) {
		unsigned int sym = add_symbol(f, "", SEC_TEXT, i, FUNC);

		f->symtab[sym].st_name = start + i % 3;
	}
}

static const struct table_param {
	const char *desc;
	void (*add)(struct fixture *f);
	bool livepatch;
} table_params[] = {
	{ "typical", add_typical_symbols },
	{ "entry 0 alone", add_nothing },
	{ "nothing core", add_nothing_core },
	{ "unnamed last", add_unnamed_last },
	{ "shared tails", add_shared_tails },
	{ "one long name often", add_one_long_name_often },
#ifdef CONFIG_LIVEPATCH
	{ "livepatch, typical", add_typical_symbols, true },
	{ "livepatch, entry 0 alone", add_nothing, true },
	{ "livepatch, nothing core", add_nothing_core, true },
	{ "livepatch, unnamed last", add_unnamed_last, true },
	{ "livepatch, shared tails", add_shared_tails, true },
	{ "livepatch, one long name often", add_one_long_name_often, true },
#endif
};

KUNIT_ARRAY_PARAM_DESC(table, table_params, desc);

static struct fixture *load_table(struct kunit *test)
{
	const struct table_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_table");

#ifdef CONFIG_LIVEPATCH
	f->image->mod.klp = param->livepatch;
#endif
	param->add(f);
	load(f);
	return f;
}

static bool expected_core(struct fixture *f, unsigned int i)
{
	return !i || is_livepatch_module(f->mod) ||
	       module_symbol_is_core(&f->before[i], &f->info);
}

static bool can_be_found_by_address(const struct fixture *f,
				    const struct mod_kallsyms *table, unsigned int i)
{
	unsigned long value = kallsyms_symbol_value(&table->symtab[i]);
	const char *name = name_in(table, i);

	if (!i || table->symtab[i].st_shndx == SHN_UNDEF || !*name ||
	    is_mapping_symbol(name))
		return false;
	for_each_mod_mem_type(type)
		if (within_module_mem_type(value, f->mod, type))
			return IS_ENABLED(CONFIG_KALLSYMS_ALL) || mod_mem_type_is_text(type);
	return false;
}

/* How many values has a table that addresses can be found by? */
static unsigned int count_addresses(const struct fixture *f,
				    const struct mod_kallsyms *table)
{
	unsigned int i, j, n = 0;

	for (i = 1; i < table->num_symtab; i++) {
		if (!can_be_found_by_address(f, table, i))
			continue;
		for (j = 1; j < i; j++)
			if (can_be_found_by_address(f, table, j) &&
			    kallsyms_symbol_value(&table->symtab[j]) ==
			    kallsyms_symbol_value(&table->symtab[i]))
				break;
		n += j == i;
	}
	return n;
}

/* The parts lie one behind the other up to the end of the region. */
static void test_reserved_is_written(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *core = &f->mod->core_kallsyms;
	const struct mod_kallsyms *full = full_table(f);
	const struct module_memory *data = &f->mod->mem[MOD_DATA];
	const struct module_memory *init = &f->mod->mem[MOD_INIT_DATA];
	unsigned int unused;
	const char *end;

	KUNIT_EXPECT_PTR_EQ(test, (void *)core->strtab,
			    (void *)(core->symtab + core->num_symtab));
	KUNIT_EXPECT_LT(test, (void *)core->symtab - data->base,
			f->sections_end[MOD_DATA] + __alignof__(Elf_Sym));
	/* At layout it can't be known which symbols will share an address. */
	unused = f->info.num_core_addresses - count_addresses(f, core);
	unused *= module_symtab_index_size(core);
	KUNIT_EXPECT_PTR_EQ(test, module_symtab_index_end(core) + unused,
			    data->base + data->size);
	/* The last entry's name tells debuggers how long the strings are. */
	if (core->num_symtab) {
		end = name_in(core, core->num_symtab - 1);
		end += strlen(end) + 1;
		KUNIT_EXPECT_PTR_EQ(test, core->typetab, (char *)end);
	}

	KUNIT_EXPECT_PTR_EQ(test, full->typetab, (char *)(full + 1));
	/* Behind it is the space in which it was made. */
	KUNIT_EXPECT_LT(test, module_symtab_rest_end(full) - init->base, init->size);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)full, __alignof__(*full)));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)full->symtab,
					   __alignof__(Elf_Sym)));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)core->symtab,
					   __alignof__(Elf_Sym)));
}

/* From the first byte that begins a core name to the end of its run. */
static unsigned long expected_core_strings(struct fixture *f)
{
	char *begins = allocate(f->test, f->strings);
	unsigned long i, kept = 0, last = 0;
	bool keep = true;

	begins[0] = true;
	for (i = 0; i < f->num_syms; i++) {
		if (!expected_core(f, i))
			continue;
		last = f->before[i].st_name;
		begins[last] = true;
	}
	for (i = 0; i < f->strings; i++) {
		keep |= begins[i];
		kept += keep;
		keep &= f->strtab[i] != '\0';
	}
	return kept + !f->strtab[last];
}

static void test_strings_are_what_is_core(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *core = &f->mod->core_kallsyms;

	KUNIT_EXPECT_EQ(test, core->typetab - core->strtab, expected_core_strings(f));
}

static void test_full_table_is_elf_table(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *full = full_table(f);
	unsigned int i;

	KUNIT_EXPECT_PTR_EQ(test, (void *)full, (void *)rcu_access_pointer(f->mod->kallsyms));
	KUNIT_ASSERT_EQ(test, full->num_symtab, f->num_syms);
	for (i = 0; i < full->num_symtab; i++) {
		const Elf_Sym *was = &f->before[i];
		const Elf_Sym *is = &full->symtab[i];

		KUNIT_EXPECT_STREQ(test, name_in(full, i), f->strtab + was->st_name);
		KUNIT_EXPECT_EQ(test, is->st_info, was->st_info);
		KUNIT_EXPECT_EQ(test, is->st_shndx, was->st_shndx);
		KUNIT_EXPECT_EQ(test, is->st_size, was->st_size);
		KUNIT_EXPECT_EQ(test, full->typetab[i], module_symbol_type(was, &f->info));
	}
}

static void test_core_table_is_what_is_core(struct kunit *test)
{
	struct fixture *f = load_table(test);
	const struct mod_kallsyms *core = &f->mod->core_kallsyms;
	const struct mod_kallsyms *full = full_table(f);
	unsigned int i, n = 0;

	for (i = 0; i < full->num_symtab; i++) {
		if (!expected_core(f, i))
			continue;
		KUNIT_ASSERT_LT(test, n, core->num_symtab);
		KUNIT_EXPECT_STREQ(test, name_in(core, n), name_in(full, i));
		KUNIT_EXPECT_EQ(test, core->symtab[n].st_value, full->symtab[i].st_value);
		KUNIT_EXPECT_EQ(test, core->symtab[n].st_size, full->symtab[i].st_size);
		KUNIT_EXPECT_EQ(test, core->symtab[n].st_info, full->symtab[i].st_info);
		KUNIT_EXPECT_EQ(test, core->symtab[n].st_shndx, full->symtab[i].st_shndx);
		KUNIT_EXPECT_EQ(test, core->typetab[n], full->typetab[i]);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, core->num_symtab);
}

static void test_core_names(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_core");

	add_typical_symbols(f);
	load(f);
	KUNIT_EXPECT_STREQ(test, names_of(f, full_table(f)), TYPICAL_FULL);
	KUNIT_EXPECT_STREQ(test, names_of(f, &f->mod->core_kallsyms), TYPICAL_CORE);
}

static void test_livepatch_keeps_all(struct kunit *test)
{
#ifdef CONFIG_LIVEPATCH
	struct fixture *f = new_module(test, "kunit_livepatch");

	f->image->mod.klp = true;
	add_typical_symbols(f);
	add_symbol(f, ".klp.sym.vmlinux.x,0", SHN_LIVEPATCH, 0, FUNC);
	load(f);
	KUNIT_EXPECT_STREQ(test, names_of(f, &f->mod->core_kallsyms),
			   TYPICAL_FULL ".klp.sym.vmlinux.x,0 ");
#else
	kunit_skip(test, "needs CONFIG_LIVEPATCH");
#endif
}

static void test_values_are_addresses(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_values");
	unsigned int text, init, percpu, absolute;
	const Elf_Sym *sym;

	text = add_symbol(f, "text", SEC_TEXT, 0x10, FUNC);
	init = add_symbol(f, "init", SEC_INIT_TEXT, 0x20, FUNC);
	percpu = add_symbol(f, "percpu", SEC_PERCPU, 0x30, OBJECT);
	absolute = add_symbol(f, "absolute", SHN_ABS, 0x40, LOCAL);
	load(f);

	sym = full_table(f)->symtab;
	KUNIT_EXPECT_EQ(test, sym[text].st_value,
			(unsigned long)f->mod->mem[MOD_TEXT].base + 0x10);
	KUNIT_EXPECT_EQ(test, sym[init].st_value,
			(unsigned long)f->mod->mem[MOD_INIT_TEXT].base + 0x20);
	KUNIT_EXPECT_EQ(test, sym[percpu].st_value, PERCPU_BASE + 0x30);
	KUNIT_EXPECT_EQ(test, sym[absolute].st_value, 0x40);
}

/* Validate */

static void damage_nothing(struct fixture *f)
{
}

static void damage_name_at_end(struct fixture *f)
{
	f->symtab[3].st_name = f->strings;
}

static void damage_name_beyond_end(struct fixture *f)
{
	f->symtab[3].st_name = f->strings + 10;
}

static void damage_name_wild(struct fixture *f)
{
	f->symtab[3].st_name = 0xfffffff0;
}

static void damage_name_on_last_byte(struct fixture *f)
{
	f->symtab[3].st_name = f->strings - 1;
}

static void damage_last_nul(struct fixture *f)
{
	f->strtab[f->strings - 1] = 'x';
}

static void damage_first_nul(struct fixture *f)
{
	f->strtab[0] = 'x';
}

static void damage_all_nuls(struct fixture *f)
{
	memset(f->strtab, 'x', f->max_strings);
}

static void damage_strtab_to_nothing(struct fixture *f)
{
	f->strtab_size = 0;
	memset(f->strtab, 'x', f->max_strings);
}

/* What has no bytes shares none. */
static void damage_strtab_to_nothing_in_ehdr(struct fixture *f)
{
	f->strtab_size = 0;
	f->strsec->sh_offset = 8;
}

static void damage_strtab_to_one_nul(struct fixture *f)
{
	f->strtab_size = 1;
}

static void damage_strtab_to_one_letter(struct fixture *f)
{
	f->strtab_size = 1;
	f->strtab[0] = 'x';
}

static void damage_symtab_tail(struct fixture *f)
{
	f->symtab_size = f->num_syms * sizeof(Elf_Sym) + sizeof(Elf_Sym) - 1;
}

static void damage_symtab_to_nothing(struct fixture *f)
{
	f->symtab_size = 0;
}

static void damage_symtab_to_less_than_one(struct fixture *f)
{
	f->symtab_size = sizeof(Elf_Sym) - 1;
}

static void damage_symtab_to_one(struct fixture *f)
{
	f->symtab_size = sizeof(Elf_Sym);
}

static void damage_entry0_section(struct fixture *f)
{
	f->symtab[0].st_shndx = NUM_SECS;
}

static void damage_entry0_section_wild(struct fixture *f)
{
	f->symtab[0].st_shndx = SHN_LORESERVE - 1;
}

static void damage_entry0_name(struct fixture *f)
{
	f->symtab[0].st_name = 0x80000000;
}

/* What comes next in the region is not aligned by chance. */
static void misalign(struct fixture *f)
{
	f->image->mod.mem[MOD_INIT_DATA].size |= 1;
}

static void damage_no_alignment(struct fixture *f)
{
	misalign(f);
	f->symsec->sh_addralign = 0;
	f->strsec->sh_addralign = 0;
}

static void damage_odd_alignment(struct fixture *f)
{
	misalign(f);
	f->symsec->sh_addralign = 24;
	f->strsec->sh_addralign = 3;
}

static void damage_huge_alignment(struct fixture *f)
{
	misalign(f);
	f->symsec->sh_addralign = 1UL << (BITS_PER_LONG - 1);
	f->strsec->sh_addralign = 1UL << 30;
}

static void damage_low_alignment(struct fixture *f)
{
	misalign(f);
	f->symsec->sh_addralign = 1;
}

static void damage_nothing_headers_last(struct fixture *f)
{
	f->image->ehdr.e_shoff = f->len;
}

static void damage_nothing_headers_next(struct fixture *f)
{
	f->image->ehdr.e_shoff = f->symsec->sh_offset + f->num_syms * sizeof(Elf_Sym);
}

static void damage_entsize(struct fixture *f)
{
	f->symsec->sh_entsize = 1;
	f->strsec->sh_entsize = ULONG_MAX;
}

static void damage_info(struct fixture *f)
{
	f->symsec->sh_info = UINT_MAX;
	f->symsec->sh_link = UINT_MAX;
}

static const struct damage_param {
	const char *desc;
	void (*damage)(struct fixture *f);
	bool third_is_unnamed;		/* of what add_typical_symbols() makes */
	bool all_are_unnamed;
	int num_syms;			/* -1: as many as there were */
} damage_params[] = {
	{ "none", damage_nothing, false, false, -1 },
	{ "name at the end", damage_name_at_end, true, false, -1 },
	{ "name beyond the end", damage_name_beyond_end, true, false, -1 },
	{ "wild name", damage_name_wild, true, false, -1 },
	{ "name on the last byte", damage_name_on_last_byte, true, false, -1 },
	{ "no last NUL", damage_last_nul, false, false, -1 },
	{ "no first NUL", damage_first_nul, false, false, -1 },
	{ "no NUL", damage_all_nuls, true, true, -1 },
	{ "no strings", damage_strtab_to_nothing, true, true, -1 },
	{ "no strings, in the ELF header", damage_strtab_to_nothing_in_ehdr, true, true, -1 },
	{ "strings: one NUL", damage_strtab_to_one_nul, true, true, -1 },
	{ "strings: one letter", damage_strtab_to_one_letter, true, true, -1 },
	{ "incomplete last entry", damage_symtab_tail, false, false, -1 },
	{ "no entries", damage_symtab_to_nothing, false, false, 0 },
	{ "less than an entry", damage_symtab_to_less_than_one, false, false, 0 },
	{ "one entry", damage_symtab_to_one, false, false, 1 },
	{ "entry 0 in no section", damage_entry0_section, false, false, -1 },
	{ "entry 0 far out", damage_entry0_section_wild, false, false, -1 },
	{ "entry 0 with a wild name", damage_entry0_name, false, false, -1 },
	{ "alignment 0", damage_no_alignment, false, false, -1 },
	{ "alignment no power of two", damage_odd_alignment, false, false, -1 },
	{ "huge alignment", damage_huge_alignment, false, false, -1 },
	{ "low alignment", damage_low_alignment, false, false, -1 },
	{ "none, section headers last", damage_nothing_headers_last, false, false, -1 },
	{ "none, section headers next", damage_nothing_headers_next, false, false, -1 },
	/* Nobody needs these. */
	{ "size of entries", damage_entsize, false, false, -1 },
	{ "sh_info and sh_link", damage_info, false, false, -1 },
};

KUNIT_ARRAY_PARAM_DESC(damage, damage_params, desc);

/*
 * Damage does not spread: what is not damaged keeps its name and letter. And
 * nothing is read or written out of bounds, as KASAN and the guards know.
 */
static void test_damage_is_mended(struct kunit *test)
{
	const struct damage_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_damage");
	const struct mod_kallsyms *full, *core;
	unsigned int i, num_syms, last_named;
	const char *found;
	Elf_Sym *was;
	char *names;

	add_typical_symbols(f);
	num_syms = f->num_syms;
	last_named = num_syms - 1;
	names = kunit_kmalloc(test, MAX_STRINGS, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, names);
	memcpy(names, f->strtab, MAX_STRINGS);
	was = kunit_kmalloc(test, f->max_syms * sizeof(Elf_Sym), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, was);
	memcpy(was, f->symtab, f->max_syms * sizeof(Elf_Sym));
	param->damage(f);
	if (param->num_syms >= 0)
		num_syms = param->num_syms;
	load(f);

	/* In the temporary copy, too, which others read. */
	KUNIT_EXPECT_EQ(test, f->symsec->sh_size, num_syms * sizeof(Elf_Sym));
	KUNIT_EXPECT_EQ(test, f->info.strtab[0], '\0');
	KUNIT_EXPECT_EQ(test, f->info.strtab[f->strsec->sh_size - 1], '\0');
	full = full_table(f);
	core = &f->mod->core_kallsyms;
	KUNIT_ASSERT_EQ(test, full->num_symtab, num_syms);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)full->symtab,
					   __alignof__(Elf_Sym)));
	for (i = 0; i < num_syms; i++) {
		const char *name = names + was[i].st_name;

		if (param->all_are_unnamed || (i == 3 && param->third_is_unnamed) ||
		    (i == last_named && param->damage == damage_last_nul))
			name = "";
		KUNIT_EXPECT_STREQ(test, name_in(full, i), name);
		KUNIT_EXPECT_EQ(test, full->typetab[i],
				module_symbol_type(&was[i], &f->info));
		KUNIT_EXPECT_EQ(test, full->symtab[i].st_shndx, was[i].st_shndx);
	}
	for (i = 1; i < core->num_symtab; i++)
		if (param->damage != damage_name_on_last_byte)
			KUNIT_EXPECT_NE(test, *name_in(core, i), '\0');
	if (num_syms)
		KUNIT_EXPECT_STREQ(test, name_in(core, 0), "");
	/* And lookups get along with what is left. */
	found = name_of_address(f, section_addr(f, SEC_TEXT) + 0x90, NULL, NULL);
	KUNIT_EXPECT_STREQ(test, found ?: "(none)",
			   num_syms < 2 || param->all_are_unnamed ? "(none)" : "global_fn");
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "no such name"), 0);
}

static void test_entry0_sections(struct kunit *test)
{
	static const struct {
		unsigned int shndx;
		bool kept;
	} entries[] = {
		{ SHN_UNDEF, true }, { SEC_TEXT, true }, { NUM_SECS - 1, true },
		{ NUM_SECS, false }, { SHN_LORESERVE - 1, false },
		{ SHN_LORESERVE, true }, { SHN_ABS, true }, { SHN_HIRESERVE, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		struct fixture *f = new_module(test, "kunit_entry0");

		add_typical_symbols(f);
		f->symtab[0].st_shndx = entries[i].shndx;
		layout(f);
		KUNIT_EXPECT_EQ(test, f->symtab[0].st_shndx,
				entries[i].kept ? entries[i].shndx : SHN_UNDEF);

		/* Where there are no entries, it is something else. */
		f = new_module(test, "kunit_entry0");
		f->symtab_size = 0;
		f->symtab[0].st_shndx = entries[i].shndx;
		layout(f);
		KUNIT_EXPECT_EQ(test, f->symtab[0].st_shndx, entries[i].shndx);
	}
}

/* As much as a section may ask for, and more. */
static void test_alignment_kept(struct kunit *test)
{
	static const unsigned long asked[] = { 12, 16, PAGE_SIZE, 2 * PAGE_SIZE };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		struct fixture *f = new_module(test, "kunit_alignment");
		const bool kept = is_power_of_2(asked[i]) && asked[i] <= PAGE_SIZE;

		add_typical_symbols(f);
		f->symsec->sh_addralign = asked[i];
		f->strsec->sh_addralign = asked[i];
		layout(f);
		KUNIT_EXPECT_EQ(test, f->symsec->sh_addralign,
				kept ? asked[i] : __alignof__(Elf_Sym));
		KUNIT_EXPECT_EQ(test, f->strsec->sh_addralign, kept ? asked[i] : 1);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(f->symsec->sh_entsize & SH_ENTSIZE_OFFSET_MASK,
						   f->symsec->sh_addralign));
	}
}

static void overlap_symtab_ehdr(struct fixture *f)
{
	f->symsec->sh_offset = 0;
}

static void overlap_symtab_sechdrs(struct fixture *f)
{
	f->symsec->sh_offset = offsetof(struct image, sechdrs[NUM_SECS]) - 1;
}

static void overlap_symtab_module(struct fixture *f)
{
	f->symsec->sh_offset = offsetof(struct image, mod) + sizeof(struct module) / 2;
}

static void overlap_strtab_sechdrs(struct fixture *f)
{
	f->strsec->sh_offset = offsetof(struct image, sechdrs) - 1;
	f->strtab_size = 2;
}

static void overlap_strtab_last_sechdr(struct fixture *f)
{
	f->strsec->sh_offset = offsetof(struct image, sechdrs[NUM_SECS]) - 1;
	f->strtab_size = 1;
}

static void overlap_with_huge_alignment(struct fixture *f)
{
	f->symsec->sh_offset = 0;
	f->symsec->sh_addralign = 1UL << (BITS_PER_LONG - 1);
}

static void overlap_with_low_alignment(struct fixture *f)
{
	f->symsec->sh_offset = 0;
	f->symsec->sh_addralign = 1;
}

/* A section header may be both. */
static void symtab_is_struct_module(struct fixture *f)
{
	f->info.index.mod = SEC_SYMTAB;
	f->symsec->sh_offset = offsetof(struct image, mod);
	f->symtab_size = sizeof(struct module);
}

static void strtab_is_struct_module(struct fixture *f)
{
	f->info.index.mod = SEC_STRTAB;
	f->strsec->sh_offset = offsetof(struct image, mod);
	f->strtab_size = sizeof(struct module);
}

/* As layout_sections() leaves it: MOD_DATA has more in it than it is large. */
static void allocated_symtab_wraps(struct fixture *f)
{
	f->symsec->sh_flags |= SHF_ALLOC | SHF_WRITE;
	f->symsec->sh_addralign = 1UL << (BITS_PER_LONG - 1);
	f->image->mod.mem[MOD_DATA].size = f->num_syms * sizeof(Elf_Sym);
}

static void allocated_strtab_wraps(struct fixture *f)
{
	f->strsec->sh_flags |= SHF_ALLOC | SHF_WRITE;
	f->strsec->sh_addralign = 1UL << (BITS_PER_LONG - 1);
	f->image->mod.mem[MOD_DATA].size = 1;
}

static void too_large_for_data(struct fixture *f)
{
	f->image->mod.mem[MOD_DATA].size = UINT_MAX - 100;
}

static void too_large_for_init_data(struct fixture *f)
{
	f->image->mod.mem[MOD_INIT_DATA].size = UINT_MAX - 2 * PAGE_SIZE;
}

static const struct refuse_param {
	const char *desc;
	void (*damage)(struct fixture *f);
} refuse_params[] = {
	{ "symbols over the ELF header", overlap_symtab_ehdr },
	{ "symbols over section headers", overlap_symtab_sechdrs },
	{ "symbols over struct module", overlap_symtab_module },
	{ "strings over section headers", overlap_strtab_sechdrs },
	{ "strings over the last of them", overlap_strtab_last_sechdr },
	{ "the same, huge alignment", overlap_with_huge_alignment },
	{ "the same, low alignment", overlap_with_low_alignment },
	{ "symbols are struct module", symtab_is_struct_module },
	{ "strings are struct module", strtab_is_struct_module },
	{ "allocated symbols that wrap", allocated_symtab_wraps },
	{ "allocated strings that wrap", allocated_strtab_wraps },
	{ "no room in MOD_DATA", too_large_for_data },
	{ "no room in MOD_INIT_DATA", too_large_for_init_data },
};

KUNIT_ARRAY_PARAM_DESC(refuse, refuse_params, desc);

/*
 * What comes out of layout_symtab() is a table that simplify_symbols() refuses,
 * and regions that are no larger than what is copied to them.
 */
static void test_unusable_is_refused(struct kunit *test)
{
	const struct refuse_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_refuse");
	const struct load_info *info = &f->info;
	const Elf_Shdr *sec, *symsec;
	const Elf_Sym *sym;
	unsigned int i;

	add_typical_symbols(f);
	param->damage(f);
	layout(f);
	symsec = &info->sechdrs[info->index.sym];
	sym = (void *)symsec->sh_addr;
	KUNIT_ASSERT_EQ(test, symsec->sh_size, 2 * sizeof(*sym));
	KUNIT_EXPECT_EQ(test, sym[1].st_shndx, 0xffff);
	KUNIT_EXPECT_STREQ(test, info->strtab + sym[0].st_name, "");
	KUNIT_EXPECT_STREQ(test, info->strtab + sym[1].st_name, "(see above)");

	KUNIT_EXPECT_NE(test, info->index.sym, info->index.mod);
	KUNIT_EXPECT_EQ(test, info->sechdrs[info->index.mod].sh_size, sizeof(struct module));
	for (i = 0; i < NUM_SECS; i++) {
		unsigned long region, offset;

		sec = &info->sechdrs[i];
		KUNIT_EXPECT_EQ(test, !!(sec->sh_flags & SHF_ALLOC),
				i == info->index.mod || i == info->index.sym);
		if (!(sec->sh_flags & SHF_ALLOC))
			continue;
		region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
		offset = sec->sh_entsize & SH_ENTSIZE_OFFSET_MASK;
		KUNIT_ASSERT_LT(test, region, MOD_MEM_NUM_TYPES);
		KUNIT_EXPECT_LE(test, offset + sec->sh_size, f->image->mod.mem[region].size);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(offset, __alignof__(Elf_Sym)));
	}
	for_each_mod_mem_type(type)
		KUNIT_EXPECT_LT(test, f->image->mod.mem[type].size,
				PAGE_SIZE + sizeof(struct module));
}

/* An sh_link may lead to another string table: names are what is found there. */
static void test_other_string_table(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_other_strings");
	unsigned int i, inside = 0;

	add_typical_symbols(f);
	f->info.index.str = SEC_SHSTRTAB;
	f->strsec = &f->image->sechdrs[SEC_SHSTRTAB];
	f->strtab_size = f->strsec->sh_size;
	load(f);
	for (i = 0; i < full_table(f)->num_symtab; i++) {
		const unsigned int name = f->before[i].st_name;

		inside += name && name < f->strtab_size;
		KUNIT_EXPECT_STREQ(test, name_in(full_table(f), i),
				   name < f->strtab_size ? f->image->shstrtab + name : "");
	}
	KUNIT_EXPECT_GT(test, inside, 0);
}

static void test_names_of_all_lengths(struct kunit *test)
{
	static const unsigned int lengths[] = { 1, 2, 7, 8, 9, 1023, 1024, 1025, 100000 };
	const unsigned int n = ARRAY_SIZE(lengths), max_strings = 2 * 110000;
	struct fixture *f = new_large_module(test, "kunit_lengths", 2 * n + 1, max_strings);
	char *name = allocate(test, 100002);
	unsigned int i, twin;

	/* Of each length two, which differ in the last byte. */
	for (i = 0; i < n; i++) {
		for (twin = 0; twin < 2; twin++) {
			memset(name, 'n', lengths[i]);
			name[lengths[i]] = '\0';
			name[lengths[i] - 1] = 'y' + twin;
			add_symbol(f, name, SEC_TEXT, 32 * i + 16 * twin, FUNC);
		}
	}
	load(f);
	for (i = 0; i < 4 * n; i++) {
		const unsigned int length = lengths[i / 2 % n];
		const unsigned long value = section_addr(f, SEC_TEXT) + i % (2 * n) * 16;

		if (i == 2 * n)
			end_init(f);
		memset(name, 'n', length);
		name[length] = '\0';
		name[length - 1] = 'y' + i % 2;
		KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, name), value);
		KUNIT_EXPECT_STREQ(test, name_of_address(f, value + 1, NULL, NULL), name);
		name[length - 1] = 'n';
		KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, name), 0);
	}
}

static void test_names_all_equal(struct kunit *test)
{
	const unsigned int n = 1000;
	struct fixture *f = new_large_module(test, "kunit_equal", n + 1, 64);
	unsigned long text;
	unsigned int i, after;

	/* Not functions: 32-bit Arm takes an odd value for a Thumb bit. */
	for (i = 0; i < n; i++) {
		add_symbol(f, i ? "" : "same", SEC_TEXT, SEC_SIZE - 1 - i, OBJECT);
		f->symtab[i + 1].st_name = f->symtab[1].st_name;
	}
	load(f);
	text = section_addr(f, SEC_TEXT);
	for (after = 0; after < 2; after++) {
		/* The first in the table, although all others are at lower addresses. */
		KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "same"),
				text + SEC_SIZE - 1);
		KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "sam"), 0);
		KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "ame"), 0);
		if (!after)
			end_init(f);
	}
	/* One name is stored once. */
	KUNIT_EXPECT_EQ(test, f->info.core_strsize, strlen("same") + 2);
}

static void test_many_at_one_address(struct kunit *test)
{
	const unsigned int n = 100000;
	struct fixture *f = new_large_module(test, "kunit_many", n + 3, 64);
	unsigned long addr, size, offset;
	unsigned int i, after;

	add_symbol(f, "before", SEC_TEXT, 0, FUNC);
	for (i = 0; i < n; i++) {
		add_symbol(f, i ? "" : "first", SEC_TEXT, 0x10, FUNC);
		if (i)
			f->symtab[i + 2].st_name = f->symtab[1].st_name;
	}
	add_symbol(f, "behind", SEC_TEXT, 0x20, FUNC);
	load(f);
	addr = section_addr(f, SEC_TEXT) + 0x18;
	for (after = 0; after < 2; after++) {
		KUNIT_EXPECT_STREQ(test, name_of_address(f, addr, &size, &offset), "first");
		KUNIT_EXPECT_EQ(test, size, 0x10);
		KUNIT_EXPECT_EQ(test, offset, 8);
		KUNIT_EXPECT_STREQ(test, name_of_address(f, addr - 0x10, &size, NULL), "before");
		KUNIT_EXPECT_EQ(test, size, 0x10);
		KUNIT_EXPECT_STREQ(test, name_of_address(f, addr + 8, NULL, NULL), "behind");
		if (!after)
			end_init(f);
	}
}

static const struct memory_param {
	const char *desc;
	bool last_is_unnamed, no_entries;
} memory_params[] = {
	{ "named", false, false },
	{ "last unnamed", true, false },
	{ "no entries", false, true },
};

KUNIT_ARRAY_PARAM_DESC(memory, memory_params, desc);

static void *no_memory(size_t size)
{
	return NULL;
}

/* Without memory to measure names all of them are kept, and nothing else changes. */
static void test_no_memory(struct kunit *test)
{
	const struct memory_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_no_memory");
	const struct mod_kallsyms *core;
	unsigned int i, last, found = 0;

	add_typical_symbols(f);
	last = add_symbol(f, "the last one", SEC_TEXT, 0x200, FUNC);
	/* It goes last, whatever it is the name of. */
	if (param->last_is_unnamed)
		add_symbol(f, "", SEC_TEXT, 0x204, FUNC);
	f->symtab[last].st_name += strlen("the ");
	if (param->no_entries)
		f->symtab_size = 0;
	kunit_activate_static_stub(test, module_symtab_alloc, no_memory);
	load(f);
	kunit_deactivate_static_stub(test, module_symtab_alloc);

	KUNIT_EXPECT_TRUE(test, f->info.core_strtab_whole);
	core = &f->mod->core_kallsyms;
	for (i = 0; i < core->num_symtab; i++) {
		const Elf_Sym *sym = &core->symtab[i];

		/* Sizes are told apart: see add_symbol(). */
		while (full_table(f)->symtab[found].st_size != sym->st_size)
			KUNIT_ASSERT_LT(test, ++found, full_table(f)->num_symtab);
		KUNIT_EXPECT_STREQ(test, name_in(core, i), name_in(full_table(f), found));
		if (i == core->num_symtab - 1)
			KUNIT_EXPECT_EQ(test, sym->st_name + strlen(name_in(core, i)) + 1,
					f->info.core_strsize);
	}
	end_init(f);
	if (param->no_entries)
		return;
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "last one"),
			section_addr(f, SEC_TEXT) + 0x200);
	KUNIT_EXPECT_STREQ(test, name_of_address(f, section_addr(f, SEC_TEXT) + 0x90,
						 NULL, NULL), "global_fn");
}

static void set_alloc(struct fixture *f, unsigned int shndx)
{
	Elf_Shdr *sec = &f->image->sechdrs[shndx];

	sec->sh_flags |= SHF_ALLOC | SHF_EXECINSTR;
	sec->sh_entsize = (unsigned long)MOD_TEXT << SH_ENTSIZE_TYPE_SHIFT;
}

/* A file may say that its tables are allocated, and have symbols in them. */
static void test_symbols_in_allocated_tables(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_allocated");

	set_alloc(f, SEC_SYMTAB);
	set_alloc(f, SEC_STRTAB);
	add_symbol(f, "in_symtab", SEC_SYMTAB, 0, OBJECT);
	add_symbol(f, "in_strtab", SEC_STRTAB, 0, OBJECT);
	add_symbol(f, "in_text", SEC_TEXT, 0, FUNC);
	load(f);
	KUNIT_EXPECT_STREQ(test, names_of(f, &f->mod->core_kallsyms), " in_text ");
	KUNIT_EXPECT_EQ(test, f->info.num_core_syms, f->mod->core_kallsyms.num_symtab);
}

/* Nor does a table that was relocated lead out of bounds. */
static void test_relocated_names(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_relocated");
	Elf_Sym *sym;
	char *strings;

	add_symbol(f, "", SEC_TEXT, 0x10, FUNC);
	add_symbol(f, "fn", SEC_TEXT, 0x20, FUNC);
	add_symbol(f, "other", SEC_TEXT, 0x30, FUNC);
	add_symbol(f, "last", SEC_TEXT, 0x40, FUNC);
	add_symbol(f, "", SHN_ABS, 0x50, FUNC);
	layout(f);
	move(f);
	KUNIT_ASSERT_TRUE(test, resolve(f));
	sym = (void *)f->symsec->sh_addr;
	strings = (void *)f->strsec->sh_addr;
	sym[1].st_name = 0xfffffff0;
	sym[5].st_name = f->strsec->sh_size;
	sym[2].st_name = sym[4].st_name;
	memset(strings + sym[3].st_name, 'x', f->strsec->sh_size - sym[3].st_name);
	add_kallsyms(f->mod, &f->info);
	expect_guards(f);
	KUNIT_EXPECT_STREQ(test, name_in(full_table(f), 1), "");
	KUNIT_EXPECT_EQ(test, full_table(f)->symtab[1].st_name, 0);
	KUNIT_EXPECT_EQ(test, full_table(f)->symtab[5].st_name, 0);
}

/* Look up by address */

enum { ADDR_BEFORE_REGION = -1 };

/*
 *	text	0x000	(unnamed)		init.text
 *		0x010	first			0x000	init_first
 *		0x020	second, second_alias	0x080	init_second
 *		0x020	$t (mapping)
 *		0x024	.Llocal (mapping)
 *		0x040	third			data
 *		0x040	(unnamed)		0x020	datum
 *		0x080	last
 */
static void add_address_symbols(struct fixture *f)
{
	add_symbol(f, "", SEC_TEXT, 0, INFO(STB_LOCAL, STT_SECTION));
	add_symbol(f, "last", SEC_TEXT, 0x80, FUNC);
	add_symbol(f, "$t", SEC_TEXT, 0x20, LOCAL);
	add_symbol(f, "second", SEC_TEXT, 0x20, FUNC);
	add_symbol(f, "second_alias", SEC_TEXT, 0x20, FUNC);
	add_symbol(f, ".Llocal", SEC_TEXT, 0x24, LOCAL);
	add_symbol(f, "L0local", SEC_TEXT, 0x26, LOCAL);
	add_symbol(f, "", SEC_TEXT, 0x40, LOCAL);
	add_symbol(f, "third", SEC_TEXT, 0x40, FUNC);
	add_symbol(f, "first", SEC_TEXT, 0x10, FUNC);
	add_symbol(f, "datum", SEC_DATA, 0x20, OBJECT);
	add_symbol(f, "init_first", SEC_INIT_TEXT, 0, FUNC);
	add_symbol(f, "init_second", SEC_INIT_TEXT, 0x80, FUNC);
	add_symbol(f, "undefined", SHN_UNDEF, 0, FUNC);
	add_symbol(f, "absolute", SHN_ABS, 0x1000, LOCAL);
}

static const struct address_param {
	const char *desc;
	unsigned int shndx;
	long at;
	const char *name;		/* NULL: no symbol */
	unsigned long value, size;
	bool data, init;
} address_params[] = {
	{ "first byte", SEC_TEXT, 0x10, "first", 0x10, 0x10 },
	{ "in the middle", SEC_TEXT, 0x18, "first", 0x10, 0x10 },
	{ "last byte", SEC_TEXT, 0x1f, "first", 0x10, 0x10 },
	{ "the lowest index of two at one value", SEC_TEXT, 0x20, "second", 0x20, 0x20 },
	{ "after mapping symbols", SEC_TEXT, 0x28, "second", 0x20, 0x20 },
	{ "last byte before an unnamed", SEC_TEXT, 0x3f, "second", 0x20, 0x20 },
	{ "not the unnamed of the same value", SEC_TEXT, 0x40, "third", 0x40, 0x40 },
	{ "first byte of the last", SEC_TEXT, 0x80, "last", 0x80, SEC_SIZE - 0x80 },
	{ "far behind the last", SEC_TEXT, 0x200, "last", 0x80, SEC_SIZE - 0x80 },
	{ "last byte of the region", SEC_TEXT, SEC_SIZE - 1, "last", 0x80, SEC_SIZE - 0x80 },
	{ "first byte behind the region", SEC_TEXT, SEC_SIZE, NULL },
	{ "first byte of the region, unnamed", SEC_TEXT, 0, NULL },
	{ "before the first", SEC_TEXT, 0xf, NULL },
	{ "last byte before the region", SEC_TEXT, -1, NULL },
	{ "before the first datum", SEC_DATA, 0x1f, NULL, 0, 0, true },
	{ "datum", SEC_DATA, 0x21, "datum", 0x20, 0, true },
	{ "datum, from bss", SEC_BSS, 0x10, "datum", 0x20, 0, true },
	{ "region without symbols", SEC_RODATA, 0x10, NULL, 0, 0, true },
	{ "init, first byte of the region", SEC_INIT_TEXT, 0, "init_first", 0, 0x80, false, true },
	{ "init, last byte of the first", SEC_INIT_TEXT, 0x7f, "init_first", 0, 0x80, false, true },
	{ "init, last", SEC_INIT_TEXT, 0x80, "init_second", 0x80, SEC_SIZE - 0x80, false, true },
};

KUNIT_ARRAY_PARAM_DESC(address, address_params, desc);

static void expect_address(struct fixture *f, const struct address_param *param,
			   bool during_init)
{
	unsigned long base = section_addr(f, param->shndx);
	unsigned long addr = base + param->at;
	unsigned long size = 1, offset = 2;
	const char *name, *expected = param->name;

	if ((param->data && !IS_ENABLED(CONFIG_KALLSYMS_ALL)) ||
	    (param->init && !during_init))
		expected = NULL;

	name = name_of_address(f, addr, &size, &offset);
	KUNIT_EXPECT_PTR_EQ(f->test, name, name_of_address(f, addr, NULL, NULL));

	KUNIT_EXPECT_STREQ(f->test, name ?: "(none)", expected ?: "(none)");
	if (!expected) {
		KUNIT_EXPECT_EQ(f->test, size, 1);
		KUNIT_EXPECT_EQ(f->test, offset, 2);
		return;
	}
	if (param->data)
		base = section_addr(f, SEC_DATA);
	KUNIT_EXPECT_EQ(f->test, offset, addr - base - param->value);
	/* The region of data ends behind the symbol tables. */
	if (param->data)
		KUNIT_EXPECT_EQ(f->test, base + param->value + size,
				(unsigned long)f->mod->mem[MOD_DATA].base +
				f->mod->mem[MOD_DATA].size);
	else
		KUNIT_EXPECT_EQ(f->test, size, param->size);
}

static void test_address(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_address");

	add_address_symbols(f);
	load(f);
	expect_address(f, test->param_value, true);
	end_init(f);
	expect_address(f, test->param_value, false);
}

/* A value beyond the region neither answers nor ends another's extent. */
static void test_address_of_values_outside(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_outside");
	unsigned long size, base;
	const char *name;

	add_symbol(f, "fn", SEC_TEXT, 0x10, FUNC);
	add_symbol(f, "behind", SEC_TEXT, SEC_SIZE + 0x10, FUNC);
	add_symbol(f, "at_end", SEC_TEXT, SEC_SIZE, FUNC);
	add_symbol(f, "before", SEC_TEXT, -0x10L, FUNC);
	load(f);
	base = section_addr(f, SEC_TEXT);

	name = name_of_address(f, base + 0x20, &size, NULL);
	KUNIT_EXPECT_STREQ(test, name ?: "(none)", "fn");
	KUNIT_EXPECT_EQ(test, size, SEC_SIZE - 0x10);
	KUNIT_EXPECT_NULL(test, name_of_address(f, base, NULL, NULL));
}

/* Entry 0 never answers, even where a file gives it a name and an address. */
static void test_address_of_entry0(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_entry0");
	unsigned long base, size;
	const char *name;

	f->symtab[0].st_name = add_string(f, "zero");
	f->symtab[0].st_shndx = SEC_TEXT;
	add_symbol(f, "one", SEC_TEXT, 0x10, FUNC);
	add_symbol(f, "two", SEC_TEXT, 0x40, FUNC);
	load(f);
	base = section_addr(f, SEC_TEXT);
	((Elf_Sym *)f->symsec->sh_addr)[0].st_value = base + 0x20;
	add_kallsyms_again(f);

	name = name_of_address(f, base + 0x28, &size, NULL);
	KUNIT_EXPECT_STREQ(test, name ?: "(none)", "one");
	KUNIT_EXPECT_EQ(test, size, 0x30);
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "zero"), base + 0x20);

	/* And likewise in a walk. */
	module_symtab_forget_index(f->mod);
	name = name_of_address(f, base + 0x28, &size, NULL);
	KUNIT_EXPECT_STREQ(test, name ?: "(none)", "one");
	KUNIT_EXPECT_EQ(test, size, 0x30);
	name = name_of_address(f, base + 0x18, &size, NULL);
	KUNIT_EXPECT_STREQ(test, name ?: "(none)", "one");
	KUNIT_EXPECT_EQ(test, size, 0x30);
}

/* Lookups don't know where sections end and symbol tables begin. */
static void test_address_in_symbol_table(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_in_table");
	unsigned long core_value;
	unsigned int core, init;
	Elf_Sym *sym;

	add_symbol(f, "datum", SEC_DATA, 0x20, OBJECT);
	core = add_symbol(f, "in_core_table", SEC_DATA, 0, OBJECT);
	init = add_symbol(f, "in_full_table", SEC_INIT_DATA, 0, OBJECT);
	load(f);
	sym = (void *)f->symsec->sh_addr;
	sym[core].st_value = (unsigned long)f->mod->core_kallsyms.strtab;
	sym[init].st_value = (unsigned long)full_table(f)->typetab;
	add_kallsyms_again(f);

	KUNIT_EXPECT_STREQ(test, name_of_address(f, sym[core].st_value, NULL, NULL) ?: "(none)",
			   IS_ENABLED(CONFIG_KALLSYMS_ALL) ? "in_core_table" : "(none)");
	KUNIT_EXPECT_STREQ(test, name_of_address(f, sym[init].st_value, NULL, NULL) ?: "(none)",
			   IS_ENABLED(CONFIG_KALLSYMS_ALL) ? "in_full_table" : "(none)");
	core_value = sym[core].st_value;
	end_init(f);
	KUNIT_EXPECT_STREQ(test, name_of_address(f, core_value, NULL, NULL) ?: "(none)",
			   IS_ENABLED(CONFIG_KALLSYMS_ALL) ? "in_core_table" : "(none)");
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "in_core_table"),
			IS_ENABLED(CONFIG_KALLSYMS_ALL) ? core_value : 0);
}

static void test_address_walk_ties(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_ties");
	unsigned int i, first;
	unsigned long end, base;

	add_symbol(f, "low", SEC_TEXT, 0, FUNC);
	first = add_symbol(f, "one", SEC_TEXT, 0x10, FUNC);
	for (i = 0; i < 20; i++)
		add_symbol(f, "more", SEC_TEXT, 0x10, FUNC);
	load(f);
	base = section_addr(f, SEC_TEXT);

	end = base + SEC_SIZE;
	KUNIT_EXPECT_EQ(test, first, module_symtab_walk_address(full_table(f), base + 0x10,
								base, &end));
	KUNIT_EXPECT_EQ(test, end, base + SEC_SIZE);
	KUNIT_EXPECT_EQ(test, 1, module_symtab_walk_address(full_table(f), base + 0xf,
							    base, &end));
	KUNIT_EXPECT_EQ(test, end, base + 0x10);
}

static void test_address_lookup(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_lookup");
	unsigned long addr, size = 0, offset = 0;
	const unsigned char *build_id = NULL;
	char *modname = NULL;
	char *name = kunit_kzalloc(test, KSYM_NAME_LEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, name);
	add_address_symbols(f);
	load(f);
	addr = section_addr(f, SEC_TEXT);
	KUNIT_EXPECT_EQ(test, 0, module_address_lookup(addr + 0x12, NULL, NULL, NULL,
						       NULL, name));
	list_module(f);

	KUNIT_EXPECT_EQ(test, strlen("first"),
			module_address_lookup(addr + 0x12, &size, &offset,
					      &modname, &build_id, name));
	KUNIT_EXPECT_STREQ(test, name, "first");
	KUNIT_EXPECT_EQ(test, size, 0x10);
	KUNIT_EXPECT_EQ(test, offset, 2);
	KUNIT_EXPECT_PTR_EQ(test, modname, &f->mod->name[0]);
	KUNIT_EXPECT_PTR_EQ(test, build_id, module_buildid(f->mod));

	KUNIT_EXPECT_EQ(test, strlen("last"),
			module_address_lookup(addr + 0x80, NULL, NULL, NULL, NULL, name));
	KUNIT_EXPECT_STREQ(test, name, "last");
}

/* The module is named even where it has no symbol. */
static void test_address_lookup_without_symbol(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_nosymbol");
	unsigned long size = 1, offset = 2;
	const unsigned char *build_id = (void *)1;
	char *modname = NULL;
	char name[8] = "before";

	add_address_symbols(f);
	load(f);
	list_module(f);
	KUNIT_EXPECT_EQ(test, 0, module_address_lookup(section_addr(f, SEC_TEXT), &size,
						       &offset, &modname, &build_id, name));
	KUNIT_EXPECT_PTR_EQ(test, modname, &f->mod->name[0]);
	KUNIT_EXPECT_PTR_EQ(test, build_id, module_buildid(f->mod));
	KUNIT_EXPECT_EQ(test, size, 1);
	KUNIT_EXPECT_EQ(test, offset, 2);
	KUNIT_EXPECT_STREQ(test, name, "before");
}

static void test_address_lookup_of_unformed(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_unformed");
	char *modname = NULL;
	char name[8] = "before";

	add_address_symbols(f);
	load(f);
	f->mod->state = MODULE_STATE_UNFORMED;
	list_module(f);
	KUNIT_EXPECT_EQ(test, 0, module_address_lookup(section_addr(f, SEC_TEXT) + 0x10, NULL,
						       NULL, &modname, NULL, name));
	KUNIT_EXPECT_NULL(test, modname);
}

static void test_long_name_is_cut(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_long");
	unsigned long addr, value;
	char *long_name = kunit_kzalloc(test, KSYM_NAME_LEN + 100, GFP_KERNEL);
	char *name = kunit_kzalloc(test, KSYM_NAME_LEN, GFP_KERNEL);
	char *symbol = kunit_kzalloc(test, KSYM_SYMBOL_LEN, GFP_KERNEL);
	char type, modname[MODULE_NAME_LEN];
	int exported;

	KUNIT_ASSERT_NOT_NULL(test, long_name);
	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_ASSERT_NOT_NULL(test, symbol);
	memset(long_name, 'l', KSYM_NAME_LEN + 50);
	add_symbol(f, long_name, SEC_TEXT, 0x10, FUNC);
	load(f);
	list_module(f);
	addr = section_addr(f, SEC_TEXT) + 0x10;

	KUNIT_EXPECT_EQ(test, KSYM_NAME_LEN - 1,
			module_address_lookup(addr, NULL, NULL, NULL, NULL, name));
	KUNIT_EXPECT_EQ(test, strlen(name), KSYM_NAME_LEN - 1);
	/* Which is where this goes on. */
	KUNIT_EXPECT_EQ(test, sprint_symbol(symbol, addr), strlen(symbol));
	KUNIT_EXPECT_PTR_EQ(test, strstr(symbol, "+0x0/0x"), symbol + KSYM_NAME_LEN - 1);
	memset(name, 0, KSYM_NAME_LEN);
	KUNIT_EXPECT_EQ(test, 0, lookup_module_symbol_name(addr, name));
	KUNIT_EXPECT_EQ(test, strlen(name), KSYM_NAME_LEN - 1);
	memset(name, 0, KSYM_NAME_LEN);
	KUNIT_EXPECT_EQ(test, 0, module_get_kallsym(1, &value, &type, name, modname, &exported));
	KUNIT_EXPECT_EQ(test, strlen(name), KSYM_NAME_LEN - 1);
	/* By name it is found whole and not cut. */
	KUNIT_EXPECT_EQ(test, addr, find_kallsyms_symbol_value(f->mod, long_name));
	KUNIT_EXPECT_EQ(test, 0, find_kallsyms_symbol_value(f->mod, name));
}

static void test_symbol_name(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_name");
	char *name = kunit_kzalloc(test, KSYM_NAME_LEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, name);
	add_address_symbols(f);
	load(f);
	list_module(f);
	KUNIT_EXPECT_EQ(test, 0, lookup_module_symbol_name(section_addr(f, SEC_TEXT) + 0x41, name));
	KUNIT_EXPECT_STREQ(test, name, "third");
	KUNIT_EXPECT_EQ(test, -ERANGE, lookup_module_symbol_name(section_addr(f, SEC_TEXT), name));
	KUNIT_EXPECT_STREQ(test, name, "third");
	/* Not in a module at all. */
	KUNIT_EXPECT_EQ(test, -ERANGE, lookup_module_symbol_name((unsigned long)name, name));
	KUNIT_EXPECT_STREQ(test, name, "third");
}

/* Look up by name */

static void add_name_symbols(struct fixture *f)
{
	add_symbol(f, "file.c", SHN_ABS, 0x5, INFO(STB_LOCAL, STT_FILE));
	add_symbol(f, "later", SHN_UNDEF, 0, FUNC);
	add_symbol(f, "same", SEC_TEXT, 0x10, FUNC);
	add_symbol(f, "same", SEC_TEXT, 0x20, FUNC);
	add_symbol(f, "later", SEC_TEXT, 0x30, FUNC);
	add_symbol(f, "$d", SEC_TEXT, 0x40, LOCAL);
	add_symbol(f, "undefined", SHN_UNDEF, 0, FUNC);
	add_symbol(f, "init_fn", SEC_INIT_TEXT, 0x50, FUNC);
	add_symbol(f, "last", SEC_TEXT, 0x60, FUNC);
}

static const struct name_param {
	const char *desc, *name;
	unsigned int shndx;		/* SHN_UNDEF: not found */
	unsigned long value;
	bool init;
} name_params[] = {
	{ "last entry", "last", SEC_TEXT, 0x60 },
	{ "the lowest index of two", "same", SEC_TEXT, 0x10 },
	{ "defined behind undefined", "later", SEC_TEXT, 0x30 },
	{ "mapping symbol", "$d", SEC_TEXT, 0x40 },
	{ "init function", "init_fn", SEC_INIT_TEXT, 0x50, true },
	{ "absolute", "file.c", SHN_ABS, 0x5, true },
	{ "undefined", "undefined" },
	{ "absent", "absent" },
	{ "prefix of a name", "las" },
	{ "name and more", "last1" },
	{ "tail of a name", "ast" },
	{ "empty", "" },
};

KUNIT_ARRAY_PARAM_DESC(name, name_params, desc);

static void expect_name(struct fixture *f, const struct name_param *param, bool during_init)
{
	unsigned long value = param->value;

	if (param->shndx == SHN_UNDEF || (param->init && !during_init))
		value = 0;
	else if (param->shndx != SHN_ABS)
		value += section_addr(f, param->shndx);
	KUNIT_EXPECT_EQ(f->test, find_kallsyms_symbol_value(f->mod, param->name), value);
}

static void test_name(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_name");

	add_name_symbols(f);
	load(f);
	expect_name(f, test->param_value, true);
	end_init(f);
	expect_name(f, test->param_value, false);
}

static void test_unnamed_counts_by_name(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_unnamed");

	add_symbol(f, "", SEC_TEXT, 0x10, INFO(STB_LOCAL, STT_SECTION));
	add_symbol(f, "fn", SEC_TEXT, 0x20, FUNC);
	load(f);
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, ""),
			section_addr(f, SEC_TEXT) + 0x10);
}

static void test_name_walk_index(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_walk");

	add_name_symbols(f);
	load(f);
	KUNIT_EXPECT_EQ(test, 1, module_symtab_walk_name(full_table(f), "file.c"));
	KUNIT_EXPECT_EQ(test, 3, module_symtab_walk_name(full_table(f), "same"));
	KUNIT_EXPECT_EQ(test, UINT_MAX, module_symtab_walk_name(full_table(f), "absent"));
}

static void test_lookup_name(struct kunit *test)
{
	struct fixture *old = new_module(test, "kunit_older");
	struct fixture *new = new_module(test, "kunit_newer");
	unsigned long old_text, new_text;

	add_symbol(old, "kunit_both", SEC_TEXT, 0x10, FUNC);
	add_symbol(old, "kunit_old", SEC_TEXT, 0x20, FUNC);
	add_symbol(old, "kunit_zero", SEC_TEXT, 0x30, FUNC);
	load(old);
	add_symbol(new, "kunit_both", SEC_TEXT, 0x10, FUNC);
	add_symbol(new, "kunit_new", SEC_TEXT, 0x20, FUNC);
	add_symbol(new, "kunit_zero", SHN_ABS, 0, FUNC);
	load(new);
	old_text = section_addr(old, SEC_TEXT);
	new_text = section_addr(new, SEC_TEXT);
	list_module(old);
	list_module(new);

	/* A plain name: the first module on the list that has a value for it. */
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_both"), new_text + 0x10);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_old"), old_text + 0x20);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_zero"), old_text + 0x30);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_none"), 0);

	/* That module alone. */
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_older:kunit_both"),
			old_text + 0x10);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer:kunit_both"),
			new_text + 0x10);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer:kunit_old"), 0);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer:kunit_zero"), 0);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newe:kunit_new"), 0);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer1:kunit_new"), 0);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer:"), 0);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name(":kunit_new"), 0);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer::kunit_new"), 0);

	/* One that is still being set up is nobody's. */
	new->mod->state = MODULE_STATE_UNFORMED;
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_both"), old_text + 0x10);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_newer:kunit_both"), 0);
	new->mod->state = MODULE_STATE_GOING;
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name("kunit_both"), new_text + 0x10);
}

/* Only a colon where a module's name can end makes the form module:name. */
static void test_lookup_name_with_late_colon(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_colon");
	char late[MODULE_NAME_LEN + 8], early[MODULE_NAME_LEN + 8];
	unsigned long text;

	memset(late, 'x', sizeof(late));
	late[MODULE_NAME_LEN] = ':';
	late[MODULE_NAME_LEN + 4] = '\0';
	memset(early, 'x', sizeof(early));
	early[MODULE_NAME_LEN - 1] = ':';
	early[MODULE_NAME_LEN + 4] = '\0';
	add_symbol(f, late, SEC_TEXT, 0x10, FUNC);
	add_symbol(f, early, SEC_TEXT, 0x20, FUNC);
	load(f);
	list_module(f);
	text = section_addr(f, SEC_TEXT);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name(late), text + 0x10);
	KUNIT_EXPECT_EQ(test, module_kallsyms_lookup_name(early), 0);
}

/*
 * Index against walk: on random tables, every address and every name that
 * could tell them apart gets the same answer from both.
 */

static const struct random_param {
	const char *desc;
	unsigned int tables;
	unsigned int max_syms;		/* without entry 0 */
	bool exactly;			/* that many, not up to that many */
	bool one_address, one_name;
} random_params[] = {
	{ "empty tables", 10, 0, true },
	{ "one entry", 100, 1, true },
	{ "up to 8 entries", 900, 8 },
	{ "up to 40 entries", 900, 40 },
	{ "up to 250 entries", 120, 250 },
	{ "up to 1500 entries", 12, 1500 },
	{ "all at one address", 30, 100, false, true },
	{ "all of one name", 30, 100, false, false, true },
	{ "5000 entries", 1, 5000, true },
	{ "65535 entries", 1, 65534, true },
	{ "65536 entries", 1, 65535, true },
	{ "130000 entries", 1, 129999, true },
	{ "70000 entries of one name", 1, 69999, true, false, true },
	{ "70000 entries at one address", 1, 69999, true, true },
};

KUNIT_ARRAY_PARAM_DESC(random, random_params, desc);

/* In larger tables not everything is tried: the walk takes its time. */
#define MAX_TRIES	400
#define MAX_LARGE_TRIES	40

static unsigned int below(struct rnd_state *rnd, unsigned int n)
{
	return prandom_u32_state(rnd) % n;
}

/* Few letters, so that names are alike. */
static void add_random_strings(struct fixture *f, struct rnd_state *rnd,
			       unsigned int n)
{
	static const char * const heads[] = { "", "__pfx_", "$", ".L", "L0", "x86_64_very_" };
	unsigned int len;
	char string[64];

	while (n--) {
		strscpy(string, heads[below(rnd, 2) * below(rnd, ARRAY_SIZE(heads))]);
		len = strlen(string);
		for (unsigned int i = below(rnd, 40); i; i--)
			string[len++] = 'a' + below(rnd, 3);
		string[len] = '\0';
		add_string(f, string);
	}
}

static unsigned long random_value(struct rnd_state *rnd, unsigned int size)
{
	switch (below(rnd, 8)) {
	case 0:
		return 0;
	case 1:
		return size - 1;
	case 2:
		return size;
	case 3:
		return -1UL;
	case 4:
		return below(rnd, 8) * 16;
	default:
		return below(rnd, size);
	}
}

static void add_random_symbols(struct fixture *f, struct rnd_state *rnd,
			       const struct random_param *param, unsigned int n)
{
	static const unsigned int shndx[] = {
		SEC_TEXT, SEC_TEXT, SEC_TEXT, SEC_TEXT, SEC_DATA, SEC_RODATA,
		SEC_BSS, SEC_RO_AFTER_INIT, SEC_PERCPU, SEC_INIT_TEXT,
		SEC_INIT_TEXT, SEC_INIT_DATA, SEC_INIT_RODATA, SEC_EMPTY,
		SEC_DEBUG, SHN_UNDEF, SHN_ABS,
	};
	unsigned int strings = f->strings, i;

	add_random_strings(f, rnd, n);
	for (i = 0; i < n; i++) {
		unsigned int sec = shndx[below(rnd, ARRAY_SIZE(shndx))];
		unsigned int size = sec < NUM_SECS ? sections[sec].size : SEC_SIZE;
		unsigned int sym = add_symbol(f, "", sec, random_value(rnd, size ?: 1),
					      INFO(below(rnd, 3), below(rnd, 4)));
		unsigned int name = strings + below(rnd, f->strings - strings);

		/* Mostly whole strings; else tails, the empty one among them. */
		if (below(rnd, 4))
			while (name > 1 && f->strtab[name - 1])
				name--;
		if (param->one_name)
			name = strings;
		if (param->one_address)
			f->symtab[sym].st_value = 0x10;
		f->symtab[sym].st_name = below(rnd, 16) ? name : 0;
	}
}

/* Has the caller's table a symbol for an address that the walk has not? */
static bool same_by_address(struct fixture *f, const struct mod_kallsyms *table,
			    unsigned long addr)
{
	unsigned long size = 0, offset = 0, base, end, value;
	const char *name = name_of_address(f, addr, &size, &offset);
	unsigned int i;

	for_each_mod_mem_type(type) {
		if (!within_module_mem_type(addr, f->mod, type))
			continue;
		if (!IS_ENABLED(CONFIG_KALLSYMS_ALL) && !mod_mem_type_is_text(type))
			return !name;
		base = (unsigned long)f->mod->mem[type].base;
		end = base + f->mod->mem[type].size;
		i = module_symtab_walk_address(table, addr, base, &end);
		if (!i)
			return !name;
		value = kallsyms_symbol_value(&table->symtab[i]);
		return name && !strcmp(name, name_in(table, i)) &&
		       size == end - value && offset == addr - value;
	}
	return !name;
}

/* It may be the core table's copy of an entry: st_size tells each from all others. */
static bool same_by_name(struct fixture *f, const struct mod_kallsyms *table,
			 const char *name)
{
	const Elf_Sym *sym = module_symtab_find_name(f->mod, name);
	unsigned long value = find_kallsyms_symbol_value(f->mod, name);
	unsigned int i = module_symtab_walk_name(table, name);

	if (!sym || i == UINT_MAX)
		return !sym && i == UINT_MAX && !value;
	return sym->st_size == table->symtab[i].st_size &&
	       sym->st_value == table->symtab[i].st_value &&
	       kallsyms_symbol_value(sym) == value;
}

static unsigned int expect_same(struct fixture *f, const struct mod_kallsyms *table,
				struct rnd_state *rnd)
{
	const unsigned int max = table->num_symtab > 10 * MAX_TRIES ?
				 MAX_LARGE_TRIES : MAX_TRIES;
	const unsigned int step = table->num_symtab / max + 1;
	unsigned int i = step > 1 ? below(rnd, step) : 0;
	unsigned int tries = 0;
	char name[80];

	for (; i < table->num_symtab; i += step, tries++) {
		unsigned long value = kallsyms_symbol_value(&table->symtab[i]);
		const char *tail = f->strtab + below(rnd, f->strings);

		if (!same_by_address(f, table, value - 1) ||
		    !same_by_address(f, table, value) ||
		    !same_by_address(f, table, value + 1))
			KUNIT_FAIL(f->test, "by the address of entry %u of %u",
				   i, table->num_symtab);
		snprintf(name, sizeof(name), "%sa", name_in(table, i));
		if (!same_by_name(f, table, name_in(table, i)) ||
		    !same_by_name(f, table, name) || !same_by_name(f, table, tail))
			KUNIT_FAIL(f->test, "by the name of entry %u of %u, '%s' or '%s'",
				   i, table->num_symtab, name, tail);
	}
	for_each_mod_mem_type(type) {
		const struct module_memory *mem = &f->mod->mem[type];
		unsigned long addr = (unsigned long)mem->base;

		if (!same_by_address(f, table, addr - 1) ||
		    !same_by_address(f, table, addr) ||
		    !same_by_address(f, table, addr + below(rnd, mem->size ?: 1)) ||
		    !same_by_address(f, table, addr + mem->size - 1) ||
		    !same_by_address(f, table, addr + mem->size))
			KUNIT_FAIL(f->test, "around region %u, %u entries", type,
				   table->num_symtab);
	}
	return tries;
}

/* Some symbol of no section has a value inside a region all the same. */
static void move_absolute_symbols(struct fixture *f, struct rnd_state *rnd)
{
	Elf_Sym *sym = (void *)f->symsec->sh_addr;
	unsigned int i;

	for (i = 1; i < f->num_syms; i++) {
		const struct module_memory *mem =
			&f->mod->mem[below(rnd, MOD_MEM_NUM_TYPES)];

		if (sym[i].st_shndx == SHN_ABS && mem->size)
			sym[i].st_value = (unsigned long)mem->base + below(rnd, SEC_SIZE);
	}
}

static void test_index_is_walk(struct kunit *test)
{
	const struct random_param *param = test->param_value;
	const unsigned int max = param->max_syms + 1;
	unsigned int table, tries = 0, longest = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 0x6b616c6c + param->max_syms);
	for (table = 0; table < param->tables; table++) {
		struct fixture *f = new_large_module(test, "kunit_random", max,
						     max * 64 + 64);
		unsigned int n = param->exactly ? param->max_syms : below(&rnd, max);

#ifdef CONFIG_LIVEPATCH
		f->image->mod.klp = !below(&rnd, 8);
#endif
		add_random_symbols(f, &rnd, param, n);
		layout(f);
		move(f);
		KUNIT_ASSERT_TRUE(test, resolve(f));
		if (below(&rnd, 2))
			move_absolute_symbols(f, &rnd);
		add_kallsyms(f->mod, &f->info);
		expect_guards(f);
		KUNIT_ASSERT_EQ(test, full_table(f)->num_symtab, n + 1);

		tries += expect_same(f, full_table(f), &rnd);
		end_init(f);
		longest = max(longest, f->mod->core_kallsyms.num_symtab);
		tries += expect_same(f, &f->mod->core_kallsyms, &rnd);
		module_symtab_forget_index(f->mod);
		if (table % 64 == 0 && n <= MAX_TRIES)
			expect_same(f, &f->mod->core_kallsyms, &rnd);
		kunit_release_action(test, free_memory, f->image);
		kunit_release_action(test, free_memory, f->before);
	}
	KUNIT_EXPECT_GT(test, tries, 0);
	kunit_info(test, "%u entries looked up, core tables of up to %u", tries, longest);
}

/*
 * A file may have its own symbol table relocated, after it has been laid out and
 * before it is read. What doesn't fit then is left out, and lookups answer what
 * the tables have.
 */

static void relocate_to_more_core(struct fixture *f, Elf_Sym *sym)
{
	sym[1].st_shndx = SEC_TEXT;
	sym[5].st_shndx = SEC_TEXT;
}

static void relocate_to_less_core(struct fixture *f, Elf_Sym *sym)
{
	/* Undefined, with a value in the text. */
	sym[9].st_shndx = SHN_UNDEF;
}

static void relocate_to_more_rest(struct fixture *f, Elf_Sym *sym)
{
	unsigned int i;

	for (i = 1; i < f->num_syms; i++) {
		if (sym[i].st_shndx != SHN_UNDEF)
			continue;
		sym[i].st_shndx = SEC_INIT_TEXT;
		sym[i].st_value = section_addr(f, SEC_INIT_TEXT) + i;
	}
}

static void relocate_to_less_rest(struct fixture *f, Elf_Sym *sym)
{
	sym[5].st_shndx = SHN_UNDEF;
}

/* The mapping symbols come to have other names. */
static void relocate_to_more_addresses(struct fixture *f, Elf_Sym *sym)
{
	unsigned int i;

	for (i = f->num_syms - 4; i < f->num_syms; i++)
		sym[i].st_name = sym[9].st_name;
}

static void relocate_to_longer_names(struct fixture *f, Elf_Sym *sym)
{
	sym[16].st_name -= strlen("a long beginning of a ");
}

static const struct relocate_param {
	const char *desc;
	void (*relocate)(struct fixture *f, Elf_Sym *sym);
	bool memory, core_names;
} relocate_params[] = {
	{ "more core entries", relocate_to_more_core, true, false },
	{ "less core entries", relocate_to_less_core, true, true },
	{ "more of the rest", relocate_to_more_rest, true, true },
	{ "less of the rest", relocate_to_less_rest, true, true },
	{ "more addresses", relocate_to_more_addresses, true, true },
	{ "longer names", relocate_to_longer_names, true, false },
	{ "longer names, no memory", relocate_to_longer_names, false, true },
};

KUNIT_ARRAY_PARAM_DESC(relocate, relocate_params, desc);

static void test_relocated_table(struct kunit *test)
{
	const struct relocate_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_relocated_table");
	const struct mod_kallsyms *core;
	unsigned int i, named = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 1);
	add_typical_symbols(f);
	/* Of this name, only the tail is a core symbol's. */
	add_symbol(f, "a long beginning of a tail", SHN_UNDEF, 0, FUNC);
	i = add_symbol(f, "", SEC_TEXT, 0x110, FUNC);
	KUNIT_ASSERT_EQ(test, i, 16);
	f->symtab[i].st_name = f->symtab[i - 1].st_name + strlen("a long beginning of a ");
	for (i = 0; i < 100; i++)
		add_symbol(f, "undefined, too", SHN_UNDEF, 0, FUNC);
	for (i = 0; i < 4; i++)
		add_symbol(f, "$d", SEC_TEXT, 0x120 + i, LOCAL);

	if (!param->memory)
		kunit_activate_static_stub(test, module_symtab_alloc, no_memory);
	layout(f);
	if (!param->memory)
		kunit_deactivate_static_stub(test, module_symtab_alloc);
	move(f);
	KUNIT_ASSERT_TRUE(test, resolve(f));
	param->relocate(f, (void *)f->symsec->sh_addr);
	add_kallsyms(f->mod, &f->info);
	expect_guards(f);

	core = &f->mod->core_kallsyms;
	KUNIT_EXPECT_LE(test, core->num_symtab, f->info.num_core_syms);
	for (i = 0; i < core->num_symtab; i++) {
		KUNIT_EXPECT_LT(test, core->symtab[i].st_name, f->info.core_strsize);
		named += !!*name_in(core, i);
		if (core->symtab[i].st_shndx == SEC_TEXT)
			KUNIT_EXPECT_NE(test, core->typetab[i], '\0');
	}
	KUNIT_EXPECT_EQ(test, named > 0, param->core_names);
	expect_same(f, full_table(f), &rnd);
	end_init(f);
	expect_same(f, core, &rnd);
}

/* The keeping of all strings has room for the last name as it was, and no more. */
static void test_relocated_last_name(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_relocated_last");
	unsigned int last, i;
	Elf_Sym *sym;

	add_typical_symbols(f);
	last = add_symbol(f, "a long beginning of a tail", SEC_TEXT, 0x110, FUNC);
	f->symtab[last].st_name += strlen("a long beginning of a ");
	kunit_activate_static_stub(test, module_symtab_alloc, no_memory);
	layout(f);
	kunit_deactivate_static_stub(test, module_symtab_alloc);
	move(f);
	KUNIT_ASSERT_TRUE(test, resolve(f));
	sym = (void *)f->symsec->sh_addr;
	sym[last].st_name -= strlen("a long beginning of a ");
	add_kallsyms(f->mod, &f->info);
	expect_guards(f);
	for (i = 0; i < f->mod->core_kallsyms.num_symtab; i++)
		KUNIT_EXPECT_STREQ(test, name_in(&f->mod->core_kallsyms, i), "");
	end_init(f);
	KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, "global_fn"), 0);
}

static void test_without_index(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_without_index");
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2);
	add_typical_symbols(f);
	load(f);
	module_symtab_forget_index(f->mod);
	expect_same(f, full_table(f), &rnd);
	end_init(f);
	expect_same(f, &f->mod->core_kallsyms, &rnd);
}

/* Keys of addresses begin with those in the text, if there is any. */
static void test_module_without_text(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_no_text");
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 3);
	f->image->mod.mem[MOD_TEXT].size = 0;
	f->image->mod.mem[MOD_INIT_TEXT].size = 0;
	f->image->sechdrs[SEC_TEXT].sh_size = 0;
	f->image->sechdrs[SEC_INIT_TEXT].sh_size = 0;
	add_symbol(f, "data", SEC_DATA, 0x20, OBJECT);
	add_symbol(f, "init_data", SEC_INIT_DATA, 0x10, OBJECT);
	add_symbol(f, "more_data", SEC_DATA, 0x30, OBJECT);
	load(f);
	expect_same(f, full_table(f), &rnd);
	end_init(f);
	expect_same(f, &f->mod->core_kallsyms, &rnd);
}

/*
 * Names that begin like one in the table, and have its fingerprint: only that
 * they go on tells them from it.
 */
static void test_name_that_goes_on(struct kunit *test)
{
	static const char start[] = "abcdefghijklmnopqrs";
	unsigned int length, i, tried;
	char name[40];

	for (length = 1; length < sizeof(start); length++) {
		struct fixture *f = new_module(test, "kunit_goes_on");
		u32 hash;

		snprintf(name, length + 1, "%s", start);
		add_symbol(f, name, SEC_TEXT, 0x10, FUNC);
		hash = module_symtab_name_hash(name);
		load(f);
		end_init(f);
		KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, name),
				section_addr(f, SEC_TEXT) + 0x10);
		for (i = 0, tried = 0; tried < 16; i++) {
			snprintf(name + length, sizeof(name) - length, "%c%u", 'A' + i % 26, i);
			if ((u8)module_symtab_name_hash(name) != (u8)hash)
				continue;
			KUNIT_EXPECT_EQ(test, find_kallsyms_symbol_value(f->mod, name), 0);
			tried++;
		}
	}
}

/* Names are looked at four at a time. */
static void test_bad_name_anywhere(struct kunit *test)
{
	unsigned int try, i;

	for (try = 0; try < 24; try++) {
		struct fixture *f = new_module(test, "kunit_bad_name");
		const unsigned int bad = try / 2;

		add_typical_symbols(f);
		f->num_syms = 12;
		f->symtab[bad].st_name = try % 2 ? f->strings : UINT_MAX;
		load(f);
		for (i = 1; i < 12; i++)
			KUNIT_EXPECT_STREQ(test, name_in(full_table(f), i), i == bad ? "" :
					   f->strtab + f->before[i].st_name);
	}
}

#define NAMES_OF_ONE_HASH	100

/*
 * Names that the index has in one bucket and with one fingerprint, as long as
 * it takes four symbols a bucket and the lowest byte of the hash.
 */
static void test_names_of_one_hash(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_one_hash");
	const struct mod_kallsyms *core;
	unsigned int i, n = 0;
	char name[16];

	for (i = 0; n < NAMES_OF_ONE_HASH; i++) {
		u32 hash;

		snprintf(name, sizeof(name), "name_%x", i);
		hash = module_symtab_name_hash(name);
		if ((u8)hash || reciprocal_scale(hash, (NAMES_OF_ONE_HASH + 1) / 4))
			continue;
		add_symbol(f, name, SEC_TEXT, n++ * 8, FUNC);
	}
	load(f);
	core = &f->mod->core_kallsyms;
	end_init(f);
	for (i = 1; i < core->num_symtab; i++)
		KUNIT_EXPECT_PTR_EQ(test, module_symtab_find_name(f->mod, name_in(core, i)),
				    (const Elf_Sym *)&core->symtab[i]);
	KUNIT_EXPECT_NULL(test, module_symtab_find_name(f->mod, "name_"));
}

/* Where the index takes another form, and one to either side. */
static const struct size_param {
	const char *desc;
	unsigned int n;			/* with entry 0 */
} size_params[] = {
	{ "2 entries", 2 },
	{ "3 entries", 3 },
	{ "4 entries", 4 },
	{ "5 entries", 5 },
	{ "255 entries", 255 },
	{ "256 entries", 256 },
	{ "1024 entries", 1024 },
	{ "1025 entries", 1025 },
	{ "8192 entries", 8192 },
	{ "8193 entries", 8193 },
	{ "65535 entries", 65535 },
	{ "65536 entries", 65536 },
};

KUNIT_ARRAY_PARAM_DESC(size, size_params, desc);

/* All of them core, at addresses of their own, in no order. */
static void test_core_index_of_size(struct kunit *test)
{
	const struct size_param *param = test->param_value;
	struct fixture *f = new_large_module(test, "kunit_size", param->n, param->n * 8 + 8);
	const struct mod_kallsyms *core;
	unsigned int i, wrong = 0;
	char name[16];

	/* A defined entry 0 can be found by name, too: as many as there can be. */
	f->symtab[0].st_shndx = SHN_ABS;
	f->image->sechdrs[SEC_TEXT].sh_size = param->n * 2;
	f->image->mod.mem[MOD_TEXT].size = param->n * 2;
	f->image->sechdrs[SEC_EMPTY].sh_entsize = (unsigned long)MOD_TEXT << SH_ENTSIZE_TYPE_SHIFT;
	for (i = 1; i < param->n; i++) {
		snprintf(name, sizeof(name), "%x", i);
		add_symbol(f, name, SEC_TEXT, i * 7919UL % param->n * 2, FUNC);
	}
	load(f);
	end_init(f);
	core = &f->mod->core_kallsyms;
	KUNIT_ASSERT_EQ(test, core->num_symtab, param->n);
	for (i = 1; i < param->n; i++) {
		const Elf_Sym *sym = &core->symtab[i];
		unsigned long offset = 0;
		const char *found;

		found = name_of_address(f, sym->st_value + 1, NULL, &offset);
		wrong += found != name_in(core, i) || offset != 1;
		wrong += module_symtab_find_name(f->mod, name_in(core, i)) != sym;
		snprintf(name, sizeof(name), "%xx", i);
		wrong += !!module_symtab_find_name(f->mod, name);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_PTR_EQ(test, module_symtab_find_name(f->mod, ""),
			    (const Elf_Sym *)&core->symtab[0]);
}

/* The code takes for granted how mapping symbols can begin. */
static void test_first_letter_of_mapping_symbols(struct kunit *test)
{
	unsigned int first, second;

	for (first = 'L' + 1; first <= U8_MAX; first++) {
		for (second = 0; second <= U8_MAX; second++) {
			const char name[] = { first, second, '\0' };

			KUNIT_EXPECT_FALSE(test, is_mapping_symbol(name));
		}
	}
}

/* Enumerate */

struct seen {
	char *names;
	unsigned int calls, stop_at;
	unsigned long last_value;
};

static int see(void *data, const char *name, unsigned long value)
{
	struct seen *seen = data;

	strlcat(seen->names, name, MAX_STRINGS);
	strlcat(seen->names, "/", MAX_STRINGS);
	seen->last_value = value;
	return ++seen->calls == seen->stop_at ? 42 : 0;
}

static struct seen *new_seen(struct kunit *test)
{
	struct seen *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	seen->names = kunit_kzalloc(test, MAX_STRINGS, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seen->names);
	return seen;
}

static void test_each_symbol(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_each");
	struct seen *seen = new_seen(test), *part = new_seen(test), *core = new_seen(test);

	add_name_symbols(f);
	add_symbol(f, "", SEC_TEXT, 0x70, INFO(STB_LOCAL, STT_SECTION));
	load(f);
	list_module(f);

	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_on_each_symbol("kunit_each", see, seen));
	KUNIT_EXPECT_STREQ(test, seen->names, "file.c/same/same/later/$d/init_fn/last//");
	KUNIT_EXPECT_EQ(test, seen->last_value, section_addr(f, SEC_TEXT) + 0x70);

	part->stop_at = 3;
	KUNIT_EXPECT_EQ(test, 42, module_kallsyms_on_each_symbol("kunit_each", see, part));
	KUNIT_EXPECT_STREQ(test, part->names, "file.c/same/same/");

	end_init(f);
	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_on_each_symbol("kunit_each", see, core));
	KUNIT_EXPECT_STREQ(test, core->names, "same/same/later/$d/last/");
}

static void test_each_symbol_of_which_module(struct kunit *test)
{
	struct fixture *old = new_module(test, "kunit_older");
	struct fixture *new = new_module(test, "kunit_newer");
	struct seen *all = new_seen(test), *one = new_seen(test), *none = new_seen(test);
	struct seen *unformed = new_seen(test);

	add_symbol(old, "old_fn", SEC_TEXT, 0x10, FUNC);
	load(old);
	add_symbol(new, "new_fn", SEC_TEXT, 0x10, FUNC);
	load(new);
	list_module(old);
	list_module(new);

	all->stop_at = 2;
	KUNIT_EXPECT_EQ(test, 42, module_kallsyms_on_each_symbol(NULL, see, all));
	KUNIT_EXPECT_STREQ(test, all->names, "new_fn/old_fn/");
	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_on_each_symbol("kunit_older", see, one));
	KUNIT_EXPECT_STREQ(test, one->names, "old_fn/");
	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_on_each_symbol("kunit_none", see, none));
	KUNIT_EXPECT_EQ(test, none->calls, 0);
	new->mod->state = MODULE_STATE_UNFORMED;
	KUNIT_EXPECT_EQ(test, 0, module_kallsyms_on_each_symbol("kunit_newer", see, unformed));
	KUNIT_EXPECT_EQ(test, unformed->calls, 0);
}

struct numbered {
	unsigned long value;
	char type, name[KSYM_NAME_LEN], module_name[MODULE_NAME_LEN];
	int exported;
};

static struct numbered *new_numbered(struct kunit *test)
{
	struct numbered *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, n);
	return n;
}

static int get_number(unsigned int symnum, struct numbered *n)
{
	return module_get_kallsym(symnum, &n->value, &n->type, n->name,
				  n->module_name, &n->exported);
}

static void test_get_kallsym(struct kunit *test)
{
	struct fixture *old = new_module(test, "kunit_older");
	struct fixture *new = new_module(test, "kunit_newer");
	struct numbered *n = new_numbered(test);
	unsigned int i;

	add_symbol(old, "old_fn", SEC_TEXT, 0x10, FUNC);
	load(old);
	add_typical_symbols(new);
	load(new);
	list_module(old);
	list_module(new);

	/* Every entry counts: entry 0, unnamed and undefined ones too. */
	for (i = 0; i < new->num_syms; i++) {
		KUNIT_ASSERT_EQ(test, 0, get_number(i, n));
		KUNIT_EXPECT_STREQ(test, n->name, name_in(full_table(new), i));
		KUNIT_EXPECT_EQ(test, n->value, full_table(new)->symtab[i].st_value);
		KUNIT_EXPECT_EQ(test, n->type, full_table(new)->typetab[i]);
		KUNIT_EXPECT_STREQ(test, n->module_name, "kunit_newer");
		KUNIT_EXPECT_EQ(test, n->exported, 0);
	}
	KUNIT_EXPECT_EQ(test, 0, get_number(i, n));
	KUNIT_EXPECT_STREQ(test, n->name, "");
	KUNIT_EXPECT_EQ(test, 0, get_number(i + 1, n));
	KUNIT_EXPECT_STREQ(test, n->name, "old_fn");
	KUNIT_EXPECT_STREQ(test, n->module_name, "kunit_older");

	new->mod->state = MODULE_STATE_UNFORMED;
	KUNIT_EXPECT_EQ(test, 0, get_number(1, n));
	KUNIT_EXPECT_STREQ(test, n->name, "old_fn");
}

static void test_get_kallsym_past_the_end(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_end");
	struct numbered *n = new_numbered(test);
	unsigned int before = 0;

	while (!get_number(before, n))
		before++;
	KUNIT_EXPECT_EQ(test, -ERANGE, get_number(before, n));

	add_typical_symbols(f);
	load(f);
	list_module(f);
	KUNIT_EXPECT_EQ(test, 0, get_number(before + f->num_syms - 1, n));
	KUNIT_EXPECT_EQ(test, -ERANGE, get_number(before + f->num_syms, n));
	KUNIT_EXPECT_EQ(test, -ERANGE, get_number(UINT_MAX, n));
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

static void test_exported(struct kunit *test)
{
	static const struct {
		const char *name;
		unsigned long value;
		int exported;
	} expected[] = {
		{ "a_exported", 0x10, 1 },
		{ "b_same_name", 0x20, 0 },	/* a static one */
		{ "b_same_name", 0x28, 1 },
		{ "c_gpl", 0x30, 0 },
		{ "d_private", 0x40, 0 },
		{ "e_exported", 0x50, 1 },
	};
	struct fixture *f = new_module(test, "kunit_exports");
	struct numbered *n = new_numbered(test);
	struct {
		struct kernel_symbol syms[3], gpl_syms[1];
		char names[4][16];
	} *exports;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(expected); i++)
		add_symbol(f, expected[i].name, SEC_TEXT, expected[i].value, FUNC);
	load(f);

	/* In .text, for relative references do not reach everywhere. */
	BUILD_BUG_ON(sizeof(*exports) > SEC_SIZE);
	exports = (void *)section_addr(f, SEC_TEXT);
	strscpy(exports->names[0], "a_exported");
	strscpy(exports->names[1], "b_same_name");
	strscpy(exports->names[2], "e_exported");
	strscpy(exports->names[3], "c_gpl");
	export(&exports->syms[0], exports->names[0], section_addr(f, SEC_TEXT) + 0x10);
	export(&exports->syms[1], exports->names[1], section_addr(f, SEC_TEXT) + 0x28);
	export(&exports->syms[2], exports->names[2], section_addr(f, SEC_TEXT) + 0x50);
	export(&exports->gpl_syms[0], exports->names[3], section_addr(f, SEC_TEXT) + 0x30);
	f->mod->syms = exports->syms;
	f->mod->num_syms = ARRAY_SIZE(exports->syms);
	f->mod->gpl_syms = exports->gpl_syms;
	f->mod->num_gpl_syms = ARRAY_SIZE(exports->gpl_syms);
	list_module(f);

	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		KUNIT_ASSERT_EQ(test, 0, get_number(i + 1, n));
		KUNIT_EXPECT_STREQ(test, n->name, expected[i].name);
		KUNIT_EXPECT_EQ_MSG(test, n->exported, expected[i].exported, "%s", n->name);
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
#define GOOD_NOTE	{ { sizeof("GNU"), 20, NT_BUILD_ID }, "GNU", BUILD_ID }

static const struct build_id_param {
	const char *desc;
	struct note first, second;
	unsigned int first_size, second_size;
	unsigned long less_flags;
	bool found;
	unsigned int bytes;
} build_id_params[] = {
	{ "found", GOOD_NOTE, GOOD_NOTE, sizeof(struct note), 0, 0, true, 20 },
	{ "absent", {}, {}, 0, 0, 0, false },
	{ "in the second section",
	  { { 4, 20, 1 }, "Lin" }, GOOD_NOTE,
	  sizeof(struct note), sizeof(struct note), 0, true, 20 },
	{ "the first of two",
	  GOOD_NOTE, { { 4, 4, NT_BUILD_ID }, "GNU", "last" },
	  sizeof(struct note), sizeof(struct note), 0, true, 20 },
	{ "empty section first",
	  {}, GOOD_NOTE, 0, sizeof(struct note), 0, true, 20 },
	{ "of eight bytes",
	  { { 4, 8, NT_BUILD_ID }, "GNU", BUILD_ID }, {},
	  sizeof(struct note), 0, 0, true, 8 },
	{ "not allocated",
	  GOOD_NOTE, GOOD_NOTE, sizeof(struct note), sizeof(struct note), SHF_ALLOC, false },
	{ "other name",
	  { { 4, 20, NT_BUILD_ID }, "XNU", BUILD_ID }, {},
	  sizeof(struct note), 0, 0, false },
	{ "other type",
	  { { 4, 20, 1 }, "GNU", BUILD_ID }, {}, sizeof(struct note), 0, 0, false },
	{ "empty",
	  { { 4, 0, NT_BUILD_ID }, "GNU" }, {}, sizeof(struct note), 0, 0, false },
	{ "too long",
	  { { 4, 21, NT_BUILD_ID }, "GNU", BUILD_ID }, {},
	  sizeof(struct note), 0, 0, false },
	{ "wild length",
	  { { 4, 0xfffffff0, NT_BUILD_ID }, "GNU", BUILD_ID }, {},
	  sizeof(struct note), 0, 0, false },
	{ "wild name length",
	  { { 0xfffffff0, 20, NT_BUILD_ID }, "GNU", BUILD_ID }, {},
	  sizeof(struct note), 0, 0, false },
	{ "truncated",
	  GOOD_NOTE, {}, sizeof(struct note) - 1, 0, 0, false },
	{ "header alone",
	  GOOD_NOTE, {}, sizeof(u32[3]), 0, 0, false },
	{ "half a header",
	  GOOD_NOTE, {}, sizeof(u32[3]) / 2, 0, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(build_id, build_id_params, desc);

/* In memory of exactly its size, for KASAN to watch. */
static unsigned long __maybe_unused
note_contents(struct kunit *test, const struct note *note, unsigned int size)
{
	void *p = kunit_kmalloc(test, size ?: 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	memcpy(p, note, size);
	return (unsigned long)p;
}

static void test_build_id(struct kunit *test)
{
#ifdef CONFIG_STACKTRACE_BUILD_ID
	const struct build_id_param *param = test->param_value;
	struct fixture *f = new_module(test, "kunit_build_id");
	Elf_Shdr *first = &f->image->sechdrs[SEC_NOTE];
	Elf_Shdr *second = &f->image->sechdrs[SEC_NOTE2];
	Elf_Shdr *no_note = &f->image->sechdrs[SEC_RODATA];
	static const struct note elsewhere = { { 4, 4, NT_BUILD_ID }, "GNU", "data" };
	u8 expected[BUILD_ID_SIZE_MAX] = { };

	load(f);
	/* That other sections look like one means nothing. */
	no_note->sh_size = sizeof(elsewhere);
	no_note->sh_addr = note_contents(test, &elsewhere, sizeof(elsewhere));
	first->sh_flags &= ~param->less_flags;
	first->sh_size = param->first_size;
	first->sh_addr = note_contents(test, &param->first, param->first_size);
	second->sh_flags &= ~param->less_flags;
	second->sh_size = param->second_size;
	second->sh_addr = note_contents(test, &param->second, param->second_size);
	if (param->found)
		memcpy(expected, BUILD_ID, param->bytes);

	init_build_id(f->mod, &f->info);
	KUNIT_EXPECT_MEMEQ(test, module_buildid(f->mod), expected, sizeof(expected));
#else
	kunit_skip(test, "needs CONFIG_STACKTRACE_BUILD_ID");
#endif
}

static void test_function_descriptor(struct kunit *test)
{
	struct fixture *f = new_module(test, "kunit_descriptor");

	if (IS_ENABLED(CONFIG_HAVE_FUNCTION_DESCRIPTORS))
		kunit_skip(test, "this architecture has function descriptors");
	load(f);
	KUNIT_EXPECT_PTR_EQ(test, dereference_module_function_descriptor(f->mod, test),
			    (void *)test);
}

static struct kunit_case module_kallsyms_cases[] = {
	KUNIT_CASE_PARAM(test_type_letter, type_gen_params),
	KUNIT_CASE(test_type_without_percpu_section),
	KUNIT_CASE(test_section_behind_the_last),
	KUNIT_CASE(test_section_name_at_the_end),
	KUNIT_CASE_PARAM(test_core_rule, core_gen_params),
	KUNIT_CASE_PARAM(test_reserved_is_written, table_gen_params),
	KUNIT_CASE_PARAM(test_strings_are_what_is_core, table_gen_params),
	KUNIT_CASE_PARAM(test_full_table_is_elf_table, table_gen_params),
	KUNIT_CASE_PARAM(test_core_table_is_what_is_core, table_gen_params),
	KUNIT_CASE(test_core_names),
	KUNIT_CASE(test_livepatch_keeps_all),
	KUNIT_CASE(test_values_are_addresses),
	KUNIT_CASE_PARAM(test_damage_is_mended, damage_gen_params),
	KUNIT_CASE(test_entry0_sections),
	KUNIT_CASE(test_alignment_kept),
	KUNIT_CASE_PARAM(test_unusable_is_refused, refuse_gen_params),
	KUNIT_CASE(test_other_string_table),
	KUNIT_CASE(test_names_of_all_lengths),
	KUNIT_CASE(test_names_all_equal),
	KUNIT_CASE(test_many_at_one_address),
	KUNIT_CASE_PARAM(test_no_memory, memory_gen_params),
	KUNIT_CASE(test_symbols_in_allocated_tables),
	KUNIT_CASE(test_relocated_names),
	KUNIT_CASE_PARAM(test_address, address_gen_params),
	KUNIT_CASE(test_address_of_values_outside),
	KUNIT_CASE(test_address_of_entry0),
	KUNIT_CASE(test_address_in_symbol_table),
	KUNIT_CASE(test_address_walk_ties),
	KUNIT_CASE(test_address_lookup),
	KUNIT_CASE(test_address_lookup_without_symbol),
	KUNIT_CASE(test_address_lookup_of_unformed),
	KUNIT_CASE(test_long_name_is_cut),
	KUNIT_CASE(test_symbol_name),
	KUNIT_CASE_PARAM(test_name, name_gen_params),
	KUNIT_CASE(test_unnamed_counts_by_name),
	KUNIT_CASE(test_name_walk_index),
	KUNIT_CASE_PARAM(test_index_is_walk, random_gen_params),
	KUNIT_CASE_PARAM(test_relocated_table, relocate_gen_params),
	KUNIT_CASE(test_relocated_last_name),
	KUNIT_CASE(test_without_index),
	KUNIT_CASE(test_module_without_text),
	KUNIT_CASE(test_bad_name_anywhere),
	KUNIT_CASE(test_name_that_goes_on),
	KUNIT_CASE(test_names_of_one_hash),
	KUNIT_CASE_PARAM(test_core_index_of_size, size_gen_params),
	KUNIT_CASE(test_first_letter_of_mapping_symbols),
	KUNIT_CASE(test_lookup_name),
	KUNIT_CASE(test_lookup_name_with_late_colon),
	KUNIT_CASE(test_each_symbol),
	KUNIT_CASE(test_each_symbol_of_which_module),
	KUNIT_CASE(test_get_kallsym),
	KUNIT_CASE(test_get_kallsym_past_the_end),
	KUNIT_CASE(test_exported),
	KUNIT_CASE_PARAM(test_build_id, build_id_gen_params),
	KUNIT_CASE(test_function_descriptor),
	{}
};

/*
 * Not reached, of kallsyms.c, on UML; whoever measures coverage can compare. All
 * else is run, and all branches go both ways.
 *
 *	sh_flags & ARCH_SHF_SMALL	0 but on alpha
 *	while (type < NO_REGION &&	keys are given to what is in a region
 *	lanes = (lanes >> 8		big-endian: the cases run on s390, too
 *	rest->usable = usable &&	its index has room for all that was counted
 */
static struct kunit_suite module_kallsyms_suite = {
	.name = "module_kallsyms",
	.test_cases = module_kallsyms_cases,
};

kunit_test_suite(module_kallsyms_suite);

MODULE_DESCRIPTION("KUnit test for the symbol tables of modules");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
