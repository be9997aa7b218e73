// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/compiler.h>
#include "work.h"

static noinline __noclone int tc_same(void)
{
	barrier();
	return 1;
}

int tc_same_first(void)
{
	return tc_same();
}
