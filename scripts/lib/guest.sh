# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What guests of bench and test-distro get. Sourced after common.sh.

# QEMU's arguments, with which an instruction takes a nanosecond, and a tick of the timestamp
# counter. The guest has one processor.
icount="-accel tcg -icount shift=0,sleep=off -seed 1 -rtc base=2024-01-01,clock=vm"

# guest_program DIR [PREFIX]: compile it there, by the compiler of that prefix.
guest_program()
{
	"${2:-}gcc" -O2 -Wall -Werror -static -o "$1/guest" "$here/scripts/lib/guest.c"
}

# load_order DIR NAME...: print the files of modules below DIR, each after those that it
# depends on.
load_order()
{
	local dir=$1 release name
	shift

	release=$(ls "$dir/lib/modules")
	for name; do
		modprobe -C /dev/null -d "$dir" -S "$release" --show-depends "$name" || exit
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}
