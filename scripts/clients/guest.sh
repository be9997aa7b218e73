#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the guests of make test-clients. The kernel's command line says which one:
# client=guest, client=gdb or client=kdb. Each answer is a line of /results/rows: client,
# question, pattern that the answer must match, answer; with tabs between.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp TERM=dumb LC_ALL=C
mount -t proc none /proc
mount -t sysfs none /sys
mount -t debugfs none /sys/kernel/debug
mount -t tracefs none /sys/kernel/tracing
mount -t tmpfs none /tmp
mount -t tmpfs none /run
ln -s /proc/self/fd /dev/fd
mkdir -p /lib/modules /results/sections /results/log
mount --bind /clients/lib/modules /lib/modules
echo 4 > /proc/sys/kernel/printk
read -r cmdline < /proc/cmdline
kind=${cmdline##*client=}
kind=${kind%% *}
kernel=${cmdline##*kernel=}
export kernel=${kernel%% *}
export work=/sys/module/tc_work/parameters
export tracing=/sys/kernel/tracing

# asked WHAT WANTED COMMAND...: the answer is COMMAND's output, in one line.
asked()
{
	local what=$1 wanted=$2 answer
	shift 2

	answer=$("$@" 2>>"/results/log/$client" | tr -s '\n\t ' ' ')
	answer=${answer# }
	printf '%s\t%s\t%s\t%s\n' "$client" "$what" "$wanted" "${answer% }" >>/results/rows
	echo "$(cut -d ' ' -f 1 /proc/uptime) $client: $what: $answer"
}

# logged COMMAND...: run it, and print what the kernel has logged meanwhile.
logged()
{
	local before

	before=$(dmesg | wc -l)
	"$@" >/dev/null 2>&1
	dmesg | tail -n +$((before + 1))
}

# said COMMAND...: run it, and print its output; if it fails, its exit code, too.
said()
{
	"$@" 2>&1 || echo "exit $?"
}

leave()
{
	cat /proc/kallsyms >/results/kallsyms
	cat /proc/modules >/results/modules
	for sections in /sys/module/*/sections; do
		module=${sections%/sections}
		cp -r "$sections" "/results/sections/${module##*/}"
	done
	dmesg >/results/dmesg
	touch /results/complete
	exec 3<>/dev/ttyS1
	stty raw -echo <&3
	tar c -C /results . | gzip -1 | cat >&3
	exec 3>&-
	sync
	echo b >/proc/sysrq-trigger
	sleep 60
}

modprobe tc_work
if [ "$kind" != guest ]; then
	modprobe xfs
	echo "ready for $kind"
	# shellcheck source=/dev/null
	. "/clients/$kind.sh"
	leave
fi
for scenario in /clients/scenarios/*.sh; do
	client=${scenario##*/}
	client=${client%.sh}
	client=${client#*-}
	# shellcheck source=/dev/null
	(cd /tmp && . "$scenario" && asked 'all that is to be asked' yes echo yes) 2>&1 |
		tee "/results/log/$client.out"
done
# table.py compares the lines of these.
modprobe -a tc_work xfs btrfs
leave
