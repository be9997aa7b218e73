# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What long commands have found is kept in results/, by release. Sourced after common.sh, with
# $top set.

# Print a hash of what the kernel of $top/linux is made of, and stock's is not; of comments
# there is none.
code_hash()
{
	local path

	for path in $("$here/scripts/patch-tree" paths "$top/stock" | grep -E '^(include|kernel)/.*[ch]$'); do
		gcc -fpreprocessed -dD -E -P "$top/linux/$path" 2>/dev/null
	done | sha256sum | cut -c 1-12
}

# result_path NAME: print the path of that result for this tree's release.
result_path()
{
	printf '%s/results/%s/%s.txt\n' "$here" \
		"$(make -s -C "$top/stock" kernelversion | cut -d . -f 1,2)" "$1"
}

# keep NAME COMMAND: pass stdin on. With KEEP=y it becomes the result of that name, whose blanks
# become hyphens; what it is of is said first.
keep()
{
	local path

	[ -n "${KEEP:-}" ] || { cat; return; }
	path=$(result_path "${1// /-}")
	mkdir -p "${path%/*}"
	tee "$path.new"
	{
		printf 'command: %s\n' "$2"
		printf 'release: %s\n' "$(make -s -C "$top/stock" kernelversion)"
		printf 'compiler: gcc %s\n' "$(gcc -dumpfullversion)"
		printf 'code: %s\n\n' "$(code_hash)"
		sed "s,$build/,build/,g; s,$here/,,g" "$path.new"
	} >"$path"
	rm "$path.new"
}

# Say which results of this release are of another code.
stale_results()
{
	local hash file

	hash=$(code_hash)
	for file in "$(dirname "$(result_path any)")"/*.txt; do
		[ ! -f "$file" ] || grep -qx "code: $hash" "$file" ||
			printf 'stale: kallsyms.c or its callers have changed since %s\n' "${file#"$here"/}"
	done
}
