#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads the mutants that kallsyms_mutants.py has made, modules that are wrong on
# purpose, and saves what became of them for it.

. "$(dirname "$0")/functions.sh"

MUTANTS=${KALLSYMS_DATA:-}
[ -f "$MUTANTS/list" ] || skip_all "no mutants: see kallsyms_mutants.py"
need_module test_kallsyms_ask
OUTPUT=${KALLSYMS_RESULTS:-/tmp}/mutants

ktap_set_plan 1

# The modules that they depend on stay loaded.
for mod in $(cat "$MUTANTS/needed"); do
	insmod "$MUTANTS/$mod.ko" || ktap_exit_fail_msg "insmod $mod failed"
	loaded="$mod $loaded"
done
load test_kallsyms_ask

# If the kernel panics, the console has the whole log.
echo 1 > /proc/sys/kernel/printk
echo 32 > /proc/sys/kernel/panic_print
echo 1 > /proc/sys/kernel/panic_on_warn
"$DIR/mutate" "$MUTANTS/list" "$MUTANTS" "$OUTPUT" > "${CONSOLE:-/dev/null}"
ktap_test_result "all mutants have been loaded or refused" \
	grep -qax end "$OUTPUT"
echo 0 > /proc/sys/kernel/panic_on_warn

ktap_finished
