# SPDX-License-Identifier: GPL-2.0
"""What making and checking malformed modules share: 64-bit ELF, little-endian."""

import struct

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
