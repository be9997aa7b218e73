# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# guests of arm64, arm compiled as Thumb, riscv64 and s390x, and of x86-64 without
# KALLSYMS_ALL: scenarios and /proc/kallsyms, stock beside rewrite
packages=matrix

# foreign ARCH BUSYBOX DIR OPTION...: a guest of another architecture
foreign()
{
	local arch=$1

	BUSYBOX=$2 guest "$3" -a "$arch" "${@:4}"
}

part_foreign()
{
	local arch busybox fewer=(-c "$fragments/config.nomodversions")
	local -A debian=([aarch64]=arm64 [arm]=armhf [riscv64]=riscv64 [s390x]=s390x)

	for arch in "${!debian[@]}"; do
		busybox=$("$here/scripts/lib/foreign-busybox" "${debian[$arch]}")
		# The .ko files are built once, against stock, and loaded into both.
		cell "stock-$arch" "stock, $arch: builds the modules" \
			foreign "$arch" "$busybox" "$matrix/stock-$arch" "${fewer[@]}" \
			-s "$top/stock"
		cell "linux-$arch" "rewrite, $arch, stock's modules" \
			foreign "$arch" "$busybox" "$matrix/linux-$arch" "${fewer[@]}" \
			-m "$matrix/stock-$arch" -r "$matrix/stock-$arch"
	done
	cell "stock-text" "stock, text symbols only: builds the modules" \
		guest "$matrix/stock-text" -c "$fragments/config.textonly" \
		-s "$top/stock"
	cell "linux-text" "rewrite, text symbols only, stock's modules" \
		guest "$matrix/linux-text" -c "$fragments/config.textonly" \
		-m "$matrix/stock-text" -r "$matrix/stock-text"
}
