// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One symbol, at least, of every type letter that a module can make.
 * test-types.sh has the list of what /proc/kallsyms must say of them.
 */
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include "types.h"

int tk_data = 1;
static int tk_static_data __used = 2;
int tk_bss;
static int tk_static_bss __used;
const int tk_rodata = 3;
static const int tk_static_rodata __used = 4;
int tk_ro_after_init __ro_after_init = 5;
int tk_read_mostly __read_mostly = 6;
int tk_weak_data __weak = 7;
DEFINE_PER_CPU(int, tk_percpu) = 8;
/* Where tk_percpu is weak.  The second name is that of Linux 6.12. */
#if defined(CONFIG_ARCH_MODULE_NEEDS_WEAK_PER_CPU) || defined(ARCH_NEEDS_WEAK_PER_CPU)
int tk_percpu_is_weak;
#endif
int tk_init_data __initdata = 9;
const int tk_init_rodata __initconst = 10;

int tk_data_exported = 11;
EXPORT_SYMBOL(tk_data_exported);
int tk_data_exported_gpl = 12;
EXPORT_SYMBOL_GPL(tk_data_exported_gpl);
int tk_bss_exported;
EXPORT_SYMBOL(tk_bss_exported);
const int tk_rodata_exported = 13;
EXPORT_SYMBOL(tk_rodata_exported);
int tk_weak_data_exported __weak = 14;
EXPORT_SYMBOL(tk_weak_data_exported);
DEFINE_PER_CPU(int, tk_percpu_exported) = 15;
EXPORT_PER_CPU_SYMBOL(tk_percpu_exported);

static noinline __noclone int tk_static_function(int x)
{
	return x + tk_static_data + tk_static_bss + tk_static_rodata;
}

/* types_twin.c has one of the same name. */
static noinline __noclone int tk_twin(int x)
{
	return x + 100;
}

noinline __noclone int tk_function(int x)
{
	return tk_static_function(x) + tk_twin(x);
}

int tk_function_alias(int x) __alias(tk_function);

/* types_twin.c has a static one of the same name. */
noinline __noclone int tk_twin_exported(int x)
{
	return x + 5;
}
EXPORT_SYMBOL(tk_twin_exported);

int tk_twin_exported_alias(int x) __alias(tk_twin_exported);

noinline __noclone int tk_function_in_namespace(int x)
{
	return x + 6;
}
EXPORT_SYMBOL_NS(tk_function_in_namespace, "TK");

noinline __noclone int tk_function_exported(int x)
{
	return tk_function(x) + 1;
}
EXPORT_SYMBOL(tk_function_exported);

noinline __noclone int tk_function_exported_gpl(int x)
{
	return tk_function(x) + 2;
}
EXPORT_SYMBOL_GPL(tk_function_exported_gpl);

noinline __weak int tk_weak_function(int x)
{
	return x + 3;
}

noinline __weak int tk_weak_function_exported(int x)
{
	return x + 4;
}
EXPORT_SYMBOL(tk_weak_function_exported);

/* Which tk_twin() is which shows when a livepatch has replaced one. */
static int tk_twins_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%d %d\n", tk_twin(1), tk_call_twin(1));
}

static const struct kernel_param_ops tk_twins_ops = { .get = tk_twins_get };
module_param_cb(twins, &tk_twins_ops, NULL, 0400);

static noinline __noclone __init int tk_init_function(int x)
{
	return x + tk_init_data + tk_init_rodata;
}

static noinline __noclone __exit int tk_exit_function(int x)
{
	return x + this_cpu_read(tk_percpu);
}

static int __init tk_init(void)
{
	tk_bss = tk_init_function(tk_function_alias(1)) + tk_call_twin(2) +
		 tk_weak_function(3) + tk_weak_function_exported(4);
	return 0;
}
module_init(tk_init);

static void __exit tk_exit(void)
{
	tk_bss = tk_exit_function(5);
}
module_exit(tk_exit);

MODULE_DESCRIPTION("Module symbol test: every type letter");
MODULE_LICENSE("GPL");
