// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replaces one of the three tc_same() of tc_work: the one in the place that
 * the parameter names, counted from 1. With 0 there has to be one only.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

static unsigned long sympos;
module_param(sympos, ulong, 0400);

static int tc_patch_same(void)
{
	return 4000;
}

static struct klp_func funcs[] = {
	{
		.old_name = "tc_same",
		.new_func = tc_patch_same,
	}, { }
};

static struct klp_object objs[] = {
	{
		.name = "tc_work",
		.funcs = funcs,
	}, { }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init tc_patch_init(void)
{
	funcs[0].old_sympos = sympos;
	return klp_enable_patch(&patch);
}
module_init(tc_patch_init);

static void __exit tc_patch_exit(void)
{
}
module_exit(tc_patch_exit);

MODULE_DESCRIPTION("For make test-clients: a livepatch by sympos");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
