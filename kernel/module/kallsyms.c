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
 *	names		their lengths and hashes; which of them the core table needs
 *	index		where the parts of an index are
 *	lay out		measure the tables, reserve room for them
 *	populate	fill what was reserved: copy, share strings, index
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
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/bsearch.h>
#include <linux/buildid.h>
#include <linux/elf.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/module_symbol.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include <linux/unaligned.h>
#include <asm/word-at-a-time.h>
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
 * Section indexes come from the file: the loader has checked them for all
 * entries but the first by the time types are asked for, and for none of
 * them before that.
 */

/* What an entry takes after from its section. */
struct section_class {
	char type;
	bool core;
	u8 region;		/* an enum mod_mem_type, or more */
} __aligned(4);

/* The loader leaves the sh_name of SHT_NULL sections unchecked. */
static bool section_is_debug(const Elf_Shdr *sec, const struct load_info *info)
{
	const Elf_Shdr *names = &info->sechdrs[info->hdr->e_shstrndx];

	return sec->sh_name < names->sh_size &&
	       strstarts(info->secstrings + sec->sh_name, ".debug");
}

static char section_type(const Elf_Shdr *sec, const struct load_info *info)
{
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

static bool section_is_core(const Elf_Shdr *sec)
{
	unsigned long region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;

	if (!(sec->sh_flags & SHF_ALLOC))
		return false;
	if (!IS_ENABLED(CONFIG_KALLSYMS_ALL) && !(sec->sh_flags & SHF_EXECINSTR))
		return false;
	return region < MOD_MEM_NUM_TYPES && mod_mem_type_is_core(region);
}

/* Of entries that are in no section, too. */
static struct section_class classify_section(unsigned int shndx,
					     const struct load_info *info)
{
	struct section_class class = { .type = '?', .region = U8_MAX };
	const Elf_Shdr *sec = &info->sechdrs[shndx];

	if (shndx == SHN_UNDEF) {
		class.type = 'U';
		return class;
	}

	if (shndx < info->hdr->e_shnum) {
		class.type = section_type(sec, info);
		class.core = section_is_core(sec);
		class.region = sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT;
	}

	if (shndx == info->index.pcpu) {
		/* Not SHF_ALLOC: the loader places it by itself, once per CPU. */
		class.type = 'a';
		class.core |= IS_ENABLED(CONFIG_KALLSYMS_ALL);
	} else if (shndx == SHN_ABS) {
		class.type = 'a';
	} else if (shndx >= SHN_LORESERVE) {
		class.type = '?';
	}
	return class;
}

static void classify_sections(struct section_class *class,
			      const struct load_info *info)
{
	unsigned int i;

	for (i = 0; i < info->hdr->e_shnum; i++)
		class[i] = classify_section(i, info);
}

/* @class: of each section, or NULL */
static struct section_class class_of(const Elf_Sym *sym,
				     const struct section_class *class,
				     const struct load_info *info)
{
	if (likely(class && sym->st_shndx < info->hdr->e_shnum))
		return class[sym->st_shndx];
	return classify_section(sym->st_shndx, info);
}

static bool symbol_is_core(const Elf_Sym *sym, struct section_class class)
{
	return class.core && sym->st_name;
}

static char symbol_type(const Elf_Sym *sym, struct section_class class)
{
	if (ELF_ST_BIND(sym->st_info) == STB_WEAK)
		return ELF_ST_TYPE(sym->st_info) == STT_OBJECT ? 'v' : 'w';
	return class.type;
}

#if IS_ENABLED(CONFIG_KUNIT)
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
bool module_symbol_is_core(const Elf_Sym *sym, const struct load_info *info)
{
	return symbol_is_core(sym, classify_section(sym->st_shndx, info));
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
char module_symbol_type(const Elf_Sym *sym, const struct load_info *info)
{
	return symbol_type(sym, classify_section(sym->st_shndx, info));
}
EXPORT_SYMBOL_IF_KUNIT(module_symbol_type);
#endif

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
static const Elf_Sym refused_symtab[] = {
	{ },
	{ .st_name = 1, .st_shndx = SHN_HIRESERVE },
};

/* Of the same size, for it has the same section. */
static const char refused_strtab[sizeof(refused_symtab)] = "\0(see above)";

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
 * Measure and hash names
 *
 * This is done to every name of a module that is loaded, and once to a name
 * that is looked up in all modules.
 */

/*
 * Bytes of a name that are hashed. Longer names are told apart by comparing
 * them. Without a limit, a file could have a very long name hashed for each of
 * very many symbols.
 */
#define HASHED_BYTES	1024

#define LONG_NAME	ULONG_MAX	/* for a length */

#ifdef CONFIG_DCACHE_WORD_ACCESS
static __always_inline unsigned long mix_name(unsigned long hash)
{
	hash *= GOLDEN_RATIO_PRIME;
	return hash ^ hash >> BITS_PER_LONG / 2;
}

/*
 * May read, but never looks at, a few bytes behind the name. Sets @len to the
 * name's length, or to LONG_NAME.
 */
static __always_inline u32 name_hash(const char *name, unsigned long *len)
{
	const struct word_at_a_time constants = WORD_AT_A_TIME_CONSTANTS;
	unsigned long hash = 0, word, zeros;
	const char *at = name;

	for (;;) {
		word = load_unaligned_zeropad(at);
		if (has_zero(word, &zeros, &constants))
			break;
		hash = mix_name(hash ^ word);
		at += sizeof(word);
		if (unlikely(at == name + HASHED_BYTES)) {
			*len = LONG_NAME;
			return hash_long(hash, 32);
		}
	}
	zeros = create_zero_mask(prep_zero_mask(word, zeros, &constants));
	*len = at - name + find_zero(zeros);
	return hash_long(mix_name(hash ^ (word & zero_bytemask(zeros))), 32);
}
#else
static u32 name_hash(const char *name, unsigned long *len)
{
	unsigned long hash = init_name_hash(0), at;

	for (at = 0; name[at] && at < HASHED_BYTES; at++)
		hash = partial_name_hash((unsigned char)name[at], hash);
	*len = name[at] ? LONG_NAME : at;
	return end_name_hash(hash);
}
#endif

static unsigned long name_length(const char *name)
{
	unsigned long len;

	name_hash(name, &len);
	return len == LONG_NAME ? strlen(name) : len;
}

/*
 * Keep strings
 *
 * A *run* is what .strtab holds from one NUL to the next, which belongs to it.
 * Names are tails of runs: linkers store a name that is the tail of another
 * (foo, __pfx_foo) once.  The core string table keeps of each run the part
 * from the first byte that begins a core name, and names that share bytes in
 * the file go on sharing them.
 *
 * What is kept is told by a bitmap with a bit for each byte of .strtab.
 */

/*
 * Keep a name of @len bytes and its NUL. Where one of them is kept already, so
 * is all that comes behind it: no word is filled twice.
 */
static __always_inline void
keep_name(unsigned long *keep, unsigned long start, unsigned long len)
{
	unsigned long *word = keep + BIT_WORD(start);
	unsigned long *last = keep + BIT_WORD(start + len);
	unsigned long mask = BITMAP_FIRST_WORD_MASK(start);

	while (word < last) {
		const unsigned long kept = *word & mask;

		*word++ |= mask;
		if (kept)
			return;
		mask = ~0UL;
	}
	*word |= mask & BITMAP_LAST_WORD_MASK(start + len + 1);
}

static bool is_kept(const unsigned long *keep, unsigned long start)
{
	return keep[BIT_WORD(start)] & BIT_MASK(start);
}

/*
 * Index
 *
 * Behind the types of a table, and in the same region, is its index.  Nothing
 * points at it, for nothing that modules or debuggers know has room for that:
 * where its parts are follows from the number of entries, n.  They are
 *
 *	fingerprint	n bytes
 *	head		shift, number of text addresses, of all addresses
 *	directory	index_pages(n) + 1 positions in addresses
 *	addresses	as many entries as the head says
 *	bucket		index_buckets(n) + 1 positions in names
 *	names		n entries
 *
 * All but the first are arrays of 16-bit integers if n fits in one, else of
 * 32-bit integers.
 *
 * *By address*: addresses has the entries that an address lookup can return,
 * each the first in the table of those with its value. Those in MOD_TEXT come
 * first, then those in other regions; either sorted by value.  MOD_TEXT is
 * divided into pages of 1 << shift bytes, and the directory tells where those
 * of each begin, so that a search has some 8 to look at, however large the
 * table.  A shift of 0 says that this part could not be built: see
 * index_addresses().
 *
 * *By name*: a hash table of the defined entries. Those of one bucket are next
 * to each other, in the order of the table, so the first match is the one
 * wanted. Each has a byte more of its name's hash in fingerprint; eight of
 * them are compared in one go, and of 256 names that are not there 255 have
 * been told so without a look at any string.
 */

enum index_head {
	HEAD_SHIFT,
	HEAD_TEXT,
	HEAD_ADDRESSES,
	HEAD_SIZE
};

struct symtab_index {
	u8 *fingerprint;
	void *head;
	void *directory;
	void *addresses;
	void *bucket;
	void *names;
};

static bool index_is_wide(unsigned int n)
{
	return n > U16_MAX;
}

static unsigned int index_entry_size(unsigned int n)
{
	return index_is_wide(n) ? sizeof(u32) : sizeof(u16);
}

static unsigned long index_pages(unsigned long n)
{
	return n / 8 + 1;
}

static unsigned long index_buckets(unsigned long n)
{
	return n / 4 + 1;
}

/* Bytes of all but the fingerprints. */
static u64 index_size(unsigned int n, unsigned int addresses)
{
	return index_entry_size(n) * ((u64)HEAD_SIZE + index_pages(n) + 1 +
				      index_buckets(n) + 1 + n + addresses);
}

static __always_inline unsigned long
get_entry(const void *array, unsigned long i, bool wide)
{
	return wide ? ((const u32 *)array)[i] : ((const u16 *)array)[i];
}

static __always_inline void set_entry(void *array, unsigned long i,
				      unsigned long entry, bool wide)
{
	if (wide)
		((u32 *)array)[i] = entry;
	else
		((u16 *)array)[i] = entry;
}

/* Where the names are is known once the addresses are there. */
static __always_inline struct symtab_index
index_of(const struct mod_kallsyms *table, bool wide)
{
	const unsigned long size = wide ? sizeof(u32) : sizeof(u16);
	const unsigned long n = table->num_symtab;
	struct symtab_index index;

	index.fingerprint = (u8 *)table->typetab + n;
	index.head = PTR_ALIGN((void *)index.fingerprint + n, size);
	index.directory = index.head + HEAD_SIZE * size;
	index.addresses = index.directory + (index_pages(n) + 1) * size;
	index.bucket = index.addresses +
		       get_entry(index.head, HEAD_ADDRESSES, wide) * size;
	index.names = index.bucket + (index_buckets(n) + 1) * size;
	return index;
}

static bool symbol_is_defined(const Elf_Sym *sym)
{
	return sym->st_shndx != SHN_UNDEF;
}

/*
 * Lay out
 *
 * Reserves, by growing regions of the module that are yet to be allocated:
 *
 *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types | index
 *			| scratch space for making the indexes
 *	MOD_DATA	core entries | core strings | types | index
 *
 * Debuggers find symtab and strtab of either table in these regions.
 */

struct core_size {
	unsigned int entries;
	unsigned int addresses;		/* at most */
	unsigned long strings;		/* bytes */
	bool whole_strtab;
};

/*
 * Debuggers that want the string table's size take the end of the last entry's
 * name for its end.  So the run that name is in is stored last, and a name that
 * is empty gets a NUL of its own.
 *
 * Without memory for the bitmap .strtab is kept whole, with the last name once
 * more behind it.
 */
static void measure_core(struct module *mod, const struct load_info *info,
			 struct core_size *core)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	const unsigned long n = symsec->sh_size / sizeof(Elf_Sym);
	const unsigned long words = BITS_TO_LONGS(strsec->sh_size);
	const Elf_Sym *src = (void *)symsec->sh_addr;
	const unsigned int pcpu = info->index.pcpu;
	const char *strtab = info->strtab;
	const bool livepatch = is_livepatch_module(mod);
	struct section_class *class = NULL;
	unsigned int entries = 0, addresses = 0;
	unsigned long i, last = 0;
	unsigned long *keep;

	keep = kvzalloc(size_add(array_size(words, sizeof(*keep)),
				 info->hdr->e_shnum * sizeof(*class)),
			GFP_KERNEL | __GFP_NOWARN);
	core->whole_strtab = !keep;
	if (keep) {
		class = (void *)(keep + words);
		classify_sections(class, info);
		__set_bit(0, keep);
	}

	for (i = 0; i < n; i++) {
		const Elf_Sym sym = {
			.st_name = get_unaligned(&src[i].st_name),
			.st_shndx = get_unaligned(&src[i].st_shndx),
		};

		if (i && !livepatch &&
		    !symbol_is_core(&sym, class_of(&sym, class, info)))
			continue;

		entries++;
		last = sym.st_name;
		if (strtab[last] && !is_mapping_symbol(strtab + last) &&
		    sym.st_shndx != pcpu)
			addresses++;
		if (keep && !is_kept(keep, last))
			keep_name(keep, last, name_length(strtab + last));
	}

	core->entries = entries;
	core->addresses = addresses;
	if (keep) {
		core->strings = bitmap_weight(keep, strsec->sh_size);
		core->strings += !strtab[last];
		kvfree(keep);
	} else {
		pr_info("%s: no memory to shorten the names of symbols\n", mod->name);
		core->strings = strsec->sh_size + strlen(strtab + last) + 1;
	}
}

/* What it takes to make the tables; freed with MOD_INIT_DATA. */
struct scratch {
	struct section_class *section;	/* of each section */
	u32 *core;			/* of each entry: 1 + its index in core */
	u32 *hash;			/* of each entry's name */
	u32 *full_bucket, *core_bucket;	/* ends of buckets, then beginnings */
	unsigned long *keep;		/* of each byte of .strtab: is it core? */
	u32 *rank;			/* of each word of it: core bytes before */
	u64 *pairs, *more_pairs;	/* to sort addresses */
	u32 *count;			/* likewise */
	unsigned int num_pairs;
};

/* Bits of an address that are sorted by in one pass over @n of them. */
static unsigned int sort_bits(unsigned int n)
{
	return clamp(fls(n) + 1, 8, 12);
}

static void *scratch_part(void *base, u64 *size, u64 bytes)
{
	void *start = base + *size;

	*size += bytes;
	return start;
}

/* Finds the parts in @base, for @n entries. Returns the size of all. */
static u64 scratch_layout(struct scratch *scratch, void *base, u64 n,
			  const struct load_info *info)
{
	const u64 words = BITS_TO_LONGS(info->sechdrs[info->index.str].sh_size);
	const u64 buckets = index_buckets(n);
	u64 size = 0;

	scratch->pairs = scratch_part(base, &size, n * sizeof(u64));
	/* Strings are done with before addresses are sorted. */
	scratch->more_pairs = base + size;
	scratch->keep = base + size;
	scratch->rank = base + size + words * sizeof(long);
	size += max(n * sizeof(u64), words * (sizeof(long) + sizeof(u32)));
	scratch->count = scratch_part(base, &size, sizeof(u32) << sort_bits(n));
	scratch->core = scratch_part(base, &size, n * sizeof(u32));
	scratch->hash = scratch_part(base, &size, n * sizeof(u32));
	scratch->full_bucket = scratch_part(base, &size, (buckets + 1) * sizeof(u32));
	scratch->core_bucket = scratch_part(base, &size, (buckets + 1) * sizeof(u32));
	scratch->section = scratch_part(base, &size, info->hdr->e_shnum *
					sizeof(*scratch->section));
	return size;
}

static u64 scratch_size(u64 n, const struct load_info *info)
{
	struct scratch scratch;

	return scratch_layout(&scratch, NULL, n, info);
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
	const u64 n = symtab / sizeof(Elf_Sym);

	return region_has_room(mod, MOD_DATA, slack + core->strings +
			       (u64)core->entries * (sizeof(Elf_Sym) + 2) +
			       index_size(core->entries, core->addresses)) &&
	       region_has_room(mod, MOD_INIT_DATA, slack + strtab + symtab +
			       2 * n + index_size(n, n) +
			       scratch_size(n, info));
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

/* Reserves types, fingerprints and the rest of the index; where the types are. */
static unsigned long reserve_types(struct module *mod, enum mod_mem_type type,
				   unsigned int n, unsigned int addresses)
{
	unsigned long offset = reserve(mod, type, 2 * (unsigned long)n, 1);

	reserve(mod, type, index_size(n, addresses), index_entry_size(n));
	return offset;
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
 * allocated. Takes no locks. Allocates a bit for each byte of .strtab and frees
 * them; can do without, in more memory.
 */
void layout_symtab(struct module *mod, struct load_info *info)
{
	const Elf_Shdr *symsec;
	struct core_size core;
	unsigned int n;

	validate_symtab(mod, info);
	measure_core(mod, info, &core);
	if (!tables_fit(mod, info, &core)) {
		refuse_module(mod, info, "it does not fit in the module's memory");
		measure_core(mod, info, &core);
	}
	symsec = &info->sechdrs[info->index.sym];
	n = symsec->sh_size / sizeof(Elf_Sym);

	reserve_section(mod, info, info->index.sym);
	reserve_section(mod, info, info->index.str);
	info->mod_kallsyms_init_off = reserve(mod, MOD_INIT_DATA,
					      sizeof(struct mod_kallsyms),
					      __alignof__(struct mod_kallsyms));
	info->init_typeoffs = reserve_types(mod, MOD_INIT_DATA, n, n);
	info->symtab_scratch_off =
		reserve(mod, MOD_INIT_DATA, scratch_size(n, info),
			__alignof__(u64));

	info->num_core_syms = core.entries;
	info->core_strsize = core.strings;
	info->core_strtab_whole = core.whole_strtab;
	info->num_core_addresses = core.addresses;
	info->symoffs = reserve(mod, MOD_DATA, core.entries * sizeof(Elf_Sym),
				__alignof__(Elf_Sym));
	info->stroffs = reserve(mod, MOD_DATA, core.strings, 1);
	info->core_typeoffs = reserve_types(mod, MOD_DATA, core.entries,
					    core.addresses);
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

/* Where strings go in the core string table. */
struct core_strings {
	const unsigned long *keep;
	const u32 *rank;		/* NULL: they stay where they are */
	unsigned long size;
	/* The run that is stored last: where it would have been. */
	unsigned long last_start, last_end;
	unsigned long last;		/* the last entry's name */
};

static unsigned long rank_of(const struct core_strings *strings,
			     unsigned long byte)
{
	const unsigned long below = BIT_MASK(byte) - 1;

	return strings->rank[BIT_WORD(byte)] +
	       hweight_long(strings->keep[BIT_WORD(byte)] & below);
}

static unsigned long core_string(const struct core_strings *strings,
				 unsigned long byte)
{
	unsigned long at = rank_of(strings, byte);

	if (at >= strings->last_end)
		return at - (strings->last_end - strings->last_start);
	if (at >= strings->last_start)
		return at + (strings->size - strings->last_end);
	return at;
}

static char *copy_kept(char *to, const char *strtab, const unsigned long *keep,
		       unsigned long start, unsigned long end)
{
	unsigned long stop;

	for_each_set_bitrange_from(start, stop, keep, end) {
		memcpy(to, strtab + start, stop - start);
		to += stop - start;
	}
	return to;
}

/* Returns false if more is to be kept than there is room for. */
static bool share_strings(struct core_strings *strings, char *to,
			  const char *strtab, unsigned long strsize,
			  unsigned long last, unsigned long reserved)
{
	const unsigned long *keep = strings->keep;
	unsigned long start = last, end = last + strlen(strtab + last) + 1;

	if (!strtab[last]) {
		if (strings->size >= reserved)
			return false;
		copy_kept(to, strtab, keep, 0, strsize);
		strings->last = strings->size;
		to[strings->last] = '\0';
		strings->last_start = strings->size;
		strings->last_end = strings->size;
		return true;
	}

	if (strings->size > reserved)
		return false;

	while (strtab[start - 1] && test_bit(start - 1, keep))
		start--;
	to = copy_kept(to, strtab, keep, 0, start);
	to = copy_kept(to, strtab, keep, end, strsize);
	memcpy(to, strtab + start, end - start);
	strings->last_start = rank_of(strings, start);
	strings->last_end = strings->last_start + end - start;
	strings->last = core_string(strings, last);
	return true;
}

static bool keep_all_strings(struct core_strings *strings, char *to,
			     const char *strtab, unsigned long strsize,
			     unsigned long last, unsigned long reserved)
{
	const unsigned long size = strlen(strtab + last) + 1;

	if (strsize + size > reserved)
		return false;

	memcpy(to, strtab, strsize);
	memcpy(to + strsize, strtab + last, size);
	strings->rank = NULL;
	strings->last = strsize;
	return true;
}

static unsigned long rank_words(u32 *rank, const unsigned long *keep,
				unsigned long size)
{
	unsigned long i, kept = 0;

	for (i = 0; i < BITS_TO_LONGS(size); i++) {
		rank[i] = kept;
		kept += hweight_long(keep[i]);
	}
	return kept;
}

static void store_core_strings(struct mod_kallsyms *core,
			       const struct mod_kallsyms *full,
			       const struct load_info *info,
			       const struct scratch *scratch, unsigned long last)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	struct core_strings strings = {
		.keep = scratch->keep,
		.rank = scratch->rank,
	};
	const unsigned int n = core->num_symtab;
	Elf_Sym *sym;
	bool stored;

	strings.size = rank_words(scratch->rank, scratch->keep, strsize);

	if (info->core_strtab_whole)
		stored = keep_all_strings(&strings, core->strtab, full->strtab,
					  strsize, last, info->core_strsize);
	else
		stored = share_strings(&strings, core->strtab, full->strtab,
				       strsize, last, info->core_strsize);
	if (unlikely(!stored)) {
		memset(core->strtab, 0, info->core_strsize);
		for (sym = core->symtab; sym < core->symtab + n; sym++)
			sym->st_name = 0;
		return;
	}

	if (strings.rank)
		for (sym = core->symtab; sym < core->symtab + n; sym++)
			sym->st_name = core_string(&strings, sym->st_name);
	if (n)
		core->symtab[n - 1].st_name = strings.last;
}

/*
 * The index by address: think of the regions as one behind the other, MOD_TEXT
 * first and the others by address.  An address's place in that row is the key
 * to sort by, and what is sorted are pairs, of a key in the upper half and the
 * index of an entry in the lower.  They begin in the order of the table and the
 * sort is stable, so of entries with one value the first stays the first.
 */
struct address_regions {
	struct {
		unsigned long base;
		unsigned long size;
		u64 key;
	} region[MOD_MEM_NUM_TYPES];
	u64 size;
};

static bool region_has_symbols(enum mod_mem_type type)
{
	return IS_ENABLED(CONFIG_KALLSYMS_ALL) || mod_mem_type_is_text(type);
}

static void map_regions(struct address_regions *regions, const struct module *mod)
{
	memset(regions, 0, sizeof(*regions));
	for_each_mod_mem_type(type) {
		const struct module_memory *mem = &mod->mem[type];

		if (!region_has_symbols(type))
			continue;
		regions->region[type].base = (unsigned long)mem->base;
		regions->region[type].size = mem->size;
		regions->size += mem->size;
		for_each_mod_mem_type(other)
			if (other != type && type != MOD_TEXT &&
			    region_has_symbols(other) &&
			    (other == MOD_TEXT || mod->mem[other].base < mem->base))
				regions->region[type].key += mod->mem[other].size;
	}
}

static bool in_region(const struct address_regions *regions,
		      enum mod_mem_type type, unsigned long value, u64 *key)
{
	unsigned long offset = value - regions->region[type].base;

	*key = regions->region[type].key + offset;
	return offset < regions->region[type].size;
}

static bool address_key(const struct address_regions *regions,
			unsigned long value, unsigned int guess, u64 *key)
{
	if (likely(guess < MOD_MEM_NUM_TYPES) &&
	    likely(in_region(regions, guess, value, key)))
		return true;

	for_each_mod_mem_type(type)
		if (in_region(regions, type, value, key))
			return true;
	return false;
}

static bool name_is_of_address(const char *name)
{
	return *name && !is_mapping_symbol(name);
}

/* Can an address lookup return this entry? */
static bool symbol_names_address(const struct mod_kallsyms *table, unsigned int i)
{
	return symbol_is_defined(&table->symtab[i]) &&
	       name_is_of_address(symbol_name(table, i));
}

/*
 * One pass over the entries of the file fills both tables, but for the core
 * names, and collects what there is to index: values of addresses, hashes of
 * names, and how many of these there are in a bucket. Returns the st_name of
 * the last core entry.
 */
static unsigned long populate_entries(struct mod_kallsyms *full,
				      struct mod_kallsyms *core,
				      struct module *mod,
				      const struct load_info *info,
				      const struct address_regions *regions,
				      struct scratch *scratch)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const unsigned long full_buckets = index_buckets(full->num_symtab);
	const unsigned long core_buckets = index_buckets(info->num_core_syms);
	const unsigned int num_core_syms = info->num_core_syms;
	const bool livepatch = is_livepatch_module(mod);
	/* In variables, for every store to a table could change a struct. */
	const struct scratch to = *scratch;
	const struct mod_kallsyms from = *full;
	Elf_Sym *core_symtab = core->symtab;
	char *core_typetab = core->typetab;
	unsigned int i, n = 0, pairs = 0;
	unsigned long last = 0, len;
	u64 key;

	bitmap_zero(to.keep, strsize);
	__set_bit(0, to.keep);
	memset(to.full_bucket, 0, (full_buckets + 1) * sizeof(u32));
	memset(to.core_bucket, 0, (core_buckets + 1) * sizeof(u32));

	for (i = 0; i < from.num_symtab; i++) {
		Elf_Sym *sym = &from.symtab[i];
		const struct section_class class = class_of(sym, to.section, info);
		const bool defined = symbol_is_defined(sym);
		const char type = symbol_type(sym, class);
		const char *name;
		u32 hash;

		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;
		name = from.strtab + sym->st_name;
		hash = name_hash(name, &len);

		from.typetab[i] = type;
		to.hash[i] = hash;
		to.core[i] = 0;
		if (defined) {
			to.full_bucket[reciprocal_scale(hash, full_buckets)]++;
			/* A value need not be in its section, but mostly is. */
			if (name_is_of_address(name) && i &&
			    address_key(regions, kallsyms_symbol_value(sym),
					class.region, &key))
				to.pairs[pairs++] = key << 32 | i;
		}

		if ((i && !livepatch && !symbol_is_core(sym, class)) ||
		    unlikely(n == num_core_syms))
			continue;

		last = sym->st_name;
		core_symtab[n] = *sym;
		core_typetab[n] = type;
		to.core[i] = ++n;
		if (defined)
			to.core_bucket[reciprocal_scale(hash, core_buckets)]++;
		if (!is_kept(to.keep, last))
			keep_name(to.keep, last, likely(len != LONG_NAME) ?
				  len : strlen(name));
	}
	core->num_symtab = n;
	scratch->num_pairs = pairs;
	return last;
}

/* A radix sort. Returns the one of @pairs and @to that has the result. */
static u64 *sort_pairs(u64 *pairs, u64 *to, unsigned int n, u32 *count,
		       unsigned int key_bits)
{
	const unsigned int bits = sort_bits(n);
	const u32 mask = (1U << bits) - 1;
	unsigned int shift, i, start;

	for (shift = 32; shift < 32 + key_bits; shift += bits) {
		memset(count, 0, sizeof(*count) << bits);
		for (i = 0; i < n; i++)
			count[(pairs[i] >> shift) & mask]++;
		for (start = 0, i = 0; i <= mask; i++) {
			start += count[i];
			count[i] = start - count[i];
		}
		for (i = 0; i < n; i++)
			to[count[(pairs[i] >> shift) & mask]++] = pairs[i];
		swap(pairs, to);
	}
	return pairs;
}

struct address_writer {
	struct symtab_index index;
	unsigned long pages, page;
	unsigned long text, addresses, room;
	unsigned int shift;
	bool overflow;
	u64 last;
};

static __always_inline void begin_addresses(struct address_writer *writer,
					    const struct mod_kallsyms *table,
					    unsigned long text_size, bool possible,
					    unsigned int room, bool wide)
{
	*writer = (struct address_writer) {
		.index = index_of(table, wide),
		.pages = index_pages(table->num_symtab),
		.room = room,
		.shift = 1,
		.overflow = !possible,
		.last = U64_MAX,
	};
	while (text_size && (text_size - 1) >> writer->shift >= writer->pages)
		writer->shift++;
}

static __always_inline void write_address(struct address_writer *writer, u64 key,
					  unsigned int entry,
					  unsigned long text_size, bool wide)
{
	if (key == writer->last)
		return;
	writer->last = key;
	if (unlikely(writer->addresses == writer->room)) {
		writer->overflow = true;
		return;
	}
	if (key < text_size) {
		while (writer->page <= key >> writer->shift)
			set_entry(writer->index.directory, writer->page++,
				  writer->addresses, wide);
		writer->text++;
	}
	set_entry(writer->index.addresses, writer->addresses++, entry, wide);
}

static __always_inline void end_addresses(struct address_writer *writer, bool wide)
{
	const bool good = !writer->overflow;

	while (writer->page <= writer->pages)
		set_entry(writer->index.directory, writer->page++, writer->text, wide);
	set_entry(writer->index.head, HEAD_TEXT, writer->text, wide);
	set_entry(writer->index.head, HEAD_ADDRESSES,
		  good ? writer->addresses : 0, wide);
	set_entry(writer->index.head, HEAD_SHIFT, good ? writer->shift : 0, wide);
}

/*
 * There is no index if more addresses turn up than there is room for, which
 * takes a file that has its symbol table relocated.
 */
static __always_inline void
index_addresses(const struct mod_kallsyms *full, bool full_wide,
		const struct mod_kallsyms *core, bool core_wide,
		const struct scratch *scratch, unsigned int n, bool possible,
		unsigned long text_size, unsigned int core_room)
{
	const u64 *pair = scratch->pairs, *end = pair + n;
	const u32 *core_of = scratch->core;
	struct address_writer to_full, to_core;

	begin_addresses(&to_full, full, text_size, possible, full->num_symtab,
			full_wide);
	begin_addresses(&to_core, core, text_size, possible, core_room, core_wide);
	for (; pair < end; pair++) {
		const u64 key = *pair >> 32;
		const u32 entry = *pair, in_core = core_of[entry];

		write_address(&to_full, key, entry, text_size, full_wide);
		if (in_core)
			write_address(&to_core, key, in_core - 1, text_size,
				      core_wide);
	}
	end_addresses(&to_full, full_wide);
	end_addresses(&to_core, core_wide);
}

/* The index by name: a counting sort into buckets. */

/* If it turned out to have fewer entries than were laid out. */
static void count_core_names(const struct mod_kallsyms *full,
			     const struct mod_kallsyms *core,
			     const struct scratch *scratch)
{
	const unsigned long buckets = index_buckets(core->num_symtab);
	unsigned int i;

	memset(scratch->core_bucket, 0, (buckets + 1) * sizeof(u32));
	for (i = 0; i < full->num_symtab; i++)
		if (scratch->core[i] && symbol_is_defined(&full->symtab[i]))
			scratch->core_bucket[reciprocal_scale(scratch->hash[i],
							      buckets)]++;
}

static void end_buckets(u32 *bucket, unsigned long buckets)
{
	unsigned long i;

	for (i = 1; i <= buckets; i++)
		bucket[i] += bucket[i - 1];
}

static __always_inline void write_name(const struct symtab_index *index,
				       u32 *bucket, unsigned long buckets,
				       u32 hash, unsigned int entry, bool wide)
{
	const u32 at = --bucket[reciprocal_scale(hash, buckets)];

	set_entry(index->names, at, entry, wide);
	index->fingerprint[at] = hash;
}

static __always_inline void
index_names(const struct mod_kallsyms *full, bool full_wide,
	    const struct mod_kallsyms *core, bool core_wide,
	    const struct scratch *scratch)
{
	const struct symtab_index of_full = index_of(full, full_wide);
	const struct symtab_index of_core = index_of(core, core_wide);
	const unsigned long full_buckets = index_buckets(full->num_symtab);
	const unsigned long core_buckets = index_buckets(core->num_symtab);
	const struct scratch from = *scratch;
	const Elf_Sym *symtab = full->symtab;
	unsigned long i;

	end_buckets(from.full_bucket, full_buckets);
	end_buckets(from.core_bucket, core_buckets);
	/* Fills each bucket from its end, which becomes its beginning. */
	for (i = full->num_symtab; i-- > 0;) {
		const u32 hash = from.hash[i], in_core = from.core[i];

		if (!symbol_is_defined(&symtab[i]))
			continue;
		write_name(&of_full, from.full_bucket, full_buckets, hash, i,
			   full_wide);
		if (in_core)
			write_name(&of_core, from.core_bucket, core_buckets,
				   hash, in_core - 1, core_wide);
	}
	for (i = 0; i <= full_buckets; i++)
		set_entry(of_full.bucket, i, from.full_bucket[i], full_wide);
	for (i = 0; i <= core_buckets; i++)
		set_entry(of_core.bucket, i, from.core_bucket[i], core_wide);
}

static __always_inline void
__index_tables(const struct mod_kallsyms *full, bool full_wide,
	       const struct mod_kallsyms *core, bool core_wide,
	       const struct address_regions *regions,
	       const struct load_info *info, const struct scratch *scratch)
{
	index_addresses(full, full_wide, core, core_wide, scratch,
			scratch->num_pairs, regions->size <= U32_MAX,
			regions->region[MOD_TEXT].size, info->num_core_addresses);
	index_names(full, full_wide, core, core_wide, scratch);
}

/* The core table is no larger than the full one. */
static void index_tables(const struct mod_kallsyms *full,
			 const struct mod_kallsyms *core,
			 const struct address_regions *regions,
			 const struct load_info *info, struct scratch *scratch)
{
	if (scratch->num_pairs)
		scratch->pairs = sort_pairs(scratch->pairs, scratch->more_pairs,
					    scratch->num_pairs, scratch->count,
					    fls64(regions->size - 1));
	if (unlikely(core->num_symtab != info->num_core_syms))
		count_core_names(full, core, scratch);

	if (likely(!index_is_wide(full->num_symtab)))
		__index_tables(full, false, core, false, regions, info, scratch);
	else if (!index_is_wide(core->num_symtab))
		__index_tables(full, true, core, false, regions, info, scratch);
	else
		__index_tables(full, true, core, true, regions, info, scratch);
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
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const Elf_Shdr *strsec = &info->sechdrs[info->index.str];
	void *init = mod->mem[MOD_INIT_DATA].base;
	void *data = mod->mem[MOD_DATA].base;
	struct mod_kallsyms *full = init + info->mod_kallsyms_init_off;
	struct mod_kallsyms *core = &mod->core_kallsyms;
	struct address_regions regions;
	struct scratch scratch;
	unsigned long last;

	full->symtab = (void *)symsec->sh_addr;
	full->num_symtab = symsec->sh_size / sizeof(Elf_Sym);
	full->strtab = (void *)strsec->sh_addr;
	full->strtab[0] = '\0';
	full->strtab[strsec->sh_size - 1] = '\0';
	full->typetab = init + info->init_typeoffs;

	core->symtab = data + info->symoffs;
	core->strtab = data + info->stroffs;
	core->typetab = data + info->core_typeoffs;

	scratch_layout(&scratch, init + info->symtab_scratch_off,
		       full->num_symtab, info);
	classify_sections(scratch.section, info);
	map_regions(&regions, mod);

	last = populate_entries(full, core, mod, info, &regions, &scratch);
	store_core_strings(core, full, info, &scratch, last);
	index_tables(full, core, &regions, info, &scratch);
	rcu_assign_pointer(mod->kallsyms, full);
}
EXPORT_SYMBOL_IF_KUNIT(add_kallsyms);

/*
 * Look up by address
 *
 * The walk below is the definition of the answer, and what is left to do where
 * there is no index.
 */

static struct mod_kallsyms *current_table(struct module *mod)
{
	return rcu_dereference_sched(mod->kallsyms);
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

/*
 * As module_symtab_walk_address(), and sets @value to the value of the entry
 * that it returns.
 */
static __always_inline unsigned int
find_address(const struct mod_kallsyms *table, unsigned long addr,
	     unsigned long base, unsigned long *value, unsigned long *end,
	     bool text, bool wide)
{
	const struct symtab_index index = index_of(table, wide);
	const unsigned int shift = get_entry(index.head, HEAD_SHIFT, wide);
	const Elf_Sym *symtab = table->symtab;
	unsigned long first, low, high, limit, i;

	if (unlikely(!shift)) {
		i = module_symtab_walk_address(table, addr, base, end);
		*value = kallsyms_symbol_value(&symtab[i]);
		return i;
	}

	if (likely(text)) {
		const unsigned long page = (addr - base) >> shift;

		first = 0;
		low = get_entry(index.directory, page, wide);
		high = get_entry(index.directory, page + 1, wide);
		limit = get_entry(index.head, HEAD_TEXT, wide);
	} else {
		first = get_entry(index.head, HEAD_TEXT, wide);
		limit = get_entry(index.head, HEAD_ADDRESSES, wide);
		low = first;
		high = limit;
	}

	/* Values before low are not above addr; those from high on are. */
	while (low < high) {
		const unsigned long middle = (low + high) / 2;

		i = get_entry(index.addresses, middle, wide);
		if (kallsyms_symbol_value(&symtab[i]) <= addr)
			low = middle + 1;
		else
			high = middle;
	}

	if (low < limit) {
		i = get_entry(index.addresses, low, wide);
		*end = min(*end, kallsyms_symbol_value(&symtab[i]));
	}
	if (low == first)
		return 0;
	i = get_entry(index.addresses, low - 1, wide);
	*value = kallsyms_symbol_value(&symtab[i]);
	return text || *value >= base ? i : 0;
}

static const struct module_memory *find_region(const struct module *mod,
					       unsigned long addr)
{
	for_each_mod_mem_type(type)
		if (region_has_symbols(type) &&
		    within_module_mem_type(addr, mod, type))
			return &mod->mem[type];
	return NULL;
}

static __always_inline const char *
symbol_of_address(struct module *mod, unsigned long addr, unsigned long *size,
		  unsigned long *offset)
{
	const struct mod_kallsyms *table = current_table(mod);
	const struct module_memory *region = find_region(mod, addr);
	unsigned long base, end, value;
	unsigned int i;
	bool text;

	if (!region)
		return NULL;
	base = (unsigned long)region->base;
	end = base + region->size;
	text = region == &mod->mem[MOD_TEXT];

	if (likely(!index_is_wide(table->num_symtab)))
		i = find_address(table, addr, base, &value, &end, text, false);
	else
		i = find_address(table, addr, base, &value, &end, text, true);
	if (!i)
		return NULL;

	if (size)
		*size = end - value;
	if (offset)
		*offset = addr - value;
	return symbol_name(table, i);
}

#if IS_ENABLED(CONFIG_KUNIT)
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
const char *module_find_symbol(struct module *mod, unsigned long addr,
			       unsigned long *size, unsigned long *offset)
{
	return symbol_of_address(mod, addr, size, offset);
}
EXPORT_SYMBOL_IF_KUNIT(module_find_symbol);
#endif

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

	name = symbol_of_address(mod, addr, symbolsize, offset);
	return name ? strscpy(namebuf, name, KSYM_NAME_LEN) : 0;
}
EXPORT_SYMBOL_IF_KUNIT(module_address_lookup);

int lookup_module_symbol_name(unsigned long addr, char *symname)
{
	struct module *mod;
	const char *name;

	guard(preempt)();

	mod = __module_address(addr);
	name = mod ? symbol_of_address(mod, addr, NULL, NULL) : NULL;
	if (!name)
		return -ERANGE;

	strscpy(symname, name, KSYM_NAME_LEN);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(lookup_module_symbol_name);

/*
 * Look up by name
 *
 * Again a walk defines the answer, here for the KUnit suite alone.
 */

#if IS_ENABLED(CONFIG_KUNIT)
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
unsigned int module_symtab_walk_name(const struct mod_kallsyms *table,
				     const char *name)
{
	unsigned int i;

	for (i = 0; i < table->num_symtab; i++)
		if (symbol_is_defined(&table->symtab[i]) &&
		    !strcmp(symbol_name(table, i), name))
			return i;
	return UINT_MAX;
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_walk_name);
#endif

/*
 * Bit 7 of each byte of @bytes that is @byte. It may be set in a byte above
 * such a one by mistake.
 */
static u64 bytes_like(u64 bytes, u8 byte)
{
	const u64 ones = 0x0101010101010101ULL;
	const u64 differ = bytes ^ (ones * byte);

	return (differ - ones) & ~differ & (ones << 7);
}

static __always_inline unsigned int
find_name(const struct mod_kallsyms *table, const char *name, u32 hash, bool wide)
{
	const struct symtab_index index = index_of(table, wide);
	const unsigned long bucket =
		reciprocal_scale(hash, index_buckets(table->num_symtab));
	unsigned long at = get_entry(index.bucket, bucket, wide);
	const unsigned long end = get_entry(index.bucket, bucket + 1, wide);

	/* Eight bytes that end past the fingerprints end inside the index. */
	for (; at < end; at += 8) {
		u64 like = bytes_like(get_unaligned_le64(index.fingerprint + at),
				      hash);

		for (; like; like &= like - 1) {
			const unsigned long match = at + __ffs64(like) / 8;
			unsigned int i;

			if (match >= end)
				break;
			i = get_entry(index.names, match, wide);
			if (!strcmp(symbol_name(table, i), name))
				return i;
		}
	}
	return UINT_MAX;
}

static __always_inline unsigned long
name_value(struct module *mod, const char *name, u32 hash)
{
	const struct mod_kallsyms *table = current_table(mod);
	unsigned int i;

	if (likely(!index_is_wide(table->num_symtab)))
		i = find_name(table, name, hash, false);
	else
		i = find_name(table, name, hash, true);
	return i == UINT_MAX ? 0 : kallsyms_symbol_value(&table->symtab[i]);
}

unsigned long find_kallsyms_symbol_value(struct module *mod, const char *name)
{
	unsigned long len;

	guard(preempt)();

	return name_value(mod, name, name_hash(name, &len));
}
EXPORT_SYMBOL_IF_KUNIT(find_kallsyms_symbol_value);

unsigned long module_kallsyms_lookup_name(const char *name)
{
	const char *colon = strnchr(name, MODULE_NAME_LEN, ':');
	struct module *mod;
	unsigned long value, len;
	u32 hash;

	guard(preempt)();

	if (colon) {
		mod = find_module_all(name, colon - name, false);
		return mod ? find_kallsyms_symbol_value(mod, colon + 1) : 0;
	}

	hash = name_hash(name, &len);
	list_for_each_entry_rcu(mod, &modules, list) {
		if (mod->state == MODULE_STATE_UNFORMED)
			continue;
		value = name_value(mod, name, hash);
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
 * For the KUnit suite: it makes modules in memory. Put them where lookups look,
 * take them away again, and let it look into indexes.
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

/* The first byte behind the index, as far as it is in use. */
void *module_symtab_index_end(const struct mod_kallsyms *table)
{
	const bool wide = index_is_wide(table->num_symtab);
	const struct symtab_index index = index_of(table, wide);

	return index.names + table->num_symtab * index_entry_size(table->num_symtab);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_index_end);

unsigned int module_symtab_find_name(const struct mod_kallsyms *table,
				     const char *name)
{
	unsigned long len;

	return find_name(table, name, name_hash(name, &len),
			 index_is_wide(table->num_symtab));
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_find_name);

u32 module_symtab_name_hash(const char *name)
{
	unsigned long len;

	return name_hash(name, &len);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_name_hash);

/* Make address lookups in @table do without the index, as if it had no room. */
void module_symtab_forget_addresses(const struct mod_kallsyms *table)
{
	const bool wide = index_is_wide(table->num_symtab);

	set_entry(index_of(table, wide).head, HEAD_SHIFT, 0, wide);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_forget_addresses);
#endif
