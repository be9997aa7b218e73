#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A livepatch module keeps every symbol, in the order of its ELF table, and
# finds by position the second of two functions with one name.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_livepatch
TARGET=test_kallsyms_types
[ -d /sys/kernel/livepatch ] || skip_all "no livepatch: CONFIG_LIVEPATCH is off"
need_module $MOD
ktap_set_plan 9

twins=/sys/module/$TARGET/parameters/twins
enabled=/sys/kernel/livepatch/$MOD/enabled

transition_is_over()
{
	[ "$(cat /sys/kernel/livepatch/$MOD/transition 2>/dev/null)" = 0 ]
}

load $TARGET
check "before the patch" [ "$(cat $twins)" = "101 202" ]
load $MOD
wait_for transition_is_over
check "the second function of the name is patched, not the first" \
	[ "$(cat $twins)" = "101 302" ]
check "a function of the livepatch module" has $MOD tk_livepatch_twin
check "its init function is kept" has $MOD tk_livepatch_init
check "an undefined symbol is kept" [ "$(letter $MOD klp_enable_patch)" = u ]
keep_table livepatch/$MOD $MOD

unload $TARGET
load $TARGET
check "a target that is loaded again is patched again" \
	[ "$(cat $twins)" = "101 302" ]

echo 0 > $enabled
gone()
{
	[ ! -e $enabled ]
}
wait_for gone
check "after the patch" [ "$(cat $twins)" = "101 202" ]
unload $MOD
check "rmmod takes the livepatch's lines away" not symbols $MOD
check "and leaves the target's" has $TARGET tk_twin

ktap_finished
