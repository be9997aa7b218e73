# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What a guest's architecture is. Sourced, with $arch, $dir and $out set; arch/ARCH.sh sets
#
#	kernel_arch, prefix	make's ARCH, and the prefix of its compiler
#	target			the image that make is to build
#	qemu			the machine
#	console, console_device	the guest's console, and its numbers
#	console_args		QEMU's arguments for it
#	results_device		the device for the guest's results: no virtio console if its
#	results_args		major number is not that of one; then these are QEMU's arguments

console_args=(-serial stdio)
results_device="c 229 0"
results_args=(-device "${VIRTIO_SERIAL:-virtio-serial-device}")
[ -f "$dir/arch/$arch.sh" ] || die "no support for $arch yet"
# shellcheck source=arch/x86_64.sh
. "$dir/arch/$arch.sh"
if [[ $results_device = "c 229 "* ]]; then
	results_args+=(-chardev "file,id=results,path=$out/results.tar.gz"
		-device "virtconsole,chardev=results")
fi

if [ "$arch" = "$(uname -m)" ] || [ "$arch" = um ]; then
	prefix=
	busybox=${BUSYBOX:-$(command -v busybox || :)}
else
	busybox=${BUSYBOX:-}
	[ -f "$busybox" ] || die "BUSYBOX=FILE must name a static busybox for $arch"
fi
[ -f "$busybox" ] || die "not installed: busybox"
