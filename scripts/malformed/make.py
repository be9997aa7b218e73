#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes malformed modules: real ones, wrong in some fields.

  make.py [--seed N] [--count N] [--needed KO]... [--known NAME] DIRECTORY KO...

Copies the modules to DIRECTORY and writes a list there, a line for each module to
make of them: changes, each in a field of the ELF file that a reader of symbol
tables trusts. In a guest, load_malformed makes and loads them (test-malformed.sh).

One is made of a module as it is, whose relocations are applied and whose init
function runs, or of an *inert* one: without relocations, and with nothing in it that
the kernel would follow. What would make a healthy loader follow a wild pointer is
done to inert modules only. What the loader outside of kernel/module/kallsyms.c does
not survive is left out; --known makes it.
"""

import argparse
import os
import random
import re
import shutil
import struct

from elf import (EHDR_SIZE, Elf, SHDR, SHDR_FIELDS, SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE,
                 SHN_ABS, SHN_COMMON, SHN_LIVEPATCH, SHN_LORESERVE, SHN_UNDEF,
                 SHN_XINDEX, SHT_NOTE, SHT_NULL, SHT_PROGBITS, SHT_REL, SHT_RELA,
                 STB_GLOBAL, STB_LOCAL, STB_WEAK, STT_FUNC, STT_OBJECT, SYM, SYM_FIELDS,
                 Section, THIS_MODULE)

# What an inert module keeps under its name; the kernel looks for others.
INERT_KEEPS = re.compile(r'\.(text|init\.text|exit\.text|data|bss|rodata|modinfo|note'
                         r'|symtab|strtab|shstrtab|comment|gnu\.linkonce\.this_module)')


class Made:
    """A file, and the operations that have made it."""

    def __init__(self, data, inert):
        self.data = bytearray(data)
        self.ops = []
        self.inert = inert
        self.referenced = set()
        self.elf = Elf(self.data)
        self.now = [Section(self.data, self.elf.shoff + i * SHDR.size)
                    for i in range(self.elf.shnum)]
        self.symtab = self.elf.symtab_index()
        self.strtab = self.elf.sections[self.symtab].link
        if inert:
            self._make_inert()
        else:
            self._find_referenced()

    def _make_inert(self):
        for i, section in enumerate(self.elf.sections):
            if section.type in (SHT_RELA, SHT_REL):
                self.set_section(i, size=0)
            elif section.name and not INERT_KEEPS.match(section.name):
                self.set_section(i, name=section.name_at + 1)
        for i in range(1, self.num_symbols()):
            if self.symbol(i)[3] == SHN_UNDEF:
                self.set_symbol(i, shndx=SHN_ABS)

    def _find_referenced(self):
        for section in self.elf.sections:
            if section.type == SHT_RELA:
                for at in range(section.offset, section.offset + section.size, 24):
                    info, = struct.unpack_from('<Q', self.data, at + 8)
                    self.referenced.add(info >> 32)

    def section(self, i):
        """As it has become; self.elf has those of the module as it was."""
        return self.now[i]

    def write(self, at, data):
        if at + len(data) > len(self.data) or self.data[at:at + len(data)] == data:
            return
        self.data[at:at + len(data)] = data
        self.ops.append(f'@{at:x}:{data.hex()}')

    def append(self, data, count=1):
        at = len(self.data)
        self.data += data * count
        self.ops.append(f'+{data.hex()}' if count == 1 else f'*{count}:{data.hex()}')
        return at

    def cut(self, size):
        del self.data[size:]
        self.ops.append(f'={size:x}')

    def set_section(self, i, **fields):
        for name, value in fields.items():
            offset, kind = SHDR_FIELDS[name]
            bits = 8 * struct.calcsize(kind)
            self.write(self.elf.shoff + i * SHDR.size + offset,
                       struct.pack('<' + kind, value % (1 << bits)))
        if self.elf.shoff + (i + 1) * SHDR.size <= len(self.data):
            self.now[i] = Section(self.data, self.elf.shoff + i * SHDR.size)

    def num_symbols(self):
        symtab = self.section(self.symtab)
        return max(0, min(symtab.size, len(self.data) - symtab.offset)) // SYM.size

    def symbol_at(self, i):
        return self.section(self.symtab).offset + i * SYM.size

    def symbol(self, i):
        return SYM.unpack_from(self.data, self.symbol_at(i))

    def set_symbol(self, i, **fields):
        for name, value in fields.items():
            offset, kind = SYM_FIELDS[name]
            bits = 8 * struct.calcsize(kind)
            self.write(self.symbol_at(i) + offset,
                       struct.pack('<' + kind, value % (1 << bits)))

    def some_symbols(self, rng, wanted, most=8):
        all_of_them = [i for i in range(1, self.num_symbols()) if wanted(i)]
        return rng.sample(all_of_them, min(len(all_of_them), rng.randint(1, most)))

    def is_defined(self, i):
        return self.symbol(i)[3] != SHN_UNDEF

    def is_free(self, i):
        """No code or data would follow it."""
        return self.inert or (self.is_defined(i) and i not in self.referenced)


# Each changes one field in some way, or one thing that fields are
# about; their names are in the list. Those of INERT need an inert module.

def name_wild(m, rng):
    size = m.section(m.strtab).size
    for i in m.some_symbols(rng, lambda i: m.inert or m.is_defined(i)):
        m.set_symbol(i, name=rng.choice([size, size + 1, size + 7, 1 << 31,
                                         (1 << 32) - 1, rng.randrange(size, 1 << 32)]))


def name_at_end(m, rng):
    size = m.section(m.strtab).size
    for i in m.some_symbols(rng, m.is_defined):
        m.set_symbol(i, name=max(0, size - rng.randint(1, 3)))


def name_inside(m, rng):
    size = m.section(m.strtab).size
    for i in m.some_symbols(rng, m.is_defined, 50):
        m.set_symbol(i, name=rng.randrange(max(size, 1)))


def name_of_undefined(m, rng):
    size = m.section(m.strtab).size
    for i in m.some_symbols(rng, lambda i: not m.is_defined(i) and
                            m.symbol(i)[1] >> 4 != STB_WEAK, 2):
        m.set_symbol(i, name=rng.choice([0, size, (1 << 32) - 1]))


def names_equal(m, rng):
    name = m.symbol(rng.randrange(m.num_symbols()))[0] if m.num_symbols() else 0
    for i in range(m.num_symbols()):
        if i == 0 or m.is_defined(i):
            m.set_symbol(i, name=name)


def names_empty(m, rng):
    for i in range(1, m.num_symbols()):
        if m.is_defined(i) and rng.random() < 0.9:
            m.set_symbol(i, name=0)


def name_long(m, rng):
    strtab = m.section(m.strtab)
    length = rng.choice([1, 2, 510, 511, 512, 513, 1023, 1024, 1025, 100000])
    at = m.append(bytes(m.data[strtab.offset:strtab.offset + strtab.size]))
    m.append(bytes([rng.choice(b'aZ_.$')]), length)
    m.append(b'\0')
    m.set_section(m.strtab, offset=at, size=strtab.size + length + 1)
    for i in m.some_symbols(rng, m.is_defined):
        m.set_symbol(i, name=strtab.size + rng.randrange(min(length, 3)))


def strtab_without_last(m, rng):
    strtab = m.section(m.strtab)
    if rng.random() < 0.5:
        m.set_section(m.strtab, size=max(0, strtab.size - rng.randint(1, 40)))
    else:
        m.write(strtab.offset + strtab.size - 1, b'x')


def strtab_without_first(m, rng):
    m.write(m.section(m.strtab).offset, bytes([rng.randrange(1, 256)]))


def strtab_small(m, rng):
    m.set_section(m.strtab, size=rng.choice([0, 1, 2, 3]))


def strtab_without_any(m, rng):
    size = rng.choice([1, 2, 63, 64, 65, 5000])
    at = m.append(b'x', size)
    m.set_section(m.strtab, offset=at, size=size)
    for i in m.some_symbols(rng, m.is_defined, 50):
        m.set_symbol(i, name=rng.randrange(size))


def strtab_bytes(m, rng):
    strtab = m.section(m.strtab)
    for _ in range(rng.randint(1, 60)):
        m.write(strtab.offset + rng.randrange(max(strtab.size, 1)),
                bytes([rng.choice([0, 0, rng.randrange(256), 10, 9, 91, 0x80, 0xff])]))


def symtab_odd(m, rng):
    symtab = m.section(m.symtab)
    if m.num_symbols() - 1 not in m.referenced and rng.random() < 0.5:
        m.set_section(m.symtab, size=symtab.size - rng.randrange(1, SYM.size))
    else:
        m.set_section(m.symtab, size=symtab.size + rng.randrange(1, SYM.size))


def symtab_short(m, rng):
    m.set_section(m.symtab, size=rng.choice([0, 1, SYM.size - 1, SYM.size,
                                             SYM.size + 1, 2 * SYM.size,
                                             rng.randrange(m.num_symbols() or 1) * SYM.size]))


def symtab_beyond(m, rng):
    m.set_section(m.symtab, size=rng.choice([len(m.data), 1 << 31, 1 << 32, 1 << 63,
                                             (1 << 64) - 1]))


def symtab_entsize(m, rng):
    m.set_section(m.symtab, entsize=rng.choice([0, 1, 16, 25, 48, 1 << 60, (1 << 64) - 1]))


def symtab_info(m, rng):
    m.set_section(m.symtab, info=rng.choice([0, 1, m.num_symbols(), m.symtab,
                                             (1 << 32) - 1, rng.randrange(1 << 32)]))


def symtab_addr(m, rng):
    m.set_section(m.symtab, addr=rng.randrange(1 << 64))
    m.set_section(m.strtab, addr=rng.randrange(1 << 64))


def table_align(m, rng):
    m.set_section(rng.choice([m.symtab, m.strtab]),
                  align=rng.choice([0, 1, 2, 3, 12, 16, 4096, 8192, 1 << 20, 1 << 31,
                                    1 << 32, 1 << 62, 1 << 63, (1 << 64) - 1,
                                    rng.randrange(1 << 64)]))


def table_flags(m, rng):
    m.set_section(rng.choice([m.symtab, m.strtab]),
                  flags=rng.choice([SHF_ALLOC, SHF_ALLOC | SHF_WRITE, SHF_EXECINSTR,
                                    SHF_ALLOC | SHF_EXECINSTR, SHF_WRITE | SHF_EXECINSTR,
                                    SHF_WRITE, 0x40, 0x200, 1 << 40]))


def link_wrong(m, rng):
    m.set_section(m.symtab, link=rng.choice([0, m.symtab, m.elf.shnum, 0xffff, 0xffffffff,
                                             rng.randrange(m.elf.shnum)]))


def link_other_strings(m, _rng):
    m.set_section(m.symtab, link=m.elf.shstrndx)


def entry0_section(m, rng):
    m.set_symbol(0, shndx=rng.choice([m.elf.shnum, m.elf.shnum + 1, SHN_LORESERVE - 1,
                                      SHN_LORESERVE, SHN_LIVEPATCH, SHN_ABS, SHN_COMMON,
                                      SHN_XINDEX, rng.randrange(m.elf.shnum)]),
                 name=rng.randrange(m.section(m.strtab).size or 1),
                 value=rng.choice([0, 8, rng.randrange(1 << 64)]))


def section_refused(m, rng):
    for i in m.some_symbols(rng, lambda i: True, 3):
        m.set_symbol(i, shndx=rng.choice([m.elf.shnum, SHN_LORESERVE - 1, SHN_LORESERVE,
                                          SHN_COMMON, SHN_XINDEX, SHN_XINDEX - 1,
                                          rng.randrange(m.elf.shnum, SHN_LORESERVE)]))


def section_reserved(m, rng):
    for i in m.some_symbols(rng, m.is_free):
        m.set_symbol(i, shndx=rng.choice([SHN_ABS, SHN_LIVEPATCH]))


def section_other(m, rng):
    for i in m.some_symbols(rng, m.is_free, 50):
        m.set_symbol(i, shndx=rng.randrange(1, m.elf.shnum))


def section_undefined(m, rng):
    for i in m.some_symbols(rng, m.is_free, 3):
        m.set_symbol(i, shndx=SHN_UNDEF,
                     info=rng.choice([STB_WEAK, STB_GLOBAL]) << 4 | STT_OBJECT)


def value_wild(m, rng):
    for i in m.some_symbols(rng, m.is_free, 30):
        m.set_symbol(i, value=rng.choice([0, 1, (1 << 64) - 1, 1 << 63, 4095, 4096, 65536,
                                          rng.randrange(1 << 64), rng.randrange(20000)]))


def value_same(m, rng):
    some = m.some_symbols(rng, m.is_free, 200)
    for i in some:
        m.set_symbol(i, value=m.symbol(some[0])[4])


def symbol_info(m, rng):
    for i in m.some_symbols(rng, m.is_defined, 30):
        m.set_symbol(i, info=rng.randrange(256), other=rng.randrange(256),
                     size=rng.choice([0, (1 << 64) - 1, rng.randrange(1 << 64)]))


def note_fields(m, rng):
    notes = [s for s in m.elf.sections if s.type == SHT_NOTE and s.size]
    if notes:
        note = rng.choice(notes)
        at = note.offset + 4 * rng.randrange(3)
        m.write(at, struct.pack('<I', rng.choice([0, 1, 3, 4, 5, 19, 20, 21, 100,
                                                  (1 << 31) - 1, (1 << 32) - 1])))


def note_size(m, rng):
    notes = [i for i, s in enumerate(m.elf.sections) if s.type == SHT_NOTE and s.size]
    if notes:
        i = rng.choice(notes)
        m.set_section(i, size=rng.randrange(m.section(i).size))


def note_overlap(m, rng):
    notes = [i for i, s in enumerate(m.elf.sections) if s.type == SHT_NOTE and s.size]
    if notes:
        i = rng.choice(notes)
        other = m.section(rng.choice(notes))
        m.set_section(i, offset=other.offset + rng.randrange(0, 12, 4),
                      size=rng.randrange(12, 64, 4))


def note_type(m, rng):
    plain = [i for i, s in enumerate(m.elf.sections)
             if s.type == SHT_PROGBITS and s.flags & SHF_ALLOC and s.name.startswith('.rodata')]
    if plain:
        m.set_section(rng.choice(plain), type=SHT_NOTE)


def null_section(m, rng):
    i = m.elf.index('.comment')
    if i:
        m.set_section(i, type=SHT_NULL)
        for k in m.some_symbols(rng, m.is_free):
            m.set_symbol(k, shndx=i)


def section_flags(m, rng):
    plain = [i for i, s in enumerate(m.elf.sections)
             if s.name.startswith(('.rodata', '.data', '.bss', '.note', '.text', '.comment'))
             and s.size]
    for i in rng.sample(plain, min(len(plain), 2)):
        m.set_section(i, flags=rng.choice([0, SHF_ALLOC, SHF_ALLOC | SHF_WRITE,
                                           SHF_ALLOC | SHF_EXECINSTR, SHF_WRITE,
                                           SHF_EXECINSTR, SHF_WRITE | SHF_EXECINSTR]))


def table_offset(m, rng):
    i = rng.choice([m.symtab, m.strtab])
    table = m.section(i)
    this_module = m.elf.sections[m.elf.index(THIS_MODULE)]
    size = rng.choice([table.size, SYM.size, rng.randrange(1, (table.size or 1) + 1)])
    offset = rng.choice([0, 8, 63, 64, table.offset + 1, table.offset - 1,
                         m.elf.shoff, m.elf.shoff - 1, max(0, m.elf.shoff - size),
                         this_module.offset, max(0, this_module.offset - size + 1),
                         rng.randrange(len(m.data)), rng.randrange(len(m.data)),
                         m.section(m.symtab).offset, m.section(m.strtab).offset,
                         len(m.data) - size + 1, (1 << 64) - size])
    m.set_section(i, offset=offset, size=size)


def table_bytes(m, rng):
    symtab = m.section(m.symtab)
    for _ in range(rng.randint(1, 12)):
        m.write(symtab.offset + rng.randrange(max(symtab.size, 1)), rng.randbytes(1))


def many_symbols(m, rng):
    """A great many at one address, or one after the other; named or not."""
    strtab = m.section(m.strtab)
    old = bytes(m.data[m.symbol_at(0):m.symbol_at(m.num_symbols())])
    text = next(i for i, s in enumerate(m.elf.sections)
                if s.name in ('.text', '.data', '.rodata') and s.size)
    count = rng.choice([256, 8192, 8193, 65535, 100000, 100000, 300000])
    name = rng.choice([0, rng.randrange(max(strtab.size, 1)), 1])
    at = m.append(old)
    m.append(SYM.pack(name, STB_LOCAL << 4 | STT_FUNC, 0, text,
                      rng.choice([0, 1, 16]), 0), count)
    m.set_section(m.symtab, offset=at, size=len(old) + count * SYM.size)


def file_cut(m, rng):
    m.cut(rng.choice([rng.randrange(EHDR_SIZE), rng.randrange(len(m.data)),
                      len(m.data) - 1, m.elf.shoff]))


def fewer_sections(m, rng):
    m.write(60, struct.pack('<H', rng.choice([0, 1, m.symtab, m.strtab,
                                              rng.randrange(m.elf.shnum)])))


ANY = [name_wild, name_at_end, name_inside, name_of_undefined, names_equal, names_empty,
       name_long, symtab_odd, symtab_beyond, symtab_entsize, symtab_info, symtab_addr,
       table_align, table_flags, link_wrong, entry0_section, section_refused,
       section_reserved, section_other, value_wild, value_same, symbol_info,
       note_fields, note_size, null_section, file_cut, strtab_without_last]
INERT = ANY + [strtab_without_first, strtab_small, strtab_without_any, strtab_bytes,
               symtab_short, link_other_strings, section_undefined, note_overlap, note_type,
               section_flags, table_offset, table_bytes, table_offset, table_bytes,
               strtab_bytes, fewer_sections]
# It takes seconds to load one.
RARE = [many_symbols]


# What the loader does not survive, seen on 6.12.117 with KASAN. To see it again:
#   make.py --count 1 --known NAME DIRECTORY KO
#   vmtest.sh -n -e scripts/malformed -c scripts/malformed/config.sanitizers -d DIRECTORY malformed

def null_section_name(m, _rng):
    """The name of a section is checked unless its type is SHT_NULL; find_any_unique_sec()
    compares the names of all."""
    m.set_section(m.elf.index('.comment'), type=SHT_NULL, name=(1 << 32) - 1)


def first_relocation(m):
    return next(s for s in m.elf.sections if s.type == SHT_RELA and s.size and
                m.elf.sections[s.info].name == '.text')


def relocation_symbol(m, _rng):
    """apply_relocate_add() does not compare the index with the number of symbols."""
    m.write(first_relocation(m).offset + 12, struct.pack('<I', 1 << 30))


def relocation_offset(m, _rng):
    """Nor r_offset with the section's size: it may write anywhere."""
    m.write(first_relocation(m).offset, struct.pack('<Q', 1 << 40))


def section_alignment(m, _rng):
    """layout_sections() aligns an unsigned int to it: the region is made smaller than what
    is in it. elf_validity_symtab() refuses that for .symtab and .strtab alone."""
    last = max(i for i, s in enumerate(m.elf.sections)
               if s.type == SHT_PROGBITS and s.flags == SHF_ALLOC and s.size)
    m.set_section(last, align=1 << 62)


KNOWN = [null_section_name, section_alignment, relocation_symbol, relocation_offset]


def make_known(data, name):
    m = Made(data, inert=False)
    next(kind for kind in KNOWN if kind.__name__ == name)(m, None)
    return m, [name]


def make_one(data, rng):
    m = Made(data, inert=rng.random() < 0.6)
    done = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        kind = rng.choice(RARE if rng.random() < 0.004 else INERT if m.inert else ANY)
        kind(m, rng)
        done.append(kind.__name__)
        if kind in (file_cut, fewer_sections, link_wrong):
            break
    return m, done


def base_name(path):
    return os.path.splitext(os.path.basename(path))[0]


def make(args):
    bases = {}
    os.makedirs(args.directory, exist_ok=True)
    for path in args.files:
        with open(path, 'rb') as f:
            bases[base_name(path)] = f.read()
    for path in args.files + args.needed:
        shutil.copy(path, args.directory)
    with open(os.path.join(args.directory, 'needed'), 'w', encoding='ascii') as f:
        f.writelines(f'{base_name(path)}\n' for path in args.needed)
    kinds = {}
    with open(os.path.join(args.directory, 'list'), 'w', encoding='ascii') as f, \
            open(os.path.join(args.directory, 'kinds'), 'w', encoding='ascii') as told:
        names = sorted(bases)
        order = random.Random(args.seed)
        number = 0
        while number < args.count:
            order.shuffle(names)
            for name in names:
                if number == args.count:
                    break
                rng = random.Random(f'{args.seed} {number}')
                m, done = make_known(bases[name], args.known) if args.known else \
                    make_one(bases[name], rng)
                f.write(' '.join([str(number), name] + m.ops) + '\n')
                told.write(f'{number} {"inert" if m.inert else "live"} {" ".join(done)}\n')
                for kind in done:
                    kinds[kind] = kinds.get(kind, 0) + 1
                number += 1
            f.write('batch\n')
    print(f'{args.count} malformed modules made of {len(bases)}, {len(kinds)} kinds of change')


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=1000)
    parser.add_argument('--known', choices=[kind.__name__ for kind in KNOWN],
                        help='this one only, which the kernel does not survive')
    parser.add_argument('--needed', action='append', default=[],
                        help='a module that some of them depend on')
    parser.add_argument('directory')
    parser.add_argument('files', nargs='+')
    make(parser.parse_args())


main()
