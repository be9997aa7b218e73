#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Modules with very many sections load, or are refused if they have more than ELF can
# number, and leave nothing behind. vmtest.sh -d has them: sections_COUNT.ko;
# vmtest.sh runs it if it is named.

. "$(dirname "$0")/functions.sh"

data=${KALLSYMS_DATA:-}
[ -f "$data/sections_3000.ko" ] || skip_all "no modules in \$KALLSYMS_DATA"
ktap_set_plan 13

lines_of()
{
	[ "$(symbols "sections_$1" | grep -c " t tk_function_")" = "$2" ]
}

for count in 3000 20000; do
	check "$count sections load" insmod "$data/sections_$count.ko"
	changed
	check "$count functions are listed" lines_of $count $count
	check "$count sections go" rmmod sections_$count
	changed
	check "nothing is left" lines_of $count 0
done
for count in 65000 66000; do
	check "$count sections are refused" not insmod "$data/sections_$count.ko"
	changed
	check "nothing of it is there" not grep -q "^sections_" /proc/modules
done
# For sysfs the loader wants more than can be allocated: so of 65,000 the page allocator warns.
complaints=$(dmesg | grep -Ef "$DIR/complaints" | grep -v "mm/page_alloc.c\|Call Trace")
check "the kernel complains of nothing else" [ -z "$complaints" ]
dmesg -c > /dev/null

ktap_finished
