#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Small faults for kallsyms.c, for the KUnit suite to find.

  faults.py list          their names
  faults.py apply NAME    reads the file, writes it with one of them

Each is a piece of the file, which must be there exactly once, and what it
becomes. None can be right: what would only cost time is not in here.
"""

import sys

FAULTS = {}


def fault(name, old, new):
    assert name not in FAULTS, name
    FAULTS[name] = old, new


# Classify
fault('executable-is-data',
      "if (sec->sh_flags & SHF_EXECINSTR)\n\t\treturn 't';", "")
fault('read-only-is-data', "return 'r';", "return 'd';")
fault('debug-beyond-names', "sec->sh_name < names->sh_size &&",
      "sec->sh_name <= names->sh_size &&")
fault('unallocated-is-core',
      "if (!(sec->sh_flags & SHF_ALLOC))\n\t\treturn false;\n\tif (!IS_ENABLED",
      "if (!IS_ENABLED")
fault('init-is-core', "return region < MOD_MEM_NUM_TYPES && mod_mem_type_is_core(region);",
      "return region < MOD_MEM_NUM_TYPES;")
fault('undefined-letter', "class.type = 'U';", "class.type = 'u';")
fault('section-bound', "if (shndx < info->hdr->e_shnum) {",
      "if (shndx <= info->hdr->e_shnum) {")
fault('percpu-is-not-core', "class.core |= IS_ENABLED(CONFIG_KALLSYMS_ALL);", "")
fault('absolute-letter', "} else if (shndx == SHN_ABS) {\n\t\tclass.type = 'a';",
      "} else if (shndx == SHN_ABS) {\n\t\tclass.type = '?';")
fault('class-bound', "return likely(shndx < n) ? class[shndx]",
      "return likely(shndx <= n) ? class[shndx]")
fault('unnamed-is-core', "return class.core && sym->st_name;", "return class.core;")
fault('weak-letters', "== STT_OBJECT ? 'v' : 'w';", "== STT_OBJECT ? 'w' : 'v';")

# Validate
fault('overlap-at-end', "sec->sh_size && sec->sh_offset < start + size &&",
      "sec->sh_size && sec->sh_offset <= start + size &&")
fault('overlap-at-start', "start < sec->sh_offset + sec->sh_size;",
      "start <= sec->sh_offset + sec->sh_size;")
fault('overlap-of-nothing', "return sec->sh_size && sec->sh_offset <",
      "return sec->sh_offset <")
fault('overlap-last-header', "info->hdr->e_shnum * sizeof(Elf_Shdr)) ||",
      "(info->hdr->e_shnum - 1) * sizeof(Elf_Shdr)) ||")
fault('align-page', "sec->sh_addralign > PAGE_SIZE ||", "sec->sh_addralign >= PAGE_SIZE ||")
fault('align-least', "if (odd || sec->sh_addralign < least)", "if (odd)")
fault('align-odd', "(sec->sh_addralign && !is_power_of_2(sec->sh_addralign));", "0;")
fault('wraps', "return sec->sh_flags & SHF_ALLOC && sec->sh_addralign > PAGE_SIZE;",
      "return false;")
fault('first-nul', "if (size == strsec->sh_size && !info->strtab[0])",
      "if (size == strsec->sh_size)")
fault('last-nul', "strsec->sh_size = size;\n\tinfo->strtab[0]", "info->strtab[0]")
fault('quick-check-bound', "get_unaligned(&sym[2].st_name) >= size ||",
      "get_unaligned(&sym[2].st_name) > size ||")
fault('quick-check-last',
      "\tfor (; sym < end; sym++)\n\t\tif (get_unaligned(&sym->st_name) >= size)\n"
      "\t\t\treturn false;\n\treturn true;", "\treturn true;")
fault('name-bound', "if (get_unaligned(&sym->st_name) < strsec->sh_size)",
      "if (get_unaligned(&sym->st_name) <= strsec->sh_size)")
fault('entry-0-reserved', "shndx >= SHN_LORESERVE)\n\t\treturn false;",
      "shndx > SHN_LORESERVE)\n\t\treturn false;")
fault('entry-0-bound', "if (shndx < info->hdr->e_shnum || shndx",
      "if (shndx <= info->hdr->e_shnum || shndx")
fault('entry-0-of-none', "if (!symsec->sh_size)\n\t\treturn false;", "")
fault('last-entry-incomplete', "symsec->sh_size -= symsec->sh_size % sizeof(Elf_Sym);", "")
fault('laid-out-twice', "symsec->sh_flags &= ~(unsigned long)SHF_ALLOC;", "")
fault('refused-too-late',
      "info->sechdrs[i].sh_flags &= ~(unsigned long)SHF_ALLOC;", ";")
fault('never-too-large', "if (!tables_fit(mod, info, &core)) {", "if (0) {")

# Names
fault('name-tail', "y &= zero_bytemask(zeros_y);", "y &= zero_bytemask(zeros_x);")
fault('name-prefix', "if (!has_zero(y, &zeros_y, &constants))\n\t\treturn false;",
      "has_zero(y, &zeros_y, &constants);")
fault('ends-not-marked', "\t\t__set_bit(name - 1, ends);", "\t\t;")
fault('ends-everywhere', "if (name && !strtab[name - 1])", "if (name)")
fault('end-of-strings', "\t__set_bit(strsize - 1, ends);", "")
fault('carry-lost', "*carry = (inner | (~ends & ~sum)) >> (CHUNK - 1);", "*carry = 0;")
fault('mapping-names', "(*name && !is_mapping_symbol(name));", "*name;")
fault('mapping-letter', "return likely((u8)*name > 'L')", "return likely((u8)*name > '#')")

# Lay out
fault('no-nul-of-its-own', "keep_strings(ends, starts, strsize) + !strtab[last];",
      "keep_strings(ends, starts, strsize);")
fault('not-aligned', "unsigned long offset = ALIGN(mod->mem[type].size, align);",
      "unsigned long offset = mod->mem[type].size;")
fault('whole-strtab-size', "core.strings = strsize + strlen(strtab + last) + 1;",
      "core.strings = strsize + strlen(strtab + last);")
fault('region-order', "(other == MOD_TEXT || regions->region[other].base <",
      "(other == MOD_TEXT || regions->region[other].base >")
fault('odd-value-bound', "if (value - region->base < region->size)",
      "if (value - region->base <= region->size)")

# Populate
fault('relocated-name', "if (unlikely(sym->st_name >= strsize))",
      "if (unlikely(sym->st_name > strsize))")
fault('more-core-entries', "&& likely(core_sym < core_end)) {", ") {")
fault('more-rest-entries', "if (unlikely(rest == to_rest.room)) {", "if (0) {")
fault('entry-0-has-an-address',
      "if (core->num_symtab && unlikely(to_core.key[0] != NO_KEY)) {", "if (0) {")
fault('symbol-in-symbol-table', "return complete && !lost &&", "return complete &&")
fault('rest-regions', "scratch->rest_regions |= BIT(region_of_key(regions, key));", ";")
fault('last-string-bound', "if (byte - strings->last_start < strings->last_len)",
      "if (byte - strings->last_start <= strings->last_len)")
fault('last-string-not-moved', "strings->last_len = strtab[last] ? len : 0;",
      "strings->last_len = 0;")
fault('last-string-at', "return strings->last_at + byte - strings->last_start;",
      "return strings->last_at;")
fault('last-string-not-last', "core->symtab[core->num_symtab - 1].st_name = strsize;", ";")
fault('address-tie',
      "if (j > first && key[get_entry(array, j - 1, size)] == its_key)\n\t\t\t\tcontinue;", "")
fault('address-highest', "if (likely(its_key > highest || out == first)) {",
      "if (likely(its_key >= highest || out == first)) {")
fault('cell-order', "(key[a] == key[b] && a < b);", "(key[a] == key[b] && a > b);")
fault('first-name-missing',
      "for (i = from.n; i-- > 0;) {\n\t\tconst unsigned long entry",
      "for (i = from.n; i-- > 1;) {\n\t\tconst unsigned long entry")
fault('more-addresses', "if (unlikely(in->cell[2 * in->cells] > max))", "if (0)")
fault('packed-limit', "return n <= 1024 ? 6 : 3;", "return n <= 1025 ? 6 : 3;")
fault('packed-entries', "#define MAX_PACKED	8192", "#define MAX_PACKED	8193")
fault('8-bit-entries', "if (n <= U8_MAX)", "if (n <= U8_MAX + 1)")
fault('16-bit-entries', "return n <= U16_MAX ? INDEX_16 : INDEX_32;",
      "return n <= U16_MAX + 1 ? INDEX_16 : INDEX_32;")
fault('core-at-once', "rcu_assign_pointer(mod->kallsyms, full);",
      "rcu_assign_pointer(mod->kallsyms, core);")

# Look up by address
fault('walk-tie', "} else if (!best || value > best_value) {",
      "} else if (!best || value >= best_value) {")
fault('walk-base', "if (value < best_value || value >= *end ||",
      "if (value <= best_value || value >= *end ||")
fault('walk-entry-0', "for (i = 1; i < table->num_symtab; i++) {\n\t\tvalue",
      "for (i = 0; i < table->num_symtab; i++) {\n\t\tvalue")
fault('walk-unnamed', "\t\t    !symbol_names_address(table, i))\n\t\t\tcontinue;\n",
      "\t\t    !symbol_is_defined(&table->symtab[i]))\n\t\t\tcontinue;\n")
fault('search-at-value', "if (kallsyms_symbol_value(&symtab[i]) <= addr)",
      "if (kallsyms_symbol_value(&symtab[i]) < addr)")
fault('search-page', "high = get_entry(index->directory, page + 1, size);",
      "high = get_entry(index->directory, page, size);")
fault('extent-of-last', "if (low < limit) {", "if (low + 1 < limit) {")
fault('below-region', "if (!text && value < region.base)\n\t\treturn;", "")
fault('text-not-first', "first = get_entry(index->head, HEAD_TEXT, size);", "first = 0;")
fault('full-tie', "if (other.entry && found.entry && other.value == found.value)\n"
      "\t\treturn walk_extent(full, addr, region);", "")
fault('full-extent', "found.end = min(found.end, other.end);", "")
fault('address-copied-short', "len = strscpy(namebuf, name, KSYM_NAME_LEN);",
      "len = strscpy(namebuf, name, KSYM_NAME_LEN - 1);")
fault('address-cut-off', "if (unlikely(len < 0))\n\t\tlen = KSYM_NAME_LEN - 1;", "")
fault('wrong-error', "return -ERANGE;\n}\nEXPORT_SYMBOL_IF_KUNIT(lookup_module_symbol_name);",
      "return -ENOENT;\n}\nEXPORT_SYMBOL_IF_KUNIT(lookup_module_symbol_name);")

# Look up by name
fault('walk-undefined-names', "if (symbol_is_defined(&table->symtab[i]) &&\n\t\t    !strcmp",
      "if (!strcmp")
fault('bucket-end', "if (match >= end)\n\t\t\t\tbreak;", "")
fault('skip-names', "const unsigned int names_at_once = index_is_packed(form) ? 4 : 8;",
      "const unsigned int names_at_once = 8;")
fault('fingerprint-shift', "i >>= fingerprint_bits(index->n, form);",
      "i >>= fingerprint_bits(index->n, form) + 1;")
fault('no-index-no-name', "return !get_entry(index->head, HEAD_SHIFT, size);", "return false;")
fault('full-name-tie',
      "return i == UINT_MAX ? &full->symtab[other] : walk_names(full, name);",
      "return i == UINT_MAX ? &full->symtab[other] : &core->symtab[i];")
fault('colon-anywhere', "strnchr(name, MODULE_NAME_LEN, ':');", "strchr(name, ':');")
fault('unformed-by-name',
      "if (mod->state == MODULE_STATE_UNFORMED)\n\t\t\tcontinue;\n\t\tvalue", "value")

# Enumerate
fault('symnum-bound', "if (symnum >= table->num_symtab) {", "if (symnum > table->num_symtab) {")
fault('symnum-not-less', "symnum -= table->num_symtab;", "")
fault('unformed-listed',
      "if (mod->state == MODULE_STATE_UNFORMED)\n\t\t\tcontinue;\n\n\t\ttable", "table")
fault('exported-by-name', "return ks && kernel_symbol_value(ks) == value;", "return ks;")
fault('each-undefined', "if (!symbol_is_defined(&table->symtab[i]))\n\t\t\tcontinue;\n\t\tret",
      "ret")
fault('each-goes-on', "if (ret)\n\t\t\treturn ret;\n\t\tcond_resched();", "cond_resched();")
fault('each-unformed', "if (mod->state == MODULE_STATE_UNFORMED ||\n\t\t    (modname",
      "if ((modname")
fault('each-other-module', "(modname && strcmp(modname, mod->name)))\n\t\t\tcontinue;",
      "0)\n\t\t\tcontinue;")

# Build ID
fault('build-id-unallocated', "!sect_empty(sec) &&", "")
fault('build-id-any-section', "if (sec->sh_type == SHT_NOTE && ", "if (")


def apply(name, text):
    old, new = FAULTS[name]
    if text.count(old) != 1:
        raise SystemExit(f'{name}: {text.count(old)} places for it, not one')
    return text.replace(old, new)


def main():
    if sys.argv[1:] == ['list']:
        print('\n'.join(FAULTS))
    elif len(sys.argv) == 3 and sys.argv[1] == 'apply':
        sys.stdout.write(apply(sys.argv[2], sys.stdin.read()))
    else:
        raise SystemExit(__doc__)


if __name__ == '__main__':
    main()
