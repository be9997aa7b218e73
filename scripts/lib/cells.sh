# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Long runs are made of cells, and can be interrupted. Sourced after common.sh.
#
# What a cell has found is kept in cells/ of the tree's part of build/, and found
# anew only when what goes into it has changed: the files that land in the tree
# (those of them that $cell_paths matches), the tree, the scripts, and its options.
#
# cell NAME WHAT COMMAND...: a step whose log has lines "count NUMBER OF-WHAT".
# What does not pass leaves nothing, and the run goes on.
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
