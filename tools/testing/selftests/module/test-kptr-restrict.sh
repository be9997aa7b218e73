#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kptr_restrict hides the addresses of module symbols, and nothing else.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_types
need_module $MOD
ktap_set_plan 5

restrict()
{
	echo "$1" > /proc/sys/kernel/kptr_restrict
	changed
}

zeros()
{
	symbols $MOD | grep -c "^0*0 "
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
restrict 1
check "root sees addresses with kptr_restrict=1" [ "$(zeros)" = "$shown" ]
restrict 2
check "nobody sees one with kptr_restrict=2" [ "$(zeros)" = "$total" ]
check "names and letters are shown all the same" [ "$(names)" = "$names" ]
restrict 0
check "addresses are back" [ "$(zeros)" = "$shown" ]

ktap_finished
