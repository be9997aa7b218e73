// SPDX-License-Identifier: GPL-2.0
/*
 * Does to itself what some modules do.  A parameter does it:
 *
 *	list		"del", "del_init", "del_rcu": takes the module off the list of modules;
 *			"head": puts it back, in front.  Nobody else loads meanwhile.
 *	num_symtab	is that of the core table; 0 clears all of that table
 */

#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/rculist.h>
#include <linux/string.h>
#include "types.h"

static struct list_head *modules;
static bool is_off;

static int change_list(const char *how, const struct kernel_param *kp)
{
	struct list_head *list = &THIS_MODULE->list;

	if (sysfs_streq(how, "head")) {
		if (!is_off)
			list_del(list);
		list_add_rcu(list, modules);
		is_off = false;
		return 0;
	}
	if (is_off)
		return -EBUSY;
	if (sysfs_streq(how, "del"))
		list_del(list);
	else if (sysfs_streq(how, "del_init"))
		list_del_init(list);
	else if (sysfs_streq(how, "del_rcu"))
		list_del_rcu(list);
	else
		return -EINVAL;
	is_off = true;
	return 0;
}

static const struct kernel_param_ops list_ops = { .set = change_list };
module_param_cb(list, &list_ops, NULL, 0200);

static int set_num_symtab(const char *number, const struct kernel_param *kp)
{
	struct mod_kallsyms *table = &THIS_MODULE->core_kallsyms;
	static struct mod_kallsyms saved;
	unsigned int entries;
	int ret = kstrtouint(number, 0, &entries);

	if (ret)
		return ret;
	if (table->num_symtab)
		saved = *table;
	*table = entries ? saved : (struct mod_kallsyms){};
	table->num_symtab = entries;
	return 0;
}

static int get_num_symtab(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%u\n", THIS_MODULE->core_kallsyms.num_symtab);
}

static const struct kernel_param_ops num_symtab_ops = {
	.set = set_num_symtab,
	.get = get_num_symtab,
};
module_param_cb(num_symtab, &num_symtab_ops, NULL, 0600);

noinline __noclone int tk_self_global(int x)
{
	return x + 1;
}

static noinline __noclone int tk_self_static(int x)
{
	return tk_self_global(x) + 1;
}

static int __init test_kallsyms_self_init(void)
{
	/* It is the first on the list now. */
	modules = THIS_MODULE->list.prev;
	return tk_self_static(0) != 2;
}

static void __exit test_kallsyms_self_exit(void)
{
}

module_init(test_kallsyms_self_init);
module_exit(test_kallsyms_self_exit);
MODULE_DESCRIPTION("Module symbol test: takes itself off the list, changes its num_symtab");
MODULE_LICENSE("GPL");
