#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes modules that are wrong on purpose, and says whether they were met well.

  kallsyms_mutants.py make  [--seed N] [--count N] [--needed KO]... DIRECTORY KO...
  kallsyms_mutants.py check DIRECTORY OUTPUT
  kallsyms_mutants.py blind DIRECTORY OUTPUT

"make" copies the modules to DIRECTORY and writes a list of mutants there:
changes, each in a field of the ELF file that a reader of symbol tables trusts.
In a guest, mutate loads them (test-mutants.sh) and leaves OUTPUT. "check" works
out from the bytes of each mutant what has to become of it: which lines of
/proc/kallsyms it has, or that it is refused; and what lookups of a few of its
addresses and names have to answer. "blind" falsifies OUTPUT in several ways and
wants "check" to see each.

A mutant is made of a module as it is, whose relocations are applied and whose
init function runs, or of an *inert* one: without relocations, and with nothing
in it that the kernel would follow. What would make a healthy loader follow a
wild pointer is done to inert modules only. What the loader outside of
kernel/module/kallsyms.c does not survive is left out; --known makes it.

64-bit ELF, little-endian.
"""

import argparse
import os
import random
import re
import shutil
import struct
import sys

SHDR = struct.Struct('<IIQQQQIIQQ')
SHDR_FIELDS = {'name': (0, 'I'), 'type': (4, 'I'), 'flags': (8, 'Q'),
               'addr': (16, 'Q'), 'offset': (24, 'Q'), 'size': (32, 'Q'),
               'link': (40, 'I'), 'info': (44, 'I'), 'align': (48, 'Q'),
               'entsize': (56, 'Q')}
SYM = struct.Struct('<IBBHQQ')
SYM_FIELDS = {'name': (0, 'I'), 'info': (4, 'B'), 'other': (5, 'B'),
              'shndx': (6, 'H'), 'value': (8, 'Q'), 'size': (16, 'Q')}
EHDR_SIZE = 64
LARGEST_ALIGN = 1 << 31
LONGEST_NAME = 1 << 16
KSYM_NAME_LEN = 512

SHT_NULL, SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB, SHT_RELA = 0, 1, 2, 3, 4
SHT_NOTE, SHT_NOBITS, SHT_REL = 7, 8, 9
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4
SHN_UNDEF, SHN_LORESERVE, SHN_LIVEPATCH = 0, 0xff00, 0xff20
SHN_ABS, SHN_COMMON, SHN_XINDEX = 0xfff1, 0xfff2, 0xffff
STB_LOCAL, STB_GLOBAL, STB_WEAK, STT_OBJECT, STT_FUNC = 0, 1, 2, 1, 2

THIS_MODULE = '.gnu.linkonce.this_module'
PERCPU = '.data..percpu'
# What an inert module keeps under its name; the kernel looks for others.
INERT_KEEPS = re.compile(r'\.(text|init\.text|exit\.text|data|bss|rodata|modinfo|note'
                         r'|symtab|strtab|shstrtab|comment|gnu\.linkonce\.this_module)')


class Section:
    def __init__(self, data, at):
        (self.name_at, self.type, self.flags, self.addr, self.offset, self.size,
         self.link, self.info, self.align, self.entsize) = SHDR.unpack_from(data, at)
        self.name = ''

    def overlaps(self, start, size):
        return bool(self.size) and self.offset < start + size and \
               start < self.offset + self.size


class Elf:
    """A module's file, as the loader sees it."""

    def __init__(self, data):
        if data[:6] != b'\x7fELF\x02\x01':
            raise SystemExit('not a 64-bit little-endian ELF file')
        self.data = data
        self.shoff, = struct.unpack_from('<Q', data, 40)
        self.shnum, self.shstrndx = struct.unpack_from('<HH', data, 60)
        self.sections = []
        for i in range(self.shnum):
            at = self.shoff + i * SHDR.size
            if at + SHDR.size > len(data):
                break
            self.sections.append(Section(data, at))
        self.complete = len(self.sections) == self.shnum
        if self.complete and self.shstrndx < self.shnum:
            names = self.sections[self.shstrndx]
            for section in self.sections:
                section.name = self.string(names, section.name_at).decode('latin-1')

    def string(self, table, at):
        start = table.offset + at
        end = self.data.find(b'\0', start)
        return bytes(self.data[start:max(start, end)])

    def index(self, name):
        return next((i for i, s in enumerate(self.sections) if s.name == name), 0)

    def symtab_index(self):
        return next(i for i, s in enumerate(self.sections) if s.type == SHT_SYMTAB)


class Mutant:
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


# Mutations. Each changes one field in some way, or one thing that fields are
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
#   kallsyms_mutants.py make --count 1 --known NAME DIRECTORY KO
#   vmtest.sh -n -c config.sanitizers -d DIRECTORY mutants

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
    m = Mutant(data, inert=False)
    next(kind for kind in KNOWN if kind.__name__ == name)(m, None)
    return m, [name]


def make_mutant(data, rng):
    m = Mutant(data, inert=rng.random() < 0.6)
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
                    make_mutant(bases[name], rng)
                f.write(' '.join([str(number), name] + m.ops) + '\n')
                told.write(f'{number} {"inert" if m.inert else "live"} {" ".join(done)}\n')
                for kind in done:
                    kinds[kind] = kinds.get(kind, 0) + 1
                number += 1
            f.write('batch\n')
    print(f'{args.count} mutants of {len(bases)} modules, {len(kinds)} kinds of change')


def rebuild(data, ops):
    data = bytearray(data)
    for op in ops:
        where, _, code = op[1:].partition(':')
        if op[0] == '@':
            code = bytes.fromhex(code)
            data[int(where, 16):int(where, 16) + len(code)] = code
        elif op[0] == '+':
            data += bytes.fromhex(op[1:])
        elif op[0] == '*':
            data += bytes.fromhex(code) * int(where)
        else:
            del data[int(op[1:], 16):]
    return data


class Refused(Exception):
    """By the loader, as far as the rules below go."""


class Malformed(Refused):
    """By elf_validity_symtab(), which says so."""

    def __init__(self, what):
        super().__init__(f'malformed symbol table: {what}')


class Strings(Malformed):
    """On 7.3 by the loader's own check, which does not name the module."""

    WORDS = re.compile(rb'symbol string table|symbol name out of bounds')


class Expected:
    """What has to become of a file. Raises Refused."""

    def __init__(self, data, exports):
        if len(data) < EHDR_SIZE:
            raise Refused('no ELF header')
        self.elf = elf = Elf(data)
        self.exports = exports          # name: value, of all that can be linked to
        if not elf.complete:
            raise Refused('section headers')
        self._check_sections()
        symtabs = [i for i, s in enumerate(elf.sections) if s.type == SHT_SYMTAB and i]
        if len(symtabs) != 1:
            raise Refused('not one symbol table')
        self.symtab_index = symtabs[0]
        self.symtab = elf.sections[symtabs[0]]
        self.strtab_index = self.symtab.link
        if not 0 < self.strtab_index < elf.shnum:
            raise Refused('sh_link')
        self.strtab = elf.sections[self.strtab_index]
        if self.strtab.type != SHT_STRTAB:
            raise Refused('sh_link: not a string table')
        self._check_tables()
        if not elf.index('.modinfo'):
            raise Refused('no .modinfo')
        for s in elf.sections:
            if s.flags & SHF_WRITE and s.flags & SHF_EXECINSTR:
                raise Refused('writable and executable')
        self._resolve()

    def _check_sections(self):
        elf = self.elf
        first = elf.sections[0] if elf.sections else None
        if not first or first.type != SHT_NULL or first.size or first.addr:
            raise Refused('section 0')
        for s in elf.sections[1:]:
            end = s.offset + s.size
            if s.type not in (SHT_NULL, SHT_NOBITS) and \
               (end >= 1 << 64 or end > len(elf.data)):
                raise Refused('section beyond the file')
        if not 0 < elf.shstrndx < elf.shnum or \
           elf.sections[elf.shstrndx].type != SHT_STRTAB:
            raise Refused('section names')
        names = elf.sections[elf.shstrndx]
        if not names.size or elf.data[names.offset + names.size - 1]:
            raise Refused('section names')
        if any(s.type != SHT_NULL and s.name_at >= names.size for s in elf.sections):
            raise Refused('section name')
        if not elf.index(THIS_MODULE):
            raise Refused('no struct module')

    def _check_tables(self):
        """What is refused for its strings, then what elf_validity_symtab() refuses."""
        data, symtab, strtab = self.elf.data, self.symtab, self.strtab
        strings = bytes(data[strtab.offset:strtab.offset + strtab.size])
        if not strings or strings[0] or strings[-1]:
            raise Strings('strings without a NUL')
        self.strings = strings
        end = symtab.offset + symtab.size - symtab.size % SYM.size
        self.symbols = list(SYM.iter_unpack(data[symtab.offset:end]))
        if any(name >= len(strings) for name, *_ in self.symbols):
            raise Strings('a name')
        this_module = self.elf.sections[self.elf.index(THIS_MODULE)]
        others = ((0, EHDR_SIZE), (self.elf.shoff, self.elf.shnum * SHDR.size),
                  (this_module.offset, this_module.size))
        for table in (symtab, strtab):
            if any(size and table.overlaps(start, size) for start, size in others):
                raise Malformed('over the headers')
            if table.align > LARGEST_ALIGN or table.align & (table.align - 1):
                raise Malformed('alignment')
        if symtab.overlaps(strtab.offset, strtab.size):
            raise Malformed('over each other')
        if not symtab.size or symtab.size % SYM.size:
            raise Malformed('size')
        if self.elf.shnum <= self.symbols[0][3] < SHN_LORESERVE:
            raise Malformed('entry 0')
        if any(len(name) > LONGEST_NAME for name in strings.split(b'\0')):
            raise Malformed('name length')
        # Where init has no data, .symtab is the first of its region, at offset 0.
        data = SHF_ALLOC | SHF_WRITE
        if strtab.align == LARGEST_ALIGN or symtab.align == LARGEST_ALIGN and any(
                s.flags & (data | SHF_EXECINSTR) == data and s.size and
                s.name.startswith('.init') for s in self.elf.sections):
            raise Refused('no memory')

    def name(self, at):
        return self.strings[at:self.strings.index(b'\0', at)]

    def _resolve(self):
        for name, info, _, shndx, _, _ in self.symbols[1:]:
            if shndx in (SHN_ABS, SHN_LIVEPATCH):
                continue
            if shndx == SHN_COMMON:
                if not self.name(name).startswith(b'__gnu_lto'):
                    raise Refused('common symbol')
            elif shndx == SHN_UNDEF:
                string = self.name(name)
                if string not in self.exports and info >> 4 != STB_WEAK and \
                   string != b'_GLOBAL_OFFSET_TABLE_':
                    raise Refused('unknown symbol')
            elif shndx >= self.elf.shnum:
                raise Refused('section index')

    def is_core(self, shndx):
        """Of CONFIG_KALLSYMS_ALL=y."""
        if not 0 < shndx < self.elf.shnum:
            return False
        s = self.elf.sections[shndx]
        if shndx in (self.symtab_index, self.strtab_index):
            return False
        if s.name == PERCPU and s.flags & SHF_ALLOC:
            return True
        return bool(s.flags & SHF_ALLOC) and not s.name.startswith('.init') and \
            s.name not in ('.modinfo', '__versions')

    def letter(self, info, shndx):
        if info >> 4 == STB_WEAK:
            return 'v' if info & 15 == STT_OBJECT else 'w'
        if shndx == SHN_UNDEF:
            return 'u'
        s = self.elf.sections[shndx] if shndx < self.elf.shnum else None
        if shndx == SHN_ABS or (s and s.name == PERCPU and s.flags & SHF_ALLOC):
            return 'a'
        if s is None:
            return '?'
        flags = s.flags
        if shndx in (self.symtab_index, self.strtab_index):
            flags |= SHF_ALLOC
        if s.name in ('.modinfo', '__versions'):
            flags &= ~SHF_ALLOC
        if flags & SHF_EXECINSTR:
            return 't'
        if s.type == SHT_NOBITS:
            return 'b'
        if flags & SHF_ALLOC:
            return 'd' if flags & SHF_WRITE else 'r'
        return 'n' if s.type != SHT_NULL and s.name.startswith('.debug') else '?'

    def is_in_memory(self, shndx):
        s = self.elf.sections[shndx]
        return bool(s.flags & SHF_ALLOC and s.size and s.name != PERCPU)

    def lines(self, module, bases, exported, actual):
        """As (value, name, line), those of one module. Bases that sysfs does
        not show are taken from the actual lines, one a section."""
        guessed = {}
        result = []

        def base_of(shndx, value):
            if self.is_in_memory(shndx):
                return bases.get(self.elf.sections[shndx].name.encode('latin-1'), 0)
            if shndx not in guessed:
                at = actual[len(result)] if len(result) < len(actual) else b'0'
                guessed[shndx] = int(at.split(b' ')[0] or b'0', 16) - value
            return guessed[shndx]

        for i, (name, info, _, shndx, value, _) in enumerate(self.symbols):
            if i and (not self.is_core(shndx) or not name):
                continue
            string = self.name(name)
            if not string:
                continue
            if i and shndx < self.elf.shnum:
                value = (value + base_of(shndx, value)) % (1 << 64)
            string = string[:KSYM_NAME_LEN - 1]
            letter = self.letter(info, shndx)
            if string in exported:
                where, offset = exported[string]
                known = self.is_in_memory(where) or where in guessed
                if known and (offset + base_of(where, offset)) % (1 << 64) == value:
                    letter = letter.upper()
            result.append((value, string, i,
                           b'%016x %s %s\t[%s]\n' % (value, letter.encode(), string, module)))
        return result


class Result:
    """A mutant, as the guest has left it."""

    def __init__(self, number, base, error):
        self.number, self.base, self.error = number, base, error
        self.log = []
        self.sections = {}


def read_output(path):
    """Yields (kind, ...) for each thing in it."""
    with open(path, 'rb') as f:
        while True:
            line = f.readline()
            if not line:
                return
            kind, _, rest = line.rstrip(b'\n').partition(b' ')
            kind = kind.decode()
            if kind in ('lines', 'asked', 'address', 'name', 'vmlinux') or \
               kind.startswith(('meminfo', 'vmallocinfo')):
                rest = f.read(int(rest))
                f.read(1)
            yield kind, rest


def is_mapping_symbol(name):
    return name.startswith((b'.L', b'L0', b'$'))


class Checker:
    def __init__(self, directory, output):
        self.bases, self.ops, self.kinds = {}, {}, {}
        self.size = os.path.getsize(output)
        with open(os.path.join(directory, 'list'), encoding='ascii') as f:
            for line in f:
                if line != 'batch\n':
                    number, base, *ops = line.split()
                    self.ops[int(number)] = base, ops
        with open(os.path.join(directory, 'kinds'), encoding='ascii') as f:
            for line in f:
                number, *kinds = line.split()
                self.kinds[int(number)] = ' '.join(kinds)
        for name in sorted({base for base, _ in self.ops.values()}):
            with open(os.path.join(directory, f'{name}.ko'), 'rb') as f:
                self.bases[name] = f.read()
        self.wrong = []
        self.counts = {'mutants': 0, 'loaded': 0, 'refused': 0, 'unnamed': 0,
                       'lines': 0, 'asked': 0}
        self.causes = {}
        self.exports = {}
        self.batch = []
        self.answers = []
        self.memory = {}
        self.complete = False

    def complain(self, number, what):
        self.wrong.append(f'mutant {number} of {self.ops[number][0]} '
                          f'({self.kinds[number]}): {what}')

    def run(self, output):
        asked = None
        lines = b''
        for kind, rest in output:
            if kind == 'vmlinux':
                self._read_vmlinux(rest)
            elif kind == 'mutant':
                number, base, error = rest.split()
                self.batch.append(Result(int(number), base.decode(), int(error)))
            elif kind == 'log' and self.batch:
                self.batch[-1].log.append(rest)
            elif kind == 'section':
                address, name = rest.split(b' ', 1)
                self.batch[-1].sections[name] = int(address, 16)
            elif kind == 'lines':
                lines = rest
            elif kind == 'asked':
                asked = rest
            elif kind in ('address', 'name'):
                self.answers.append((kind, asked, rest))
            elif kind == 'batch':
                self._check_batch(lines)
                self.batch, self.answers = [], []
            elif kind.startswith(('meminfo', 'vmallocinfo')):
                self.memory[kind] = rest.decode()
            elif kind == 'end':
                self.complete = True
        self._check_memory()

    def _read_vmlinux(self, text):
        for line in text.split(b'\n'):
            parts = line.split(b' ')
            if len(parts) == 3 and parts[2].startswith(b'__ksymtab_'):
                name = parts[2].split(b'\t')[0][len(b'__ksymtab_'):]
                self.exports[name] = True

    def _exported(self, base):
        """Name to section and offset of what all modules may use, of a module
        that is as it was made."""
        elf = Elf(bytearray(self.bases[base]))
        ksymtab = elf.index('__ksymtab')
        symtab = elf.sections[elf.symtab_index()]
        strtab = elf.sections[symtab.link]
        found, values = [], {}
        for at in range(symtab.offset, symtab.offset + symtab.size, SYM.size):
            name, info, _, shndx, value, _ = SYM.unpack_from(elf.data, at)
            string = elf.string(strtab, name)
            if ksymtab and shndx == ksymtab and string.startswith(b'__ksymtab_'):
                found.append(string[len(b'__ksymtab_'):])
            elif info >> 4 != STB_LOCAL and shndx < elf.shnum:
                values[string] = shndx, value
        return {name: values[name] for name in found}

    def _check_batch(self, lines):
        rest = lines
        loaded = []
        for result in reversed(self.batch):
            base, ops = self.ops[result.number]
            self.counts['mutants'] += 1
            try:
                expected = Expected(rebuild(self.bases[base], ops), self.exports)
            except Refused as why:
                self._check_refused(result, why)
                continue
            if result.error:
                self.complain(result.number, f'refused with {result.error}: {result.log}')
                continue
            rest = self._check_loaded(result, expected, rest, loaded)
        if rest:
            self.complain(self.batch[-1].number, f'{len(rest)} bytes of lines left over in '
                          f'its batch, from {rest[:200]!r}')
        self._check_answers(loaded)

    def _check_refused(self, result, refused):
        why = str(refused)
        if not result.error:
            self.complain(result.number, f'was loaded, with {why}')
            return
        self.counts['refused'] += 1
        self.causes[why] = self.causes.get(why, 0) + 1
        others = isinstance(refused, Strings) and \
            any(Strings.WORDS.search(line) for line in result.log)
        said = others + sum(b': malformed symbol table: ' in line for line in result.log)
        if said != isinstance(refused, Malformed):
            self.complain(result.number, f'was refused for {why}, and the log has {said} '
                          'lines on a malformed table')
        name = result.base.replace('-', '_').encode()
        if any(name in line for line in result.log):
            return
        # Before the loader knows the module's name its words are without it.
        self.counts['unnamed'] += 1
        if not result.log and why != 'no ELF header':
            self.complain(result.number, f'was refused for {why}, and the log is silent')
        if not others and any(why.startswith(ours) for ours in ('malformed', 'section index',
                                                                'unknown', 'common')):
            self.complain(result.number, f'was refused for {why}, and the log names no '
                          'module')

    def _check_loaded(self, result, expected, rest, loaded):
        base = result.base
        module = base.replace('-', '_').encode()
        self.counts['loaded'] += 1
        inert = self.kinds[result.number].startswith('inert')
        tail = b'\t[%s]\n' % module
        actual = rest.split(tail)
        exported = {} if inert else self._exported(base)
        wanted = expected.lines(module, result.sections, exported, actual)
        text = b''.join(line for _, _, _, line in wanted)
        self.counts['lines'] += len(wanted)
        if not rest.startswith(text):
            end = rest.rfind(tail)
            got = rest[:end + len(tail)] if end >= 0 else b''
            at = next((i for i, (x, y) in enumerate(zip(got, text)) if x != y),
                      min(len(got), len(text)))
            self.complain(result.number, f'at byte {at} of its lines: '
                          f'{got[max(0, at - 60):at + 60]!r} instead of '
                          f'{text[max(0, at - 60):at + 60]!r}')
            rest = rest[end + len(tail):] if end >= 0 else rest
        else:
            rest = rest[len(text):]
        loaded.append((module, result, expected, wanted))
        return rest

    def _check_answers(self, loaded):
        for kind, question, answer in self.answers:
            if kind == 'name':
                self._check_name(loaded, question, answer)
            else:
                self._check_address(loaded, int(question, 16), answer)

    def _check_name(self, loaded, question, answer):
        module, _, name = question.partition(b':')
        for its_module, result, _, wanted in loaded:
            if its_module != module:
                continue
            self.counts['asked'] += 1
            value = next((value for value, string, i, _ in wanted
                          if string == name and (i or result is None or
                                                 self._entry0_is_defined(loaded, module))), 0)
            if int(answer, 16) != value:
                self.complain(result.number, f'{question!r}: {answer!r} instead of {value:x}')

    @staticmethod
    def _entry0_is_defined(loaded, module):
        return next(e.symbols[0][3] != SHN_UNDEF for m, _, e, _ in loaded if m == module)

    def _check_address(self, loaded, address, answer):
        for module, result, expected, wanted in loaded:
            for s in expected.elf.sections:
                base = result.sections.get(s.name.encode('latin-1'))
                if base is None or not s.flags & SHF_ALLOC or s.name.startswith('.init') or \
                   not base <= address < base + s.size:
                    continue
                below = [(value, -i, string) for value, string, i, _ in wanted
                         if i and base <= value <= address and not is_mapping_symbol(string)]
                if not below:
                    return
                self.counts['asked'] += 1
                value, _, string = max(below, key=lambda x: x[:2])
                above = min((value for value, string, i, _ in wanted
                             if i and value > address and not is_mapping_symbol(string)),
                            default=base + s.size)
                start = b'%s+0x%x/0x' % (string, address - value)
                end = b' [%s]' % module
                size = answer[len(start):-len(end)]
                if not answer.startswith(start) or not answer.endswith(end) or \
                   (above < base + s.size and int(size, 16) != above - value):
                    self.complain(result.number, f'{address:x}: {answer!r} instead of '
                                  f'{start!r}, {above - value:#x}')
                return

    def _check_memory(self):
        """What was there after the first batch is there in the end, and no more."""
        def modules(text):
            return sum(int(line.split()[1]) for line in text.split('\n')
                       if re.search(r'move_module|execmem|layout_symtab|load_module', line))

        def field(text, name):
            return int(re.search(rf'^{name}:\s+(\d+)', text, re.MULTILINE).group(1))

        if not self.complete or 'vmallocinfo-before' not in self.memory:
            self.wrong.append('the guest did not come to the end of the list')
            return
        before, after = (modules(self.memory[f'vmallocinfo-{x}']) for x in ('before', 'after'))
        slab = [field(self.memory[f'meminfo-{x}'], 'SUnreclaim') for x in ('before', 'after')]
        free = [field(self.memory[f'meminfo-{x}'], 'MemAvailable') for x in ('before', 'after')]
        print(f'bytes of modules in /proc/vmallocinfo: {before} after the first batch, '
              f'{after} after the last')
        print(f'kB in /proc/meminfo: SUnreclaim {slab[0]} and {slab[1]}, '
              f'MemAvailable {free[0]} and {free[1]}')
        if before != after:
            self.wrong.append('modules have left memory behind')
        # To lose a small object with each mutant would be more; what has been
        # written down is in memory, too.
        if slab[1] - slab[0] > self.counts['mutants']:
            self.wrong.append('the slab has grown')
        if free[0] - free[1] > self.size // 1024 + 16 * self.counts['mutants']:
            self.wrong.append('there is less memory')

    def report(self):
        c = self.counts
        for line in self.wrong[:40]:
            print(f'  {line}')
        for why, number in sorted(self.causes.items()):
            print(f'  refused, {why}: {number}')
        print(f'{c["mutants"]} mutants: {c["loaded"]} loaded, '
              f'{c["refused"]} refused ({c["unnamed"]} before their name was known); '
              f'{c["lines"]} lines and {c["asked"]} answers as they must be: '
              f'{len(self.wrong)} wrong')
        return not self.wrong


def check(args):
    checker = Checker(args.directory, args.output)
    checker.run(read_output(args.output))
    good = checker.report()
    for name, number in (('mutants tried', checker.counts['mutants']),
                         ('mutants loaded, with the lines they must have',
                          checker.counts['loaded']),
                         ('mutants refused', checker.counts['refused']),
                         ('lines of mutants compared', checker.counts['lines']),
                         ('lookups in mutants', checker.counts['asked'])):
        print(f'count {number} {name}')
    return good


def falsified(how, output):
    """The output with one mistake in its middle, or None if that can't be."""
    done = False
    for kind, rest in output:
        if not done:
            if how == 'letter' and kind == 'lines' and rest:
                rest, done = rest.replace(b' t ', b' d ', 1), b' t ' in rest
            elif how == 'value' and kind == 'lines' and rest:
                at = rest.find(b' ')
                digit = b'1' if rest[at - 1:at] != b'1' else b'2'
                rest, done = rest[:at - 1] + digit + rest[at:], True
            elif how == 'line missing' and kind == 'lines' and rest:
                rest, done = rest[rest.index(b'\n') + 1:], True
            elif how == 'refused' and kind == 'mutant' and rest.endswith(b' 0'):
                rest, done = rest[:-1] + b'8', True
            elif how == 'loaded' and kind == 'mutant' and not rest.endswith(b' 0'):
                rest, done = rest[:rest.rindex(b' ')] + b' 0', True
            elif how == 'silent' and kind == 'log' and b'malformed' in rest:
                done = True
                continue
            elif how == 'address' and kind == 'address' and b'+0x0' in rest:
                rest, done = rest.replace(b'+0x0', b'+0x1'), True
            elif how == 'name' and kind == 'name' and rest != b'0':
                rest, done = b'0', True
            elif how == 'leak' and kind == 'vmallocinfo-after':
                rest, done = rest + b'0x0-0x2000 8192 move_module+0x0/0x0\n', True
            elif how == 'end missing' and kind == 'end':
                done = True
                continue
        yield kind, rest
    if not done:
        raise SystemExit(f'{how}: there is nothing to falsify')


def blind(args):
    seen = 0
    kinds = ('letter', 'value', 'line missing', 'refused', 'loaded', 'silent', 'address',
             'name', 'leak', 'end missing')
    for how in kinds:
        checker = Checker(args.directory, args.output)
        checker.run(falsified(how, read_output(args.output)))
        print(f'{how}: {"seen" if checker.wrong else "NOT SEEN"}')
        seen += bool(checker.wrong)
    print(f'count {seen} kinds of mistakes the check of mutants was seen to see')
    return seen == len(kinds)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest='command', required=True)
    command = commands.add_parser('make')
    command.add_argument('--seed', type=int, default=1)
    command.add_argument('--count', type=int, default=1000)
    command.add_argument('--known', choices=[kind.__name__ for kind in KNOWN],
                         help='this mutant only, which the kernel does not survive')
    command.add_argument('--needed', action='append', default=[],
                         help='a module that some of them depend on')
    command.add_argument('directory')
    command.add_argument('files', nargs='+')
    for name in ('check', 'blind'):
        command = commands.add_parser(name)
        command.add_argument('directory')
        command.add_argument('output')
    args = parser.parse_args()
    if args.command == 'make':
        make(args)
        return 0
    return 0 if {'check': check, 'blind': blind}[args.command](args) else 1


if __name__ == '__main__':
    sys.exit(main())
