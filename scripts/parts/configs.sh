# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# all pairs of settings, gcc and clang at W=1, sparse; coccicheck
packages=matrix
configs=$here/scripts/parts/configs.py
cell_scripts+=("$configs")

# Each compiler and architecture has its directory, so that the kernel's tools are
# compiled once, not for every configuration.
config()
{
	local number=$1 arch=$2 kunit=$3 compiler dir sparse=()

	! sparse_is_called || sparse=(C=2)
	for compiler in gcc clang; do
		dir=$matrix/config-$arch-$compiler
		mkdir -p "$dir"
		"$configs" write "$number" >"$dir/fragment" &&
		kernel_make "$dir" "$arch" "$compiler" \
			KCONFIG_ALLCONFIG="$dir/fragment" allnoconfig &&
		"$configs" check "$number" "$dir/.config" || return
		# Sparse says the same with either compiler.
		case $compiler in
		gcc)	build_anew "$dir" "$arch" gcc "$kunit" W=1 "${sparse[@]}" || return ;;
		clang)	build_anew "$dir" "$arch" clang "$kunit" W=1 || return ;;
		esac
	done
	cp "$matrix/config-$arch-gcc/.config" "$matrix/config.$number"
	echo "count 1 configurations without a warning, gcc and clang"
}

all_pairs()
{
	local number rest files=()

	while read -r number rest; do
		files+=("$matrix/config.$number")
	done < <("$configs" list)
	"$configs" pairs "${files[@]}"
}

# Run all semantic patches of the tree on a directory that has our files alone.
coccicheck()
{
	local dir=$matrix/coccicheck said=$matrix/coccicheck.said tried

	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$top/linux" && cp $(our_c_files) "$dir")
	kernel_make "$matrix/config-x86_64-gcc" x86_64 gcc coccicheck M="$dir" \
		MODE=report V=1 2>&1 | tee "$said"
	[ "${PIPESTATUS[0]}" = 0 ] || return 1
	tried=$(grep -c '^ *Processing ' "$said")
	[ "$tried" -gt 0 ] || return 1
	! grep -E "^(\.|$dir)/[^ ]*\.[ch]:[0-9]+" "$said" &&
	echo "count $tried semantic patches of coccicheck that find nothing"
}

part_configs()
{
	local number arch kunit cell_paths=$of_the_kernel

	while read -r -u 9 number arch kunit; do
		cell "config-$number" "config $number: $arch, KUNIT=$kunit" \
			config "$number" "$arch" "$kunit"
	done 9< <("$configs" list)
	cell config-pairs "all pairs of settings that there can be" all_pairs
	cell_paths=
	cell coccicheck "coccicheck" coccicheck
}
