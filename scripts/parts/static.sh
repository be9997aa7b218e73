# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# checkpatch, sparse, warnings, get_maintainer; shellcheck, pyflakes3
packages="test"
cell_scripts+=("$here/scripts/"{bench,patch-tree,readme.py,series})

# our_build MAKE-ARGUMENT...: compile our files with sparse or W=1, for the kernel of the part
# guests, and the test modules.
our_build()
{
	local make=(make -C "$top/linux" O="$top/test-linux/kernel" "$@")
	local modules=$top/static/test_modules ours=(kernel/module/kallsyms.o
		lib/tests/module_kallsyms_kunit.o)

	[ -f "$top/test-linux/kernel/vmlinux.symvers" ] ||
		"$fragments/vmtest.sh" -b -o "$top/test-linux" || return
	rm -rf "$top/static"
	mkdir "$top/static"
	cp -r "$fragments/test_modules" "$modules"
	rm -f "${ours[@]/#/$top/test-linux/kernel/}"
	quiet_build "$top/static/said" "${ours[@]}" -- "${make[@]}" modules_prepare "${ours[@]}" &&
	quiet_build "$top/static/said.modules" types_main.o -- "${make[@]}" M="$modules" \
		KBUILD_EXTRA_SYMBOLS="$top/test-linux/kernel/vmlinux.symvers" modules
}

maintainers()
{
	local said

	cd "$top/linux" || return
	said=$(./scripts/get_maintainer.pl --no-git --no-git-fallback --no-tree \
		-f kernel/module/kallsyms.c)
	echo "$said"
	grep -q 'MODULE SYMBOL TABLES' <<<"$said"
}

# Our files have no warnings. Headers that we edit have no more than before.
kernel_doc()
{
	local path tree

	cd "$top/linux" || return
	./scripts/kernel-doc -none -Wall $(our_c_files) 2>&1 | tee "$top/kernel-doc.ours"
	for tree in stock linux; do
		for path in include/linux/module.h kernel/module/internal.h; do
			(cd "$top/$tree" && ./scripts/kernel-doc -none -Wall $path) 2>&1 |
				sed -E 's/:[0-9]+[: ]/:/'
		done >"$top/kernel-doc.$tree"
	done
	diff "$top/kernel-doc.stock" "$top/kernel-doc.linux" &&
		! grep -i 'warning\|error' "$top/kernel-doc.ours"
}

# Build a manual of that page alone: the whole manual takes minutes.
document()
{
	local tree=$top/document page=core-api/module-kallsyms said=$top/document.said name

	rm -rf "$top/document.out"
	copy_tree "$top/linux" "$tree" || return
	mkdir "$tree/Documentation/ours"
	mv "$tree/Documentation/$page.rst" "$tree/Documentation/ours/"
	printf '%s\n' Ours ==== '' '.. toctree::' '' '   module-kallsyms' \
		>"$tree/Documentation/ours/index.rst"
	make -C "$tree" O="$top/document.out" SPHINXDIRS=ours htmldocs 2>&1 | tee "$said"
	[ "${PIPESTATUS[0]}" = 0 ] &&
		! grep -i '\(module-kallsyms\|kallsyms\.c\|module\.h\).*warn' "$said" || return
	for name in mod_kallsyms module_address_lookup lookup_module_symbol_name \
			module_get_kallsym module_kallsyms_lookup_name \
			find_kallsyms_symbol_value module_kallsyms_on_each_symbol \
			module_kallsyms_on_each_match_symbol module_kallsym_pos \
			layout_symtab number_load add_kallsyms init_build_id elf_validity_symtab; do
		grep -q "id=\"c\.$name\"" \
			"$(find "$top/document.out" -name module-kallsyms.html | head -n 1)" || {
			echo "the page has nothing of $name"
			return 1
		}
	done
}

# Compile our objects with clang; nothing is linked. The current kernel needs clang 17,
# and Debian 12 has 19.
llvm()
{
	local dir=$top/llvm object objects=(kernel/module/kallsyms.o lib/tests/module_kallsyms_kunit.o)
	local args=(LLVM=-19 CC="ccache clang-19" -j "$(nproc)")

	"$fragments/kconfig.sh" "$top/linux" "$dir" "$fragments"/{config,config.vm,config.kunit,arch/x86_64.config} \
		-- "${args[@]}" || return
	rm -f "${objects[@]/#/$dir/}"
	make -C "$top/linux" O="$dir" "${args[@]}" W=1 "${objects[@]}" 2>&1 | tee "$dir/said"
	[ "${PIPESTATUS[0]}" = 0 ] || return
	for object in "${objects[@]}"; do
		[ -f "$dir/$object" ] || return
	done
	no_word_about_us "$dir/said"
}

# The size of kallsyms.c, compiled as the bench does it: -O2, without KUnit. Of the same file,
# gcc 14 makes 4 % more than gcc 12: 8,332 bytes.
budget()
{
	local dir=$top/budget file=kernel/module/kallsyms.c number most what status=0 bytes=8400
	local bench=$here/scripts/bench args=(CC="ccache gcc" -j "$(nproc)")

	"$fragments/kconfig.sh" "$top/linux" "$dir" "$bench/config" "$fragments"/{config.vm,arch/x86_64.config} \
		"$bench"/config.{qemu,plain} -- "${args[@]}" &&
	make -C "$top/linux" O="$dir" "${args[@]}" "${file%.c}.o" || return
	grep -x CONFIG_CC_OPTIMIZE_FOR_PERFORMANCE=y "$dir/.config" || return
	grep CONFIG_KUNIT= "$dir/.config" && return 1
	[ "$(gcc -dumpversion)" != 12 ] || bytes=8300
	while read -r number most what; do
		printf '%6d of %d %s\n' "$number" "$most" "$what"
		[ "$number" -le "$most" ] || status=1
	done <<-EOF
		$(wc -l <"$top/linux/$file") 920 lines
		$(gcc -fpreprocessed -dD -E -P "$top/linux/$file" | grep -c .) 680 lines without comments
		$(size -A "$dir/${file%.c}.o" | awk '$1 ~ /^\.text/ { n += $2 } END { print n }') $bytes bytes of text
		$(grep -ic kunit "$top/linux/$file") 0 hooks for KUnit
	EOF
	return $status
}

# Look at all shell and Python files.
scripts_are_clean()
{
	local shells pythons

	cd "$here" || return
	mapfile -t shells < <(grep -rIlE '^#!/bin/(ba)?sh|^# shellcheck shell=' .ci scripts tools)
	mapfile -t pythons < <(find scripts tools -name '*.py')
	printf '%s\n' "${shells[@]}" "${pythons[@]}"
	[ ${#shells[@]} -gt 0 ] && [ ${#pythons[@]} -gt 0 ] &&
		shellcheck "${shells[@]}" && pyflakes3 "${pythons[@]}"
}

readme()
{
	"$here/scripts/readme.py" --check
}

scripts_cell()
{
	local cell_scripts=("$here"/{.ci,.shellcheckrc,scripts,tools})

	cell scripts "shellcheck, pyflakes3" scripts_are_clean
}

part_static()
{
	# These say the same of each release.
	if [ -n "$asked" ] || [ "$RELEASE" = 6.12 ]; then
		cell budget "kallsyms.c is within its budget" budget
		[ "${only:-budget}" != budget ] ||
			grep ' of .* \(lines\|bytes\|hooks\)' "$(log_of budget)" | sed 's/^/  /' || :
		scripts_cell
		cell readme "README has the tables of results/" readme \
			"$(cd "$here" && cat README.md results/*/*.txt | sha256sum)"
	fi
	stale_results | sed 's/^/  /'
	cell checkpatch "checkpatch.pl --strict" checkpatch
	if [ "${only:-sparse}" = sparse ]; then
		if sparse_is_called; then
			cell sparse "sparse" our_build C=2
		else
			printf '  sparse: skipped, none is new enough for this kernel\n'
		fi
	fi
	cell w1 "W=1" our_build W=1
	cell llvm "clang, W=1" llvm
	cell kernel-doc "kernel-doc -Wall" kernel_doc
	cell document "Documentation/core-api/module-kallsyms.rst" document
	cell series "make series: patches apply, checkpatch" "$here/scripts/series/series" check
	cell maintainers "get_maintainer.pl finds us" maintainers
}
