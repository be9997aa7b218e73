// SPDX-License-Identifier: GPL-2.0-or-later
/* The second of two functions that have one name. */
#include <linux/module.h>
#define TK_TWIN_EXPORTED_IS_STATIC
#include "types.h"

static noinline __noclone int tk_twin(int x)
{
	return x + 200;
}

/* What types_main.c exports is another one. */
static noinline __noclone int tk_twin_exported(int x)
{
	return x + 300;
}

noinline __noclone int tk_call_twin(int x)
{
	return tk_twin(x) + tk_twin_exported(0) - 299;
}
