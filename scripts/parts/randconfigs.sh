# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# random configurations from seeds, at W=1
packages=matrix

# The same seed makes the same configuration.
randconfig()
{
	local seed=$1 compiler=$2 dir=$matrix/randconfig-$2

	mkdir -p "$dir"
	printf 'CONFIG_%s\n' MODULES=y KALLSYMS=y KUNIT=y \
		MODULE_KALLSYMS_KUNIT_TEST=y HEADERS_INSTALL=n WERROR=n >"$dir/fragment"
	echo "KCONFIG_SEED=$seed KCONFIG_ALLCONFIG=$dir/fragment make randconfig"
	kernel_make "$dir" x86 "$compiler" KCONFIG_SEED="$seed" \
		KCONFIG_ALLCONFIG="$dir/fragment" randconfig || return
	if ! grep -qx CONFIG_MODULES=y "$dir/.config" ||
	   ! grep -qx CONFIG_KALLSYMS=y "$dir/.config"; then
		echo "MODULES or KALLSYMS is off"
		return 1
	fi
	build_anew "$dir" x86 "$compiler" y W=1 || return
	echo "count 1 random configurations without a warning"
}

part_randconfigs()
{
	local seed compiler cell_paths=$of_the_kernel

	for seed in {1..20}; do
		# Every fifth one is compiled with clang.
		compiler=gcc
		[ $((seed % 5)) != 0 ] || compiler=clang
		cell "randconfig-$seed" "randconfig, seed $seed, $compiler" \
			randconfig "$seed" "$compiler"
	done
}
