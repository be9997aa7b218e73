/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of a victim but its RACE_ID, a letter, and how many RACE_SYMBOLS of each
 * kind it has. See race.h.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/objtool.h>
#include <linux/stringify.h>
#include "race.h"

static unsigned int sleep;
module_param(sleep, uint, 0400);
MODULE_PARM_DESC(sleep, "milliseconds that init takes");
static bool fail;
module_param(fail, bool, 0400);
MODULE_PARM_DESC(fail, "let init fail");
static unsigned int hide;
module_param(hide, uint, 0400);
MODULE_PARM_DESC(hide, "milliseconds of init in which it is not on the list of modules");
static bool stays;
module_param(stays, bool, 0400);
MODULE_PARM_DESC(stays, "not unloaded while lookups go on: they must find it");

/* Nobody calls or reads any of them; 0xcc is a trap on x86. */
#define RACE_DEFINE(section, annotate, kind, unit)			\
	asm(".pushsection " section "\n"				\
	    "	.p2align 12, 0xcc\n"					\
	    annotate							\
	    "	.altmacro\n"						\
	    "	.macro race_symbol n\n"					\
	    "	race_" __stringify(RACE_ID) "_" kind "_\\n:\n"		\
	    "	.endm\n"						\
	    "	.set race_n, 0\n"					\
	    "	.rept " __stringify(RACE_SYMBOLS) "\n"			\
	    "	race_symbol %race_n\n"					\
	    "	.skip " __stringify(unit) ", 0xcc\n"			\
	    "	.set race_n, race_n + 1\n"				\
	    "	.endr\n"						\
	    "	race_symbol end\n"					\
	    "	.purgem race_symbol\n"					\
	    "	.noaltmacro\n"						\
	    "	.skip 16, 0xcc\n"					\
	    "	.popsection\n")

RACE_DEFINE(".text", ANNOTATE_NOENDBR, "t", 16);
RACE_DEFINE(".data", "", "d", 8);
RACE_DEFINE(".init.text, \"ax\"", ANNOTATE_NOENDBR, "i", 16);

#define RACE_NAME(rest)	__PASTE(race_, __PASTE(RACE_ID, rest))

/* Number 0 of each kind. */
#define RACE_0(kind)	asm("race_" __stringify(RACE_ID) "_" kind "_0")
extern char race_text_0[] RACE_0("t");
extern char race_data_0[] RACE_0("d");
extern char race_init_0[] RACE_0("i");

static struct race_victim victim = {
	.id = __stringify(RACE_ID)[0],
	.n = RACE_SYMBOLS,
};

static noinline __noclone int RACE_NAME(_inner)(int x)
{
	race_stack(&victim);
	return x + 1;
}

static noinline __noclone int RACE_NAME(_outer)(int x)
{
	return RACE_NAME(_inner)(x) + 1;
}

static int __init victim_init(void)
{
	victim.stays = stays;
	victim.base[RACE_TEXT] = (unsigned long)race_text_0;
	victim.base[RACE_DATA] = (unsigned long)race_data_0;
	victim.base[RACE_INIT] = (unsigned long)race_init_0;
	race_come(&victim);
	victim.n += RACE_NAME(_outer)(0) - 2;
	if (hide)
		race_hide(THIS_MODULE, hide);
	if (sleep)
		msleep(sleep);
	if (!fail)
		return 0;
	race_go(&victim);
	return -EIO;
}
module_init(victim_init);

static void __exit victim_exit(void)
{
	victim.n += RACE_NAME(_outer)(0) - 2;
	race_go(&victim);
}
module_exit(victim_exit);

MODULE_DESCRIPTION("Module symbol test: comes and goes while symbols are looked up");
MODULE_LICENSE("GPL");
