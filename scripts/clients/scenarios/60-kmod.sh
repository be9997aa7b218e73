# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Modules as they are brought in.

# A checksum of a module's lines without their addresses, and their number.
lines()
{
	sed -n "s/^0*\([0-9a-f]*\) \(.*\)\t\[$1\]$/\2/p" /proc/kallsyms | md5sum | cut -c 1-8
	grep -c "\[$1\]$" /proc/kallsyms
}

dependencies()
{
	said modprobe -v btrfs | sed 's,.*/,,'
	lines btrfs
	lines libcrc32c
}
asked 'modprobe btrfs: files loaded; lines of btrfs' \
	'.*xor.ko .*btrfs.ko [0-9a-f]{8} [0-9]{4} [0-9a-f]{8} [0-9]+' dependencies
removed()
{
	said modprobe -r btrfs
	grep -cE '\[(btrfs|xor|raid6_pq)\]$' /proc/kallsyms
}
asked 'modprobe -r btrfs: lines left' '0' removed

compressed()
{
	rmmod xfs 2>/dev/null
	said "$@"
	lines xfs
	rmmod xfs
}
# The first of them leaves what xfs depends on.
asked 'xfs.ko' '[0-9a-f]{8} [0-9]{5}' compressed modprobe xfs
asked 'xfs.ko.xz, which kmod unpacks' '[0-9a-f]{8} [0-9]{5}' \
	compressed insmod /clients/files/xfs.ko.xz
asked 'xfs.ko.xz, which the kernel unpacks' '[0-9a-f]{8} [0-9]{5}' \
	compressed /clients/finit /clients/files/xfs.ko.xz compressed

refused()
{
	rmmod tc_work tc_base 2>/dev/null
	said insmod "/clients/files/$1" | sed 's/.*: //'
	logged insmod "/clients/files/$1" | grep -o 'Loading of .* rejected'
	grep -c '\[tc_base\]' /proc/kallsyms
}
# CONFIG_MODULE_SIG_FORCE=y
asked 'signature cut off' \
	'Key was rejected by service exit 1 Loading of unsigned module is rejected 0' \
	refused unsigned.ko
asked 'signed, then a byte changed' 'Key was rejected by service exit 1 0' refused changed.ko
asked 'signed with another key' \
	'Key was rejected by service exit 1 Loading of module with unavailable key is rejected 0' \
	refused other-key.ko
asked 'sig_enforce' 'Y' cat /sys/module/module/parameters/sig_enforce
