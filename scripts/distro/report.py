#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py OUT RELEASE ORACLE: what guests of make test-distro have left.

OUT has WHAT-TREE/guest/ for lines and cost, stock and linux.
"""

import os
import re
import subprocess
import sys

SCRIPTS = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..')
SELFTEST = os.path.join(SCRIPTS, '../tools/testing/selftests/module')
sys.path[:0] = [os.path.join(SCRIPTS, 'lib'), os.path.join(SCRIPTS, 'bench'), SELFTEST]
from results import Results, ratio
from tables import Module
from vmjudge import complaints

# REFUSED: so many of these modules does Debian's kernel refuse in such a guest.
MODULES, LINES, EDGES, REFUSED = 100, 200_000, 5_000, 8
# The loader gives memory by pages.
PAGE = 4096
# Lines that differ, of each comparison.
SHOWN = 20
# Of a complaint: its time and its place in a function, the processor and the process.
OF_THE_BOOT = re.compile(r'^\[[ .\d]+\] |(\.cold)?\+0x[0-9a-f]+/0x[0-9a-f]+'
                         r'|, CPU#\d+: .*|CPU: \d+ (UID: \d+ )?PID: \d+ ')


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


def core_sizes(out, tree):
    """Of each module, the bytes that it has after init."""
    lines = (line.split() for line in read(out, f'lines-{tree}', 'guest', 'modules'))
    return {name: int(size) for name, size, *_ in lines}


def tables(results, out, names):
    """What modules have more or less of than on stock is their tables, as the files tell."""
    stock, linux = core_sizes(out, 'stock'), core_sizes(out, 'linux')
    wrong, stock_sum, linux_sum = [], 0, 0
    for file in names:
        name = file.removesuffix('.ko').replace('-', '_')
        _, _, stock_table, table = Module(os.path.join(out, 'modules', file)).sizes(0)
        stock_sum += stock_table
        linux_sum += table
        if abs(linux[name] - stock[name] - (table - stock_table)) >= PAGE:
            wrong.append(f'{name}: {linux[name] - stock[name]} bytes more, not about '
                         f'{table - stock_table}')
    for line in wrong[:SHOWN]:
        print(f'        {line}')
    results.row(f'core tables {ratio(linux_sum / stock_sum)} of {stock_sum:,} bytes, by their '
                f'files; {len(wrong)} of {len(names)} modules differ by other numbers of pages',
                not wrong)


def main():
    out, release, script = sys.argv[1:]
    results = Results()

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
    if loaded:
        tables(results, out, loaded)
    for what in ('lines', 'cost'):
        logs = (os.path.join(out, f'{what}-{tree}', 'guest', 'dmesg') for tree in ('stock', 'linux'))
        old, new = ([OF_THE_BOOT.sub('', line) for line in complaints(log)] for log in logs)
        new = [line for line in new if line not in old]
        for line in new[:10]:
            print(f'        {line}')
        results.row(f"no complaint of the kernel that Debian's does not have, {what}", not new)

    print('\nWhat insmod costs without a signature, millions of instructions')
    print(f'  {"":14} {"symbols":>9} {"Debian":>10} {"rewrite":>10} {"ratio":>8}')
    stock, linux = loads(out, 'cost', 'stock'), loads(out, 'cost', 'linux')
    for line in read(out, 'ten'):
        symbols, name = line.split(' ')
        try:
            costs = int(stock[name]), int(linux[name])
        except (KeyError, ValueError):
            results.row(f'{name}: no figures', False)
            continue
        print(f'  {name[:-3]:14} {int(symbols):9,} {costs[0] / 1e6:10,.1f} '
              f'{costs[1] / 1e6:10,.1f} {ratio(costs[1] / costs[0]):>8}')
    sys.exit(results.verdict())


main()
