#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# ftrace has traced a module's init functions: their names are found as long as the
# module is there, although their memory has gone.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_init
need_module $MOD
need_module test_kallsyms_ask
mount_once tracefs $TRACEFS
grep -qw function $TRACEFS/available_tracers 2>/dev/null ||
	skip_all "no function tracer: CONFIG_FUNCTION_TRACER is off"
ktap_set_plan 6

stop_tracing()
{
	echo nop > $TRACEFS/current_tracer
	echo > $TRACEFS/set_ftrace_filter
	cleanup
}
trap stop_tracing EXIT

load test_kallsyms_ask
echo "*:mod:$MOD" > $TRACEFS/set_ftrace_filter
echo function > $TRACEFS/current_tracer
echo > $TRACEFS/trace
load $MOD proceed=Y
check "the trace names an init function" grep -q " tk_passing_function <-tk_init" $TRACEFS/trace
check "and another function" grep -q " tk_lasting_function <-tk_init" $TRACEFS/trace
# ftrace lists one of its functions twice and another one not at all; this one is there.
check "init itself is listed behind all modules, as if exported" \
	[ "$(letter $MOD tk_init | sort -u)" = T ]

address=$(address $MOD tk_init)
names()
{
	ask build_id "$address" | grep -q "^tk_init+0x0/0x[0-9a-f]* \[${MOD}[] ]"
}
check "%pSb names it, though its memory has gone" names
unload $MOD
check "not after rmmod" not names
check "nor has /proc/kallsyms a line of it" not symbols $MOD

ktap_finished
