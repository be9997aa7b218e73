// SPDX-License-Identifier: GPL-2.0-or-later
/* What tc_work depends on. */
#include <linux/module.h>
#include "work.h"

int tc_base_add(int a, int b)
{
	return a + b;
}
EXPORT_SYMBOL_GPL(tc_base_add);

MODULE_DESCRIPTION("For make test-clients: a dependency");
MODULE_LICENSE("GPL");
