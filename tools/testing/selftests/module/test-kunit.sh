#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The KUnit suite of kernel/module/kallsyms.c, loaded as a module.

. "$(dirname "$0")/functions.sh"

MOD=module_kallsyms_kunit
need_module $MOD
ktap_set_plan 2

dmesg -c > /dev/null
load $MOD
results=$(dmesg)
echo "$results" | keep kunit
unload $MOD

says()
{
	echo "$results" | grep -q "$1"
}

check "the suite passes" says "\(^\|\] \)ok [0-9]* module_kallsyms\$"
check "no case fails" not says "not ok"

ktap_finished
