// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module for clients of module symbols to look at. Its parameters:
 *
 *	burn=N	tc_burn() spins for N milliseconds, with tc_caller() above it
 *	many=1	calls tc_many_0() to tc_many_7()
 *	object	tc_object, in decimal digits
 *	same	the sum of what the three functions called tc_same() return
 *	stop=1	breaks into the kernel's debugger, below tc_caller()
 */
#include <linux/jiffies.h>
#include <linux/kgdb.h>
#include <linux/module.h>
#include "work.h"

/* What a debugger can read by name. */
unsigned long tc_object = 0x7a6b5c4d3e2f1a0b;
static int tc_count;

static noinline __noclone int tc_burn(int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	int turns = 0;

	while (time_before(jiffies, end))
		turns++;
	return turns;
}

static noinline __noclone int tc_stop(int unused)
{
	kgdb_breakpoint();
	return 0;
}

static noinline __noclone int tc_caller(int (*what)(int), int arg)
{
	return what(arg) + tc_base_add(1, 2);
}

#define MANY(n)								\
static noinline __noclone int tc_many_##n(int x)			\
{									\
	barrier();							\
	return x + n;							\
}
MANY(0) MANY(1) MANY(2) MANY(3) MANY(4) MANY(5) MANY(6) MANY(7)

static int tc_burn_set(const char *val, const struct kernel_param *kp)
{
	int ms, err = kstrtoint(val, 0, &ms);

	if (err)
		return err;
	tc_count = tc_caller(tc_burn, ms);
	return 0;
}

static int tc_many_set(const char *val, const struct kernel_param *kp)
{
	tc_count = tc_many_0(0) + tc_many_1(0) + tc_many_2(0) + tc_many_3(0) +
		   tc_many_4(0) + tc_many_5(0) + tc_many_6(0) + tc_many_7(0);
	return 0;
}

static int tc_same_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", tc_same_first() + tc_same_second() +
			  tc_same_third());
}

static int tc_stop_set(const char *val, const struct kernel_param *kp)
{
	tc_count = tc_caller(tc_stop, 0);
	return 0;
}

/* One array, so that a debugger that is asked for words finds them in this order. */
static const struct kernel_param_ops tc_ops[] = {
	{ .set = tc_burn_set }, { .set = tc_many_set }, { .get = tc_same_get },
	{ .set = tc_stop_set },
};
module_param_named(object, tc_object, ulong, 0600);
module_param_cb(burn, &tc_ops[0], NULL, 0200);
module_param_cb(many, &tc_ops[1], NULL, 0200);
module_param_cb(same, &tc_ops[2], NULL, 0400);
module_param_cb(stop, &tc_ops[3], NULL, 0200);

MODULE_DESCRIPTION("For make test-clients: functions to look up");
MODULE_LICENSE("GPL");
