# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# KUnit against kallsyms.c with one small fault at a time
packages=matrix
faults=$here/scripts/parts/faults.py
cell_scripts+=("$faults")

# The suite has to fail with each fault. The faults are put into a tree of their own,
# whose other files are hard links to ours.
fault_tree()
{
	copy_tree "$top/linux" "$matrix/fault-tree" || return
	# They are of the last fault, and newer than what has been copied.
	rm -f "$matrix"/kunit-fault/kernel/module/{kallsyms,main}.o
	with_fault none || { echo "it does not pass without a fault"; return 1; }
}

# with_fault NAME: return 0 if all cases pass, 1 if not, 2 if the fault could not be tried.
with_fault()
{
	local said=$matrix/fault.said

	cd "$matrix/fault-tree" || return 2
	"$faults" apply "$1" "$top/linux" . || return 2
	kunit_py build --build_dir="$matrix/kunit-fault" --make_options "CC=ccache gcc" \
		--kconfig_add CONFIG_KASAN=y || return 2
	# With some faults it never ends.
	./tools/testing/kunit/kunit.py exec --build_dir="$matrix/kunit-fault" --timeout=60 \
		'module_kallsyms*' >"$said" 2>&1
	grep -aE 'FAILED|KASAN:|rror:|crash|Testing complete' "$said" | head -n 20
	kunit_passed "$said"
}

fault()
{
	local status=0

	with_fault "$1" || status=$?
	case $status in
	0)	echo "nothing in the suite sees $1"; return 1 ;;
	1)	echo "count 1 faults in kallsyms.c and the loader's check caught" ;;
	*)	return 1 ;;
	esac
}

part_faults()
{
	local name cell_paths=$of_the_kernel

	[ -d "$matrix/fault-tree" ] || rm -f "$top/cells/fault-none.stamp"
	cell fault-none "no fault: all cases pass" fault_tree
	for name in $("$faults" list "$top/linux"); do
		cell "fault-$name" "fault: $name" fault "$name"
	done
}
