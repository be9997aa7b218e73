/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel does not export: kprobes have kallsyms_lookup_name(), and that the rest. */

#include <linux/kprobes.h>

static unsigned long (*lookup_name)(const char *name);

/* Bit 0 of a pointer to a function says that it is Thumb code, and a value lacks it. */
static inline void *function_at(unsigned long value)
{
	return value ? (void *)value + IS_ENABLED(CONFIG_THUMB2_KERNEL) : NULL;
}

static inline int find_lookup_name(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	int ret = register_kprobe(&probe);

	if (ret)
		return ret;
	lookup_name = function_at((unsigned long)probe.addr);
	unregister_kprobe(&probe);
	return 0;
}
