# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# UML is booted, not built: the image is the machine.
kernel_arch=um
prefix=
qemu=("${image:?vmboot.sh boots UML, vmtest.sh does not build it}")
console=tty0
console_device="c 4 0"
results_device="c 4 1"
