// SPDX-License-Identifier: GPL-2.0
/* A module with the longest name there can be: of 55 bytes. */
#include <linux/module.h>
#include "types.h"

noinline __noclone int tk_long_name_function(int x)
{
	return x + 1;
}

MODULE_DESCRIPTION("Module symbol test: a long name");
MODULE_LICENSE("GPL");
