#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Small faults for kallsyms.c and the loader's check, for the KUnit suite to find.

  faults.py list TREE               their names, for that kernel
  faults.py apply NAME FROM TO      copies the files from tree FROM to tree TO, one
                                    of them with the fault; NAME "none": without any

Each is a piece of a file, which must be there exactly once, and what it becomes.
None can be right: what would only cost time is not in here.
"""

import os
import sys

KALLSYMS = 'kernel/module/kallsyms.c'
MAIN = 'kernel/module/main.c'
FAULTS = {}
# Later kernels check names and the ends of the string table by themselves.
OF_6_12 = set()


def fault(name, old, new, path=KALLSYMS, of_6_12=False):
    assert name not in FAULTS, name
    FAULTS[name] = path, old, new
    if of_6_12:
        OF_6_12.add(name)


# The loader's check
fault('ranges-touch-behind', 'a < b + b_size &&', 'a <= b + b_size &&', MAIN)
fault('ranges-touch-before', 'b < a + a_size;', 'b <= a + a_size;', MAIN)
fault('ehdr-unchecked', '0, sizeof(*info->hdr)) ||', '0, 0) ||', MAIN)
fault('last-header-unchecked', 'info->hdr->e_shnum * sizeof(Elf_Shdr)) ||',
      '(info->hdr->e_shnum - 1) * sizeof(Elf_Shdr)) ||', MAIN)
fault('module-unchecked', 'mod->sh_offset, mod->sh_size);', 'mod->sh_offset, 0);', MAIN)
fault('strtab-over-headers',
      ' || elf_section_over_headers(info, strsec))', ')', MAIN)
fault('tables-overlap', '\t       strsec->sh_offset, strsec->sh_size))', '\t       strsec->sh_offset, 0))', MAIN)
fault('align-large', 'sec->sh_addralign > SZ_2G ||', 'sec->sh_addralign >= SZ_2G ||', MAIN)
fault('align-wraps', 'sec->sh_addralign > SZ_2G ||', '', MAIN)
fault('name-length', 'for (end = start + SZ_64K; strtab', 'for (end = start + SZ_64K - 1; strtab', MAIN)
fault('name-longer', 'for (end = start + SZ_64K; strtab', 'for (end = start + SZ_64K + 1; strtab', MAIN)
fault('long-name-behind-others', 'start + SZ_64K < size; start = end + 1)', 'start < 1; start = end + 1)', MAIN)
fault('align-odd', '(sec->sh_addralign && !is_power_of_2(sec->sh_addralign));', '0;', MAIN)
fault('strtab-align', ' || elf_alignment_is_bad(strsec))', ')', MAIN)
fault('symtab-large', 'symsec->sh_size > SZ_256M || ', '', MAIN)
fault('strtab-large', ' || strsec->sh_size > SZ_256M)', ')', MAIN)
fault('symtab-empty', '!symsec->sh_size || symsec', 'symsec', MAIN)
fault('symtab-odd', ' || symsec->sh_size % sizeof(*sym))', ')', MAIN)
fault('strtab-first-nul', 'strtab[0] || ', '', MAIN, of_6_12=True)
fault('strtab-last-nul', ' || strtab[strsec->sh_size - 1])', ')', MAIN, of_6_12=True)
fault('entry-0-bound', 'sym->st_shndx >= info->hdr->e_shnum &&',
      'sym->st_shndx > info->hdr->e_shnum &&', MAIN)
fault('entry-0-reserved', '&& sym->st_shndx < SHN_LORESERVE)',
      '&& sym->st_shndx <= SHN_LORESERVE)', MAIN)
fault('name-bound', 'sym->st_name >= strsec->sh_size', 'sym->st_name > strsec->sh_size', MAIN,
      of_6_12=True)
fault('last-name', '!fault && sym < end;', '!fault && sym + 1 < end;', MAIN, of_6_12=True)

# Classify
fault('debug-beyond-names', 'sec->sh_name < names->sh_size &&',
      'sec->sh_name <= names->sh_size &&')
fault('weak-letters', "== STT_OBJECT ? 'v' : 'w';", "== STT_OBJECT ? 'w' : 'v';")
fault('undefined-letter', "return 'U';", "return 'u';")
fault('percpu-letter', ' || shndx == info->index.pcpu)', ')')
fault('letter-bound', 'shndx >= info->hdr->e_shnum)\n\t\treturn', 'shndx > info->hdr->e_shnum)\n\t\treturn')
fault('executable-is-data', "if (sec->sh_flags & SHF_EXECINSTR)\n\t\treturn 't';", '')
fault('read-only-is-data', "return 'r';", "return 'd';")
fault('core-bound', 'sym->st_shndx >= info->hdr->e_shnum ||',
      'sym->st_shndx > info->hdr->e_shnum ||')
fault('unnamed-is-core', ' || !sym->st_name)', ')')
fault('percpu-is-not-core', 'return IS_ENABLED(CONFIG_KALLSYMS_ALL);\n', 'return false;\n')
fault('unallocated-is-core', '(sec->sh_flags & must) == must &&', '')
fault('init-is-core', 'region < MOD_MEM_NUM_TYPES && mod_mem_type_is_core(region);',
      'region < MOD_MEM_NUM_TYPES;')
fault('entry-0-is-not-core', 'return !i || is_livepatch_module', 'return is_livepatch_module')

# Index
fault('width-too-late', 'DIV_ROUND_UP(fls(most | 1), 8);', 'DIV_ROUND_UP(fls(most | 1) - 1, 8) ?: 1;')
fault('width-of-entries-alone', 'max(entries - 1, names);', 'entries - 1;')
fault('starts-short', 'at + (BIT(bits) + 1) * width + sizeof(u32) - width;', 'at + BIT(bits) * width;')
fault('index-short', 'return part->entries + names * width + sizeof(u32) - width;', 'return part->entries;')
fault('hash-bytes-short', '+ entries + names;', '+ entries;')
fault('last-integer', 'names * width + sizeof(u32) - width;', 'names * width;')
fault('mapping-is-indexed', 'return *name && !is_mapping_symbol(name);', 'return *name;')
fault('unnamed-is-indexed', 'return *name && !is_mapping_symbol(name);', 'return !is_mapping_symbol(name);')
fault('group-behind', '>> part->shift < BIT(part->bits))', '>> part->shift <= BIT(part->bits))')
fault('group-end', '*high = get_int(index, at + index->width, 0);', '*high = *low;')
fault('group-begin', '*low = get_int(index, at, 0);', '*low = get_int(index, at, 0) + 1;')
fault('size-of-the-module', 'return entries ? min(entries, index_of(table)->entries) : 0;', 'return entries;')
fault('size-of-the-index', 'return entries ? min(entries, index_of(table)->entries) : 0;',
      'return index_of(table)->entries;')

# Lay out
fault('undefined-is-indexed', 'return sym->st_shndx != SHN_UNDEF && name_is_indexed', 'return name_is_indexed')
fault('names-without-room', '2 * names * sizeof', '1 * names * sizeof')
fault('last-name-once', 'done + strlen(last) + 1;', 'done;')
fault('nul-not-kept', '(len ?: strlen(string)) + 1);', 'len ?: strlen(string));')
fault('tail-not-kept', 'if (!test_bit(symtab[i].st_name, build->kept))', 'if (!test_bit(0, build->kept))')
fault('core-names-of-all', 'build->core_names += core;', 'build->core_names += i % 2;')
fault('rank-of-next', 'build->rank[i] = done;\n\t\tdone += hweight_long(build->kept[i]);',
      'done += hweight_long(build->kept[i]);\n\t\tbuild->rank[i] = done;')
fault('header-without-room', 'n = plan_index(&index, n, info->build->names, 0);',
      'n = plan_index(&index, n, info->build->names, 0) - sizeof(index);')
fault('region-wraps', 'min(offset + size, UINT_MAX);', 'offset + size;')
fault('region-of-4-gib', 'PAGE_ALIGN_DOWN(UINT_MAX) ? -ENOMEM : 0;', 'UINT_MAX ? -ENOMEM : 0;')
fault('section-wraps', 'if (*size < before)\n\t\t*size = UINT_MAX;', '')
fault('entries-unaligned', 'sec->sh_addralign = max_t(unsigned long, sec->sh_addralign, align);', '')

# Populate
fault('more-core-than-room', 'if (copied < build->core_entries && entry_is_core', 'if (entry_is_core')
fault('more-names-than-room', 'core_names < build->core_names ? number : NOT_CORE;', 'number;')
fault('core-type', 'core->typetab[number] = full->typetab[i];', 'core->typetab[number] = full->typetab[0];')
fault('name-of-the-last', 'if (sym->st_name != from) {', 'if (!from) {')
fault('rank-in-the-long', '(BIT_MASK(from) - 1)', '(2 * BIT_MASK(from) - 1)')
fault('sort-not-stable', 'for (i = 0; i < n; i++)\n\t\t\tbuild->spare', 'for (i = n; i--;)\n\t\t\tbuild->spare')
fault('group-begins-late', 'group <= (key - base) >> part->shift &&', 'group < (key - base) >> part->shift &&')
fault('groups-unfilled', 'for (; group < groups; group++)', 'for (; group + 1 < groups; group++)')
fault('hash-byte', 'bytes[out] = key;', 'bytes[out] = key >> 1;')
fault('not-core-in-core-index', 'if (number == NOT_CORE)\n\t\t\tcontinue;', '')
fault('last-of-a-value', 'number = min(number, get_int(index, part->entries, --out));',
      'number = max(number, get_int(index, part->entries, --out));')
fault('names-of-one-hash-as-values', 'if (!bytes && out && key == last)\n', 'if (out && key == last)\n')
fault('first-value-0', 'if (!bytes && out && key == last)\n', 'if (!bytes && key == last)\n')
fault('part-without-end', 'return out;', 'return out - 1;')
fault('value-below-text', 'if (key >= base)\n', '')
fault('entry-0-by-address', 'if (name.key < end - start && name.entry)', 'if (name.key < end - start)')
fault('bare-value', 'kallsyms_symbol_value(&full->symtab[name.entry]) - start;', 'full->symtab[name.entry].st_size;')
fault('value-out-of-module', 'if (name.key < end - start && name.entry)', 'if (name.entry)')
fault('core-names-of-full', 'build, build->names, true, 0);', 'build, build->names, false, 0);')
fault('core-addresses-of-full', 'NULL, build, n, true, text);', 'NULL, build, n, false, text);')
fault('relocated-name', 'if (unlikely(sym->st_name >= strsize))',
      'if (unlikely(sym->st_name > strsize))')
fault('last-name-not-last', 'last->st_name = done;', 'last->st_name = 0;')
fault('relocated-last-nul', "full->strtab[strsec->sh_size - 1] = '\\0';", '')
fault('sort-skips-a-pass', 'low < high; low += bits)', 'low < high; low += 2 * bits)')
fault('sort-last-pass', 'for (; low < high;', 'for (; low + bits < high;')
fault('highest-region', 'end = max(end, value + mod->mem[type].size);', 'end = max(end, value);')
fault('lowest-region', 'start = min(start, value);', 'start = value;')
fault('load-number-of-all', '= ++loads;', '= loads;')
fault('load-number-too-late', 'full->symtab = (void *)symsec->sh_addr;',
      'number_load((struct load_info *)info);\n\tfull->symtab = (void *)symsec->sh_addr;')

# Look up by address
fault('region-end', 'if (addr - *base < *size)', 'if (addr - *base <= *size)')
fault('text-only-regions', '!IS_ENABLED(CONFIG_KALLSYMS_ALL) && !mod_mem_type_is_text(type)',
      '!mod_mem_type_is_text(type)')
fault('page-of-other-region', 'if (type == MOD_TEXT &&', 'if (type != MOD_RODATA &&')
fault('value-not-found', 'if (kallsyms_symbol_value(sym) <= addr)',
      'if (kallsyms_symbol_value(sym) < addr)')
fault('last-extent', 'high < index->values && i >= entries; high++)', 'high + 1 < index->values && i >= entries; high++)')
fault('extent-beyond-region', 'end = min(end, kallsyms_symbol_value(&table->symtab[i]));',
      'end = kallsyms_symbol_value(&table->symtab[i]);')
fault('extent-to-the-next-beyond', 'if (i < entries)\n', '')
fault('value-before-region', 'if (i >= entries || kallsyms_symbol_value(sym) < base)', 'if (i >= entries)')
fault('size-from-address', '*size = end - kallsyms_symbol_value(sym);', '*size = end - addr;')
fault('modname-with-symbol', 'if (modname)\n\t\t*modname = mod->name;', '')
fault('address-copied-short', 'len = strscpy(namebuf, name, KSYM_NAME_LEN);',
      'len = strscpy(namebuf, name, KSYM_NAME_LEN - 1);')
fault('address-cut-off', 'return len < 0 ? KSYM_NAME_LEN - 1 : len;', 'return len;')
fault('wrong-error', ' ? 0 : -ERANGE;', ' ? 0 : -ENOENT;')

# Look up by name
fault('any-name-of-a-hash', ' && !strcmp(table->strtab + sym->st_name, name))', ')')
fault('undefined-by-name', 'if (sym->st_shndx != SHN_UNDEF && !strcmp', 'if (!strcmp')
fault('mapping-by-hash', 'if (!indexed || !entries ||', 'if (!entries ||')
fault('cut-off-by-hash', '!entries || entries < index->entries)', '!entries)')
fault('empty-by-hash', '!entries || entries < index->entries)', 'entries < index->entries)')
fault('empty-by-address', 'type == MOD_INVALID || !entries)', 'type == MOD_INVALID)')
fault('empty-walked', 'return table && READ_ONCE(table->num_symtab) ?', 'return table ?')
fault('match-goes-on-behind', 'while (!ret && (mod = next_module(mod, modname)))\n\t\tret = on_each_match',
      'while ((mod = next_module(mod, modname)))\n\t\tret = on_each_match')
fault('match-in-one-module', 'while (!ret && (mod = next_module(mod, modname)))\n\t\tret = on_each_match',
      'if (!ret && (mod = next_module(mod, modname)))\n\t\tret = on_each_match')
fault('value-0-ends', 'while (!value && (mod = next', 'if (!value && (mod = next')
fault('match-goes-on', 'for (; i < end && !ret; i++)', 'for (; i < end; i++)')
fault('colon-anywhere', "strnchr(name, MODULE_NAME_LEN, ':');", "strchr(name, ':');")
fault('unformed', 'data_race(smp_load_acquire(&mod->state)) != MODULE_STATE_UNFORMED;', 'true;')
fault('other-module', '(!modname || !strcmp(modname, mod->name)))', 'true)')

# Enumerate
fault('core-by-section-alone', '.st_shndx == sym->st_shndx &&\n\t\t\t!strcmp', '.st_shndx == sym->st_shndx ||\n\t\t\t!strcmp')
fault('core-by-name-alone', 'core->symtab[pos->core].st_shndx == sym->st_shndx &&', '')
fault('symnum-bound', 'pos->symnum >= table_size(table))', 'pos->symnum > table_size(table))')
fault('module-from-its-midst', 'pos->symnum = 0;\n', '')
fault('core-from-its-midst', 'pos->core = 0;\n', '')
fault('place-of-last-line', 'pos->symnum += next;', ';')
fault('place-never-again', 'pos->symnum += next;', 'pos->symnum++;')
fault('place-by-address-alone', 'if (mod && load_of(mod) == pos->load)\n', 'if (mod)\n')
fault('place-of-old-table-alone', 'if (load_of(mod) == pos->load)\n\t\t\treturn mod;\n', '\t\t\t;\n')
fault('place-in-full-table', 'if (table && table != pos->table)', 'if (false)')
fault('place-behind-init', 'pos->core + (next && pos->is_core);', 'pos->core + next;')
fault('place-in-core-table', 'pos->core + (next && pos->is_core);', 'pos->core;')
fault('core-place-of-last-line', 'pos->core += next && pos->is_core;', '')
fault('next-is-first', '(in_place || load < unread || load > pos->greatest_load))', 'true)')
fault('next-is-older', 'load < unread || load > pos->greatest_load))', 'load < unread))')
fault('next-below-own', 'max(pos->load, pos->before_load);', 'pos->load;')
fault('next-without-own', 'if (load && (load == pos->load || load == pos->before_load)) {',
      'if (load && load == pos->before_load) {')
fault('next-without-before', 'if (load && (load == pos->load || load == pos->before_load)) {',
      'if (load && load == pos->load) {')
fault('next-of-the-earlier', 'found = true;\n\t\t\tnext = NULL;\n', 'found = true;\n')
fault('next-never-in-place', 'in_place = in_front || found;', '')
fault('next-in-place-alone', 'in_front || found;', 'in_front;')
fault('next-in-front', 'in_front || found;', 'found;')
fault('next-always-in-place', 'in_place = in_front || found;', 'in_place = true;')
fault('new-in-front', 'in_front |= load <= pos->greatest_load;', 'in_front = true;')
fault('before-is-found', 'in_front = false, found = false;', 'in_front = false, found = true;')
fault('before-never-told', 'pos->before_load = pos->load;\n', '')
fault('greatest-never-told', 'pos->greatest_load = max(pos->greatest_load, pos->load);', '')
fault('exported-by-name', 'ks && kernel_symbol_value(ks) == *value;', '!!ks;')
fault('each-undefined', 'if (sym->st_shndx != SHN_UNDEF)\n\t\t\t\tret', 'ret')
fault('each-goes-on', 'sym < end && !ret; sym++)', 'sym < end; sym++)')

# Build ID
fault('build-id-unallocated', '!sect_empty(sec) &&', '')
fault('build-id-any-section', 'if (sec->sh_type == SHT_NOTE && ', 'if (')


def names(tree):
    with open(os.path.join(tree, 'Makefile'), encoding='utf-8') as f:
        is_6_12 = '\nVERSION = 6\nPATCHLEVEL = 12\n' in f.read()
    return [name for name in FAULTS if is_6_12 or name not in OF_6_12]


def apply(name, text, path):
    its_path, old, new = FAULTS.get(name, (None, None, None))
    if its_path != path:
        return text
    if text.count(old) != 1:
        raise SystemExit(f'{name}: {text.count(old)} places for it, not one')
    return text.replace(old, new)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == 'list':
        print('\n'.join(names(sys.argv[2])))
    elif len(sys.argv) == 5 and sys.argv[1] == 'apply' and sys.argv[2] in (*FAULTS, 'none'):
        _, _, name, before, after = sys.argv
        for path in (KALLSYMS, MAIN):
            with open(os.path.join(before, path), encoding='utf-8') as f:
                text = apply(name, f.read(), path)
            there = os.path.join(after, path)
            if os.path.exists(there):
                with open(there, encoding='utf-8') as f:
                    if f.read() == text:
                        continue
            # By another name first: the trees may share the file by a hard link.
            with open(f'{there}.new', 'w', encoding='utf-8') as f:
                f.write(text)
            os.rename(f'{there}.new', there)
    else:
        raise SystemExit(__doc__)


if __name__ == '__main__':
    main()
