// SPDX-License-Identifier: GPL-2.0-or-later
/* A function for fentry.bpf.c; reading the parameter calls it. */
#include <linux/module.h>

static noinline __noclone int tc_fentry_target(int x)
{
	barrier();
	return x + 1;
}

static int tc_fentry_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", tc_fentry_target(41));
}

static const struct kernel_param_ops tc_fentry_ops = { .get = tc_fentry_get };
module_param_cb(call, &tc_fentry_ops, NULL, 0400);

MODULE_DESCRIPTION("For make test-clients: a function that BPF enters");
MODULE_LICENSE("GPL");
