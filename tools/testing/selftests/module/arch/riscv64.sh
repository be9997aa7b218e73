# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
kernel_arch=riscv
prefix=riscv64-linux-gnu-
target=arch/riscv/boot/Image
qemu=(qemu-system-riscv64 -M virt)
console=ttyS0
console_device="c 4 64"
