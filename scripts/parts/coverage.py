#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Is each line run, and does each branch go both ways?

  coverage.py SOURCE TEST EXPORT...

EXPORT is what "llvm-cov export -skip-functions" says of SOURCE after a run of
its KUnit suite, of several configurations. What none of them reaches has to be
in the comment in TEST that begins "Not reached": a piece of the line, tabs, and
why. Where that is the way into an if, the line below it is not reached, either.
"""

import json
import re
import sys


def excuses(path):
    with open(path, encoding='utf-8') as f:
        comment = re.search(r'/\*\n \* Not reached.*?\*/', f.read(), re.DOTALL)
    if not comment:
        return {}
    found = re.findall(r'^ \*\t(\S.*?)\t+(\S.*)$', comment.group(0), re.MULTILINE)
    return dict(found)


def line_counts(segments, lines):
    """Most often that any part of each line was run; lines without code are out."""
    counts = {}
    for (line, _, count, has_count, is_entry, is_gap), (end, *_) in \
            zip(segments, segments[1:] + [[len(lines), 0]]):
        if not has_count or is_gap:
            continue
        # A region counts for a line if it begins there or has all of it.
        for number in range(line if is_entry else line + 1, end + (end == line)):
            counts[number] = max(counts.get(number, 0), count)
    return {number: count for number, count in counts.items()
            if re.search(r'[A-Za-z]', lines[number - 1])}


def main():
    source, test, *exports = sys.argv[1:]
    with open(source, encoding='utf-8') as f:
        lines = f.read().split('\n')
    run, ways = {}, {}
    for path in exports:
        with open(path, encoding='utf-8') as f:
            files = json.load(f)['data'][0]['files']
        data = next(d for d in files if d['filename'].endswith('kernel/module/kallsyms.c'))
        for number, count in line_counts(data['segments'], lines).items():
            run[number] = run.get(number, 0) + count
        for line, col, _, end, true, false, *_ in data['branches']:
            at = line, col, end
            before = ways.get(at, (0, 0))
            ways[at] = before[0] + true, before[1] + false

    unused = excuses(test)
    allowed = dict(unused)
    missed = []

    below = set()

    def miss(number, what):
        for piece in allowed:
            if piece in lines[number - 1]:
                unused.pop(piece, None)
                return True
        missed.append(f'{number}: {what}: {lines[number - 1].strip()}')
        return False

    for (number, col, end), (true, false) in sorted(ways.items()):
        if true and false:
            continue
        # A condition that is constant is no branch.
        if re.search(r'IS_ENABLED\(', lines[number - 1]) and not true and not false:
            continue
        what = lines[number - 1][col - 1:end - 1]
        if miss(number, f'{"always" if true else "never"} "{what}"') and \
           lines[number - 1].strip() == f'if ({what})' and not true:
            below.add(number + 1)
    for number, count in sorted(run.items()):
        if not count and number not in below:
            miss(number, 'never run')
    for line in missed:
        print(line)
    for piece in unused:
        print(f'said not to be reached, but it is: {piece}')
    print(f'{len(run)} lines and {2 * len(ways)} sides of branches, {len(missed)} not reached, '
          f'{len(allowed)} places excused')
    if not missed and not unused:
        print(f'count {len(run)} lines of kallsyms.c run by KUnit')
        print(f'count {2 * len(ways)} sides of branches of kallsyms.c, all but '
              f'{len(allowed)} places taken')
    return bool(missed or unused)


if __name__ == '__main__':
    sys.exit(main())
