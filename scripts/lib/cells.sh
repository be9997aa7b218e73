# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Long runs are made of cells, and can be interrupted. Sourced after common.sh.
#
# What a cell has counted is kept in cells/, in the tree's part of build/. A cell that has
# passed runs again only when its input has changed: the files that land in the tree
# (those that $cell_paths matches), the tree, the scripts, or its options.
#
# cell NAME WHAT COMMAND...: run a step whose log may have lines "count NUMBER OF-WHAT", and
# "tests NUMBER" if it is more than one test. If it fails, the run goes on with the next
# cell. With $only set, cells of other names are left out.
cells_run=()
cells_failed=()
declare -A cell_inputs
cell_paths=
of_the_kernel='^(include|kernel|lib)/'
# The scripts that a cell depends on: of this script's folder, and lib/
cell_scripts=("$(dirname "$(realpath "$0")")" "$here/scripts/lib")

print_inputs()
{
	local path

	# KDIR's tree came from no tarball: its files' sizes and times tell.
	cat "$top/tarball" 2>/dev/null ||
		find "$top/stock" -type f -printf '%P %s %T@\n' | LC_ALL=C sort
	find "${cell_scripts[@]}" -type f ! -name '*.pyc' | LC_ALL=C sort | xargs cat
	for path in $("$here/scripts/patch-tree" paths "$top/stock" |
			grep -E "$cell_paths"); do
		cat "$top/linux/$path"
	done
}

cell()
{
	local name=$1 what=$2 stamp cell=$top/cells/$1 input="$top $cell_paths ${cell_scripts[*]}"
	local repeat=$repeat
	shift 2

	[ "${only:-$name}" = "$name" ] || return 0
	[ -z "${part:-}" ] ||
		repeat="RELEASE=$RELEASE ${KDIR:+KDIR=$KDIR }scripts/test $part:$name"
	mkdir -p "$top/cells"
	cells_run+=("$cell")
	[ -n "${cell_inputs[$input]:-}" ] || cell_inputs[$input]=$(print_inputs | sha256sum)
	stamp=$(printf '%s\n' "$what" "$@" "${cell_inputs[$input]}" | sha256sum)
	if [ "$(cat "$cell.stamp" 2>/dev/null)" = "$stamp" ]; then
		printf '  %-52s done before\n' "$what"
		return
	fi
	rm -f "$cell.stamp" "$cell.counts"
	# In a subshell, for a cell may change the directory.
	if (step "$name" "$what" "$@"); then
		sed -nE 's/^(count|tests) /\1 /p' "$(log_of "$name")" >"$cell.counts"
		printf '%s\n' "$stamp" >"$cell.stamp"
	else
		cells_failed+=("${top##*/}: $what")
	fi
}

# Print the sums of what the cells have counted, and the verdict.
cells_verdict()
{
	local cell tests passed=0

	[ ${#cells_run[@]} != 0 ] || die "there is no such test"
	for cell in "${cells_run[@]}"; do
		[ -f "$cell.counts" ] || continue
		tests=$(sed -n 's/^tests //p' "$cell.counts")
		passed=$((passed + ${tests:-1}))
	done
	for cell in "${cells_run[@]}"; do
		sed -n 's/^count //p' "$cell.counts" 2>/dev/null || :
	done | "$here/scripts/lib/results.py" $passed "${cells_failed[@]}"
}
