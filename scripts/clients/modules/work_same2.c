// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/compiler.h>
#include "work.h"

static noinline __noclone int tc_same(void)
{
	barrier();
	return 20;
}

int tc_same_second(void)
{
	return tc_same();
}
