#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads the malformed modules that make.py has made, and saves what became of them
# for check.py. vmtest.sh -e puts it beside the scenarios of the selftest.

# shellcheck source=tools/testing/selftests/module/functions.sh
. "$(dirname "$0")/functions.sh"

data=${KALLSYMS_DATA:-}
[ -f "$data/list" ] || skip_all "no malformed modules: see make.py"
need_module test_kallsyms_ask
output=${KALLSYMS_RESULTS:-/tmp}/malformed

ktap_set_plan 1

# The modules that they depend on stay loaded.
for mod in $(cat "$data/needed"); do
	insmod "$data/$mod.ko" || ktap_exit_fail_msg "insmod $mod failed"
	loaded="$mod $loaded"
done
load test_kallsyms_ask

# If the kernel panics, the console has the whole log.
echo 1 > /proc/sys/kernel/printk
echo 32 > /proc/sys/kernel/panic_print
echo 1 > /proc/sys/kernel/panic_on_warn
"$DIR/load_malformed" "$data/list" "$data" "$output" > "${CONSOLE:-/dev/null}"
ktap_test_result "all of them have been loaded or refused" \
	grep -qax end "$output"
echo 0 > /proc/sys/kernel/panic_on_warn

ktap_finished
