# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# ftrace's filters and kprobe events, by names of a module.

functions()
{
	grep '\[tc_work\]$' "$tracing"/available_filter_functions | sort | md5sum | cut -c 1-8
	grep -c '\[tc_work\]$' "$tracing"/available_filter_functions
}
asked 'available_filter_functions of tc_work: sum, lines' '[0-9a-f]{8} [0-9]{2}' functions

traced()
{
	echo "$1" >"$tracing"/set_ftrace_filter
	echo function >"$tracing"/current_tracer
	echo >"$tracing"/trace
	echo 1 >"$work"/many
	grep -o 'tc_[a-z0-9_]* <-tc_[a-z_0-9]*' "$tracing"/trace
	echo nop >"$tracing"/current_tracer
	echo >"$tracing"/set_ftrace_filter
}
asked 'function tracer, tc_many_[0-3]:mod:tc_work' \
	'tc_many_0 <-tc_many_set tc_many_1 <-tc_many_set tc_many_2 <-tc_many_set tc_many_3 <-tc_many_set' \
	traced 'tc_many_[0-3]:mod:tc_work'

event()
{
	said eval "echo '$1' >$tracing/kprobe_events" | sed 's/.*: //'
	cat "$tracing"/kprobe_events
	[ -d "$tracing"/events/kprobes ] || {
		sed -n 's/.*: error: //p' "$tracing"/error_log | tail -n 1
		return
	}
	echo >"$tracing"/trace
	echo 1 >"$tracing"/events/kprobes/enable
	echo 10 >"$work"/burn
	echo 0 >"$tracing"/events/kprobes/enable
	sed -n 's/.*: tc_event: //p' "$tracing"/trace
	echo >"$tracing"/kprobe_events
}
asked 'kprobe event at tc_work:tc_burn' \
	'p:kprobes/tc_event tc_work:tc_burn \(tc_burn\+0x[0-9a-f]/0x[0-9a-f]+ \[tc_work\]\)' \
	event 'p:tc_event tc_work:tc_burn'
asked 'kprobe event that reads @tc_object' \
	'p:kprobes/tc_event tc_work:tc_burn object=@tc_object:x64 \(tc_burn\+.* object=0x7a6b5c4d3e2f1a0b' \
	event 'p:tc_event tc_work:tc_burn object=@tc_object:x64'
asked 'kretprobe event at tc_caller' \
	'r[0-9]*:kprobes/tc_event tc_work:tc_caller \(tc_burn_set\+0x[0-9a-f]+/0x[0-9a-f]+ \[tc_work\] <- tc_caller\)' \
	event 'r:tc_event tc_work:tc_caller'
asked 'kprobe event at tc_work:tc_same, of which there are 3' 'Invalid argument exit 1 The symbol is not unique' \
	event 'p:tc_event tc_work:tc_same'
asked 'kprobe event at tc_work:tc_none' \
	'Invalid argument exit 1 Invalid probed address or symbol' \
	event 'p:tc_event tc_work:tc_none'

# The stack that ftrace has saved.
stacked()
{
	echo 'tc_burn:mod:tc_work' >"$tracing"/set_ftrace_filter
	echo function >"$tracing"/current_tracer
	echo 1 >"$tracing"/options/func_stack_trace
	echo >"$tracing"/trace
	echo 10 >"$work"/burn
	sed -n 's/^ => //p' "$tracing"/trace | head -n 4
	echo 0 >"$tracing"/options/func_stack_trace
	echo nop >"$tracing"/current_tracer
	echo >"$tracing"/set_ftrace_filter
}
asked "function tracer's stack" \
	'\[FTRACE TRAMPOLINE\] tc_burn tc_caller tc_burn_set' stacked
