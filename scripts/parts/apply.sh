# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# make apply and make revert
packages="test"
cell_scripts+=("$here/"{README.md,scripts/patch-tree,scripts/test_apply.py})

apply_and_revert()
{
	local said=$top/apply.said

	TREE=$top/stock "$here/scripts/test_apply.py" -v 2>&1 | tee "$said"
	[ "${PIPESTATUS[0]}" = 0 ] && sed -n 's/^Ran \([0-9]*\) tests.*/tests \1/p' "$said"
}

part_apply()
{
	cell apply "make apply and make revert" apply_and_revert
}
