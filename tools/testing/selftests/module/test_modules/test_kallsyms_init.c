// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module whose init takes its time, so that its symbols can be looked at
 * while it runs: it waits until /sys/module/.../parameters/proceed says Y.
 * With fail=1 it then fails.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>
#include "types.h"

static bool proceed;
module_param(proceed, bool, 0600);
static bool fail;
module_param(fail, bool, 0400);

int tk_initdata __initdata = 1;
int tk_lasting_data = 2;

noinline __noclone int tk_lasting_function(int x)
{
	return x + tk_lasting_data;
}

static noinline __noclone __init int tk_passing_function(int x)
{
	return x + tk_initdata;
}

static int __init tk_init(void)
{
	tk_lasting_data = tk_lasting_function(tk_passing_function(1));
	while (!READ_ONCE(proceed))
		msleep(20);
	return fail ? -EIO : 0;
}
module_init(tk_init);

static void __exit tk_exit(void)
{
}
module_exit(tk_exit);

MODULE_DESCRIPTION("Module symbol test: an init function that waits");
MODULE_LICENSE("GPL");
