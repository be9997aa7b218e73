# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Long runs are made of cells, and can be interrupted. Sourced after common.sh.
#
# What a cell has counted is kept in cells/, in the tree's part of build/. A cell that has
# passed runs again only when its input has changed: the files that land in the tree
# (those that $cell_paths matches), the tree, the scripts, or its options.
#
# cell NAME WHAT COMMAND...: run a step whose log has lines "count NUMBER OF-WHAT". If it
# fails, the run goes on with the next cell.
cells_run=()
cells_failed=()
tree_stamp=
self=$(realpath "$0")
cell_paths=
of_the_kernel='^(include|kernel|lib)/'

cell_inputs()
{
	local path

	echo "$tree_stamp"
	cat "$self" "$here"/scripts/lib/*.sh
	[ "${self%/*}" = "$here/scripts" ] || cat "${self%/*}"/*.py
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
	# KDIR's tree came from no tarball: its files' sizes and times tell.
	[ -n "$tree_stamp" ] || tree_stamp=$(cat "$top/tarball" 2>/dev/null ||
		find "$top/stock" -type f -printf '%P %s %T@\n' | LC_ALL=C sort | sha256sum)
	stamp=$({ printf '%s\n' "$what" "$@"; cell_inputs; } | sha256sum)
	if [ "$(cat "$cells/$name.stamp" 2>/dev/null)" = "$stamp" ]; then
		printf '  %-52s done before\n' "$what"
		return
	fi
	rm -f "$cells/$name.stamp" "$cells/$name.counts"
	printf '[%d] ' ${#cells_run[@]}
	# In a subshell, for a cell may change the directory.
	if (step "$name" "$what" "$@"); then
		sed -n 's/^count //p' "$(log_of "$name")" >"$cells/$name.counts"
		printf '%s\n' "$stamp" >"$cells/$name.stamp"
	else
		cells_failed+=("$name")
	fi
}

# Print the sums of what the cells have counted, and the verdict.
cells_verdict()
{
	local name

	for name in "${cells_run[@]}"; do
		cat "$top/cells/$name.counts" 2>/dev/null || :
	done | "$here/scripts/lib/results.py" \
		$((${#cells_run[@]} - ${#cells_failed[@]})) "${cells_failed[@]}"
}
