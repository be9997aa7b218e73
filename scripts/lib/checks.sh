# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What is ours in a kernel tree, and what tools have said of it. Sourced after
# common.sh.

# What is ours, in C, in the tree.
our_c_files()
{
	"$here/scripts/patch-tree" paths "$top/stock" |
		grep '^kernel/module/kallsyms\.c$\|^lib/tests/.*\.c$\|selftests/module/.*\.[ch]$'
}

# What a compiler's or a checker's message about ours begins with.
ours='(kernel/module/(kallsyms\.c|internal\.h)|include/linux/module\.h|lib/tests/module_kallsyms_kunit\.c|kernel/(kallsyms|trace/trace_kprobe|livepatch/core)\.c)'

# kunit_totals FILE: what kunit.py has said there of all cases, in $passed and
# $failed; the former is empty if they have not run to the end.
kunit_totals()
{
	local result

	result=$(sed -n 's/.*Testing complete. //p' "$1")
	passed=$(sed -n 's/.*passed: \([0-9]*\).*/\1/p' <<<"$result")
	failed=$(awk -v RS=, '$1 ~ /failed|crashed|errors/ { n += $2 }
		END { print n + 0 }' <<<"${result#*: }")
}

checkpatch()
{
	local file status=0

	cd "$top/linux" || return
	for file in $(our_c_files); do
		./scripts/checkpatch.pl --strict --no-summary --file "$file" || status=1
		echo "count 1 files without a word of checkpatch --strict"
	done
	return $status
}
