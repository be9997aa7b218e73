# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# tc_work has three static functions tc_same(), which return 1, 20 and 300;
# tc_patch's returns 4000.

settled()
{
	local i

	for i in {1..100}; do
		grep -q '^0$' /sys/kernel/livepatch/tc_patch/transition && return
		sleep 0.1
	done
}

unpatch()
{
	echo 0 >/sys/kernel/livepatch/tc_patch/enabled
	for i in {1..100}; do
		[ -d /sys/kernel/livepatch/tc_patch ] || break
		sleep 0.1
	done
	rmmod tc_patch
}

patched()
{
	said modprobe tc_patch "sympos=$1"
	if settled 2>/dev/null; then
		cat "$work"/same
		unpatch
	fi
	cat "$work"/same
}

refused()
{
	said modprobe tc_patch "sympos=$1" | sed 's/.*: //'
	logged modprobe tc_patch "sympos=$1" | grep -oE 'symbol position.*|unresolvable.*'
	cat "$work"/same
}

asked 'sympos 1 of 3: the sum patched, and after' '4320 321' patched 1
asked 'sympos 2 of 3' '4301 321' patched 2
asked 'sympos 3 of 3' '4021 321' patched 3
asked 'sympos 4 of 3' "Invalid argument exit 1 symbol position 4 for symbol 'tc_same' in object 'tc_work' not found 321" refused 4
asked 'sympos 0: which of 3?' "Invalid argument exit 1 unresolvable ambiguity for symbol 'tc_same' in object 'tc_work' 321" refused 0

module_after_patch()
{
	rmmod tc_work
	said modprobe tc_patch sympos=2
	settled
	said modprobe tc_work
	cat "$work"/same
	unpatch
	cat "$work"/same
}
asked 'the patch first, then its module' '4301 321' module_after_patch

module_goes()
{
	said modprobe tc_patch sympos=3
	settled
	cat "$work"/same
	rmmod tc_work
	said modprobe tc_work
	cat "$work"/same
	unpatch
	cat "$work"/same
}
asked 'the module goes and comes while patched' '4021 4021 321' module_goes
