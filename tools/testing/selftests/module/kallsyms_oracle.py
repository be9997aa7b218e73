#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Says whether the module lines of a /proc/kallsyms are what they must be.

  kallsyms_oracle.py elf     GUEST KO...   compare with what readelf says
  kallsyms_oracle.py kernel  GUEST GUEST   compare two kernels
  kallsyms_oracle.py falsify GUEST KO...   show that "elf" sees every mistake

GUEST is a directory that a scenario or the guest of vmtest.sh has left:

  kallsyms                    /proc/kallsyms, whole
  sections/MODULE/SECTION     /sys/module/MODULE/sections/SECTION

"elf" works out every line of every module that is in GUEST from the module's
file alone, as GNU readelf prints it, and from the addresses of its sections.
"kernel" subtracts the sections' addresses and wants the rest to be equal byte
for byte. Differences are printed as unified diffs, one a module.
"""

import argparse
import bisect
import contextlib
import copy
import difflib
import io
import os
import re
import subprocess
import sys

# A name may have blanks.
LINE = re.compile(r'([0-9a-f]+) (\S) ([^\t]*)\t\[(\S+)\]$')
VMLINUX_LINE = re.compile(r'([0-9a-f]+) \S (\S+)$')
# Not modules, although /proc/kallsyms has them in brackets.
NOT_MODULES = ('bpf', '__builtin__ftrace', '__builtin__kprobes')
INIT_SECTIONS = ('.init', '.ARM.exidx.init', '.ARM.extab.init')
# Allocated, says the file; the loader takes that flag away.
NOT_KEPT = ('__versions', '.modinfo')
LARGER_THAN_A_REGION = 1 << 26
# The assembler's own labels have these in their names; readelf prints ^A, ^B.
CONTROL = {c: f'^{chr(c + 0x40)}' for c in range(1, 0x20) if chr(c) not in '\t\n'}


class Guest:
    """What a guest has left."""

    def __init__(self, path):
        self.path = path
        self.lines = {}         # module: its lines
        self.modules = []       # in order of appearance
        self.vmlinux = {}       # name: value, of the first of that name
        with open(os.path.join(path, 'kallsyms'), encoding='utf-8',
                  errors='surrogateescape') as f:
            for line in f.read().translate(CONTROL).split('\n'):
                self._add(line)

    def _add(self, line):
        match = LINE.match(line)
        if match and match.group(4) not in NOT_MODULES:
            module = match.group(4)
            if module not in self.lines:
                self.modules.append(module)
            elif self.modules[-1] != module:
                # Behind all tables ftrace lists init functions that it has
                # traced, as if they were exported.
                if match.group(2) != 'T':
                    raise SystemExit(f'{self.path}: lines of {module} are not '
                                     'in one place')
                return
            self.lines.setdefault(module, []).append(line)
            return
        match = VMLINUX_LINE.match(line)
        if match:
            self.vmlinux.setdefault(match.group(2), int(match.group(1), 16))

    def sections(self, module):
        """Name to address of the module's sections, empty ones left out."""
        top = os.path.join(self.path, 'sections', module)
        found = {}
        for name in os.listdir(top):
            with open(os.path.join(top, name), encoding='ascii') as f:
                found[name] = int(f.read(), 16)
        return found


class Section:
    """Its kind and flags are readelf's words. The loader keeps its own copy of the symbol
    table and its strings, in allocated memory, whatever their flags say."""

    def __init__(self, name, kind, flags, is_table):
        self.name, self.kind, self.flags = name, kind, flags
        self.is_allocated = 'A' in flags or is_table

    def is_core(self):
        return 'A' in self.flags and not self.name.startswith(INIT_SECTIONS)


def type_letter(is_weak, is_object, ndx, section):
    """In lower case. ndx is readelf's word, and 'ABS' for what is per CPU."""
    if is_weak:
        return 'v' if is_object else 'w'
    if ndx == 'UND':
        return 'u'
    if ndx == 'ABS':
        return 'a'
    if section is None:
        return '?'
    if 'X' in section.flags:
        return 't'
    if section.kind == 'NOBITS':
        return 'b'
    if section.is_allocated:
        return 'd' if 'W' in section.flags else 'r'
    return 'n' if section.name.startswith('.debug') else '?'


class Symbol:
    def __init__(self, value, kind, bind, ndx, name, thumb):
        # Bit 0 of a function's value tells Thumb code from Arm code.
        self.thumb = bool(thumb and kind == 'FUNC' and value & 1)
        self.value, self.kind, self.bind = value - self.thumb, kind, bind
        self.ndx, self.name = ndx, name


class Module:
    """A module's file, in readelf's words."""

    def __init__(self, path):
        self.path = path
        self.sections = {}
        self.symbols = []
        self.livepatch = False
        self._read()
        self.exported = set()
        if any(s.name == '__ksymtab' for s in self.sections.values()):
            self._read_exports()

    def _readelf(self, *options):
        return subprocess.run(['readelf', '--wide', *options, self.path],
                              check=True, stdout=subprocess.PIPE,
                              env=dict(os.environ, LC_ALL='C'),
                              encoding='utf-8',
                              errors='surrogateescape').stdout.split('\n')

    def _read(self):
        section = re.compile(r'\s*\[\s*(\d+)\] (\S*)\s+(\S+)\s+[0-9a-f]{8,16} '
                             r'[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ (.{3})\s+\d+\s+\d+\s+\d+$')
        symbol = re.compile(r'\s*\d+: ([0-9a-f]+)\s+\S+ (\S+)\s+(\S+)\s+\S+'
                            r'(?: \[.*?\])?\s+(\S+)(?: (.*))?$')
        in_symtab = False
        thumb = False
        for line in self._readelf('--file-header', '--section-headers', '--symbols'):
            if re.match(r'\s*Machine:\s+ARM$', line):
                thumb = True
            match = section.match(line)
            if match:
                index, name, kind, flags = match.groups()
                if name in NOT_KEPT:
                    flags = flags.replace('A', '')
                self.sections[int(index)] = Section(name, kind, flags,
                                                    name in ('.symtab', '.strtab'))
                continue
            if line.startswith('Symbol table '):
                in_symtab = "'.symtab'" in line
            match = symbol.match(line)
            if not in_symtab or not match:
                continue
            value, kind, bind, ndx, name = match.groups()
            if kind == 'SECTION':       # readelf lends it its section's name
                name = ''
            self.symbols.append(Symbol(
                int(value, 16), kind, bind, int(ndx) if ndx.isdigit() else ndx, name or '',
                thumb))
        if not self.symbols:
            raise SystemExit(f'{self.path}: readelf shows no symbols')
        if any(s.name == '.modinfo' for s in self.sections.values()):
            info = self._readelf('--string-dump=.modinfo')
            self.livepatch = any(l.endswith('livepatch=Y') for l in info)

    def _read_exports(self):
        """Their entries are relocated by them; `strip` takes the entries' names."""
        relocation = re.compile(r'[0-9a-f]{8,16}  ([0-9a-f]{8,16}) R_')
        in_ksymtab = False
        for line in self._readelf('--relocs'):
            if line.startswith('Relocation section '):
                in_ksymtab = re.search(r"'\.rela?__ksymtab'", line)
            match = relocation.match(line)
            if in_ksymtab and match:
                info = match.group(1)
                index = int(info[:8] if len(info) == 16 else info[:6], 16)
                self.exported.add(self.symbols[index].name)

    def is_percpu(self, symbol):
        section = self.sections.get(symbol.ndx)
        return section is not None and section.name == '.data..percpu'

    def letter(self, symbol):
        """The type letter, in lower case unless it is among __ksymtab."""
        letter = type_letter(symbol.bind == 'WEAK', symbol.kind == 'OBJECT',
                             'ABS' if self.is_percpu(symbol) else symbol.ndx,
                             self.sections.get(symbol.ndx))
        # An export is a global symbol; a static one may have its name. Of a function in
        # Thumb code the export's value has bit 0, so it is another one.
        if symbol.name in self.exported and symbol.bind != 'LOCAL' and not symbol.thumb:
            letter = letter.upper()
        return letter

    def in_core_table(self, symbol, kallsyms_all):
        if self.livepatch:
            return True
        section = self.sections.get(symbol.ndx)
        if section is None or symbol.ndx == 0 or not symbol.name:
            return False
        if self.is_percpu(symbol):
            return kallsyms_all
        return section.is_core() and (kallsyms_all or 'X' in section.flags)


def expected_lines(guest, name, module, full, kallsyms_all):
    """The lines of a module, and how many have an address that had to be taken
    on trust: one base for the per-CPU area and one for each empty section,
    which sysfs does not show."""
    bases = guest.sections(name)
    actual = guest.lines.get(name, [])
    width = len(actual[0].split(' ')[0]) if actual else 16
    lines, guessed = [], 0
    for symbol in module.symbols:
        if not symbol.name:
            continue
        if not full and not module.in_core_table(symbol, kallsyms_all):
            continue
        section = module.sections.get(symbol.ndx)
        if symbol.ndx == 'UND':
            value = find_undefined(guest, symbol, actual, len(lines))
        elif section is None:
            value = symbol.value
        elif section.name in bases and not module.is_percpu(symbol):
            value = symbol.value + bases[section.name]
        elif 'A' not in section.flags:
            # Points into the loader's own copy of the file, which is gone.
            value = value_at(actual, len(lines))
            guessed += 1
        else:
            key = (section.name, 'guessed')
            if key not in bases:
                bases[key] = value_at(actual, len(lines)) - symbol.value
            value = symbol.value + bases[key]
            guessed += 1
        value &= (1 << 4 * width) - 1
        lines.append(f'{value:0{width}x} {module.letter(symbol)} '
                     f'{symbol.name}\t[{name}]')
    return lines, guessed


def value_at(lines, index):
    return int(lines[index].split(' ')[0], 16) if index < len(lines) else 0


def find_undefined(guest, symbol, actual, index):
    """What an undefined symbol was resolved to: the exporter's symbol."""
    value = value_at(actual, index)
    homes = {guest.vmlinux.get(symbol.name)}
    for lines in guest.lines.values():
        for line in lines:
            if f' {symbol.name}\t' in line:
                homes.add(int(line.split(' ')[0], 16))
    # One of them; a weak one that nobody has stays 0.
    if value in homes or (symbol.bind == 'WEAK' and not value):
        return value
    return next((home for home in homes if home is not None), 0)


def report(what, expected, actual, expected_from, actual_from):
    diff = list(difflib.unified_diff(expected, actual, expected_from,
                                     actual_from, lineterm='', n=2))
    if not diff:
        return 0
    print(f'{what}: differs')
    for line in diff[:60]:
        print(f'  {line}')
    if len(diff) > 60:
        print(f'  ... and {len(diff) - 60} more lines of diff')
    return sum(1 for line in diff[2:] if line[0] in '+-')


def module_name(path):
    name = os.path.basename(path)
    return re.sub(r'\.ko$', '', name).replace('-', '_')


def check_elf(guest, files, args):
    modules = {module_name(path): path for path in files}
    names = [name for name in guest.modules if name in modules]
    missing = [] if args.vmlinux else \
              [name for name in guest.modules if name not in modules]
    total, guessed, different, bad = 0, 0, 0, []
    for name in missing:
        print(f'{name}: no file to compare with')
        bad.append(name)
    for name in names:
        module = Module(modules[name])
        expected, unsure = expected_lines(guest, name, module, args.full,
                                          args.kallsyms_all == 'y')
        actual = guest.lines[name]
        count = report(name, expected, actual,
                       f'{os.path.basename(modules[name])} (readelf)',
                       f'{name} (/proc/kallsyms)')
        total += max(len(expected), len(actual))
        guessed += unsure
        different += count
        if count:
            bad.append(name)
    # Modules that are loaded must be there, even if all their lines are not.
    loaded = os.path.join(guest.path, 'sections')
    for name in sorted(os.listdir(loaded)):
        if guest.lines.get(name) or name not in modules:
            continue
        expected, _ = expected_lines(guest, name, Module(modules[name]),
                                     args.full, args.kallsyms_all == 'y')
        names.append(name)
        if expected:
            different += report(name, expected, [], f'{name}.ko (readelf)',
                                f'{name} (/proc/kallsyms)')
            bad.append(name)
    print(f'{total} lines of {len(names)} modules compared with readelf: '
          f'{different} lines different'
          + (f' ({guessed} with a base sysfs does not show)' if guessed else ''))
    return len(names), bad


def normalised(guest, name):
    """A module's lines, each address as an offset from the section below."""
    bases = sorted((address, section) for section, address
                   in guest.sections(name).items())
    addresses = [address for address, _ in bases]
    lowest = None
    lines = []
    for line in guest.lines[name]:
        value, rest = line.split(' ', 1)
        value = int(value, 16)
        at = bisect.bisect_right(addresses, value) - 1
        # Per-CPU, all from one base: below all sections or, on arm64, far above; on arm, above.
        if at < 0 or value - bases[at][0] >= LARGER_THAN_A_REGION or rest[0] in 'aA':
            lowest = value if lowest is None else lowest
            lines.append(f'percpu{value - lowest:+#x} {rest}')
        else:
            lines.append(f'{bases[at][1]}+{value - bases[at][0]:#x} {rest}')
    return lines


def check_kernel(one, other, _args):
    different, total, bad = 0, 0, []
    if one.modules != other.modules:
        different += report('the list of modules', one.modules, other.modules,
                            one.path, other.path)
        bad.append('the list of modules')
    names = [name for name in one.modules if name in other.lines]
    for name in names:
        left, right = normalised(one, name), normalised(other, name)
        count = report(name, left, right, f'{one.path}: {name}',
                       f'{other.path}: {name}')
        total += max(len(left), len(right))
        different += count
        if count:
            bad.append(name)
    print(f'{total} lines of {len(names)} modules compared with the other '
          f'kernel: {different} lines different')
    return len(names), bad


def falsified(lines):
    """Every kind of mistake, made once in the middle of a module's lines."""
    at = len(lines) // 2
    value, letter, rest = lines[at].split(' ', 2)
    wrong = 'd' if letter != 'd' else 'b'
    yield 'wrong letter', lines[:at] + [f'{value} {wrong} {rest}'] + lines[at + 1:]
    yield 'wrong case', lines[:at] + [f'{value} {letter.swapcase()} {rest}'] + lines[at + 1:]
    yield 'missing line', lines[:at] + lines[at + 1:]
    yield 'missing first line', lines[1:]
    yield 'missing last line', lines[:-1]
    yield 'extra line', lines[:at] + [lines[at]] + lines[at:]
    swap = next(i for i in range(at, len(lines) - 1) if lines[i] != lines[i + 1])
    yield 'two lines swapped', (lines[:swap] + [lines[swap + 1], lines[swap]]
                                + lines[swap + 2:])
    # In a section whose address is known, so not in the per-CPU area.
    known = next(i for i in range(at, len(lines)) if lines[i].split(' ')[1] in 'tT')
    value, rest = lines[known].split(' ', 1)
    wrong = f'{int(value, 16) + 1:0{len(value)}x}'
    yield 'wrong address', lines[:known] + [f'{wrong} {rest}'] + lines[known + 1:]
    yield 'wrong name', [line.replace('\t[', 'x\t[') if i == at else line
                         for i, line in enumerate(lines)]
    yield 'all lines missing', []


def is_seen(check, name, *args):
    """Does a comparison report a difference, as a diff that names the module?"""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        _, bad = check(*args)
    return bool(bad) and f'{name}: differs' in said.getvalue()


def check_falsified(guest, files, args):
    files = [path for path in files if module_name(path) in guest.lines]
    largest = max(files, key=lambda path: len(guest.lines[module_name(path)]))
    name = module_name(largest)
    right = guest.lines[name]
    guest.lines, guest.modules = {name: right}, [name]
    twin = copy.deepcopy(guest)
    bad, tried = [], 0

    def see(what, expected):
        nonlocal tried
        # Without any line the module is not in the list of modules either.
        guest.modules = [name] if guest.lines[name] else []
        for oracle, seen in (
                ('elf', is_seen(check_elf, name, guest, [largest], args)),
                ('kernel', is_seen(check_kernel, name, twin, guest, args))):
            tried += 1
            ok = seen == expected
            print(f'{"ok" if ok else "not ok"} - {name}, {what}: '
                  f'{"a difference" if seen else "no difference"} to "{oracle}"')
            if not ok:
                bad.append(f'{what}, {oracle}')

    see('as it is', False)
    for what, lines in falsified(right):
        guest.lines = {name: lines}
        see(what, True)
    return tried, bad


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('verb', choices=('elf', 'kernel', 'falsify'))
    parser.add_argument('guest', type=Guest)
    parser.add_argument('others', nargs='+')
    parser.add_argument('--full', action='store_true',
                        help='the modules are in their init')
    parser.add_argument('--vmlinux', type=Guest,
                        help='GUEST has lines of modules only, and of others '
                        'than those asked for; vmlinux is in this one')
    parser.add_argument('--kallsyms-all', choices='yn', default='y')
    parser.add_argument('--count', help='append "PASSED FAILED" to this file')
    args = parser.parse_args()
    if args.vmlinux:
        args.guest.vmlinux = args.vmlinux.vmlinux
    if args.verb == 'kernel':
        checked, bad = check_kernel(args.guest, Guest(args.others[0]), args)
    elif args.verb == 'falsify':
        checked, bad = check_falsified(args.guest, args.others, args)
    else:
        checked, bad = check_elf(args.guest, args.others, args)
    if args.count:
        with open(args.count, 'a', encoding='ascii') as f:
            print(max(checked - len(bad), 0), len(bad), file=f)
    sys.exit(1 if bad or not checked else 0)


if __name__ == '__main__':
    main()
