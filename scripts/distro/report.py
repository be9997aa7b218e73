#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py OUT RELEASE ORACLE: what guests of make test-distro have left.

OUT has WHAT-TREE/ for lines, signed and unsigned, stock and linux; the goals
are DESIGN's and TESTING.md's.
"""

import bisect
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '../lib'))
from results import Results, complaints, ratio  # noqa: E402

# REFUSED: so many of these modules does Debian's kernel refuse in such a guest.
MODULES, LINES, EDGES, REFUSED, AMDGPU = 100, 200_000, 5_000, 8, 35
# Lines that differ, of each comparison.
SHOWN = 20


def read(*path):
    with open(os.path.join(*path), encoding='utf-8', errors='surrogateescape') as f:
        return f.read().splitlines()


def loads(out, what, tree):
    """Of each file in the order of loading, ticks or why it is not loaded."""
    return dict(line.split(' ', 1) for line in read(out, f'{what}-{tree}', 'loads'))


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
    tables: of one that reaches beyond a border the size is left out.
    """
    said, answers = {}, {}
    for line in read(out, f'lines-{tree}', 'names'):
        match = re.match(r'\{ offset: \[([0-9a-f]+)\] (\S.*?) *\} hitcount', line)
        if match:
            said[int(match[1], 16)] = match[2]
    places = [line.split(' ') for line in read(out, f'lines-{tree}', 'edges')]
    borders = sorted(int(address, 16) for *_, address in places[::3] + places[2::3])
    for *edge, address in places:
        address = int(address, 16)
        answer = said.get(address, 'nothing')
        match = re.match(r'(.*)\+0x([0-9a-f]+)/0x([0-9a-f]+)( \[.*\])$', answer)
        if match:
            start = address - int(match[2], 16)
            end = start + int(match[3], 16)
            if bisect.bisect_right(borders, start) < bisect.bisect_left(borders, end):
                answer = answer.replace(f'/0x{match[3]} [', ' [')
        elif answer.startswith('0x'):
            answer = 'no symbol'
        answers[' '.join(edge)] = answer
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
        there = os.path.join(out, f'lines-{tree}')
        said, ok = oracle(f'{there}.differences', script, 'elf', there, *files)
        number = int((re.match(r'\d+', said) or '0')[0])
        results.row(f'{"rewrite" if tree == "linux" else "Debian"}: {said}',
                ok and number >= LINES)
    said, ok = oracle(os.path.join(out, 'both.differences'), script, 'kernel',
                      os.path.join(out, 'lines-stock'), os.path.join(out, 'lines-linux'))
    results.row(f'Debian beside rewrite: {said}', ok)
    stock, linux = edges(out, 'stock'), edges(out, 'linux')
    different = [edge for edge in stock
                 if stock[edge] != linux.get(edge) or stock[edge] == 'nothing']
    for edge in different[:SHOWN]:
        print(f'        {edge}: {stock[edge]}, {linux.get(edge)}')
    results.row(f'Debian beside rewrite: {len(linux)} edges of sections, {len(different)} other '
                'answers', len(stock) == len(linux) >= EDGES and not different)
    for what in ('lines', 'signed', 'unsigned'):
        old, new = ([line.split('] ', 1)[-1] for line in complaints(
            words, os.path.join(out, f'{what}-{tree}', 'dmesg'))] for tree in ('stock', 'linux'))
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
