// SPDX-License-Identifier: GPL-2.0
/*
 * Looks up what is written to a parameter; reading it gives the answer.
 *
 *	address		in hexadecimal: answers as %pS does
 *	return_address	as %pB does
 *	build_id	as %pSb does
 *	name		"module:symbol", any bytes: answers with the value
 *	module		its name: answers with the named entries of mod->kallsyms, and of
 *			mod->core_kallsyms, counted each time the module changed its state
 *			since it was asked
 */

#include <linux/kallsyms.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include "lookup_name.h"

static unsigned long address;
static unsigned long name_answer;
static char module_name[MODULE_NAME_LEN], module_answer[256];

static int ask_address(const char *question, const struct kernel_param *kp)
{
	return kstrtoul(question, 16, &address);
}

static int answer_address(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, kp->arg, (void *)address);
}

static int ask_name(const char *question, const struct kernel_param *kp)
{
	name_answer = lookup_name(question);
	return 0;
}

static int answer_name(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lx\n", name_answer);
}

static int ask_module(const char *question, const struct kernel_param *kp)
{
	strscpy(module_name, question, sizeof(module_name));
	module_name[strcspn(module_name, "\n")] = '\0';
	module_answer[0] = '\0';
	return 0;
}

static int answer_module(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", module_answer);
}

static unsigned int named_entries(const struct mod_kallsyms *table)
{
	unsigned int i, n = 0;

	for (i = 0; i < table->num_symtab; i++)
		n += table->strtab[table->symtab[i].st_name] != '\0';
	return n;
}

static int count_entries(struct notifier_block *nb, unsigned long state, void *data)
{
	static const char * const names[] = {
		[MODULE_STATE_LIVE] = "live", [MODULE_STATE_COMING] = "coming",
		[MODULE_STATE_GOING] = "going",
	};
	const struct module *mod = data;
	const size_t end = strlen(module_answer);
	unsigned int n;

	if (strcmp(mod->name, module_name))
		return NOTIFY_DONE;
	rcu_read_lock();
	n = named_entries(rcu_dereference(mod->kallsyms));
	rcu_read_unlock();
	snprintf(module_answer + end, sizeof(module_answer) - end, "%s%s %u %u", end ? " " : "",
		 names[state], n, named_entries(&mod->core_kallsyms));
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = count_entries };

static const struct kernel_param_ops address_ops = {
	.set = ask_address,
	.get = answer_address,
};

static const struct kernel_param_ops name_ops = {
	.set = ask_name,
	.get = answer_name,
};

static const struct kernel_param_ops module_ops = {
	.set = ask_module,
	.get = answer_module,
};

module_param_cb(address, &address_ops, "%pS\n", 0600);
module_param_cb(return_address, &address_ops, "%pB\n", 0600);
module_param_cb(build_id, &address_ops, "%pSb\n", 0600);
module_param_cb(name, &name_ops, NULL, 0600);
module_param_cb(module, &module_ops, NULL, 0600);

static int __init test_kallsyms_ask_init(void)
{
	return find_lookup_name() ?: register_module_notifier(&notifier);
}

static void __exit test_kallsyms_ask_exit(void)
{
	unregister_module_notifier(&notifier);
}

module_init(test_kallsyms_ask_init);
module_exit(test_kallsyms_ask_exit);
MODULE_DESCRIPTION("Looks up addresses and names for user space");
MODULE_LICENSE("GPL");
