#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Says whether the kernel has met malformed modules well.

  check.py DIRECTORY OUTPUT
  check.py --blind DIRECTORY OUTPUT

DIRECTORY is make.py's, and OUTPUT what load_malformed has left. Of the bytes of each
module it works out what has to become of it: which lines of /proc/kallsyms it has, or
that it is refused; and what lookups of a few of its addresses and names have to
answer. With --blind it falsifies OUTPUT in several ways and wants to see each.
"""

import argparse
import os
import re
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)),
                             '../../tools/testing/selftests/module'))
from elf import (EHDR_SIZE, Elf, KSYM_NAME_LEN, LARGEST_ALIGN, LONGEST_NAME, PERCPU,
                 SHDR, SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHN_ABS, SHN_COMMON,
                 SHN_LIVEPATCH, SHN_LORESERVE, SHN_UNDEF, SHT_NOBITS, SHT_NULL,
                 SHT_STRTAB, SHT_SYMTAB, STB_LOCAL, STB_WEAK, STT_OBJECT, SYM,
                 THIS_MODULE, rebuild)
from kallsyms_oracle import NOT_KEPT, Section, type_letter


# What elf_validity_symtab() says, in front of the reason
SAID = b': malformed symbol table: '


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
            s.name not in NOT_KEPT

    def letter(self, info, shndx):
        section, ndx = None, {SHN_UNDEF: 'UND', SHN_ABS: 'ABS'}.get(shndx, shndx)
        if shndx < self.elf.shnum:
            s = self.elf.sections[shndx]
            section = Section('' if s.type == SHT_NULL else s.name,
                              'NOBITS' if s.type == SHT_NOBITS else '',
                              ''.join(letter for letter, flag in (
                                  ('A', s.flags & SHF_ALLOC and s.name not in NOT_KEPT),
                                  ('W', s.flags & SHF_WRITE),
                                  ('X', s.flags & SHF_EXECINSTR)) if flag),
                              shndx in (self.symtab_index, self.strtab_index))
            if s.name == PERCPU and s.flags & SHF_ALLOC:
                ndx = 'ABS'
        return type_letter(info >> 4 == STB_WEAK, info & 15 == STT_OBJECT, ndx, section)

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
    """One of them, as the guest has left it."""

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
        self.counts = {'tried': 0, 'loaded': 0, 'refused': 0, 'unnamed': 0,
                       'lines': 0, 'asked': 0}
        self.causes = {}
        self.exports = {}
        self.batch = []
        self.answers = []
        self.memory = {}
        self.complete = False

    def complain(self, number, what):
        self.wrong.append(f'{number} of {self.ops[number][0]} '
                          f'({self.kinds[number]}): {what}')

    def run(self, output):
        asked = None
        lines = b''
        for kind, rest in output:
            if kind == 'vmlinux':
                self._read_vmlinux(rest)
            elif kind == 'module':
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
            self.counts['tried'] += 1
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
        said = others + sum(SAID in line for line in result.log)
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
        # To lose a small object with each would be more; what has been
        # written down is in memory, too.
        if slab[1] - slab[0] > self.counts['tried']:
            self.wrong.append('the slab has grown')
        if free[0] - free[1] > self.size // 1024 + 16 * self.counts['tried']:
            self.wrong.append('there is less memory')

    def report(self):
        c = self.counts
        for line in self.wrong[:40]:
            print(f'  {line}')
        for why, number in sorted(self.causes.items()):
            print(f'  refused, {why}: {number}')
        print(f'{c["tried"]} malformed modules: {c["loaded"]} loaded, '
              f'{c["refused"]} refused ({c["unnamed"]} before their name was known); '
              f'{c["lines"]} lines and {c["asked"]} answers as they must be: '
              f'{len(self.wrong)} wrong')
        return not self.wrong


def check(args):
    checker = Checker(args.directory, args.output)
    checker.run(read_output(args.output))
    good = checker.report()
    for name, number in (('malformed modules tried', checker.counts['tried']),
                         ('malformed modules loaded, with the lines they must have',
                          checker.counts['loaded']),
                         ('malformed modules refused', checker.counts['refused']),
                         ('lines of malformed modules compared', checker.counts['lines']),
                         ('lookups in malformed modules', checker.counts['asked'])):
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
            elif how == 'refused' and kind == 'module' and rest.endswith(b' 0'):
                rest, done = rest[:-1] + b'8', True
            elif how == 'loaded' and kind == 'module' and not rest.endswith(b' 0'):
                rest, done = rest[:rest.rindex(b' ')] + b' 0', True
            elif how == 'silent' and kind == 'log' and SAID in rest:
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
    print(f'count {seen} kinds of mistakes the check of malformed modules was seen to see')
    return seen == len(kinds)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--blind', action='store_true')
    parser.add_argument('directory')
    parser.add_argument('output')
    args = parser.parse_args()
    return 0 if (blind if args.blind else check)(args) else 1


sys.exit(main())
