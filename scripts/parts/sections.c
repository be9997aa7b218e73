// SPDX-License-Identifier: GPL-2.0
/* SECTIONS functions, each in a section of its own. */
#include <linux/module.h>
#include <linux/stringify.h>

asm(".altmacro\n"
    ".macro tk_function n\n"
    ".section tk\\n, \"ax\"\n"
    "tk_function_\\n: .skip 16\n"
    ".endm\n"
    ".set i, 0\n"
    ".rept " __stringify(SECTIONS) "\n"
    "tk_function %i\n"
    ".set i, i + 1\n"
    ".endr\n"
    ".noaltmacro\n"
    ".text\n");

MODULE_DESCRIPTION("For make test-matrix: very many sections");
MODULE_LICENSE("GPL");
