// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a stack trace through its own functions when it is asked to. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include "types.h"

noinline __noclone int tk_trace_inner(int x)
{
	dump_stack();
	return x + 1;
}

static noinline __noclone int tk_trace_outer(int x)
{
	return tk_trace_inner(x) + 1;
}

static int tk_trace_set(const char *val, const struct kernel_param *kp)
{
	/* Bit 0 of a pointer to a function says that it is Thumb code. */
	const void *inner = (void *)tk_trace_inner - IS_ENABLED(CONFIG_THUMB2_KERNEL);

	pr_info("inner is %pS, by %ps\n", inner, tk_trace_outer);
	return tk_trace_outer(1) == 3 ? 0 : -EINVAL;
}

static const struct kernel_param_ops tk_trace_ops = { .set = tk_trace_set };
module_param_cb(now, &tk_trace_ops, NULL, 0200);

MODULE_DESCRIPTION("Module symbol test: a stack trace");
MODULE_LICENSE("GPL");
