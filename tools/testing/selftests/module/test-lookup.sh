#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kprobe finds a module's function by every form of its name, and any place in it; an
# fprobe finds all functions of a name.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_types
need_module $MOD
need_module test_kallsyms_ask
mount_once tracefs $TRACEFS
events=$TRACEFS/kprobe_events
[ -w $events ] || skip_all "no kprobe events: CONFIG_KPROBE_EVENTS is off"
mount_once debugfs /sys/kernel/debug
ktap_set_plan 22

load $MOD
load test_kallsyms_ask

# probe(where) - can a probe be put there?
probe()
{
	echo "p:tk_probe $1" > $events 2>/dev/null || return 1
	echo "-:tk_probe" >> $events
}

# probed(offset, offset...) - put probes there in tk_function, one at a time; print for
# each that is accepted its offset, and name+offset as the kernel lists it
probed()
{
	local offset

	for offset; do
		echo "p:tk_probe $MOD:tk_function+$offset" > $events 2>/dev/null || continue
		sed -n "s/^[^ ]* *k *\([^ ]*\) .*$MOD.*/$offset \1/p" /sys/kernel/debug/kprobes/list
		echo "-:tk_probe" >> $events
	done
}

# fprobed(name) - print how many functions an fprobe event of that name is at
fprobed()
{
	local number

	echo "f:tk_fprobe $1" >> $TRACEFS/dynamic_events 2>/dev/null || return 1
	echo 1 > $TRACEFS/events/fprobes/tk_fprobe/enable
	number=$(grep -c "^$1 " $TRACEFS/enabled_functions)
	echo 0 > $TRACEFS/events/fprobes/tk_fprobe/enable
	echo "-:tk_fprobe" >> $TRACEFS/dynamic_events
	echo "$number"
}

long=$(printf 'x%.0s' $(seq 80))

check "module:function" probe $MOD:tk_function
check "module:static function" probe $MOD:tk_static_function
check "module:weak function" probe $MOD:tk_weak_function
check "module:exported function" probe $MOD:tk_function_exported
check "module:alias" probe $MOD:tk_function_alias
check "function without a module" probe tk_static_function
check "module:name that two functions have is refused" not probe $MOD:tk_twin
check "so it is if one of them is exported" not probe $MOD:tk_twin_exported
check "an alias of that is accepted" probe $MOD:tk_twin_exported_alias
check "by name, the first in the table answers" \
	[ "$(ask name $MOD:tk_twin_exported)" = "$(digits "$(address $MOD tk_twin_exported)")" ]
check "module:init function that is gone is refused" \
	not probe $MOD:tk_init_function
check "module:no such function is refused" not probe $MOD:tk_no_such_function
check "module:function of another module is refused" \
	not probe $MOD:tk_trace_inner
check "no such name, longer than a module's may be, is refused" \
	not probe "$long"

# A probe is accepted where an instruction begins.
if [ -e /sys/kernel/debug/kprobes/list ]; then
	size=$(ask address "$(address $MOD tk_function)" | sed 's,.*/\(0x[0-9a-f]*\) .*,\1,')
	inside=$(probed $(seq 0 $((size - 1))))
	beyond=$(probed $(seq $((size)) $((size + 31))))
	echo "$inside" | awk '$2 != sprintf("tk_function+0x%x", $1) { exit 1 } END { exit NR < 2 }'
	check "module:function+offset" [ $? = 0 ]
	check "a function's last bytes" \
		[ "$(echo "$inside" | awk 'END { print $1 }')" -ge $((size - 8)) ]
	echo "$beyond" | awk '$2 !~ /[+]/ || $2 ~ /^tk_function[+]/ { exit 1 }'
	check "beyond a function is in another one" [ $? = 0 ]
else
	for where in "module:function+offset" "last bytes" "beyond a function"; do
		ktap_test_skip "$where: no list of kprobes"
	done
fi
if has $MOD __pfx_tk_function; then
	check "the padding before a function is refused" not probe $MOD:__pfx_tk_function
else
	ktap_test_skip "functions have no padding before them"
fi

if grep -q "f\[:" $TRACEFS/README; then
	check "an fprobe at a module's function" [ "$(fprobed tk_static_function)" = 1 ]
	check "an fprobe at both functions of a name" [ "$(fprobed tk_twin)" = 2 ]
	check "an fprobe at no such function is refused" not fprobed tk_no_such_function
else
	for where in "a module's function" "both functions of a name" "no such function"; do
		ktap_test_skip "an fprobe at $where: CONFIG_FPROBE_EVENTS is off"
	done
fi

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
check "a probe set before its module is loaded" arrives

ktap_finished
