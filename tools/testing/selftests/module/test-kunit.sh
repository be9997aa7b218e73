#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The KUnit suite of kernel/module/kallsyms.c, with modules on the list beside its own.

. "$(dirname "$0")/functions.sh"

suite=/sys/kernel/debug/kunit/module_kallsyms
need_module test_kallsyms_types
mount_once debugfs /sys/kernel/debug
[ -e $suite/run ] || skip_all "no $suite: CONFIG_MODULE_KALLSYMS_KUNIT_TEST or kunit.enable is off"
ktap_set_plan 3

load test_kallsyms_types
before=$(symbols test_kallsyms_types | md5sum)
echo 1 > $suite/run
results=$(cat $suite/results)
echo "$results" | keep kunit

says()
{
	echo "$results" | grep -q "$1"
}

check "the suite passes" says "^ok [0-9]* module_kallsyms\$"
check "no case fails" not says "not ok"
changed
check "a module's lines are as before" [ "$(symbols test_kallsyms_types | md5sum)" = "$before" ]

ktap_finished
