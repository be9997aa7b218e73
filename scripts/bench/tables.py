#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Sizes of the core symbol tables of modules, worked out from their files.

  tables.py WHAT      reads the files' paths, a line each, and prints a line for
                      KALLSYMS_ALL=y and one for text alone

Stock stores each name in full; the rewrite's tables are as
Documentation/core-api/module-kallsyms.rst says. A file may be compressed by xz. 64-bit ELF,
little-endian.
"""

import lzma
import re
import struct
import sys

SYM = struct.Struct('<IBBHQQ')
SHDR = struct.Struct('<IIQQQQIIQQ')
SHF_ALLOC, SHF_EXECINSTR = 2, 4
HEADER = 44


def is_indexed(name):
    return name and not re.match(rb'\$|\.L|L0', name)


def align(n, to):
    return -(-n // to) * to


def index_size(entries, names):
    width = (max(entries - 1, names, 1).bit_length() + 7) // 8
    groups = (1 << (names // 4 | 1).bit_length()) + (1 << (names // 8).bit_length())
    return HEADER + entries + names + width * (groups + 2 + 2 * names) + 4 * (4 - width)


class Module:
    def __init__(self, path):
        with (lzma.open if path.endswith('.xz') else open)(path, 'rb') as f:
            data = f.read()
        shoff, = struct.unpack_from('<Q', data, 40)
        shnum, shstrndx = struct.unpack_from('<HH', data, 60)
        sections = [SHDR.unpack_from(data, shoff + i * SHDR.size) for i in range(shnum)]
        names = data[sections[shstrndx][4]:]
        self.core = []                  # for each section: allocated, executable
        for name, kind, flags, _, _, _, link, *_ in sections:
            name = names[name:names.index(b'\0', name)]
            # What the loader does not keep, whatever the flags say
            kept = not re.match(rb'\.init|\.modinfo$|__versions$', name)
            percpu = name == b'.data..percpu'
            self.core.append((flags & SHF_ALLOC and kept,
                              flags & SHF_EXECINSTR and kept and not percpu))
            if kind == 2:
                table = sections[len(self.core) - 1]
                strings = sections[link]
        self.symbols = list(SYM.iter_unpack(data[table[4]:table[4] + table[5]]))
        self.strings = data[strings[4]:strings[4] + strings[5]]
        self.length = {}

    def name(self, at):
        end = self.length.get(at)
        if end is None:
            end = self.length[at] = self.strings.index(b'\0', at)
        return self.strings[at:end]

    def sizes(self, text):
        """(entries, of these mapping symbols, stock's bytes, ours)"""
        entries, names, mapping, stock_strings, kept = 1, 0, 0, 1, {0: 0}
        last = b''
        for at, _, _, shndx, _, _ in self.symbols[1:]:
            if not at or not 0 < shndx < len(self.core):
                continue
            if not (self.core[shndx][0] and (not text or self.core[shndx][1])):
                continue
            last = self.name(at)
            entries += 1
            indexed = is_indexed(last)
            names += bool(indexed)
            mapping += bool(last) and not indexed
            stock_strings += len(last) + 1
            kept[at + len(last)] = min(at, kept.get(at + len(last), at))
        strings = sum(end - start + 1 for end, start in kept.items()) + len(last) + 1
        tables = entries * SYM.size
        return (entries, mapping, tables + stock_strings + entries,
                align(tables + strings, 4) + index_size(entries, names))


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    what, paths = sys.argv[1], sys.stdin.read().split()
    sums = [[0] * 4, [0] * 4]
    for path in paths:
        module = Module(path)
        for text in 0, 1:
            sums[text] = [a + b for a, b in zip(sums[text], module.sizes(text))]
    for text, (entries, mapping, stock, ours) in enumerate(sums):
        print(f'{what:8} {"text only" if text else "all":10} {len(paths):6,} {entries:11,} '
              f'{100 * mapping / entries:4.0f} % {stock:13,} {ours:13,} {ours / stock:7.4f}')


if __name__ == '__main__':
    main()
