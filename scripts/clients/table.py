#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""table.py OUT ORACLE: what clients found on stock and on the rewrite.

OUT has KIND-TREE/ for guest, gdb and kdb, stock and linux, with rows (client,
question, pattern of the answer, answer) of what types into a guest, and guest/,
what it has left itself. An answer passes if it matches the pattern and is the
other kernel's. ORACLE compares the module lines of each guest's /proc/kallsyms
with what the modules' files say.
"""

import glob
import itertools
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '../lib'),
                os.path.join(HERE, '../../tools/testing/selftests/module')]
from results import Results
from vmjudge import complaints

KINDS = ('guest', 'gdb', 'kdb')
MODULE_LINE = re.compile(r'([0-9a-f]+) (\S) (\S*)\t\[(\S+)\]$')
# Columns of an answer in the table
WIDTH = 36
# guest.sh asks this last of each client.
LAST = 'all that is to be asked'


def left(out, tree, kind, *name):
    return os.path.join(out, f'{kind}-{tree}', *name)


def read_rows(out, tree):
    rows = {}
    for kind in KINDS:
        for name in ('guest/rows', 'rows'):
            path = left(out, tree, kind, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding='utf-8', errors='replace') as f:
                for line in f:
                    client, what, wanted, answer = line.rstrip('\n').split('\t')
                    rows[client, what] = wanted, answer
    return rows


def module_lines(path):
    """Value, letter in lower case (exports have it in upper) and name."""
    with open(path, encoding='utf-8', errors='surrogateescape') as f:
        found = [(int(m[1], 16), m[2].lower(), m[3], m[4])
                 for m in map(MODULE_LINE.match, f)
                 if m and m[4] not in ('bpf', '__builtin__ftrace', '__builtin__kprobes')]
    # Behind the tables, ftrace lists init functions that it has traced.
    seen, lines = set(), []
    for module, block in itertools.groupby(found, lambda line: line[3]):
        if module not in seen:
            seen.add(module)
            lines.extend(block)
    return lines


def tables(out, tree):
    """What gdb read in the guest's memory against what the guest printed."""
    memory, printed = (module_lines(left(out, tree, 'gdb', name))
                       for name in ('tables', 'guest/kallsyms'))
    wrong = sum(a != b for a, b in zip(memory, printed))
    wrong += abs(len(memory) - len(printed))
    modules = len({line[3] for line in printed})
    return f'{len(printed)} lines of {modules} modules, {wrong} different'


def lsmod(out, tree):
    with open(left(out, tree, 'gdb', 'lsmod'), encoding='ascii') as f:
        seen = [(name, int(address, 16)) for name, _, address in map(str.split, f)]
    with open(left(out, tree, 'gdb', 'guest/modules'), encoding='ascii') as f:
        fields = [line.split() for line in f]
    there = [(field[0], int(field[5], 16)) for field in fields]
    wrong = len(set(seen) ^ set(there))
    return f'{len(there)} modules, {wrong} different'


def oracle(out, tree, kind, script):
    files = glob.glob(os.path.join(out, 'modules/lib/modules/*/**/*.ko'), recursive=True)
    said = subprocess.run([script, 'elf', left(out, tree, kind, 'guest'), *files],
                          stdout=subprocess.PIPE, encoding='utf-8', check=False)
    last = said.stdout.strip().split('\n')[-1]
    if said.returncode:
        print(said.stdout)
        return f'exit {said.returncode}: {last}'
    return last


def short(text):
    return text if len(text) <= WIDTH else text[:WIDTH - 3] + '...'


def log(out, tree, kind):
    """How many complaints the kernel's log has, and the first five."""
    found = complaints(left(out, tree, kind, 'guest/dmesg'))
    return ' '.join([str(len(found)), *found[:5]])


def attempt(what, *args):
    try:
        return what(*args)
    except (OSError, ValueError, IndexError) as error:
        return f'{type(error).__name__}: {error}'


def main():
    out, script = sys.argv[1:]
    found = {}
    for tree in ('stock', 'linux'):
        rows = found[tree] = read_rows(out, tree)
        rows['gdb', 'lx-lsmod: as /proc/modules'] = (
            r'\d+ modules, 0 different', attempt(lsmod, out, tree))
        rows['gdb', 'core_kallsyms in memory: as /proc/kallsyms'] = (
            r'\d{4,} lines of \d+ modules, 0 different', attempt(tables, out, tree))
        for kind in KINDS:
            there = os.path.exists(left(out, tree, kind, 'guest/complete'))
            rows[kind, 'the guest came to its end'] = 'yes', 'yes' if there else 'no'
            rows[kind, 'its /proc/kallsyms: as readelf has it'] = (
                r'\d{5,} lines of \d+ modules .* 0 lines different.*',
                attempt(oracle, out, tree, kind, script))
            rows[kind, 'oopses and warnings in its log'] = (
                '0', attempt(log, out, tree, kind))
        # A scenario that breaks off lacks its last row, perhaps on both kernels.
        for path in glob.glob(os.path.join(out, 'disk', 'scenarios', '*.sh')):
            client = os.path.basename(path)[:-len('.sh')].split('-', 1)[1]
            rows.setdefault((client, LAST), ('yes', 'no'))

    stock, linux = found['stock'], found['linux']
    results, bad, last = Results(), [], None
    print(f'\n        {"client, and what was asked":52} {"stock":{WIDTH}} rewrite')
    # Stable: a client's questions stay in their order.
    for key in sorted({**stock, **linux}, key=lambda key: key[0]):
        client, what = key
        wanted, one = stock.get(key, ('', 'no answer'))
        wanted, other = linux.get(key, (wanted, 'no answer'))
        if client != last:
            print(f'\n{client}')
            last = client
        ok = one == other and re.fullmatch(wanted, one)
        if not ok:
            bad.append((client, what, wanted, one, other))
        results.row(f'{what:52} {short(one):{WIDTH}} '
                    f'{"the same" if one == other else short(other)}', ok, f'{client}: {what}')
    for client, what, wanted, one, other in bad:
        print(f'\n{client}: {what}\n  wanted:  {wanted}\n  stock:   {one}\n  rewrite: {other}')
    print('\nAn answer passes if it is as it must be, and the same on stock and rewrite.')
    sys.exit(results.verdict())


main()
