#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Rows of results, the sums of what was counted, and the verdict.

results.py PASSED [FAILED...]: so many have passed, these have failed; stdin has
lines "NUMBER OF-WHAT" to add up
"""

import math
import sys


def ratio(share):
    """The rewrite's share of stock's figure."""
    if share >= 0.1:
        return f'{share:.4f}' if share < math.inf else '-'
    if not share:
        return '0'
    # Three digits, of small ones two
    return f'{share:.{(2 if share >= 0.001 else 1) - math.floor(math.log10(share))}f}'


class Results:
    """Prints rows that are right or wrong, and counts them."""

    def __init__(self):
        self.passed = 0
        self.failed = []

    def row(self, what, good, name=None):
        """WHAT is printed; a row that is wrong is called NAME in the end."""
        print(f'  {"ok" if good else "FAIL":5} {what}')
        if good:
            self.passed += 1
        else:
            self.failed.append(name or what)

    def verdict(self):
        """Returns the exit status."""
        print(f'\n{self.passed} passed, {len(self.failed)} failed')
        for what in self.failed:
            print(f'  failed: {what}')
        return 1 if self.failed or not self.passed else 0


def main():
    sums = {}
    for line in sys.stdin:
        number, what = line.rstrip('\n').split(' ', 1)
        sums[what] = sums.get(what, 0) + int(number)
    if sums:
        print()
    for what, number in sums.items():
        print(f'  {what:<52} {number:12}')
    results = Results()
    results.passed, results.failed = int(sys.argv[1]), sys.argv[2:]
    return results.verdict()


if __name__ == '__main__':
    sys.exit(main())
