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
 *	names		hash them; which bytes of .strtab the core table needs
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
#include <linux/compiler.h>
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
#include <kunit/static_stub.h>
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
	u8 region;		/* an enum mod_mem_type, or NO_REGION */
} __aligned(4);

#define NO_REGION	MOD_MEM_NUM_TYPES

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
	struct section_class class = { .type = '?', .region = NO_REGION };
	const Elf_Shdr *sec = &info->sechdrs[shndx];

	if (shndx == SHN_UNDEF) {
		class.type = 'U';
		return class;
	}

	if (shndx < info->hdr->e_shnum) {
		class.type = section_type(sec, info);
		class.core = section_is_core(sec);
		class.region = min_t(unsigned long, NO_REGION,
				     sec->sh_entsize >> SH_ENTSIZE_TYPE_SHIFT);
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

/* @class: of each of @n sections; or none, and then @n is 0 */
static __always_inline struct section_class
class_of(unsigned int shndx, const struct section_class *class, unsigned int n,
	 const struct load_info *info)
{
	return likely(shndx < n) ? class[shndx] : classify_section(shndx, info);
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

/*
 * If a file calls one of the tables allocated, it has been laid out with the other
 * sections, and a region's size, an unsigned int, is less than what is in it when
 * an alignment has made it wrap.
 */
static bool may_have_wrapped(const Elf_Shdr *sec)
{
	return sec->sh_flags & SHF_ALLOC && sec->sh_addralign > PAGE_SIZE;
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

/* Four at a time: of a table that is as it should be this is all that is done. */
static bool names_are_good(const Elf_Sym *sym, const Elf_Sym *end, unsigned long size)
{
	for (; end - sym >= 4; sym += 4)
		if (get_unaligned(&sym[0].st_name) >= size ||
		    get_unaligned(&sym[1].st_name) >= size ||
		    get_unaligned(&sym[2].st_name) >= size ||
		    get_unaligned(&sym[3].st_name) >= size)
			return false;
	for (; sym < end; sym++)
		if (get_unaligned(&sym->st_name) >= size)
			return false;
	return true;
}

static unsigned int mend_names(Elf_Shdr *symsec, const Elf_Shdr *strsec)
{
	Elf_Sym *sym = (void *)symsec->sh_addr;
	Elf_Sym *end = (void *)symsec->sh_addr + symsec->sh_size;
	unsigned int bad = 0;

	if (likely(names_are_good(sym, end, strsec->sh_size)))
		return 0;

	for (; sym < end; sym++) {
		if (get_unaligned(&sym->st_name) < strsec->sh_size)
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
	if (may_have_wrapped(symsec) || may_have_wrapped(strsec)) {
		refuse_module(mod, info, "it is allocated, with a bad alignment");
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
 * Hash names
 *
 * Each name of a module is hashed when it is loaded, and a name that is looked
 * up in all modules is hashed once.
 */

/*
 * Bytes of a name that are hashed. Longer names are told apart by comparing
 * them. Without a limit, a file could have a very long name hashed for each of
 * very many symbols.
 */
#define HASHED_BYTES	1024

#ifdef CONFIG_DCACHE_WORD_ACCESS
/* The upper half of the product is where all bits of the name have gone. */
static __always_inline unsigned long mix_name(unsigned long hash,
					      unsigned long word)
{
	return (hash ^ word) * GOLDEN_RATIO_PRIME;
}

static __always_inline unsigned long turn_hash(unsigned long hash)
{
	return hash << (BITS_PER_LONG / 2 - 3) | hash >> (BITS_PER_LONG / 2 + 3);
}

/* Quick, and never wrong of ASCII. */
static __always_inline bool may_have_zero(unsigned long word)
{
	return (word - REPEAT_BYTE(0x01)) & REPEAT_BYTE(0x80);
}

/* Both may read, but never look at, a few bytes behind a name. */

static __always_inline u32 name_hash(const char *name)
{
	const struct word_at_a_time constants = WORD_AT_A_TIME_CONSTANTS;
	const char *end = name + HASHED_BYTES;
	unsigned long hash = 0, word, zeros;

	for (; name != end; name += sizeof(word)) {
		word = load_unaligned_zeropad(name);
		if (may_have_zero(word) && likely(has_zero(word, &zeros, &constants))) {
			zeros = prep_zero_mask(word, zeros, &constants);
			zeros = create_zero_mask(zeros);
			hash = mix_name(hash, word & zero_bytemask(zeros));
			return hash >> (BITS_PER_LONG - 32);
		}
		hash = turn_hash(mix_name(hash, word));
	}
	return hash;
}

static bool same_name(const char *a, const char *b)
{
	const struct word_at_a_time constants = WORD_AT_A_TIME_CONSTANTS;
	unsigned long x, y, zeros_x, zeros_y;

	for (;; a += sizeof(x), b += sizeof(y)) {
		x = load_unaligned_zeropad(a);
		y = load_unaligned_zeropad(b);
		if (has_zero(x, &zeros_x, &constants))
			break;
		if (x != y)
			return false;
	}
	if (!has_zero(y, &zeros_y, &constants))
		return false;
	/* The bytes before the NUL of either. */
	zeros_x = create_zero_mask(prep_zero_mask(x, zeros_x, &constants));
	zeros_y = create_zero_mask(prep_zero_mask(y, zeros_y, &constants));
	x &= zero_bytemask(zeros_x);
	y &= zero_bytemask(zeros_y);
	return x == y;
}
#else
static u32 name_hash(const char *name)
{
	unsigned long hash = init_name_hash(0), i;

	for (i = 0; name[i] && i < HASHED_BYTES; i++)
		hash = partial_name_hash((unsigned char)name[i], hash);
	return end_name_hash(hash);
}

static bool same_name(const char *a, const char *b)
{
	return !strcmp(a, b);
}
#endif

/*
 * Keep strings
 *
 * A *run* is what .strtab holds from one NUL to the next, which belongs to it.
 * Names are tails of runs: linkers store a name that is the tail of another
 * (foo, __pfx_foo) once.  The core string table keeps of each run the part
 * from the first byte that begins a core name, and names that share bytes in
 * the file go on sharing them.
 *
 * Which bytes these are is known without looking for the ends of names: from
 * where a core name starts to the NUL before the next run that starts with a name
 * that is not core. Should there be runs between that no symbol has a name in, as
 * linkers leave none, they are kept too.
 *
 * It is done for as many bytes at a time as a long has bits, from two bitmaps with
 * a bit for each byte: where core names start, and where to end.
 */

#define CHUNK	BITS_PER_LONG		/* bytes that one long has the bits of */

/* What the names of core symbols and of others mean to the two bitmaps. */
static __always_inline void mark_core_name(unsigned long *starts, unsigned long name)
{
	__set_bit(name, starts);
}

static __always_inline void mark_other_name(unsigned long *ends, const char *strtab,
					    unsigned long name)
{
	if (name && !strtab[name - 1])
		__set_bit(name - 1, ends);
}

/* The first string is empty, and always there; the last ends the table. */
static void mark_first_and_last(unsigned long *starts, unsigned long *ends,
				unsigned long strsize)
{
	__set_bit(0, starts);
	__set_bit(0, ends);
	__set_bit(strsize - 1, ends);
}

static unsigned long strtab_chunks(unsigned long size)
{
	return DIV_ROUND_UP(size, CHUNK);
}

/*
 * The bytes from each start to the next end. They are what an addition carries
 * over from the start, through all that is no end, to the end; later starts in
 * between stay set for being starts. @carry is whether the last byte of the chunk
 * before is kept and is no end, and is set to the same of this chunk.
 */
static __always_inline unsigned long
kept_bytes(unsigned long starts, unsigned long ends, unsigned long *carry)
{
	const unsigned long inner = starts & ~ends;
	const unsigned long sum = ~ends + inner + *carry;

	*carry = (inner | (~ends & ~sum)) >> (CHUNK - 1);
	return (sum ^ ~ends) | starts;
}

/* Turns @ends into what is kept. Returns how many bytes that are. */
static unsigned long keep_strings(unsigned long *ends, const unsigned long *starts,
				  unsigned long strsize)
{
	unsigned long i, kept = 0, carry = 0;

	for (i = 0; i < strtab_chunks(strsize); i++) {
		ends[i] = kept_bytes(starts[i], ends[i], &carry);
		kept += hweight_long(ends[i]);
	}
	return kept;
}

/*
 * Index
 *
 * Behind the types of the core table, and in the same region, is its index.
 * Nothing points at it, for nothing that modules or debuggers know has room for
 * that: where its parts are follows from the number of entries, n.  They are
 *
 *	fingerprint	n bytes, in the forms that have it
 *	names		n entries
 *	head		shift, number of text addresses, of all addresses
 *	bucket		bucket_entries(n) positions in names
 *	directory	index_pages(n) + 1 positions in addresses
 *	addresses	as many entries as the head says
 *
 * All but the first are arrays of integers, as small as n allows: see enum
 * index_form.
 *
 * *By address*: addresses has the entries that an address lookup can return,
 * each the first in the table of those with its value. Those in MOD_TEXT come
 * first, then those in other regions; either sorted by value.  MOD_TEXT is
 * divided into pages of 1 << shift bytes, and the directory tells where those
 * of each begin, so that a search has some 8 to look at, however large the
 * table.
 *
 * *By name*: a hash table of the defined entries. Those of one bucket are next
 * to each other, in the order of the table, so the first match is the one
 * wanted. Some more bits of each name's hash, its fingerprint, are at hand; they
 * are compared for several entries in one go, and of the names that are not
 * there nearly all have been told so without a look at any string.
 *
 * A shift of 0 says that there is no index, and that lookups have to walk the
 * table: see index_tables().
 *
 * The entries of the full table are those of the core table, which are found
 * through that one's index, and the *rest*, which has an index of its own, behind
 * the types of the full table: struct rest_index.
 */

enum index_form {
	INDEX_8,	/* 8 bits each, but for names, which are as below */
	INDEX_PACKED,	/* 16 bits each; in names they hold a fingerprint too */
	INDEX_16,	/* 16 bits each */
	INDEX_32,	/* 32 bits each */
};

enum index_head {
	HEAD_SHIFT,
	HEAD_TEXT,
	HEAD_ADDRESSES,
	HEAD_SIZE
};

struct symtab_index {
	u8 *fingerprint;
	void *names;
	void *head;
	void *bucket;
	void *directory;
	void *addresses;
	unsigned long n;
};

struct rest_index {
	struct symtab_index index;
	unsigned long regions;		/* a bit for each that has addresses */
	bool usable;
};

/* Beyond, a packed name would have less than three bits for its fingerprint. */
#define MAX_PACKED	8192

static __always_inline enum index_form index_form(unsigned int n)
{
	if (n <= U8_MAX)
		return INDEX_8;
	if (n <= MAX_PACKED)
		return INDEX_PACKED;
	return n <= U16_MAX ? INDEX_16 : INDEX_32;
}

static __always_inline bool index_is_packed(enum index_form form)
{
	return form == INDEX_8 || form == INDEX_PACKED;
}

/* Of the 16 bits that a packed name has, those below the entry. */
static __always_inline unsigned int fingerprint_bits(unsigned int n, enum index_form form)
{
	if (form == INDEX_8)
		return 8;
	return n <= 1024 ? 6 : 3;
}

static __always_inline unsigned int entry_size(enum index_form form)
{
	switch (form) {
	case INDEX_8:
		return sizeof(u8);
	case INDEX_32:
		return sizeof(u32);
	default:
		return sizeof(u16);
	}
}

static __always_inline unsigned int name_size(enum index_form form)
{
	return index_is_packed(form) ? sizeof(u16) : entry_size(form);
}

static __always_inline unsigned long
get_entry(const void *array, unsigned long i, unsigned int size)
{
	switch (size) {
	case sizeof(u8):
		return ((const u8 *)array)[i];
	case sizeof(u16):
		return ((const u16 *)array)[i];
	default:
		return ((const u32 *)array)[i];
	}
}

static __always_inline void set_entry(void *array, unsigned long i,
				      unsigned long entry, unsigned int size)
{
	switch (size) {
	case sizeof(u8):
		((u8 *)array)[i] = entry;
		break;
	case sizeof(u16):
		((u16 *)array)[i] = entry;
		break;
	default:
		((u32 *)array)[i] = entry;
	}
}

static unsigned long index_pages(unsigned long n)
{
	return n / 8 + 1;
}

/* Fewer than four names have one, too, as hashes come to be scaled. */
static unsigned long index_buckets(unsigned long n)
{
	return n / 4;
}

/* Where each begins and the last ends. */
static unsigned long bucket_entries(unsigned long n)
{
	return index_buckets(n) + 2;
}

/* Where the parts of an index of @n entries are that begins at @start. */
static __always_inline struct symtab_index
index_at(void *start, unsigned long n, enum index_form form)
{
	const unsigned long size = entry_size(form);
	struct symtab_index index = { .fingerprint = start, .n = n };

	if (!index_is_packed(form))
		start += n;
	index.names = PTR_ALIGN(start, name_size(form));
	index.head = index.names + n * name_size(form);
	index.bucket = index.head + HEAD_SIZE * size;
	index.directory = index.bucket + bucket_entries(n) * size;
	index.addresses = index.directory + (index_pages(n) + 1) * size;
	return index;
}

static __always_inline struct symtab_index
core_index(const struct mod_kallsyms *core, enum index_form form)
{
	return index_at(core->typetab + core->num_symtab, core->num_symtab, form);
}

static struct rest_index *rest_index(const struct mod_kallsyms *full)
{
	return PTR_ALIGN((void *)full->typetab + full->num_symtab,
			 __alignof__(struct rest_index));
}

/* Bytes of all but the fingerprints. */
static u64 index_size(unsigned int n, unsigned int addresses, enum index_form form)
{
	return (u64)n * name_size(form) +
	       entry_size(form) * ((u64)HEAD_SIZE + bucket_entries(n) +
				   index_pages(n) + 1 + addresses);
}

static bool symbol_is_defined(const Elf_Sym *sym)
{
	return sym->st_shndx != SHN_UNDEF;
}

/* Mapping symbols begin with '$', '.' or 'L', most others with a letter above. */
static __always_inline bool name_is_of_address(const char *name)
{
	return likely((u8)*name > 'L') || (*name && !is_mapping_symbol(name));
}

/*
 * Lay out
 *
 * Reserves, by growing regions of the module that are yet to be allocated:
 *
 *	MOD_INIT_DATA	.symtab | .strtab | struct mod_kallsyms | types
 *			| index of the rest | scratch space
 *	MOD_DATA	core entries | core strings | types | index
 *
 * Debuggers find symtab and strtab of either table in these regions.
 */

struct core_size {
	unsigned int entries;
	unsigned int addresses;		/* at most */
	unsigned int rest;		/* entries that are defined and not core */
	unsigned long strings;		/* bytes */
	bool whole_strtab;
};

/*
 * Debuggers that want the string table's size take the end of the last entry's
 * name for its end.  So the run that name is in is stored last, and a name that
 * is empty gets a NUL of its own.
 *
 * Without memory for @class and the bitmaps .strtab is kept whole, with the last
 * name once more behind it.
 */
static __always_inline struct core_size
__measure_core(struct module *mod, const struct load_info *info,
	       const struct section_class *class, unsigned int n,
	       unsigned long *starts, unsigned long *ends)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const Elf_Sym *sym = (void *)symsec->sh_addr;
	const Elf_Sym *end = (void *)symsec->sh_addr + symsec->sh_size;
	const char *strtab = info->strtab;
	const bool livepatch = is_livepatch_module(mod);
	bool keep_all = true;			/* entry 0 for one */
	struct core_size core = { };
	unsigned long last = 0;

	for (; sym < end; sym++) {
		const Elf_Sym copy = {
			.st_name = get_unaligned(&sym->st_name),
			.st_shndx = get_unaligned(&sym->st_shndx),
		};

		if (!symbol_is_core(&copy, class_of(copy.st_shndx, class, n, info)) &&
		    !keep_all) {
			core.rest += symbol_is_defined(&copy);
			if (ends)
				mark_other_name(ends, strtab, copy.st_name);
			continue;
		}
		keep_all = livepatch;
		last = copy.st_name;
		core.entries++;
		core.addresses += name_is_of_address(strtab + last);
		if (starts)
			mark_core_name(starts, last);
	}

	if (starts) {
		mark_first_and_last(starts, ends, strsize);
		core.strings = keep_strings(ends, starts, strsize) + !strtab[last];
	} else {
		core.strings = strsize + strlen(strtab + last) + 1;
		core.whole_strtab = true;
	}
	return core;
}

/* To be without memory is something that KUnit has to arrange. */
VISIBLE_IF_KUNIT void *module_symtab_alloc(size_t size)
{
	KUNIT_STATIC_STUB_REDIRECT(module_symtab_alloc, size);
	return kvzalloc(size, GFP_KERNEL | __GFP_NOWARN);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_alloc);

static struct core_size measure_core(struct module *mod,
				     const struct load_info *info)
{
	const unsigned long chunks =
		strtab_chunks(info->sechdrs[info->index.str].sh_size);
	struct section_class *class;
	unsigned long *starts;
	struct core_size core;

	starts = module_symtab_alloc(size_add(array3_size(chunks, sizeof(*starts), 2),
					      info->hdr->e_shnum * sizeof(*class)));
	if (!starts) {
		pr_info("%s: no memory to shorten the names of symbols\n", mod->name);
		return __measure_core(mod, info, NULL, 0, NULL, NULL);
	}

	class = (void *)(starts + 2 * chunks);
	classify_sections(class, info);
	core = __measure_core(mod, info, class, info->hdr->e_shnum, starts,
			      starts + chunks);
	kvfree(starts);
	return core;
}

/* Addresses are sorted by cells first; of these a page of the index has two. */
#define CELL_BITS	1

/*
 * What goes into an index: what is there to say about the entry at each position
 * of the core table, or about one after the other of the rest.
 */
struct index_input {
	u32 *hash;			/* of its name */
	u32 *key;			/* of its value: see struct address_regions */
	u32 *bucket;			/* how many names are in each */
	u32 *cell;			/* how many values are in each */
	unsigned long buckets, cells;	/* of text; there are as many of the others */
	unsigned int room, n;
};

/* What it takes to make the tables; freed with MOD_INIT_DATA. */
struct scratch {
	struct section_class *section;	/* of each section */
	unsigned long *starts;		/* of core names */
	unsigned long *ends;		/* of what is kept; then what is kept */
	u32 *rank;			/* for each chunk, bytes that are kept before */
	struct index_input core, rest;
	u32 *rest_entry;		/* of each input: its index in the full table */
	unsigned long rest_regions;	/* a bit for each that has addresses of them */
};

static void *scratch_part(void *base, u64 *size, u64 bytes)
{
	void *start = base + *size;

	*size += bytes;
	return start;
}

static void input_layout(struct index_input *input, void *base, u64 *size,
			 unsigned int room)
{
	input->n = 0;
	input->room = room;
	input->buckets = index_buckets(room);
	input->cells = index_pages(room) << CELL_BITS;
	input->hash = scratch_part(base, size, room * sizeof(u32));
	input->key = scratch_part(base, size, room * sizeof(u32));
	input->bucket = scratch_part(base, size, bucket_entries(room) * sizeof(u32));
	input->cell = scratch_part(base, size, (2 * input->cells + 1) * sizeof(u32));
}

/* Finds the parts in @base. Returns the size of all. */
static u64 scratch_layout(struct scratch *scratch, void *base, unsigned int core,
			  unsigned int rest, const struct load_info *info)
{
	const u64 chunks = strtab_chunks(info->sechdrs[info->index.str].sh_size);
	u64 size = 0;

	scratch->starts = scratch_part(base, &size, chunks * sizeof(long));
	scratch->ends = scratch_part(base, &size, chunks * sizeof(long));
	scratch->rank = scratch_part(base, &size, chunks * sizeof(u32));
	input_layout(&scratch->core, base, &size, core);
	input_layout(&scratch->rest, base, &size, rest);
	scratch->rest_entry = scratch_part(base, &size, rest * sizeof(u32));
	scratch->rest_regions = 0;
	scratch->section = scratch_part(base, &size, info->hdr->e_shnum *
					sizeof(*scratch->section));
	return size;
}

static u64 scratch_size(const struct core_size *core, const struct load_info *info)
{
	struct scratch scratch;

	return scratch_layout(&scratch, NULL, core->entries, core->rest, info);
}

static u64 rest_index_size(unsigned int rest)
{
	return sizeof(struct rest_index) + ALIGN((u64)rest, name_size(INDEX_32)) +
	       index_size(rest, rest, INDEX_32);
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
			       (u64)core->entries * (sizeof(Elf_Sym) + 2) +
			       index_size(core->entries, core->addresses,
					  index_form(core->entries))) &&
	       region_has_room(mod, MOD_INIT_DATA, slack + strtab + symtab +
			       symtab / sizeof(Elf_Sym) +
			       rest_index_size(core->rest) +
			       scratch_size(core, info));
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

static void reserve_full(struct module *mod, struct load_info *info,
			 const struct core_size *core)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];

	reserve_section(mod, info, info->index.sym);
	reserve_section(mod, info, info->index.str);
	info->mod_kallsyms_init_off = reserve(mod, MOD_INIT_DATA,
					      sizeof(struct mod_kallsyms),
					      __alignof__(struct mod_kallsyms));
	info->init_typeoffs = reserve(mod, MOD_INIT_DATA,
				      symsec->sh_size / sizeof(Elf_Sym), 1);
	reserve(mod, MOD_INIT_DATA, rest_index_size(core->rest),
		__alignof__(struct rest_index));
	info->symtab_scratch_off = reserve(mod, MOD_INIT_DATA,
					   scratch_size(core, info),
					   __alignof__(unsigned long));
}

static void reserve_core(struct module *mod, struct load_info *info,
			 const struct core_size *core)
{
	const unsigned int n = core->entries;
	const enum index_form form = index_form(n);

	info->symoffs = reserve(mod, MOD_DATA, n * sizeof(Elf_Sym),
				__alignof__(Elf_Sym));
	info->stroffs = reserve(mod, MOD_DATA, core->strings, 1);
	info->core_typeoffs = reserve(mod, MOD_DATA, n, 1);
	if (!index_is_packed(form))
		reserve(mod, MOD_DATA, n, 1);
	reserve(mod, MOD_DATA, index_size(n, core->addresses, form), name_size(form));
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
 * allocated. Takes no locks. Allocates two bits for each byte of .strtab and
 * frees them; can do without, in more memory.
 */
void layout_symtab(struct module *mod, struct load_info *info)
{
	struct core_size core;

	validate_symtab(mod, info);
	core = measure_core(mod, info);
	if (!tables_fit(mod, info, &core)) {
		refuse_module(mod, info, "it does not fit in the module's memory");
		core = measure_core(mod, info);
	}
	info->num_core_syms = core.entries;
	info->num_core_addresses = core.addresses;
	info->num_rest_syms = core.rest;
	info->core_strsize = core.strings;
	info->core_strtab_whole = core.whole_strtab;
	reserve_full(mod, info, &core);
	reserve_core(mod, info, &core);
}
EXPORT_SYMBOL_IF_KUNIT(layout_symtab);

/*
 * Populate
 *
 * Fills exactly what was reserved.  The full table's entries and strings are
 * in place already, moved there with the other sections.  All else in the
 * regions is zero: the loader has cleared them.
 *
 * A file may have had the tables relocated since they were validated.  No linker
 * makes one that does, and its relocations could have written anywhere; but
 * whatever they wrote here is kept from leading out of the tables.
 */

static const char *symbol_name(const struct mod_kallsyms *table, unsigned long i)
{
	return table->strtab + table->symtab[i].st_name;
}

/* Can an address lookup return this entry? */
static bool symbol_names_address(const struct mod_kallsyms *table, unsigned int i)
{
	return symbol_is_defined(&table->symtab[i]) &&
	       name_is_of_address(symbol_name(table, i));
}

/*
 * Addresses are indexed by *keys*: think of the regions' sections as one behind
 * the other, those in MOD_TEXT first and the others by address.  An address's
 * place in that row is its key.  The symbol tables themselves have none.
 */
struct address_regions {
	struct address_region {
		unsigned long base;
		unsigned long size;		/* without symbol tables */
		unsigned long key;		/* of base */
	} region[MOD_MEM_NUM_TYPES + 1];	/* that of NO_REGION is empty */
	u64 size;
};

#define NO_KEY	U32_MAX			/* of a value that is in no region */

static bool region_has_symbols(enum mod_mem_type type)
{
	return IS_ENABLED(CONFIG_KALLSYMS_ALL) || mod_mem_type_is_text(type);
}

static unsigned long size_without_tables(const struct module *mod,
					 enum mod_mem_type type,
					 const struct load_info *info)
{
	const Elf_Shdr *symsec = &info->sechdrs[info->index.sym];
	unsigned long size = mod->mem[type].size;

	/* A symbol may be at the end of the last section. */
	if (type == MOD_DATA)
		size = min(size, info->symoffs + 1);
	if (type == MOD_INIT_DATA)
		size = min(size, (symsec->sh_entsize & SH_ENTSIZE_OFFSET_MASK) + 1);
	return size;
}

static void map_regions(struct address_regions *regions, const struct module *mod,
			const struct load_info *info)
{
	memset(regions, 0, sizeof(*regions));
	for_each_mod_mem_type(type) {
		if (!region_has_symbols(type))
			continue;
		regions->region[type].base = (unsigned long)mod->mem[type].base;
		regions->region[type].size = size_without_tables(mod, type, info);
		regions->size += regions->region[type].size;
	}
	for_each_mod_mem_type(type)
		for_each_mod_mem_type(other)
			if (other != type && type != MOD_TEXT &&
			    (other == MOD_TEXT || regions->region[other].base <
						  regions->region[type].base))
				regions->region[type].key += regions->region[other].size;
}

/*
 * The key of a value that is not in the region of its symbol's section. Sets @lost
 * if it is in a symbol table: lookups by address don't make a difference there.
 */
static noinline u32 key_of_odd_value(const struct address_regions *regions,
				     const struct module *mod, unsigned long value,
				     bool *lost)
{
	for_each_mod_mem_type(type) {
		const struct address_region *region = &regions->region[type];

		if (value - region->base < region->size)
			return value - region->base + region->key;
		if (region_has_symbols(type) && within_module_mem_type(value, mod, type))
			*lost = true;
	}
	return NO_KEY;
}

/* @region: that of the symbol's section; the value need not be there, but is. */
static __always_inline u32 key_of_value(const struct address_regions *regions,
					const struct module *mod, unsigned long value,
					unsigned int region, bool *lost)
{
	const struct address_region *guess = &regions->region[region];
	const unsigned long offset = value - guess->base;

	if (likely(offset < guess->size))
		return offset + guess->key;
	return key_of_odd_value(regions, mod, value, lost);
}

static unsigned int region_of_key(const struct address_regions *regions, u32 key)
{
	unsigned int type = 0;

	while (type < NO_REGION &&
	       key - regions->region[type].key >= regions->region[type].size)
		type++;
	return type;
}

/* How keys are divided into cells: those in MOD_TEXT, and the others into as many. */
struct key_cells {
	unsigned long text_size, cells;
	unsigned int text_shift, other_shift;
};

static unsigned int shift_for(u64 size, unsigned long cells)
{
	unsigned int shift = 0;

	while (size && (size - 1) >> shift >= cells)
		shift++;
	return shift;
}

static struct key_cells divide_keys(const struct address_regions *regions,
				    unsigned long cells)
{
	const unsigned long text_size = regions->region[MOD_TEXT].size;

	return (struct key_cells) {
		.text_size = text_size,
		.cells = cells,
		.text_shift = shift_for(text_size, cells),
		.other_shift = shift_for(regions->size - text_size, cells),
	};
}

static __always_inline unsigned long cell_of_key(const struct key_cells *by, u32 key)
{
	if (key < by->text_size)
		return key >> by->text_shift;
	return by->cells + ((key - by->text_size) >> by->other_shift);
}

/*
 * One pass over the entries of the file fills both tables, but for the core
 * names, lists the rest, and collects what there is to index by address. Returns
 * false if that is not all: if there are more entries than were laid out, or a
 * symbol is in a symbol table.
 */
static bool copy_entries(struct mod_kallsyms *full, struct mod_kallsyms *core,
			 struct module *mod, const struct load_info *info,
			 const struct address_regions *regions,
			 struct scratch *scratch)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	const struct index_input to_core = scratch->core, to_rest = scratch->rest;
	const struct key_cells core_cells = divide_keys(regions, to_core.cells);
	const struct key_cells rest_cells = divide_keys(regions, to_rest.cells);
	const struct section_class *section = scratch->section;
	const unsigned int num_sections = info->hdr->e_shnum;
	unsigned long *starts = scratch->starts, *ends = scratch->ends;
	const bool livepatch = is_livepatch_module(mod);
	Elf_Sym *sym = full->symtab, *end = sym + full->num_symtab;
	Elf_Sym *core_sym = core->symtab, *core_end = core_sym + to_core.room;
	const char *strtab = full->strtab;
	char *type = full->typetab, *core_type = core->typetab;
	u32 *core_key = to_core.key;
	unsigned int rest = 0;
	bool keep_all = true;			/* entry 0 for one */
	bool complete = regions->size < NO_KEY, lost = false;

	for (; sym < end; sym++) {
		const struct section_class class =
			class_of(sym->st_shndx, section, num_sections, info);
		const char its_type = symbol_type(sym, class);
		unsigned long name;
		u32 key = NO_KEY;

		if (unlikely(sym->st_name >= strsize))
			sym->st_name = 0;
		name = sym->st_name;

		if (symbol_is_defined(sym) && name_is_of_address(strtab + name))
			key = key_of_value(regions, mod, kallsyms_symbol_value(sym),
					   class.region, &lost);

		*type++ = its_type;
		if (((class.core && name) || keep_all) && likely(core_sym < core_end)) {
			keep_all = livepatch;
			mark_core_name(starts, name);
			*core_key++ = key;
			if (likely(key != NO_KEY))
				to_core.cell[cell_of_key(&core_cells, key)]++;
			*core_type++ = its_type;
			*core_sym++ = *sym;
			continue;
		}
		mark_other_name(ends, strtab, name);
		if (!symbol_is_defined(sym))
			continue;
		if (unlikely(rest == to_rest.room)) {
			complete = false;
			continue;
		}
		if (key != NO_KEY) {
			to_rest.cell[cell_of_key(&rest_cells, key)]++;
			scratch->rest_regions |= BIT(region_of_key(regions, key));
		}
		to_rest.key[rest] = key;
		scratch->rest_entry[rest++] = sym - full->symtab;
	}
	mark_first_and_last(starts, ends, strsize);
	core->num_symtab = core_sym - core->symtab;
	scratch->core.n = core->num_symtab;
	scratch->rest.n = rest;

	/* Lookups by address don't answer with entry 0. */
	if (core->num_symtab && unlikely(to_core.key[0] != NO_KEY)) {
		to_core.cell[cell_of_key(&core_cells, to_core.key[0])]--;
		to_core.key[0] = NO_KEY;
	}
	return complete && !lost && core_sym == core_end && rest == to_rest.room;
}

/*
 * Collects what there is to index by name, while names are where they are in the
 * file. For the rest, @entries are indexes in @symtab; for the core table, all of
 * whose entries are inputs, it is NULL.
 */
static __always_inline void
collect_names(const struct index_input *input, const Elf_Sym *symtab,
	      const u32 *entries, const char *strtab)
{
	const struct index_input to = *input;
	unsigned long i;

	for (i = 0; i < to.n; i++) {
		const Elf_Sym *sym = &symtab[entries ? entries[i] : i];
		const u32 hash = name_hash(strtab + sym->st_name);

		to.hash[i] = hash;
		if (likely(symbol_is_defined(sym)))
			to.bucket[reciprocal_scale(hash, to.buckets)]++;
	}
}

/* Where strings go in the core string table. */
struct core_strings {
	const unsigned long *kept;
	const u32 *rank;
	/* What is stored last, and where; the last entry's name is in it. */
	unsigned long last_start, last_len, last_at, last;
};

static __always_inline unsigned long
core_string(const struct core_strings *strings, unsigned long byte)
{
	const unsigned long below = BIT_MASK(byte) - 1;

	if (byte - strings->last_start < strings->last_len)
		return strings->last_at + byte - strings->last_start;
	return strings->rank[byte / CHUNK] +
	       hweight_long(strings->kept[byte / CHUNK] & below);
}

/* Not all of a chunk. */
static char *copy_some(char *to, const char *from, unsigned long kept)
{
	while (kept) {
		const unsigned int start = __ffs(kept);
		const unsigned int len = __ffs(~(kept >> start));

		memcpy(to, from + start, len);
		to += len;
		kept &= kept + BIT(start);
	}
	return to;
}

static char *copy_kept(char *to, const char *strtab, const unsigned long *kept,
		       u32 *rank, unsigned long chunks)
{
	const char *start = to;
	unsigned long i;

	for (i = 0; i < chunks; i++, strtab += CHUNK) {
		rank[i] = to - start;
		if (kept[i] == ULONG_MAX) {
			memcpy(to, strtab, CHUNK);
			to += CHUNK;
		} else {
			to = copy_some(to, strtab, kept[i]);
		}
	}
	return to;
}

/* Returns false if more is to be kept than there is room for. */
static bool share_strings(struct core_strings *strings, struct scratch *scratch,
			  char *to, const char *strtab, unsigned long strsize,
			  unsigned long last, unsigned long reserved)
{
	const unsigned long chunks = strtab_chunks(strsize);
	unsigned long *kept = scratch->ends;
	unsigned long start = last, len;
	char *end;

	if (keep_strings(kept, scratch->starts, strsize) + !strtab[last] > reserved)
		return false;

	/* An empty name has a NUL of its own there, which is nobody else's. */
	while (strtab[last] && strtab[start - 1] && test_bit(start - 1, kept))
		start--;
	len = strlen(strtab + start) + 1;
	strings->last_start = start;
	strings->last_len = strtab[last] ? len : 0;
	bitmap_clear(kept, start, strings->last_len);

	end = copy_kept(to, strtab, kept, scratch->rank, chunks);
	memcpy(end, strtab + start, len);
	strings->kept = kept;
	strings->rank = scratch->rank;
	strings->last_at = end - to;
	strings->last = strings->last_at + last - start;
	return true;
}

/* As measure_core() has laid it out when it had no memory. */
static bool keep_all_strings(struct mod_kallsyms *core, const char *strtab,
			     unsigned long strsize, unsigned long last,
			     unsigned long reserved)
{
	const unsigned long size = strlen(strtab + last) + 1;

	if (strsize + size > reserved)
		return false;

	memcpy(core->strtab, strtab, strsize);
	memcpy(core->strtab + strsize, strtab + last, size);
	if (core->num_symtab)
		core->symtab[core->num_symtab - 1].st_name = strsize;
	return true;
}

/* Returns false if there is no room, and then no entry has a name. */
static bool store_core_strings(struct mod_kallsyms *core,
			       const struct mod_kallsyms *full,
			       const struct load_info *info, struct scratch *scratch)
{
	const unsigned long strsize = info->sechdrs[info->index.str].sh_size;
	Elf_Sym *sym = core->symtab, *end = sym + core->num_symtab;
	const unsigned long last = core->num_symtab ? end[-1].st_name : 0;
	struct core_strings strings;

	if (info->core_strtab_whole) {
		if (keep_all_strings(core, full->strtab, strsize, last,
				     info->core_strsize))
			return true;
	} else if (share_strings(&strings, scratch, core->strtab, full->strtab,
				 strsize, last, info->core_strsize)) {
		const struct core_strings where = strings;

		for (; sym < end; sym++)
			sym->st_name = core_string(&where, sym->st_name);
		if (core->num_symtab)
			end[-1].st_name = strings.last;
		return true;
	}

	for (; sym < end; sym++)
		sym->st_name = 0;
	return false;
}

/*
 * Write an index: a counting sort by bucket and one by cell, from the last entry
 * to the first, so that in each of them the order is that of the table.
 */

/* Turns how many are in each into where each ends. */
static void end_counters(u32 *counter, unsigned long n)
{
	unsigned long i;

	for (i = 1; i < n; i++)
		counter[i] += counter[i - 1];
}

static __always_inline void
write_names(const struct symtab_index *index, const struct index_input *input,
	    const u32 *entries, const Elf_Sym *symtab, enum index_form form)
{
	const unsigned int bits = fingerprint_bits(index->n, form);
	const struct index_input from = *input;
	u8 *fingerprint = index->fingerprint;
	void *names = index->names;
	unsigned long i;

	for (i = from.n; i-- > 0;) {
		const unsigned long entry = entries ? entries[i] : i;
		const u32 hash = from.hash[i];
		u32 at;

		if (unlikely(!symbol_is_defined(&symtab[entry])))
			continue;
		at = --from.bucket[reciprocal_scale(hash, from.buckets)];
		if (index_is_packed(form)) {
			set_entry(names, at, entry << bits | (hash & (BIT(bits) - 1)),
				  sizeof(u16));
		} else {
			set_entry(names, at, entry, entry_size(form));
			fingerprint[at] = hash;
		}
	}
	for (i = 0; i < bucket_entries(index->n); i++)
		set_entry(index->bucket, i, from.bucket[i], entry_size(form));
}

/* The order of keys; of those that are the same, that of the table. */
static bool is_before(const u32 *key, unsigned long a, unsigned long b)
{
	return key[a] < key[b] || (key[a] == key[b] && a < b);
}

/* A Shell sort of positions by key. */
static __always_inline void sort_positions(void *array, unsigned long n,
					   const u32 *key, unsigned int size)
{
	unsigned long gap, i, j;

	for (gap = 1; gap < n / 3; gap = 3 * gap + 1)
		;
	for (; gap; gap /= 3) {
		for (i = gap; i < n; i++) {
			const unsigned long position = get_entry(array, i, size);

			for (j = i; j >= gap; j -= gap) {
				const unsigned long other = get_entry(array, j - gap, size);

				if (!is_before(key, position, other))
					break;
				set_entry(array, j, other, size);
			}
			set_entry(array, j, position, size);
		}
	}
}

/* More in one cell than this are sorted beforehand. */
#define MAX_INSERTIONS	128

/*
 * Positions are counted into cells, then come one cell after the other and go
 * where they belong among those of their cell, which mostly is behind them. Of
 * those with one key all but the first are left out.
 */
static __always_inline void
write_addresses(const struct symtab_index *index, const struct index_input *input,
		const u32 *entries, const struct address_regions *regions,
		enum index_form form)
{
	const struct key_cells by = divide_keys(regions, input->cells);
	const unsigned int size = entry_size(form);
	unsigned long cell, i, out = 0, text = 0;
	const struct index_input from = *input;
	void *array = index->addresses;
	const u32 *key = from.key;

	for (i = from.n; i-- > 0;)
		if (key[i] != NO_KEY)
			set_entry(array, --from.cell[cell_of_key(&by, key[i])], i, size);

	for (cell = 0; cell < 2 * from.cells; cell++) {
		const unsigned long end = from.cell[cell + 1], first = out;
		u32 highest = 0;

		i = from.cell[cell];
		if (cell <= from.cells && IS_ALIGNED(cell, 1 << CELL_BITS))
			set_entry(index->directory, cell >> CELL_BITS, out, size);
		if (cell == from.cells)
			text = out;
		if (unlikely(end - i > MAX_INSERTIONS))
			sort_positions(array + i * size, end - i, key, size);

		for (; i < end; i++) {
			const unsigned long position = get_entry(array, i, size);
			const u32 its_key = key[position];
			unsigned long j = out;

			if (likely(its_key > highest || out == first)) {
				set_entry(array, out++, position, size);
				highest = its_key;
				continue;
			}
			while (j > first && key[get_entry(array, j - 1, size)] > its_key)
				j--;
			if (j > first && key[get_entry(array, j - 1, size)] == its_key)
				continue;
			for (unsigned long k = out++; k > j; k--)
				set_entry(array, k, get_entry(array, k - 1, size), size);
			set_entry(array, j, position, size);
		}
	}
	for (i = 0; entries && i < out; i++)
		set_entry(array, i, entries[get_entry(array, i, size)], size);

	set_entry(index->head, HEAD_SHIFT, by.text_shift + CELL_BITS, size);
	set_entry(index->head, HEAD_TEXT, text, size);
	set_entry(index->head, HEAD_ADDRESSES, out, size);
}

/*
 * @entries: for the rest, each input's index in the table; for the core table,
 * whose inputs are all of its entries, NULL
 *
 * Returns false if there are more addresses than @max, which there is room for.
 */
static __always_inline bool
write_index(const struct symtab_index *index, const struct index_input *in,
	    const u32 *entries, const struct address_regions *regions,
	    const Elf_Sym *symtab, unsigned int max, enum index_form form)
{
	end_counters(in->bucket, bucket_entries(index->n));
	end_counters(in->cell, 2 * in->cells + 1);
	if (unlikely(in->cell[2 * in->cells] > max))
		return false;
	write_names(index, in, entries, symtab, form);
	write_addresses(index, in, entries, regions, form);
	return true;
}

static __always_inline bool
write_core_index(const struct mod_kallsyms *core, const struct scratch *scratch,
		 const struct address_regions *regions, unsigned int max, bool usable,
		 enum index_form form)
{
	const struct symtab_index index = core_index(core, form);

	if (likely(usable) && write_index(&index, &scratch->core, NULL, regions,
					  core->symtab, max, form))
		return true;
	set_entry(index.head, HEAD_SHIFT, 0, entry_size(form));
	return false;
}

/*
 * There is no index if the tables turn out to be other than they were laid out,
 * which takes a file that has its symbol table relocated, if a symbol is in a
 * symbol table, or if the regions have more bytes than there are keys.
 */
static void index_tables(const struct mod_kallsyms *full,
			 const struct mod_kallsyms *core,
			 const struct address_regions *regions,
			 const struct scratch *scratch, unsigned int max, bool usable)
{
	struct rest_index *rest = rest_index(full);
	const unsigned int n = scratch->rest.n;

	switch (index_form(core->num_symtab)) {
	case INDEX_8:
		usable = write_core_index(core, scratch, regions, max, usable, INDEX_8);
		break;
	case INDEX_PACKED:
		usable = write_core_index(core, scratch, regions, max, usable, INDEX_PACKED);
		break;
	case INDEX_16:
		usable = write_core_index(core, scratch, regions, max, usable, INDEX_16);
		break;
	default:
		usable = write_core_index(core, scratch, regions, max, usable, INDEX_32);
	}

	rest->regions = scratch->rest_regions;
	rest->index = index_at(rest + 1, n, INDEX_32);
	rest->usable = usable && write_index(&rest->index, &scratch->rest,
					     scratch->rest_entry, regions,
					     full->symtab, n, INDEX_32);
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
 * MODULE_STATE_UNFORMED and both MOD_DATA and MOD_INIT_DATA can be written, in
 * which what layout_symtab() reserved is zero.
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
	bool complete;

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
		       info->num_core_syms, info->num_rest_syms, info);
	classify_sections(scratch.section, info);
	map_regions(&regions, mod, info);

	complete = copy_entries(full, core, mod, info, &regions, &scratch);
	collect_names(&scratch.core, core->symtab, NULL, full->strtab);
	collect_names(&scratch.rest, full->symtab, scratch.rest_entry, full->strtab);
	complete &= store_core_strings(core, full, info, &scratch);
	index_tables(full, core, &regions, &scratch, info->num_core_addresses, complete);
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

/* Instead of an entry: there is no index. */
#define NO_INDEX	(UINT_MAX - 1)

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

/* Where a lookup looks: see find_region(). */
struct region {
	unsigned long base, end;
	unsigned int type;		/* an enum mod_mem_type, or NO_REGION */
};

/* An entry, where it was found, and the addresses it covers. */
struct extent {
	const struct mod_kallsyms *table;
	unsigned long entry;		/* 0: there is none */
	unsigned long value, end;
};

/*
 * As module_symtab_walk_address(), for the entries of an index; fills in all but
 * the table.
 */
static __always_inline void
search_index(const struct symtab_index *index, const Elf_Sym *symtab,
	     unsigned long addr, struct region region, struct extent *found,
	     enum index_form form)
{
	const unsigned int size = entry_size(form);
	const unsigned int shift = get_entry(index->head, HEAD_SHIFT, size);
	const bool text = region.type == MOD_TEXT;
	unsigned long first, low, high, limit, i, value;

	if (unlikely(!shift)) {
		found->entry = NO_INDEX;
		return;
	}

	if (likely(text)) {
		const unsigned long page = (addr - region.base) >> shift;

		first = 0;
		low = get_entry(index->directory, page, size);
		high = get_entry(index->directory, page + 1, size);
		limit = get_entry(index->head, HEAD_TEXT, size);
	} else {
		first = get_entry(index->head, HEAD_TEXT, size);
		limit = get_entry(index->head, HEAD_ADDRESSES, size);
		low = first;
		high = limit;
	}

	/* Values before low are not above addr; those from high on are. */
	while (low < high) {
		const unsigned long middle = (low + high) / 2;

		i = get_entry(index->addresses, middle, size);
		if (kallsyms_symbol_value(&symtab[i]) <= addr)
			low = middle + 1;
		else
			high = middle;
	}

	found->end = region.end;
	if (low < limit) {
		i = get_entry(index->addresses, low, size);
		found->end = min(found->end, kallsyms_symbol_value(&symtab[i]));
	}
	found->entry = 0;
	if (low == first)
		return;
	i = get_entry(index->addresses, low - 1, size);
	value = kallsyms_symbol_value(&symtab[i]);
	if (!text && value < region.base)
		return;
	found->entry = i;
	found->value = value;
}

static __always_inline void
search_core_as(const struct mod_kallsyms *core, unsigned long addr,
	       struct region region, struct extent *found, enum index_form form)
{
	const struct symtab_index index = core_index(core, form);

	search_index(&index, core->symtab, addr, region, found, form);
}

static __always_inline void
search_core(const struct mod_kallsyms *core, unsigned long addr, struct region region,
	    struct extent *found)
{
	found->table = core;
	switch (index_form(core->num_symtab)) {
	case INDEX_8:
		return search_core_as(core, addr, region, found, INDEX_8);
	case INDEX_PACKED:
		return search_core_as(core, addr, region, found, INDEX_PACKED);
	case INDEX_16:
		return search_core_as(core, addr, region, found, INDEX_16);
	default:
		return search_core_as(core, addr, region, found, INDEX_32);
	}
}

static noinline struct extent walk_extent(const struct mod_kallsyms *table,
					  unsigned long addr, struct region region)
{
	struct extent found = { .table = table, .end = region.end };

	found.entry = module_symtab_walk_address(table, addr, region.base, &found.end);
	found.value = kallsyms_symbol_value(&table->symtab[found.entry]);
	return found;
}

/*
 * The full table's entries are in two indexes. That both have one of the same
 * value happens where a file has symbols of no section in its sections; which of
 * them comes first only the table knows.
 */
static noinline struct extent search_full(const struct mod_kallsyms *full,
					  const struct mod_kallsyms *core,
					  unsigned long addr, struct region region)
{
	const struct rest_index *rest = rest_index(full);
	struct extent found, other = { .table = full };

	if (unlikely(!rest->usable))
		return walk_extent(full, addr, region);

	search_core(core, addr, region, &found);
	search_index(&rest->index, full->symtab, addr, region, &other, INDEX_32);
	if (other.entry && found.entry && other.value == found.value)
		return walk_extent(full, addr, region);

	found.end = min(found.end, other.end);
	if (other.entry && (!found.entry || other.value > found.value)) {
		other.end = found.end;
		return other;
	}
	return found;
}

/* Are a region's symbols all core, and in the core table's index? */
static __always_inline bool region_is_core(const struct mod_kallsyms *full,
					   unsigned int type)
{
	const struct rest_index *rest = rest_index(full);

	return likely(rest->usable) && likely(!(rest->regions & BIT(type)));
}

/* The region with symbols that @addr is in; its type is NO_REGION if there is none. */
static __always_inline struct region find_region(const struct module *mod,
						 unsigned long addr)
{
	for_each_mod_mem_type(type) {
		const struct module_memory *mem = &mod->mem[type];
		unsigned long base, size;

		if (!region_has_symbols(type))
			continue;
		/*
		 * Once, and the lookup goes by that: do_init_module() may clear
		 * the regions of init meanwhile, but waits before it frees them.
		 */
		base = (unsigned long)data_race(READ_ONCE(mem->base));
		size = data_race(READ_ONCE(mem->size));		/* likewise */
		if (addr - base < size)
			return (struct region) { base, base + size, type };
	}
	return (struct region) { .type = NO_REGION };
}

/* Sets all, or returns false. */
static __always_inline bool
symbol_of_address(struct module *mod, unsigned long addr, const char **name,
		  unsigned long *size, unsigned long *offset)
{
	const struct mod_kallsyms *table = current_table(mod);
	const struct mod_kallsyms *core = &mod->core_kallsyms;
	const struct region region = find_region(mod, addr);
	struct extent found;

	if (region.type == NO_REGION)
		return false;

	if (likely(table == core) || region_is_core(table, region.type)) {
		search_core(core, addr, region, &found);
		if (unlikely(found.entry == NO_INDEX))
			found = walk_extent(core, addr, region);
	} else {
		found = search_full(table, core, addr, region);
	}
	if (!found.entry)
		return false;

	if (size)
		*size = found.end - found.value;
	if (offset)
		*offset = addr - found.value;
	*name = symbol_name(found.table, found.entry);
	return true;
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
	const char *name;

	return symbol_of_address(mod, addr, &name, size, offset) ? name : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(module_find_symbol);
#endif

int module_address_lookup(unsigned long addr, unsigned long *symbolsize,
			  unsigned long *offset, char **modname,
			  const unsigned char **modbuildid, char *namebuf)
{
	struct module *mod;
	const char *name;
	ssize_t len;

	guard(preempt)();

	mod = __module_address(addr);
	if (!mod)
		return 0;

	if (modname)
		*modname = mod->name;
	if (modbuildid)
		*modbuildid = module_buildid(mod);

	if (!symbol_of_address(mod, addr, &name, symbolsize, offset))
		return 0;

	/* sprint_symbol() goes on writing there, and would at -E2BIG, too. */
	len = strscpy(namebuf, name, KSYM_NAME_LEN);
	if (unlikely(len < 0))
		len = KSYM_NAME_LEN - 1;
	return len;
}
EXPORT_SYMBOL_IF_KUNIT(module_address_lookup);

/* A symbol that is found has a name, so the other returns its length. */
int lookup_module_symbol_name(unsigned long addr, char *symname)
{
	if (module_address_lookup(addr, NULL, NULL, NULL, NULL, symname))
		return 0;
	return -ERANGE;
}
EXPORT_SYMBOL_IF_KUNIT(lookup_module_symbol_name);

/*
 * Look up by name
 *
 * Again a walk defines the answer.
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

/*
 * The highest bit of each lane of @bits that is 0 in @lanes, if @ones has the
 * lowest bit of each. It may be set in a lane above such a one by mistake.
 */
static __always_inline u64 zero_lanes(u64 lanes, u64 ones, unsigned int bits)
{
	return (lanes - ones) & ~lanes & (ones << (bits - 1));
}

/*
 * Which of the names from the @at-th on are like @hash, as far as fingerprints
 * tell: of each the highest bit of the 8 bits or, if packed, 16 that a lane has.
 * What is read ends inside the index: names have a bucket's end and more behind.
 */
static __always_inline u64 names_like(const struct symtab_index *index,
				      unsigned long at, u32 hash, enum index_form form)
{
	const u64 bytes = 0x0101010101010101ULL, words = 0x0001000100010001ULL;
	u64 lanes;

	if (!index_is_packed(form)) {
		lanes = get_unaligned_le64(index->fingerprint + at);
		return zero_lanes(lanes ^ (u8)hash * bytes, bytes, 8);
	}
	lanes = get_unaligned_le64(index->names + at * sizeof(u16));
	if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
		lanes = (lanes >> 8 & (u8)-1 * words) | (lanes & (u8)-1 * words) << 8;
	lanes ^= (u16)hash * words;
	lanes &= (BIT(fingerprint_bits(index->n, form)) - 1) * words;
	return zero_lanes(lanes, words, 16);
}

/* Returns an entry, or UINT_MAX, or NO_INDEX. */
static __always_inline unsigned int
search_names(const struct symtab_index *index, const struct mod_kallsyms *table,
	     const char *name, u32 hash, enum index_form form)
{
	const unsigned int size = entry_size(form);
	const unsigned int lane = index_is_packed(form) ? 16 : 8;
	const unsigned long bucket = reciprocal_scale(hash, index_buckets(index->n));
	unsigned long at = get_entry(index->bucket, bucket, size);
	const unsigned long end = get_entry(index->bucket, bucket + 1, size);

	if (unlikely(!get_entry(index->head, HEAD_SHIFT, size)))
		return NO_INDEX;

	for (; at < end; at += 64 / lane) {
		u64 like = names_like(index, at, hash, form);

		for (; like; like &= like - 1) {
			const unsigned long match = at + __ffs64(like) / lane;
			unsigned int i;

			if (match >= end)
				break;
			i = get_entry(index->names, match, name_size(form));
			if (index_is_packed(form))
				i >>= fingerprint_bits(index->n, form);
			if (same_name(symbol_name(table, i), name))
				return i;
		}
	}
	return UINT_MAX;
}

/*
 * Is there a name like that at all? All of a search but what takes a stack frame,
 * for names that are looked up in every module and are in none.
 */
static __always_inline bool may_have_name(const struct symtab_index *index, u32 hash,
					  enum index_form form)
{
	const unsigned int size = entry_size(form);
	const unsigned int names_at_once = index_is_packed(form) ? 4 : 8;
	const unsigned long bucket = reciprocal_scale(hash, index_buckets(index->n));
	unsigned long at = get_entry(index->bucket, bucket, size);
	const unsigned long end = get_entry(index->bucket, bucket + 1, size);

	for (; at < end; at += names_at_once)
		if (names_like(index, at, hash, form))
			return true;
	return !get_entry(index->head, HEAD_SHIFT, size);
}

static __always_inline bool core_may_have_name_as(const struct mod_kallsyms *core,
						  u32 hash, enum index_form form)
{
	const struct symtab_index index = core_index(core, form);

	return may_have_name(&index, hash, form);
}

static __always_inline bool core_may_have_name(const struct mod_kallsyms *core, u32 hash)
{
	switch (index_form(core->num_symtab)) {
	case INDEX_8:
		return core_may_have_name_as(core, hash, INDEX_8);
	case INDEX_PACKED:
		return core_may_have_name_as(core, hash, INDEX_PACKED);
	case INDEX_16:
		return core_may_have_name_as(core, hash, INDEX_16);
	default:
		return core_may_have_name_as(core, hash, INDEX_32);
	}
}

static __always_inline unsigned int
search_core_names_as(const struct mod_kallsyms *core, const char *name, u32 hash,
		     enum index_form form)
{
	const struct symtab_index index = core_index(core, form);

	return search_names(&index, core, name, hash, form);
}

static __always_inline unsigned int
search_core_names(const struct mod_kallsyms *core, const char *name, u32 hash)
{
	switch (index_form(core->num_symtab)) {
	case INDEX_8:
		return search_core_names_as(core, name, hash, INDEX_8);
	case INDEX_PACKED:
		return search_core_names_as(core, name, hash, INDEX_PACKED);
	case INDEX_16:
		return search_core_names_as(core, name, hash, INDEX_16);
	default:
		return search_core_names_as(core, name, hash, INDEX_32);
	}
}

static const Elf_Sym *walk_names(const struct mod_kallsyms *table, const char *name)
{
	const unsigned int i = module_symtab_walk_name(table, name);

	return i == UINT_MAX ? NULL : &table->symtab[i];
}

/* Of a name that is in both indexes, only the table knows which comes first. */
static const Elf_Sym *find_name_in_full(const struct mod_kallsyms *full,
					const struct mod_kallsyms *core,
					const char *name, u32 hash)
{
	const struct rest_index *rest = rest_index(full);
	unsigned int i, other;

	if (unlikely(!rest->usable))
		return walk_names(full, name);

	i = search_core_names(core, name, hash);
	other = search_names(&rest->index, full, name, hash, INDEX_32);
	if (other == UINT_MAX)
		return i == UINT_MAX ? NULL : &core->symtab[i];
	return i == UINT_MAX ? &full->symtab[other] : walk_names(full, name);
}

/* NULL: none has that name. The entry may be the core table's copy. */
static const Elf_Sym *find_name(struct module *mod, const char *name, u32 hash)
{
	const struct mod_kallsyms *table = current_table(mod);
	const struct mod_kallsyms *core = &mod->core_kallsyms;
	unsigned int i;

	if (unlikely(table != core))
		return find_name_in_full(table, core, name, hash);

	i = search_core_names(core, name, hash);
	if (unlikely(i == NO_INDEX))
		return walk_names(core, name);
	return i == UINT_MAX ? NULL : &core->symtab[i];
}

static noinline unsigned long find_name_value(struct module *mod, const char *name,
					      u32 hash)
{
	const Elf_Sym *sym = find_name(mod, name, hash);

	return sym ? kallsyms_symbol_value(sym) : 0;
}

static __always_inline unsigned long
name_value(struct module *mod, const char *name, u32 hash)
{
	const struct mod_kallsyms *core = &mod->core_kallsyms;

	if (likely(current_table(mod) == core) && !core_may_have_name(core, hash))
		return 0;
	return find_name_value(mod, name, hash);
}

unsigned long find_kallsyms_symbol_value(struct module *mod, const char *name)
{
	guard(preempt)();

	return name_value(mod, name, name_hash(name));
}
EXPORT_SYMBOL_IF_KUNIT(find_kallsyms_symbol_value);

unsigned long module_kallsyms_lookup_name(const char *name)
{
	const char *colon = strnchr(name, MODULE_NAME_LEN, ':');
	struct module *mod;
	unsigned long value;
	u32 hash;

	guard(preempt)();

	if (colon) {
		mod = find_module_all(name, colon - name, false);
		return mod ? find_kallsyms_symbol_value(mod, colon + 1) : 0;
	}

	hash = name_hash(name);
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

static void *addresses_end(const struct symtab_index *index, enum index_form form)
{
	const unsigned int size = entry_size(form);

	return index->addresses + get_entry(index->head, HEAD_ADDRESSES, size) * size;
}

/* The first byte behind the core table's index, as far as it is in use. */
void *module_symtab_index_end(const struct mod_kallsyms *core)
{
	const enum index_form form = index_form(core->num_symtab);
	const struct symtab_index index = core_index(core, form);

	return addresses_end(&index, form);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_index_end);

/* Likewise of the index that the full table has of what is not core. */
void *module_symtab_rest_end(const struct mod_kallsyms *full)
{
	return addresses_end(&rest_index(full)->index, INDEX_32);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_rest_end);

/* Bytes of one of its integers. */
unsigned int module_symtab_index_size(const struct mod_kallsyms *core)
{
	return entry_size(index_form(core->num_symtab));
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_index_size);

const Elf_Sym *module_symtab_find_name(struct module *mod, const char *name)
{
	const Elf_Sym *sym;

	preempt_disable();
	sym = find_name(mod, name, name_hash(name));
	preempt_enable();
	return sym;
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_find_name);

u32 module_symtab_name_hash(const char *name)
{
	return name_hash(name);
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_name_hash);

/* Make lookups do without the index, as if there were none. */
void module_symtab_forget_index(struct module *mod)
{
	const struct mod_kallsyms *table = rcu_access_pointer(mod->kallsyms);
	const struct mod_kallsyms *core = &mod->core_kallsyms;
	const enum index_form form = index_form(core->num_symtab);

	set_entry(core_index(core, form).head, HEAD_SHIFT, 0, entry_size(form));
	if (table != core)
		rest_index(table)->usable = false;
}
EXPORT_SYMBOL_IF_KUNIT(module_symtab_forget_index);
#endif
