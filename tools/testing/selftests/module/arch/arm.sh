# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
kernel_arch=arm
prefix=arm-linux-gnueabihf-
target=arch/arm/boot/zImage
qemu=(qemu-system-arm -M virt -cpu cortex-a15)
console=ttyAMA0
console_device="c 204 64"
