# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Guests of bench and test-distro: a root of busybox, the program guest and modules, with a
# guest-init of their own. Sourced after common.sh.

# An instruction takes a nanosecond, and a tick of the timestamp counter.
icount=(-smp 1 -accel tcg -icount "shift=0,sleep=off" -seed 1 -rtc "base=2024-01-01,clock=vm")

# new_root ROOT INIT: begin a root. In a root that measures, applets are no part of the boot.
new_root()
{
	local applet

	rm -rf "$1"
	mkdir -p "$1"/{bin,dev,proc,sys}
	cp "$(command -v busybox)" "$1/bin/" && cp "$2" "$1/init" || return
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
	done
	gcc -O2 -Wall -Werror -static -o "$1/bin/guest" "$here/scripts/lib/guest.c"
}

# pack_root ROOT FILE: the same root makes the same file.
pack_root()
{
	find "$1" -exec touch -h -d @0 {} + &&
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible) >"$2"
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
