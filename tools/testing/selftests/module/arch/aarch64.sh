# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
kernel_arch=arm64
prefix=aarch64-linux-gnu-
target=arch/arm64/boot/Image
qemu=(qemu-system-aarch64 -M virt -cpu "max,pauth-impdef=on")
console=ttyAMA0
console_device="c 204 64"
