# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# each line and both sides of each branch, under KUnit
packages=matrix
cell_scripts+=("$here/scripts/parts/coverage.py")

# As running_tips.rst says for UML, but with clang. Kconfig allows no CONFIG_GCOV with
# CONFIG_MODULES, as modules would need symbols that are not exported. No module is loaded
# here, so make is given CONFIG_GCOV. Regions are mapped for kallsyms.c alone, as ccache
# takes no file for which they are. (The current kernel has another name for GCOV_OPT.)
coverage_run()
{
	local all=$1 dir=$matrix/kunit-coverage profile=-fprofile-instr-generate

	cd "$top/linux" || return
	LLVM_PROFILE_FILE=$matrix/coverage-$all.profraw kunit_py run --build_dir="$dir" \
		--make_options LLVM=-19 --make_options "CC=ccache clang-19" \
		--make_options CONFIG_GCOV=y --make_options "GCOV_OPT=$profile" \
		--make_options "UM_GCOV_OPT=$profile" \
		--make_options CFLAGS_kallsyms.o=-fcoverage-mapping \
		--kconfig_add CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y \
		--kconfig_add "CONFIG_KALLSYMS_ALL=$all" &&
	llvm-profdata-19 merge -sparse "$matrix/coverage-$all.profraw" \
		-o "$matrix/coverage-$all.profdata" &&
	llvm-cov-19 export -skip-functions "$dir/vmlinux" -instr-profile "$matrix/coverage-$all.profdata" \
		"$PWD/kernel/module/kallsyms.c" >"$matrix/coverage-$all.json"
}

coverage()
{
	coverage_run n && coverage_run y &&
	"$here/scripts/parts/coverage.py" "$top/linux/kernel/module/kallsyms.c" \
		"$top/linux/lib/tests/module_kallsyms_kunit.c" "$matrix"/coverage-[ny].json
}

part_coverage()
{
	local cell_paths=$of_the_kernel

	cell coverage "each line, both sides of each branch" coverage
}
