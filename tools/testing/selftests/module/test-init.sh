#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# While a module's init function runs, all its symbols are there; afterwards those
# that outlive init; after an init that fails, none.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_init
need_module $MOD
need_module test_kallsyms_ask
ktap_set_plan 15

proceed=/sys/module/$MOD/parameters/proceed

# start(parameter...) - insmod in the background; return when its init waits
start()
{
	insmod "$MODULES_DIR/$MOD.ko" "$@" 2>/dev/null &
	wait_for [ -w $proceed ] || ktap_exit_fail_msg "insmod $MOD hangs"
	wait_for grep -q "^$MOD .* Loading " /proc/modules
	changed
}

# finish() - let its init go on, and return insmod's exit code
#
# busybox's insmod tries finit_module() and, if that fails, init_module(): then
# there is a second init that waits.
finish()
{
	local status

	while kill -0 $! 2>/dev/null; do
		{ echo Y > $proceed; } 2>/dev/null
		sleep 0.1
	done
	wait $!
	status=$?
	changed
	return $status
}

load test_kallsyms_ask
ask module $MOD > /dev/null
start
loaded="$MOD $loaded"
check "a function is seen while init runs" has $MOD tk_lasting_function
check "an init function is seen while init runs" has $MOD tk_passing_function
check "init data are seen while init runs" has $MOD tk_initdata
check "an undefined symbol is seen while init runs" \
	[ "$(letter $MOD msleep)" = u ]
keep_table full/$MOD $MOD
address=$(address $MOD tk_lasting_function)
letters=$(letter $MOD tk_passing_function)$(letter $MOD tk_initdata)
full=$(symbols $MOD | wc -l)
check "letters of init symbols are t and d" [ "$letters" = td ]
finish
check "the function is still there after init" has $MOD tk_lasting_function
check "at the same address" [ "$(address $MOD tk_lasting_function)" = "$address" ]
check "the init function is gone" not has $MOD tk_passing_function
check "the init data are gone" not has $MOD tk_initdata
check "the undefined symbol is gone" not has $MOD msleep
core=$(symbols $MOD | wc -l)
unload $MOD
# Tracers read it there.
check "a notifier finds the full table twice, and always the core table beside it" \
	[ "$(cat /sys/module/test_kallsyms_ask/parameters/module)" = \
	  "coming $full $core live $full $core going $core $core" ]
check "rmmod takes all its lines away" not symbols $MOD

start fail=1
check "an init that will fail shows its symbols too" has $MOD tk_passing_function
check "insmod reports the failed init" not finish
check "a failed init leaves no line" not symbols $MOD

ktap_finished
