#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Kernel configurations in which every pair of settings occurs.

  configs.py list             their names, one a line: NUMBER ARCH KUNIT
  configs.py write N          configuration N as a fragment
  configs.py check N CONFIG   has .config what configuration N wants?
  configs.py pairs CONFIG...  does every possible pair occur in these?

"pairs" fails if an option is added to OPTIONS and ROWS are not enough.
"""

import itertools
import sys

OPTIONS = {
    'KALLSYMS_ALL': 'ny',
    'MODULE_UNLOAD': 'ny',
    'LIVEPATCH': 'ny',
    'STACKTRACE_BUILD_ID': 'ny',
    'MODULES_TREE_LOOKUP': 'ny',
    'SMP': 'ny',
    'MODVERSIONS': 'ny',
    'KUNIT': 'nmy',
}

# An architecture, and a setting of each option in turn. x86-64 always selects PERF_EVENTS,
# and with it MODULES_TREE_LOOKUP; arm has no livepatch, and words of 32 bits.
ROWS = [(arch, dict(zip(OPTIONS, settings))) for arch, settings in (
    ('x86_64', 'nnnnynnn'),
    ('arm', 'yynynyym'),
    ('x86_64', 'ynynyyyy'),
    ('arm', 'nynynnny'),
    ('x86_64', 'yyyyynnm'),
    ('arm', 'nnnnnyyn'),
    ('x86_64', 'ynyyynyn'),
    ('arm', 'nnnnyynm'),
    ('x86_64', 'nynnynnn'),
)]

# Kconfig rules these pairs out.
IMPOSSIBLE = (
    (('LIVEPATCH', 'y'), ('KALLSYMS_ALL', 'n'), 'LIVEPATCH depends on KALLSYMS_ALL'),
    (('LIVEPATCH', 'y'), ('MODULES_TREE_LOOKUP', 'n'),
     'DYNAMIC_FTRACE comes with FTRACE, and that with TRACING and MODULES_TREE_LOOKUP'),
)

# Beyond tinyconfig: what the options above depend on, and a kernel in which
# all of kernel/module/ makes sense.
BASE = '''
CONFIG_MODULES=y
CONFIG_KALLSYMS=y
CONFIG_DEBUG_KERNEL=y
CONFIG_PRINTK=y
CONFIG_BUG=y
CONFIG_PROC_FS=y
CONFIG_SYSFS=y
CONFIG_DEBUG_FS=y
# CONFIG_WERROR is not set
'''
ARCH_BASE = {
    'x86_64': 'CONFIG_64BIT=y\n',
    'arm': 'CONFIG_MMU=y\nCONFIG_ARCH_MULTIPLATFORM=y\nCONFIG_ARCH_MULTI_V7=y\n',
}
TRACING = '''
CONFIG_FTRACE=y
CONFIG_FUNCTION_TRACER=y
CONFIG_DYNAMIC_FTRACE=y
'''


def pairs(row):
    return set(itertools.combinations(sorted(row.items()), 2))


def setting(name, value):
    return f'# CONFIG_{name} is not set' if value == 'n' else \
           f'CONFIG_{name}={value}'


def fragment(arch, row):
    tracing = row.get('LIVEPATCH') == 'y' or \
              row.get('MODULES_TREE_LOOKUP') == 'y'
    lines = [BASE + ARCH_BASE[arch] + (TRACING if tracing else '')]
    lines += [setting(name, value) for name, value in row.items()
              if name != 'MODULES_TREE_LOOKUP']
    if row.get('KUNIT') == 'y':
        lines.append(setting('MODULE_KALLSYMS_KUNIT_TEST', 'y'))
    return '\n'.join(lines) + '\n'


def read_config(path):
    found = dict.fromkeys(OPTIONS, 'n')
    with open(path, encoding='utf-8') as f:
        for line in f:
            name, _, value = line.rstrip('\n').partition('=')
            if name[len('CONFIG_'):] in OPTIONS:
                found[name[len('CONFIG_'):]] = value
    return found


def say(pair):
    return ' with '.join(f'{name}={value}' for name, value in pair)


def check_pairs(paths):
    """Count the pairs in the .config files, not those that were asked for."""
    want = set(itertools.chain.from_iterable(
        itertools.product(*([(name, value) for value in OPTIONS[name]]
                            for name in names))
        for names in itertools.combinations(sorted(OPTIONS), 2)))
    for one, other, why in IMPOSSIBLE:
        pair = tuple(sorted((one, other)))
        want.remove(pair)
        print(f'impossible: {say(pair)}: {why}')
    seen = set().union(*(pairs(read_config(path)) for path in paths))
    missing = sorted(want - seen)
    for pair in missing:
        print(f'no configuration has {say(pair)}')
    for pair in sorted(seen - want):
        print(f'not impossible at all: {say(pair)}')
    print(f'count {len(want & seen)} pairs of settings that occur')
    return not missing and not seen - want


def main(verb, *args):
    if verb == 'list':
        for number, (arch, row) in enumerate(ROWS):
            print(number, arch, row['KUNIT'])
    elif verb == 'write':
        print(fragment(*ROWS[int(args[0])]))
    elif verb == 'check':
        want, have = ROWS[int(args[0])][1], read_config(args[1])
        for name in OPTIONS:
            print(f'{name}={have[name]}' +
                  ('' if have[name] == want[name] else
                   f', and {want[name]} was asked for'))
        return have == want
    elif verb == 'pairs':
        return check_pairs(args)
    else:
        raise SystemExit(__doc__)
    return True


if __name__ == '__main__':
    sys.exit(0 if main(*sys.argv[1:]) else 1)
