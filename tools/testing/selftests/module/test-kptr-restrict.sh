#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kptr_restrict hides the addresses of module symbols, and nothing else.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_types
user=$DIR/kallsyms_user
paranoid=/proc/sys/kernel/perf_event_paranoid

need_module $MOD
[ -x "$user" ] || skip_all "kallsyms_user is not there"
ktap_set_plan 9

restrict()
{
	echo "$1" > /proc/sys/kernel/kptr_restrict
	changed
}

zeros()
{
	symbols $MOD | grep -c "^0*0 "
}

zeros_without_syslog()
{
	"$user" without-syslog grep "	\[$MOD\]\$" /proc/kallsyms | grep -c "^0*0 "
}

names()
{
	symbols $MOD | cut -d ' ' -f 2- | md5sum
}

load $MOD
total=$(symbols $MOD | grep -c .)
names=$(names)
# A per-CPU symbol may be at offset 0.
shown=$(zeros)
check "root sees addresses with kptr_restrict=0" [ "$shown" -le 1 ]
if [ -e $paranoid ]; then
	was=$(cat $paranoid)
	echo 2 > $paranoid
fi
check "without CAP_SYSLOG nobody does" [ "$(zeros_without_syslog)" = "$total" ]
if [ -e $paranoid ]; then
	echo 1 > $paranoid
	check "unless anybody may profile the kernel" \
		[ "$(zeros_without_syslog)" = "$shown" ]
	echo "$was" > $paranoid
else
	ktap_test_skip "unless anybody may profile the kernel: no CONFIG_PERF_EVENTS"
fi
restrict 1
check "root sees addresses with kptr_restrict=1" [ "$(zeros)" = "$shown" ]
check "without CAP_SYSLOG nobody does then" [ "$(zeros_without_syslog)" = "$total" ]
restrict 2
check "nobody sees one with kptr_restrict=2" [ "$(zeros)" = "$total" ]
check "without CAP_SYSLOG neither" [ "$(zeros_without_syslog)" = "$total" ]
check "names and letters are shown all the same" [ "$(names)" = "$names" ]
restrict 0
check "addresses are back" [ "$(zeros)" = "$shown" ]

ktap_finished
