#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A stack trace through a module shows name+offset/size [module build-id].

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_trace
need_module $MOD
ktap_set_plan 6

load $MOD
dmesg -c > /dev/null
echo 1 > /sys/module/$MOD/parameters/now
trace=$(dmesg)
echo "$trace" | keep stacktrace

shows()
{
	echo "$trace" | grep -q "$1"
}

at="+0x[0-9a-f]*/0x[0-9a-f]* \[$MOD"
check "the inner function is in the trace" shows "tk_trace_inner$at"
# 7.3 links .text.unlikely into .text. The loader of 32-bit Arm looks for it by that name, and
# the stack of what was in there can't be unwound.
if shows "unwind: Index not found"; then
	ktap_test_skip "no unwind table for the inner function"
	ktap_test_skip "the same for the outer one"
else
	check "the outer function is in the trace" shows "tk_trace_outer$at"
	check "the caller of both is in the trace" shows "tk_trace_set$at"
fi
check "%pS prints offset 0, the size and the module" \
	shows "inner is tk_trace_inner+0x0/0x[0-9a-f]* \[$MOD\]"

# The note is a header of 16 bytes ("GNU" at its end), then the ID.
note=/sys/module/$MOD/notes/.note.gnu.build-id
if [ -r $note ] && shows "tk_trace_inner$at [0-9a-f]"; then
	id=$(od -An -v -tx1 $note | tr -d ' \n' | cut -c 33-)
	check "with the module's build ID" shows "tk_trace_inner$at $id\]"
else
	ktap_test_skip "no build IDs: CONFIG_STACKTRACE_BUILD_ID is off"
fi

# An address is offset from the start of the symbol it is in.
size=$(echo "$trace" |
	sed -n 's,.*inner is tk_trace_inner+0x0/0x\([0-9a-f]*\) .*,\1,p')
same_size()
{
	shows "tk_trace_inner+0x[0-9a-f]*/0x$size \[$MOD"
}
check "the size is the same in the trace" same_size

ktap_finished
