#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh KIND TREE: what enter calls, in the root of Debian packages. KIND is guest, gdb or
# kdb. Each answer is a line of /results/rows: client, question, pattern that the answer must
# match, answer; with tabs between.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp TERM=dumb LC_ALL=C
mkdir -p /results/log
echo 4 > /proc/sys/kernel/printk
kind=$1
export kernel=$2
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

modprobe tc_work
if [ "$kind" != guest ]; then
	modprobe xfs
	echo "ready for $kind"
	# shellcheck source=/dev/null
	. "/clients/$kind.sh"
	exit
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
