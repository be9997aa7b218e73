# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
kernel_arch=s390
prefix=s390x-linux-gnu-
target=arch/s390/boot/bzImage
qemu=(qemu-system-s390x -M s390-ccw-virtio -cpu qemu)
# It prefers a virtio console, whatever console= says.
console=hvc0
console_device="c 229 0"
console_args=(-device virtio-serial-ccw -chardev "stdio,id=console,signal=off"
	-device "virtconsole,chardev=console")
results_device="c 229 1"
results_args=()
