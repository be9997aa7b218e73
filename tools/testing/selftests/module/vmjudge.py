#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Says whether all went well in a guest of vmtest.sh.

  vmjudge.py [--reference DIR] DIR MODULES ARCH SCENARIO...

DIR is vmtest.sh's: what the guest has left is in DIR/guest, the kernel in
DIR/kernel. MODULES has the files of the modules. DIR/counts gets a line "PASSED
FAILED" for each comparison, for who runs this several times.
"""

import argparse
import filecmp
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ORACLE = HERE / 'kallsyms_oracle.py'
SAMPLE = 'test_kallsyms_types'
# Lines that are printed of what is wrong
SHOWN = 20
# Only KUnit's modules have malformed tables.
OF_KUNIT = r'^(\[[ .0-9]*] )?kunit_[a-z0-9_]*: malformed symbol table'


def read(path):
    with open(path, encoding='utf-8', errors='surrogateescape') as f:
        return f.read().splitlines()


def complaints(log, aside=OF_KUNIT):
    """Lines of a kernel's log that match a line of the file complaints."""
    pattern = re.compile('|'.join(read(HERE / 'complaints')))
    return [line.strip() for line in read(log)
            if pattern.search(line) and not re.search(aside, line)]


class Judge:
    def __init__(self, args):
        self.args = args
        self.out, self.guest, self.kernel = args.out, args.out / 'guest', args.out / 'kernel'
        self.files = sorted(args.modules.rglob('*.ko'))
        self.counts = self.out / 'counts'
        self.counts.write_text('', encoding='ascii')
        self.failed = False

    def count(self, good):
        with open(self.counts, 'a', encoding='ascii') as f:
            print('1 0' if good else '0 1', file=f)
        self.failed |= not good

    def show(self, lines):
        for line in lines[:SHOWN]:
            print(f'    | {line}')

    def scenario(self, name):
        """KTAP, and how the scenario has ended."""
        tap = read(self.guest / 'tap' / name)
        totals = [line[10:] for line in tap if line.startswith('# Totals: ')][-1:]
        status = tap[-1]
        if status == 'exit 4':
            skip = '1..0 # SKIP '
            why = [line[len(skip):] for line in tap if line.startswith(skip)]
            print(f'  skip  {name:<14} {"".join(why)}')
            return
        good = status == 'exit 0'
        print(f'  {"ok  " if good else "FAIL"}  {name:<14} {"".join(totals)}')
        if not good:
            print(*('    | ' + line for line in tap if not line.startswith('ok ')), sep='\n')
        self.count(good)

    def oracle(self, *args, before=''):
        """Returns its last line, which sums up."""
        done = subprocess.run([ORACLE, *args, '--count', self.counts], check=False,
                              stdout=subprocess.PIPE, encoding='utf-8',
                              errors='surrogateescape')
        said = done.stdout.splitlines() or ['the oracle has said nothing']
        print(*('  ' + before + line for line in said), sep='\n')
        self.failed |= done.returncode != 0
        return said[-1]

    def lines(self):
        kallsyms_all = 'CONFIG_KALLSYMS_ALL=y' in read(self.kernel / '.config')
        print(f'\nThe first lines of {SAMPLE} in /proc/kallsyms:')
        first = [line for line in read(self.guest / 'kallsyms') if line.endswith(f'\t[{SAMPLE}]')]
        print(*('  ' + line for line in first[:8]), sep='\n')

        letter = 'y' if kallsyms_all else 'n'
        option = ('--kallsyms-all', letter)
        print(f'\nModule lines of /proc/kallsyms, CONFIG_KALLSYMS_ALL={letter}:')
        summary = self.oracle('elf', self.guest, *self.files, *option)
        for table in ('full', 'livepatch'):
            for part in sorted((self.guest / table).glob('*')):
                files = [path for path in self.files if path.stem == part.name]
                full = ['--full'] if table == 'full' else []
                self.oracle('elf', part, *files, *full, '--vmlinux', self.guest, *option,
                            before=f'the {table} table of {part.name}: ')
        # kallsyms leaves out some absolute symbols.
        if self.args.arch == 'x86_64' and kallsyms_all:
            self.vmlinux()
        return summary

    def vmlinux(self):
        """The names of System.map."""
        listed = Counter(line.split(' ', 2)[2] for line in read(self.guest / 'kallsyms')
                         if '\t' not in line)
        wanted, optional = Counter(), Counter()
        for line in read(self.kernel / 'System.map'):
            _, letter, name = line.split(' ', 2)
            (optional if letter in 'aA' else wanted)[name] += 1
        different = [name for name in listed | wanted
                     if not wanted[name] <= listed[name] <= wanted[name] + optional[name]]
        print(f'  {listed.total()} lines of vmlinux compared with System.map: '
              f'{len(different)} lines different')
        self.show(sorted(different))
        self.count(not different)

    def reference(self):
        """Stock's kernel has loaded the same modules in the same order."""
        other = self.args.reference / 'guest'
        self.oracle('kernel', other, self.guest)
        # What scenarios keep in same/ has no addresses.
        if not (self.guest / 'same').is_dir():
            return
        names = sorted({path.name for side in (other, self.guest) for path in (side / 'same').glob('*')})
        _, different, missing = filecmp.cmpfiles(other / 'same', self.guest / 'same', names,
                                                 shallow=False)
        if different or missing:
            print('  lookups have other answers there:')
            done = subprocess.run(['diff', '-r', other / 'same', self.guest / 'same'], check=False,
                                  stdout=subprocess.PIPE, encoding='utf-8',
                                  errors='surrogateescape')
            self.show(done.stdout.splitlines())
        else:
            answers = sum(len(read(self.guest / 'same' / name)) for name in names)
            print(f'  {answers} answers of lookups compared: 0 lines different')
        self.count(not different and not missing)

    def complaints(self, when, log, aside=OF_KUNIT):
        said = complaints(log, aside)
        if said:
            print(f'  the kernel complained while {when} ({log}):')
            self.show(said)
            self.count(False)

    def judge(self):
        print('\nScenarios:')
        for name in self.args.scenarios:
            self.scenario(name)
        summary = self.lines()
        if self.args.reference:
            self.reference()
        not_loaded = self.guest / 'not-loaded'
        if not_loaded.is_file() and not_loaded.stat().st_size:
            print(*('  ' + line for line in read(not_loaded)), sep='\n')
            self.count(False)
        if (self.guest / 'dmesg.scenarios').is_file():
            # They dump stacks on purpose.
            self.complaints('scenarios ran', self.guest / 'dmesg.scenarios',
                            OF_KUNIT + '|Call Trace')
        self.complaints('modules were loaded', self.guest / 'dmesg')
        if self.failed:
            print(f'\nFAIL: see above; what the guest left is in {self.guest}')
        else:
            print(f'\nPASS: {summary}')
        return 1 if self.failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--reference', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('modules', type=Path)
    parser.add_argument('arch')
    parser.add_argument('scenarios', nargs='+')
    return Judge(parser.parse_args()).judge()


if __name__ == '__main__':
    os.environ['LC_ALL'] = 'C'
    sys.exit(main())
