# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What the steps in scripts/ share: where things are, and how a step tells
# what it does. Sourced, never run.

set -euo pipefail

# depmod and the like, for those who are not root.
export PATH=$PATH:/usr/sbin:/sbin

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD:-$here/build}
mkdir -p "$build/log"
# Of which release Debian's source is worked with: 6.12 or current.
export RELEASE=${RELEASE:-6.12}
# Steps change directory, and scripts call scripts.
build=$(cd "$build" && pwd)
export BUILD=$build CCACHE_DIR=${CCACHE_DIR:-$build/ccache}
if [ -d "${KDIR:-}" ]; then
	KDIR=$(cd "$KDIR" && pwd)
	export KDIR
fi

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# The current kernel that all of this has been run with.
tried_current=7.3

# log_of STEP: its file
log_of()
{
	printf '%s/log/%s%s.log\n' "$build" "$([ "$RELEASE" = 6.12 ] || echo "$RELEASE-")" "$1"
}

# step NAME WHAT COMMAND...: run COMMAND with its output in build/log/NAME.log.
# One line as it begins and one as it ends; on failure the log's tail. COMMAND
# is a condition here, so that set -e does nothing for it.
step()
{
	local name=$1 what=$2 log start=$SECONDS
	shift 2
	log=$(log_of "$name")

	printf '  %-52s log: %s\n' "$what ..." "${log#"$PWD"/}"
	if "$@" >"$log" 2>&1 </dev/null; then
		printf '  %-52s %d s\n' "$what: done" $((SECONDS - start))
		return 0
	fi
	tail -n 25 "$log" | sed 's/^/    | /'
	printf '  %s: FAILED after %d s, the whole log is %s\n' \
		"$what" $((SECONDS - start)) "$log"
	printf '  to repeat this step: %s\n' "$(printf '%q ' "$@")"
	return 1
}

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

# Long runs are made of cells, and can be interrupted. What a cell has found is
# kept in cells/ of the tree's part of build/, and found anew only when what goes
# into it has changed: the files that land in the tree (those of them that
# $cell_paths matches), the tree, the script with its helpers, and its options.
#
# cell NAME WHAT COMMAND...: a step whose log has lines "count NUMBER OF-WHAT".
# What does not pass leaves nothing, and the run goes on.
cells_run=()
cells_failed=()
tree_stamp=
cell_paths=
of_the_kernel='^(include|kernel|lib)/'

cell_inputs()
{
	local path self=$here/scripts/${0##*/}

	echo "$tree_stamp"
	cat "$self" "$here/scripts/common.sh"
	[ ! -d "$self.d" ] || cat "$self".d/*.py
	for path in $("$here/scripts/patch-tree" paths "$top/stock" |
			grep -E "$cell_paths"); do
		cat "$top/linux/$path"
	done
}

cell()
{
	local name=$1 what=$2 stamp cells=$top/cells
	shift 2

	mkdir -p "$cells"
	cells_run+=("$name")
	# A user's own tree has no stamp but what its files look like.
	[ -n "$tree_stamp" ] || tree_stamp=$(cat "$top/tarball" 2>/dev/null ||
		find "$top/stock" -type f -printf '%P %s %T@\n' | LC_ALL=C sort | sha256sum)
	stamp=$({ printf '%s\n' "$what" "$@"; cell_inputs; } | sha256sum)
	if [ "$(cat "$cells/$name.stamp" 2>/dev/null)" = "$stamp" ]; then
		printf '  %-52s done before\n' "$what"
		return
	fi
	rm -f "$cells/$name.stamp" "$cells/$name.counts"
	printf '[%d] ' ${#cells_run[@]}
	# In a shell of its own: what one does to the directory is not the next one's.
	if (step "$name" "$what" "$@"); then
		sed -n 's/^count //p' "$(log_of "$name")" >"$cells/$name.counts"
		printf '%s\n' "$stamp" >"$cells/$name.stamp"
	else
		cells_failed+=("$name")
	fi
}

# What all cells of this run have counted, and the verdict.
cells_verdict()
{
	local name cells=$top/cells

	printf '\n'
	for name in "${cells_run[@]}"; do
		[ ! -f "$cells/$name.counts" ] || cat "$cells/$name.counts"
	done | awk '
		{
			number = $1
			sub(/^[0-9]+ /, "")
			if (!($0 in sum))
				order[++n] = $0
			sum[$0] += number
		}
		END {
			for (i = 1; i <= n; i++)
				printf "  %-52s %12d\n", order[i], sum[order[i]]
		}'
	printf '\n%d passed, %d failed\n' \
		$((${#cells_run[@]} - ${#cells_failed[@]})) ${#cells_failed[@]}
	[ ${#cells_failed[@]} = 0 ] || printf '  failed: %s\n' "${cells_failed[*]}"
	[ ${#cells_failed[@]} = 0 ]
}
