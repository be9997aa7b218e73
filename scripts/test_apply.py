#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Does patch-tree do what it says?

TREE=... scripts/test_apply.py [-v] [Apply.test_...]: in a small tree of those files of
TREE, a kernel source tree, that it touches.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
FROM = Path(os.environ['TREE'])
# Which edits fit it; a release that they fit, too, and one that they do not
CURRENT = (FROM / 'lib/tests/module').is_dir()
NEARER, FARTHER = ((7, 1), (6, 16)) if CURRENT else ((6, 16), (6, 17))
KALLSYMS = 'kernel/module/kallsyms.c'
SUITE = 'lib/tests/module_kallsyms_kunit.c'
HEADER = 'include/linux/module.h'


def patch_tree(verb, tree, here=HERE):
    return subprocess.run([here / 'scripts/patch-tree', verb, tree], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


PATHS = ['Makefile', 'kernel/module/main.c', *patch_tree('paths', FROM).stdout.split()]


def contents(tree):
    """Type, mode and bytes of all that is in it."""
    return {str(path.relative_to(tree)): (path.lstat().st_mode,
                                          path.read_bytes() if path.is_file() else None)
            for path in tree.rglob('*')}


class Apply(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = Path(scratch.name)
        self.tree = self.scratch / 'tree'
        self.state = self.tree / '.module-kallsyms.gz'
        for path in PATHS:
            if (FROM / path).is_file():
                (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(FROM / path, self.tree / path)
        self.remember()

    def remember(self):
        self.before = contents(self.tree)

    def unchanged(self):
        now = contents(self.tree)
        self.assertEqual([], sorted(path for path in now.keys() | self.before.keys()
                                    if now.get(path) != self.before.get(path)))

    def times(self):
        return {path: path.stat().st_mtime_ns for path in self.tree.rglob('*') if path.is_file()}

    def edit(self, path, pattern, text):
        file = self.tree / path
        old = file.read_text()
        new = re.sub(pattern, text, old, count=1, flags=re.MULTILINE)
        self.assertNotEqual(new, old)
        file.write_text(new)

    def release(self, version, patchlevel):
        self.edit('Makefile', r'^VERSION = .*\nPATCHLEVEL = .*',
                  f'VERSION = {version}\nPATCHLEVEL = {patchlevel}')
        self.remember()

    def does(self, verb):
        done = patch_tree(verb, self.tree)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def refuses(self, done, pattern):
        """It fails, says why, and leaves the tree as it was."""
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout, pattern)
        self.unchanged()

    def apply_refuses(self, pattern):
        self.refuses(patch_tree('apply', self.tree), pattern)

    def copy(self):
        """make run KDIR=T begins with this."""
        return subprocess.run([HERE / 'scripts/lib/kernel-tree'], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=dict(os.environ, KDIR=str(self.tree),
                                       BUILD=str(self.scratch / 'build')))

    def in_place(self):
        for path in KALLSYMS, SUITE:
            self.assertEqual((self.tree / path).read_bytes(), (HERE / path).read_bytes())
        for paths, text in (([HEADER], 'struct mod_kallsyms - '),
                            (['kernel/module/internal.h'], 'elf_validity_symtab'),
                            (['lib/Kconfig.debug'], 'MODULE_KALLSYMS_KUNIT_TEST'),
                            (['lib/Makefile', 'lib/tests/Makefile'], 'MODULE_KALLSYMS_KUNIT_TEST'),
                            (['MAINTAINERS'], 'MODULE SYMBOL TABLES')):
            both = ''.join((self.tree / path).read_text() for path in paths
                           if (self.tree / path).is_file())
            self.assertEqual(both.count(text), 1, text)

    def test_apply_and_revert(self):
        self.does('apply')
        self.in_place()
        self.does('revert')
        self.unchanged()

    def test_apply_twice_touches_nothing(self):
        self.does('apply')
        before = self.times()
        self.does('apply')
        self.assertEqual(self.times(), before)

    def test_revert_twice(self):
        self.does('apply')
        self.does('revert')
        self.does('revert')
        self.unchanged()

    def test_release_that_was_tried(self):
        said = self.does('apply')
        self.assertEqual(said.count('\n'), 1)
        if not CURRENT:
            self.assertIn(said.split(': ')[1], (HERE / 'README.md').read_text())

    def test_another_release_of_the_same_series(self):
        self.edit('Makefile', '^SUBLEVEL = .*', 'SUBLEVEL = 999')
        self.assertRegex(self.does('apply'), 'nobody has run it')

    def test_older_release(self):
        self.release(6, 11)
        self.apply_refuses('Linux 6.11, this is for 6.12 and later')
        self.refuses(self.copy(), 'Linux 6.11, this is for 6.12 and later')

    def test_nearer_release(self):
        self.release(*NEARER)
        self.assertRegex(self.does('apply'), 'nobody has run it')
        self.in_place()

    def test_release_that_the_edits_do_not_fit(self):
        self.release(*FARTHER)
        self.apply_refuses('does not fit|is missing|not ours')

    def test_file_that_is_not_ours(self):
        file = self.tree / 'tools/testing/selftests/module/functions.sh'
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("another's\n")
        self.remember()
        self.apply_refuses('functions.sh is in .* already, and not ours')

    def test_edit_that_does_not_fit(self):
        self.edit(HEADER, r'^struct mod_kallsyms \{', 'struct mod_kallsyms\n{')
        self.remember()
        self.apply_refuses('include/linux/module.h: our edit')
        self.refuses(self.copy(), 'include/linux/module.h: our edit')

    def test_copy(self):
        self.assertEqual(self.copy().returncode, 0)
        self.unchanged()

    def test_missing_file(self):
        (self.tree / 'tools/testing/selftests/Makefile').unlink()
        self.remember()
        self.apply_refuses('selftests/Makefile is missing')

    def test_no_kernel_tree(self):
        (self.tree / 'Makefile').unlink()
        self.remember()
        self.apply_refuses('not a kernel source tree')

    def test_no_directory(self):
        self.refuses(patch_tree('apply', self.scratch / 'nowhere'), 'is no directory')

    def test_below_a_repository(self):
        """Git would take paths from that one's root, and apply nothing."""
        subprocess.run(['git', 'init', '-q', self.scratch], check=True)
        self.does('apply')
        self.in_place()
        self.does('revert')
        self.unchanged()

    def test_hard_links(self):
        """A tree that shares its files with this one stays as it is."""
        twin = self.scratch / 'twin'
        shutil.copytree(self.tree, twin, copy_function=os.link)
        self.does('apply')
        self.assertEqual(contents(twin), self.before)

    def test_no_stock_file_to_grep(self):
        self.does('apply')
        stock = (FROM / KALLSYMS).read_bytes().splitlines()
        line = max(set(stock) - set((HERE / KALLSYMS).read_bytes().splitlines()), key=len)
        for path, (_, data) in contents(self.tree).items():
            self.assertFalse(data and line in data, path)

    # A call that was stopped after any number of files is not finished unasked.

    def take_back(self, *paths):
        for path in paths:
            (self.tree / path).write_bytes((FROM / path).read_bytes())

    def stopped(self):
        self.does('apply')
        self.take_back(KALLSYMS, HEADER)
        (self.tree / SUITE).unlink()
        before, self.before = self.before, contents(self.tree)
        for verb in 'apply', 'revert':
            self.refuses(patch_tree(verb, self.tree), 'patch-tree mend')
        self.before = before

    def test_mend_after_a_stopped_apply(self):
        self.stopped()
        self.does('mend')
        self.unchanged()
        self.does('apply')
        self.in_place()

    def test_mend_of_a_file_that_is_missing(self):
        self.stopped()
        (self.tree / KALLSYMS).unlink()
        self.assertRegex(patch_tree('mend', self.tree).stdout, f'what they were: {KALLSYMS};')
        self.take_back(KALLSYMS)
        self.does('mend')
        self.unchanged()

    def older_version(self):
        """A copy of this repository with an older file, and one that is gone by now."""
        older = self.scratch / 'older'
        shutil.copytree(HERE, older,
                        ignore=shutil.ignore_patterns('build', '.git', '__pycache__'))
        with open(older / KALLSYMS, 'a', encoding='utf-8') as f:
            f.write('/* older */\n')
        (older / 'lib/tests/gone').mkdir()
        (older / 'lib/tests/gone/file').write_text('gone\n')
        return older

    def test_apply_over_an_older_version(self):
        self.assertEqual(patch_tree('apply', self.tree, self.older_version()).returncode, 0)
        self.assertTrue((self.tree / 'lib/tests/gone/file').exists())
        self.does('apply')
        self.in_place()
        self.assertFalse((self.tree / 'lib/tests/gone').exists())
        self.does('revert')
        self.unchanged()

    def test_edit_of_the_users(self):
        self.does('apply')
        self.edit(KALLSYMS, '^#include <linux/module.h>', '/* mine */')
        self.remember()
        for verb in 'revert', 'apply':
            self.refuses(patch_tree(verb, self.tree), f'what they were: {KALLSYMS};')

    def test_state_of_the_version_before(self):
        (self.tree / '.module-kallsyms').mkdir()
        self.remember()
        self.apply_refuses('an older version of this')


if __name__ == '__main__':
    unittest.main()
