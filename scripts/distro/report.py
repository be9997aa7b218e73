#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py OUT RELEASE ORACLE: what guests of make test-distro have left.

OUT has WHAT-TREE/guest/ for lines, signed and unsigned, stock and linux; the goals
are DESIGN's and TESTING.md's.
"""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '../lib'))
from results import Results, complaints, ratio

# REFUSED: so many of these modules does Debian's kernel refuse in such a guest.
MODULES, LINES, EDGES, REFUSED, AMDGPU = 100, 200_000, 5_000, 8, 35
# Lines that differ, of each comparison.
SHOWN = 20


def read(*path):
    with open(os.path.join(*path), encoding='utf-8', errors='surrogateescape') as f:
        return f.read().splitlines()


def loads(out, what, tree):
    """Of each file in the order of loading, ticks or why it is not loaded."""
    return dict(line.split(' ', 1) for line in read(out, f'{what}-{tree}', 'guest', 'loads'))


def oracle(differences, script, *args):
    """Its last line, which sums up, and whether all is well; the lines before go to a file."""
    done = subprocess.run([script, *args], stdout=subprocess.PIPE,
                          encoding='utf-8', errors='surrogateescape', check=False)
    *different, said = done.stdout.strip().split('\n')
    with open(differences, 'w', encoding='utf-8', errors='surrogateescape') as f:
        print(*different, sep='\n', file=f)
    if different:
        print(*('        ' + line for line in different[:SHOWN]), sep='\n')
        print(f'        all of it is in {differences}')
    return said, done.returncode == 0


def edges(out, tree):
    """What %pS says of each first byte, last byte and byte behind of a section.

    The last symbol of a region reaches to its end, where each kernel has its own
    tables: of one that does not end where another begins the size is left out.
    """
    said, answers = {}, {}
    for line in read(out, f'lines-{tree}', 'guest', 'names'):
        match = re.match(r'\{ offset: \[([0-9a-f]+)\] (\S.*?) *\} hitcount', line)
        if match:
            said[int(match[1], 16)] = match[2]
    lines = read(out, f'lines-{tree}', 'guest', 'kallsyms')
    symbols = {int(line.split(' ', 1)[0], 16) for line in lines if line.endswith(']')}
    for line in read(out, f'lines-{tree}', 'guest', 'edges'):
        edge, address = line.rsplit(' ', 1)
        answer = said.get(int(address, 16), 'nothing')
        match = re.match(r'(.*)\+0x([0-9a-f]+)/0x([0-9a-f]+)( \[.*\])$', answer)
        if match:
            name, offset, size, module = match.groups()
            if int(address, 16) - int(offset, 16) + int(size, 16) not in symbols:
                answer = f'{name}+0x{offset}{module}'
        elif answer.startswith('0x'):
            answer = 'no symbol'
        answers[edge] = answer
    return answers


def main():
    out, release, script = sys.argv[1:]
    results = Results()
    words = os.path.join(os.path.dirname(script), 'complaints')

    print(f'\n{release}: modules as they were shipped, in the rewrite')
    stock, linux = loads(out, 'lines', 'stock'), loads(out, 'lines', 'linux')
    loaded = [name for name, ticks in linux.items() if ticks.isdigit()]
    refused = {name: why for name, why in linux.items() if not why.isdigit()}
    for name, why in refused.items():
        print(f'        {name}: {why}')
    results.row(f'{len(loaded)} of {len(linux)} modules load, at least {MODULES} '
            f'and all but {REFUSED} have to',
            len(loaded) >= MODULES and len(refused) <= REFUSED)
    results.row("those that don't are the same, for the same reason, as in Debian's kernel",
            refused == {name: why for name, why in stock.items() if not why.isdigit()})
    for tree in ('stock', 'linux'):
        files = [os.path.join(out, 'modules', name) for name in linux]
        there = os.path.join(out, f'lines-{tree}', 'guest')
        said, ok = oracle(os.path.join(out, f'{tree}.differences'), script, 'elf', there, *files)
        number = int((re.match(r'\d+', said) or '0')[0])
        results.row(f'{"rewrite" if tree == "linux" else "Debian"}: {said}',
                ok and number >= LINES)
    said, ok = oracle(os.path.join(out, 'both.differences'), script, 'kernel',
                      os.path.join(out, 'lines-stock', 'guest'),
                      os.path.join(out, 'lines-linux', 'guest'))
    results.row(f'Debian beside rewrite: {said}', ok)
    stock, linux = edges(out, 'stock'), edges(out, 'linux')
    different = [edge for edge in stock
                 if stock[edge] != linux.get(edge) or stock[edge] == 'nothing']
    for edge in different[:SHOWN]:
        print(f'        {edge}: {stock[edge]}, {linux.get(edge)}')
    sized = sum('/0x' in answer for answer in linux.values())
    results.row(f'Debian beside rewrite: {len(linux)} edges of sections, {sized} with a size, '
                f'{len(different)} other answers',
                len(stock) == len(linux) >= EDGES <= sized and not different)
    for what in ('lines', 'signed', 'unsigned'):
        logs = (os.path.join(out, f'{what}-{tree}', 'guest', 'dmesg') for tree in ('stock', 'linux'))
        old, new = ([line.split('] ', 1)[-1] for line in complaints(words, log)] for log in logs)
        new = [line for line in new if line not in old]
        for line in new[:10]:
            print(f'        {line}')
        results.row(f"no complaint of the kernel that Debian's does not have, {what}", not new)

    print('\nWhat insmod costs, millions of instructions; the signature is what a load\n'
          "takes less without it (Debian's kernel has the key for it, ours ends at\n"
          'its hash)')
    print(f'  {"":14} {"symbols":>8} {"Debian":>10} {"rewrite":>10} {"ratio":>8}'
          f' {"signature":>11}{"rewrite":>10} {"all: Debian":>13} {"rewrite":>9}')
    cost = {(what, tree): loads(out, what, tree)
            for what in ('signed', 'unsigned') for tree in ('stock', 'linux')}
    amdgpu = 0.0
    for line in read(out, 'ten'):
        symbols, name = line.split(' ')
        try:
            figures = [int(cost[what, tree][name]) for what in ('unsigned', 'signed')
                       for tree in ('stock', 'linux')]
        except (KeyError, ValueError):
            results.row(f'{name}: no figures', False)
            continue
        bare, bare_linux, whole, whole_linux = figures
        print(f'  {name[:-3]:14} {int(symbols):8,} {bare / 1e6:10,.1f} '
              f'{bare_linux / 1e6:10,.1f} {ratio(bare_linux / bare):>8} '
              f'{(whole - bare) / 1e6:11,.1f}{(whole_linux - bare_linux) / 1e6:10,.1f} '
              f'{whole / 1e6:13,.1f} {whole_linux / 1e6:9,.1f}')
        if name == 'amdgpu.ko':
            amdgpu = bare / bare_linux
    results.row(f"amdgpu without its signature: 1/{amdgpu:.1f} of Debian's, at most "
            f'1/{AMDGPU}', amdgpu >= AMDGPU)
    sys.exit(results.verdict())


main()
