#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Looks up each byte of each region, and each name, of some modules. vmtest.sh compares
# the answers with those of the stock kernel.

. "$(dirname "$0")/functions.sh"

need_module test_kallsyms_scan
need_module test_kallsyms_types
load test_kallsyms_scan
load test_kallsyms_types
scanned=test_kallsyms_types
for mod in isofs msdos; do
	grep -q "^$mod " /proc/modules || { modprobe $mod 2>/dev/null && loaded="$mod $loaded"; } ||
		continue
	scanned="$scanned $mod"
done
changed
ktap_set_plan $((4 * $(echo "$scanned" | wc -w)))

for mod in $scanned; do
	check "all of $mod is looked up" eval "echo $mod > /proc/kallsyms_scan"
	answers=$(cat /proc/kallsyms_scan)
	# How many bytes regions have depends on the tables, which are the kernel's own.
	echo "$answers" | sed 's/^[0-9]* bytes, //' | keep "same/scan-$mod"
	ktap_print_msg "$(echo "$answers" | tail -n 1) of $mod"
	check "its symbols are found" \
		[ "$(echo "$answers" | grep -c "^0 .*+0/")" -gt 2 ]
	check "nothing else is: each answer begins where the last one ends, or is none" \
		eval 'echo "$answers" | awk "/^[0-9] / && !/ none\+/ && !/\+0\// { exit 1 }"'
	check "each name has the value of the first that is called so" \
		not eval 'echo "$answers" | grep "^name"'
done

ktap_finished
