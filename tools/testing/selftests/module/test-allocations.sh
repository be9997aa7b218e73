#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads modules while allocations fail. A load succeeds, with the same symbols as
# always, or leaves nothing. Needs config.kasan; vmtest.sh runs it if it is named.

. "$(dirname "$0")/functions.sh"
. "$DIR/reports.sh"

driver=test_kallsyms_race
modules="test_kallsyms_types ${driver}_a ${driver}_c"
user=$DIR/kallsyms_user
debug=/sys/kernel/debug

for mod in $driver $modules; do
	need_module "$mod"
done
[ -x "$user" ] || skip_all "kallsyms_user is not there"
[ -e /proc/self/fail-nth ] && [ -d $debug/failslab ] && [ -d $debug/fail_page_alloc ] ||
	skip_all "no fault injection: CONFIG_FAILSLAB or CONFIG_FAIL_PAGE_ALLOC is off"
ktap_set_plan 14

out=$(mktemp -d)

# each(setting, value) - set it for both kinds of fault
each()
{
	local kind

	for kind in failslab fail_page_alloc; do
		echo "$2" > "$debug/$kind/$1" || ktap_exit_fail_msg "no $kind/$1"
	done
}

# Allocations of all kinds fail, but only those of a task that asks for it.
each probability 0
each interval 1
each task-filter Y
each verbose 0
each space 0
each ignore-gfp-wait N
echo N > $debug/fail_page_alloc/ignore-gfp-highmem
echo 0 > $debug/fail_page_alloc/min-order

# run(command...) - run kallsyms_user, and keep its counts for the end
run()
{
	"$user" "$@" > "$out/said" 2>&1
	status=$?
	grep -v "^count" "$out/said" | head -n 30 | sed 's/^/# /'
	grep "^count" "$out/said" >> "$out/counts"
	return $status
}

# number(what) - print that count of the last run
number()
{
	sed -n "s/^count \([0-9]*\) $1.*/\1/p" "$out/said"
}

log_begin "$out/log"
load $driver
for mod in $modules; do
	check "each allocation of a load fails once: $mod" \
		run nth "$MODULES_DIR/$mod.ko" "$mod"
done

# Some allocations fail, at random.
each times 1000000
each probability 1
for mod in $modules; do
	check "allocations fail at random: $mod" \
		run random 100 "$MODULES_DIR/$mod.ko" "$mod"
done

# Only layout_symtab()'s allocation fails. No module is loaded without it.
function=layout_symtab
awk -v name=$function '
	NF == 3 && $2 ~ /[tT]/ && found && $1 != start { print start, $1; exit }
	NF == 3 && $3 == name { found = 1; start = $1 }' /proc/kallsyms > "$out/range"
read -r start end < "$out/range"
each require-start "0x$start"
each require-end "0x$end"
each times 1000000
each probability 100
for mod in $modules; do
	check "without memory in layout_symtab(): $mod" \
		run random 10 "$MODULES_DIR/$mod.ko" "$mod"
	check "all of them are refused: $mod" \
		[ "$(number loads.refused)" = 10 ]
done
each probability 0
each require-start 0
each require-end 0
check_log

{
	cat "$out/counts"
	count_reports
} | tee "$out/all" | sed 's/^/# /'
keep allocations < "$out/all"
rm -rf "$out"

ktap_finished
