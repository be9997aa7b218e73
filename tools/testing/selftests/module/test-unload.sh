#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Lines come and go with modules: the newest module comes first, and unloading
# one takes away its lines and no others.

. "$(dirname "$0")/functions.sh"

need_module test_kallsyms_types
need_module test_kallsyms_trace
ktap_set_plan 5

# The lines of all other modules
others()
{
	module_lines | grep -v "\[test_kallsyms_\|\[bpf\]\|\[__builtin__" | md5sum
}

before=$(others)
load test_kallsyms_types
types=$(symbols test_kallsyms_types | md5sum)
load test_kallsyms_trace

first()
{
	module_lines | grep -o "	\[[a-z_]*\]\$" | head -n 1
}
check "the newest module comes first" \
	[ "$(first)" = "$(printf '\t[test_kallsyms_trace]')" ]
unload test_kallsyms_trace
check "rmmod takes a module's lines away" not symbols test_kallsyms_trace
check "and leaves the other's" \
	[ "$(symbols test_kallsyms_types | md5sum)" = "$types" ]
unload test_kallsyms_types
check "the other's go with it" not symbols test_kallsyms_types
check "nobody else's changed" [ "$(others)" = "$before" ]

ktap_finished
