# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# KUnit under kunit.py, on eight of them
packages=matrix

# Options that are not needed, but can't be turned off there.
declare -A forced_on=([powerpc]="CPU_FREQ PCI" [riscv]=EFI [s390]=VIRTUALIZATION)

# architecture ARCH OPTION...: run the suite there.
architecture()
{
	local arch=$1 args option
	shift

	args=(--build_dir="$matrix/kunit-$arch" --timeout=900 --arch="$arch"
		--make_options "CC=ccache ${cross[$arch]:-}gcc")
	[ -z "${cross[$arch]:-}" ] || args+=(--cross_compile="${cross[$arch]}")
	for option in ${forced_on[$arch]:-}; do
		args+=(--kconfig_add "CONFIG_$option=y")
	done
	for option; do
		args+=(--kconfig_add "CONFIG_$option")
	done
	kunit "${args[@]}" && echo "count 1 architectures on which KUnit ran"
}

part_architectures()
{
	local cell_paths=$of_the_kernel

	cell kunit-um "KUnit, UML with KASAN" architecture um KASAN=y
	cell kunit-x86_64 "KUnit, x86-64" architecture x86_64 CPU_MITIGATIONS=n
	cell kunit-i386 "KUnit, i386" architecture i386 CPU_MITIGATIONS=n
	cell kunit-arm64 "KUnit, arm64" architecture arm64
	cell kunit-arm "KUnit, arm, compiled as Thumb" architecture arm THUMB2_KERNEL=y
	cell kunit-s390 "KUnit, s390x, big-endian" architecture s390
	cell kunit-powerpc "KUnit, powerpc64, big-endian" architecture powerpc \
		CPU_BIG_ENDIAN=y
	cell kunit-riscv "KUnit, riscv64" architecture riscv
}
