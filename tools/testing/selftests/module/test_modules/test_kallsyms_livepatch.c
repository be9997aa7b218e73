// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replaces tk_twin() of test_kallsyms_types: the second of two static
 * functions of that name, which livepatch finds by counting symbols (sympos).
 */
#include <linux/init.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/printk.h>

static int tk_livepatch_twin(int x)
{
	pr_info("tk_twin is patched\n");
	return x + 300;
}

static struct klp_func funcs[] = {
	{
		.old_name = "tk_twin",
		.new_func = tk_livepatch_twin,
		.old_sympos = 2,
	}, { }
};

static struct klp_object objs[] = {
	{
		.name = "test_kallsyms_types",
		.funcs = funcs,
	}, { }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init tk_livepatch_init(void)
{
	return klp_enable_patch(&patch);
}
module_init(tk_livepatch_init);

static void __exit tk_livepatch_exit(void)
{
}
module_exit(tk_livepatch_exit);

MODULE_DESCRIPTION("Module symbol test: a livepatch");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
