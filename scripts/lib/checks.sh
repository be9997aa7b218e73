# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Which files of a kernel tree are ours, and what tools say about them. Sourced after
# common.sh.

# Print the paths of our C files in the tree.
our_c_files()
{
	"$here/scripts/patch-tree" paths "$top/stock" |
		grep '^kernel/module/kallsyms\.c$\|^lib/tests/.*\.c$\|selftests/module/.*\.[ch]$'
}

# no_word_about_us FILE: fail if a compiler or sparse has said something there about our
# files. What they say about the kernel's other headers does not matter. Since 6.13 files of
# external modules are named without their directory.
no_word_about_us()
{
	[ -f "$1" ] &&
	! grep -nE "((^|[ /])(kernel/module/(kallsyms\.c|internal\.h)|include/linux/module\.h\
|lib/tests/module_kallsyms_kunit\.c|kernel/(kallsyms|livepatch/core)\.c\
|kernel/trace/(fprobe|trace_kprobe)\.c|test_modules/[a-z_]+\.[ch])\
|^[a-z_]+\.[ch]):.*([Ww]arning|[Ee]rror)" "$1"
}

# kunit_py COMMAND OPTION...: kunit.py run or build, with the suite, or what $kunitconfig
# names, in the current directory's tree.
kunit_py()
{
	./tools/testing/kunit/kunit.py "$1" --kunitconfig="${kunitconfig:-kernel/module}" \
		--kunitconfig="$here/scripts/lib/kunit.config" --jobs="$(nproc)" "${@:2}"
}

# kunit_passed FILE: succeed if kunit.py says there that some cases have passed and none
# has failed. kunit.py does not fail if no case has run.
kunit_passed()
{
	passed=$(sed -n 's/.*Testing complete\..* passed: \([0-9]*\).*/\1/p' "$1")
	[ "${passed:-0}" -gt 0 ] && ! grep -qE 'Testing complete\..* (failed|crashed|errors):' "$1"
}

# kunit OPTION...: run the suite by kunit.py in $top/linux.
kunit()
{
	local said passed status=0

	cd "$top/linux" && said=$(mktemp) || return
	kunit_py run "$@" | tee "$said"
	kunit_passed "$said" || status=1
	rm "$said"
	[ $status = 0 ] || return
	echo "tests $passed"
	echo "count $passed KUnit cases passed"
}

# guest DIR OPTION...: build and boot a kernel by vmtest.sh, in DIR.
guest()
{
	local dir=$1
	shift

	mkdir -p "$dir"
	"$top/linux/tools/testing/selftests/module/vmtest.sh" -o "$dir" "$@" | tee "$dir/said"
	[ "${PIPESTATUS[0]}" = 0 ] || return 1
	awk '{ n += $1 } END { print "tests", n }' "$dir/counts"
	sed -nE \
		-e 's/^ *(the [a-z]+ table of .*: )?([0-9]+) lines of .* compared .*/count \2 lines of \/proc\/kallsyms compared/p' \
		-e 's/^  ok .* pass:([0-9]+) .*/count \1 tests of scenarios passed/p' "$dir/said"
}

# Later kernels do not call a sparse that is too old for them, and go on. Then a newer one
# is put first in PATH.
sparse_is_called()
{
	local valid=$top/linux/scripts/checker-valid.sh newer

	[ -f "$valid" ] && [ "$(sh "$valid" sparse)" != 1 ] || return 0
	newer=$("$here/scripts/lib/newer-sparse") || return
	PATH=$newer:$PATH
	[ "$(sh "$valid" sparse)" = 1 ]
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

# By the kernel's name of an architecture: the prefix of its compiler
declare -A cross=([arm]=arm-linux-gnueabihf- [arm64]=aarch64-linux-gnu-
	[powerpc]=powerpc64-linux-gnu- [riscv]=riscv64-linux-gnu-
	[s390]=s390x-linux-gnu-)

# kernel_make DIRECTORY ARCH COMPILER ARGUMENT...
kernel_make()
{
	local dir=$1 arch=$2 compiler=$3
	shift 3

	case $compiler in
	gcc)	set -- CC="ccache ${cross[$arch]:-}gcc" "$@" ;;
	clang)	set -- LLVM=-19 CC="ccache clang-19" "$@" ;;
	esac
	make -C "$top/linux" O="$dir" ARCH="$arch" CROSS_COMPILE="${cross[$arch]:-}" \
		-j "$(nproc)" "$@"
}

# quiet_build LOG OBJECT... -- COMMAND...: call make, which has to compile these, and look at
# them with sparse if it is asked to, and fail if it says anything about our files.
quiet_build()
{
	local said=$1 object objects=()
	shift

	for (( ; ; )); do
		object=$1
		shift
		[ "$object" != -- ] || break
		objects+=("$object")
	done
	"$@" 2>&1 | tee "$said"
	[ "${PIPESTATUS[0]}" = 0 ] || return 1
	for object in "${objects[@]}"; do
		grep -qE "^  CC (\\[M\\])? *(.*/)?$object\$" "$said" || {
			echo "$object was not compiled"
			return 1
		}
		[[ " $* " != *" C=2 "* ]] ||
			grep -qE "^  CHECK +(.*/)?${object%.o}\.c\$" "$said" || {
			echo "${object%.o}.c was not checked"
			return 1
		}
	done
	no_word_about_us "$said"
}

# build_anew DIRECTORY ARCH COMPILER KUNIT MAKE-ARGUMENT...: compile our files, with the .config
# in DIRECTORY.
build_anew()
{
	local dir=$1 kunit=$4 objects=(kernel/module/kallsyms.o)

	[ "$kunit" != y ] || objects+=(lib/tests/module_kallsyms_kunit.o)
	rm -f "$dir"/kernel/module/*.o "$dir"/lib/tests/*.o
	quiet_build "$dir/said" "${objects[@]}" -- \
		kernel_make "${@:1:3}" "${@:5}" kernel/module/ "${objects[@]:1}"
}

# scenario NAME CONFIG SECONDS: run one scenario in a guest of four processors, on a
# kernel with more options, and print its counts. ("set -e" does nothing inside a
# step, so failures are returned.)
scenario()
{
	local name=$1 config=$2 seconds=$3 out=$top/soak-$2

	rm -f "$out/guest/$name"
	KALLSYMS_SECONDS=$seconds "$fragments/vmtest.sh" -n -p 4 -o "$out" \
		-c "$fragments/config.$config" "$name" || return 1
	cat "$out/guest/$name"
}
