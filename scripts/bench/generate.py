#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Print the C source of a module whose core symbol table has N entries.

generate.py N COMMON

Of every four symbols two are static functions, one is a global function and
one an object; the other ten are COMMON that every module has in such a kernel
(entry 0, __this_module, ...), filled up with objects. Names are of 8 to 36 characters, those of global
functions, which end the table, of 20 to 36. The same N gives the same source.
"""

import random
import sys

OTHER = 10

WORDS = ["alloc", "attr", "bitmap", "block", "bmap", "btree", "cache", "check", "clear", "commit",
         "copy", "create", "delete", "dir", "entry", "extent", "find", "flush", "free", "group",
         "inode", "insert", "iter", "journal", "key", "leaf", "link", "list", "lock", "log",
         "lookup", "map", "mark", "node", "offset", "page", "quota", "range", "read", "record",
         "release", "remove", "rename", "root", "scan", "search", "set", "size", "split", "stat",
         "store", "sync", "table", "trans", "tree", "update", "value", "verify", "write"]

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def tag(i):
    """Four characters that no other symbol has."""
    out = ""
    for _ in range(4):
        out = DIGITS[i % 36] + out
        i //= 36
    return out


def make_name(i, length):
    if length < 16:
        return ("kb_" + tag(i) + "_" + random.choice(WORDS) * 4)[:length]
    words = "kbench"
    while len(words) < length:
        words += "_" + random.choice(WORDS)
    # Whole words make names more alike than cut ones, as they are in life.
    return words[:length - 5] + "_" + tag(i)


def main():
    n, common = map(int, sys.argv[1:])
    groups, rest = divmod(n - OTHER, 4)
    assert not rest, "N must be a multiple of four and ten"
    random.seed(n)

    print("#include <linux/module.h>\n")
    for i in range(groups):
        names = [make_name(4 * i + j, random.randint(20 if j == 2 else 8, 36))
                 for j in range(4)]
        # No two bodies are the same: they would be made one.
        for j, kind in enumerate(("static __used noinline",) * 2 + ("noinline",)):
            if j == 2:
                print(f"int {names[j]}(int x);")
            print(f"{kind} int {names[j]}(int x) {{ return x ^ {3 * i + j + 1}; }}")
        print(f"static __used int {names[3]} = {i + 1};")
    for i in range(OTHER - common):
        print(f"static __used int kb_other_{i} = {i + 1};")
    print("""
static int __init kbench_init(void) { return 0; }
static void __exit kbench_exit(void) { }
module_init(kbench_init);
module_exit(kbench_exit);
MODULE_DESCRIPTION("a symbol table to measure");
MODULE_LICENSE("GPL");""")


main()
