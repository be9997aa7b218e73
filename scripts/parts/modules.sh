# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# /proc/kallsyms of modules that other tools have stripped and linked, and of modules with
# very many sections
packages=matrix
cell_scripts+=("$here/scripts/parts/sections.c")

# Each tool gets as many of the modules that stock's build has left.
strip_and_link()
{
	local tools file command others=$matrix/others i=0
	tools=("strip -g" "strip --strip-unneeded" "llvm-strip-19 -g"
		"llvm-strip-19 --strip-unneeded" link_by_lld "ld.gold -r")

	rm -rf "$others"
	mkdir "$others"
	cp -r "$matrix/stock-made/modules" "$others/" || return
	while read -r file; do
		command=${tools[i++ % ${#tools[@]}]}
		echo "$command: ${file##*/}"
		$command -o "$file.new" "$file" || return
		# strip and the like do nothing where there is nothing to do.
		mv "$file.new" "$file"
	done < <(find "$others/modules/lib" -name '*.ko' | LC_ALL=C sort)
}

# An ELF file of a module has less than 65,280 sections.
many_sections()
{
	local dir=$matrix/many-sections n

	rm -rf "$dir" "$matrix/many"
	mkdir -p "$dir" "$matrix/many"
	for n in 3000 20000 65000 66000; do
		printf '%s_sections_%d.o := %s\n' CFLAGS "$n" "-DSECTIONS=$n" \
			OBJECT_FILES_NON_STANDARD "$n" y >>"$dir/Kbuild"
		printf 'obj-m += sections_%d.o\n' "$n" >>"$dir/Kbuild"
		cp "$here/scripts/parts/sections.c" "$dir/sections_$n.c" || return
	done
	make -C "$top/stock" O="$matrix/stock-made/kernel" CC="ccache gcc" M="$dir" modules &&
	cp "$dir"/*.ko "$matrix/many/"
}

part_modules()
{
	[ -d "$matrix/stock-made/modules" ] || rm -f "$top/cells/stock-made.stamp"
	cell stock-made "stock: builds the modules" "$fragments/vmtest.sh" -b -o "$matrix/stock-made" -s "$top/stock"
	cell strip-and-link "strip, llvm-strip, ld.lld -r, ld.gold -r" strip_and_link
	cell stock-others "stock: loads them" guest "$matrix/stock-others" -s "$top/stock" \
		-m "$matrix/others" unload
	cell linux-others "rewrite: loads them" guest "$matrix/linux-others" \
		-m "$matrix/others" -r "$matrix/stock-others" unload
	cell many-sections "modules of 3,000 to 66,000 sections" many_sections
	cell stock-sections "stock: loads or refuses them" guest "$matrix/stock-others" -s "$top/stock" \
		-m "$matrix/stock-made" -d "$matrix/many" sections
	cell linux-sections "rewrite: the same" guest "$matrix/linux-others" \
		-m "$matrix/stock-made" -d "$matrix/many" sections
}
