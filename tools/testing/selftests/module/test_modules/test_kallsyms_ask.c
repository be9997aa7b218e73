// SPDX-License-Identifier: GPL-2.0
/*
 * Looks up what is written to a parameter; reading it gives the answer.
 *
 *	address		in hexadecimal: answers as %pS does
 *	name		"module:symbol", any bytes: answers with the value
 */

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static char address_answer[KSYM_SYMBOL_LEN];
static unsigned long name_answer;
static unsigned long (*look_up_name)(const char *name);

static int ask_address(const char *question, const struct kernel_param *kp)
{
	unsigned long address;
	int err = kstrtoul(question, 16, &address);

	if (!err)
		sprint_symbol(address_answer, address);
	return err;
}

static int answer_address(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", address_answer);
}

static int ask_name(const char *question, const struct kernel_param *kp)
{
	name_answer = look_up_name(question);
	return 0;
}

static int answer_name(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lx\n", name_answer);
}

static const struct kernel_param_ops address_ops = {
	.set = ask_address,
	.get = answer_address,
};

static const struct kernel_param_ops name_ops = {
	.set = ask_name,
	.get = answer_name,
};

module_param_cb(address, &address_ops, NULL, 0600);
module_param_cb(name, &name_ops, NULL, 0600);

/* It is not exported; kprobes have it by name. */
static int __init test_kallsyms_ask_init(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	int err = register_kprobe(&probe);

	if (err)
		return err;
	look_up_name = (void *)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

static void __exit test_kallsyms_ask_exit(void)
{
}

module_init(test_kallsyms_ask_init);
module_exit(test_kallsyms_ask_exit);
MODULE_DESCRIPTION("Looks up addresses and names for user space");
MODULE_LICENSE("GPL");
