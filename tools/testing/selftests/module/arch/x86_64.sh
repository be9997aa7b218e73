# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
kernel_arch=x86_64
prefix=x86_64-linux-gnu-
target=arch/x86/boot/bzImage
qemu=(qemu-system-x86_64 -M q35 -cpu max)
console=ttyS0
console_device="c 4 64"
results_device="c 4 65"
results_args=(-serial "file:$out/results.tar.gz")
