#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kprobe finds a module's function by every form of its name.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_types
need_module $MOD
mountpoint -q $TRACEFS || mount -t tracefs none $TRACEFS 2>/dev/null
events=$TRACEFS/kprobe_events
[ -w $events ] || skip_all "no kprobe events: CONFIG_KPROBE_EVENTS is off"
ktap_set_plan 12

load $MOD

# probe(where) - can a probe be put there?
probe()
{
	echo "p:tk_probe $1" > $events 2>/dev/null || return 1
	echo "-:tk_probe" >> $events
}

long=$(printf 'x%.0s' $(seq 80))

check "module:function" probe $MOD:tk_function
check "module:static function" probe $MOD:tk_static_function
check "module:weak function" probe $MOD:tk_weak_function
check "module:exported function" probe $MOD:tk_function_exported
check "module:alias" probe $MOD:tk_function_alias
check "function without a module" probe tk_static_function
check "module:name that two functions have is refused" not probe $MOD:tk_twin
check "module:init function that is gone is refused" \
	not probe $MOD:tk_init_function
check "module:no such function is refused" not probe $MOD:tk_no_such_function
check "module:function of another module is refused" \
	not probe $MOD:tk_trace_inner
check "no such name, longer than a module's may be, is refused" \
	not probe "$long"

# A probe in a module that is not loaded waits for it.
arrives()
{
	unload $MOD
	echo "p:tk_probe $MOD:tk_function" > $events || return 1
	load $MOD
	echo 1 > $TRACEFS/events/kprobes/tk_probe/enable || return 1
	grep -q "tk_function" /sys/kernel/debug/kprobes/list 2>/dev/null ||
		[ ! -e /sys/kernel/debug/kprobes/list ] || return 1
	echo 0 > $TRACEFS/events/kprobes/tk_probe/enable
	echo "-:tk_probe" >> $events
}
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug 2>/dev/null
check "a probe set before its module is loaded" arrives

ktap_finished
