#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds this kernel tree, boots it in QEMU, runs the scenarios in this
# directory, loads modules, and compares the module lines of /proc/kallsyms
# with what the modules' files say they must be.

set -euo pipefail

dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$dir/../../../.." && pwd)
named_only='vmtest.sh runs it if it is named'
mapfile -t scenarios < <(grep -L "$named_only" "$dir"/test-*.sh | sed 's,.*/test-\(.*\)\.sh,\1,')

usage()
{
	cat <<EOF
Usage: ${0##*/} [option...] [scenario...]

Builds the kernel tree this script is in, boots it in QEMU, runs the scenarios
(all of them, if none is named), loads modules of the tree, and compares every
module line of /proc/kallsyms with what readelf says of the modules' files.
Exits with 0 if all went well. Scenarios: ${scenarios[*]},
and, if they are named, $(cd "$dir" && grep -l "$named_only" test-*.sh |
	sed 's/test-\(.*\)\.sh/\1/' | xargs | sed 's/ /, /g'), whose first lines say what they need.

vmboot.sh boots, and vmjudge.py judges.

  -o DIR    everything that is built or recorded goes here
            (default: ${tree##*/}/../vmtest-out)
  -s TREE   build this tree instead; it need not have this selftest
  -a ARCH   build for this architecture and emulate it: see vmboot.sh -h
            (default: $(uname -m))
  -c FILE   a fragment of kernel configuration more; may be repeated
  -m DIR    load the modules that another run has built under its DIR
  -r DIR    compare with the lines that another run has recorded under its DIR
  -n        test modules only, none of the tree's own
  -d DIR    files for the guest: a scenario finds them in \$KALLSYMS_DATA
  -e DIR    scenarios more, test-NAME.sh, with the programs in C that they call
  -t N      seconds that the guest has (default: 900)
  -p N      processors of the guest (default: 2)
  -j N      jobs of make (default: $(nproc))
  -b        build, do not boot
  -i        boot to a prompt instead, with the modules at hand
  -g        the same, with debug information and scripts/gdb, and QEMU's stub
            for gdb: see vmboot.sh -h
  -h        this
EOF
}

out=$tree/../vmtest-out
source_tree=$tree
arch=$(uname -m)
fragments=()
modules_from=
reference=
data=
more=
tree_modules=y
jobs=$(nproc)
build_only=n
prompt=
processors=2
limit=900
export KALLSYMS_SECONDS=${KALLSYMS_SECONDS:-20}
while getopts 'o:s:a:c:m:r:nd:e:t:p:j:bigh' opt; do
	case $opt in
	o) out=$OPTARG ;;
	s) source_tree=$(cd "$OPTARG" && pwd) ;;
	a) arch=$OPTARG ;;
	c) fragments+=("$(realpath "$OPTARG")") ;;
	m) modules_from=$(realpath "$OPTARG") ;;
	r) reference=$(realpath "$OPTARG") ;;
	n) tree_modules=n ;;
	d) data=$(realpath "$OPTARG") ;;
	e) more=$(realpath "$OPTARG") ;;
	t) limit=$OPTARG ;;
	p) processors=$OPTARG ;;
	j) jobs=$OPTARG ;;
	b) build_only=y ;;
	i) prompt=-i ;;
	g) prompt=-g ;;
	h) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
done
repeat=$(printf '%q ' "$0" "$@")
shift $((OPTIND - 1))
[ $# = 0 ] || scenarios=("$@")
for name in "${scenarios[@]}"; do
	[ -f "$dir/test-$name.sh" ] || [ -f "${more:-$dir}/test-$name.sh" ] ||
		{ usage >&2; exit 2; }
done

mkdir -p "$out"
out=$(cd "$out" && pwd)
kernel=$out/kernel			# make's O=
staging=$out/modules			# modules as they are installed
files=$out/files			# for the guest's root
mkdir -p "$kernel" "$out/log"
rm -f "$out/counts"

log_of()
{
	printf '%s\n' "$out/log/$1.log"
}

. "$dir/steps.sh"
. "$dir/arch.sh"
need make "${prefix}gcc" bc flex bison readelf python3 depmod
cc=${prefix}gcc
if command -v ccache >/dev/null; then
	cc="ccache $cc"
fi

make_args=(ARCH="$kernel_arch" CROSS_COMPILE="$prefix" CC="$cc" -j "$jobs"
	KBUILD_BUILD_USER=vmtest KBUILD_BUILD_HOST=vmtest)

make_kernel()
{
	make -C "$source_tree" O="$kernel" "${make_args[@]}" "$@"
}

all_fragments=("$dir/config" "$dir/config.vm" "$dir/arch/$arch.config")
if [ "$tree_modules" = y ]; then
	all_fragments+=("$dir/config.modules")
	[ ! -f "$dir/arch/$arch.modules" ] || all_fragments+=("$dir/arch/$arch.modules")
fi
[ ! -f "$source_tree/lib/tests/module_kallsyms_kunit.c" ] ||
	all_fragments+=("$dir/config.kunit")
[ "$prompt" != -g ] || all_fragments+=("$dir/config.debug")
all_fragments+=("${fragments[@]}")

# Only if a fragment has changed, or make would look at every file again.
configure_if_needed()
{
	local want

	want=$(cat "${all_fragments[@]}" | md5sum
		echo "$source_tree $cc")
	if [ "$(cat "$out/configured" 2>/dev/null)" = "$want" ] && [ -f "$kernel/.config" ]; then
		return
	fi
	rm -f "$out/configured"
	step config "configure" "$dir/kconfig.sh" "$source_tree" "$kernel" \
		"${all_fragments[@]}" -- "${make_args[@]}"
	printf '%s\n' "$want" >"$out/configured"
}

install_modules()
{
	rm -rf "$staging.tmp"
	if [ "$tree_modules" = y ]; then
		make_kernel INSTALL_MOD_PATH="$staging.tmp" DEPMOD=true modules_install || return
	fi
	# Build a copy, so that the source tree stays clean.
	mkdir -p "$staging.tmp/test_modules" "$out/test_modules"
	cp -u "$dir"/test_modules/* "$out/test_modules/" || return
	make_kernel M="$out/test_modules" modules || return
	cp "$out"/test_modules/*.ko "$staging.tmp/test_modules/" || return
	rm -rf "$staging"
	mv "$staging.tmp" "$staging"
}

install_module_tree()
{
	local release

	release=$(cat "$kernel/include/config/kernel.release")
	mkdir -p "$files/lib/modules/$release"
	[ ! -d "$modules_from/lib/modules" ] ||
		find "$modules_from/lib/modules" -name '*.ko' \
			-exec cp -t "$files/lib/modules/$release" {} + || return
	depmod -b "$files" "$release"
}

# Print what the guest does: stock and rewrite load the same modules in the same order.
guest_script()
{
	cat <<EOF
#!/bin/sh
cd /selftests/module
mkdir -p /results/tap
for name in ${scenarios[*]}; do
	echo "\$(cut -d ' ' -f 1 /proc/uptime) scenario \$name"
	./test-\$name.sh > /results/tap/\$name 2>&1
	echo "exit \$?" >> /results/tap/\$name
	case \$name in
	# They look at it themselves, and what -e has does.
	races|allocations)	dmesg -c > /dev/null ;;
	*)	[ -n "$more" ] && dmesg -c > /dev/null || dmesg -c >> /results/dmesg.scenarios ;;
	esac
done
insmod test_modules/test_kallsyms_types.ko
insmod test_modules/test_kallsyms_names.ko
insmod test_modules/test_kallsyms_trace.ko
for name in \$(cat /selftests/load); do
	echo "\$(cut -d ' ' -f 1 /proc/uptime) module \$name"
	modprobe \$name 2>> /results/not-loaded
done
EOF
}

# Programs that scenarios need, compiled for this machine's processor.
make_programs()
{
	local file name

	[ "$arch" = "$(uname -m)" ] || return 0
	for file in "$dir"/*.c ${more:+"$more"/*.c}; do
		name=$(basename "$file" .c)
		$cc -Wall -O2 -static -o "$files/selftests/module/$name" "$file" || return
	done
}

# What scenarios need, and the modules that are loaded.
make_files()
{
	rm -rf "$files"
	mkdir -p "$files"/etc "$files/selftests"/{kselftest,module/test_modules} || return
	cp "$dir/../kselftest/ktap_helpers.sh" "$files/selftests/kselftest/" &&
		cp "$dir"/*.sh ${more:+"$more"/*.sh} "$dir"/{complaints,known-races} \
			"$files/selftests/module/" &&
		make_programs &&
		cp "$modules_from"/test_modules/*.ko "$files/selftests/module/test_modules/" ||
		return
	install_module_tree || return
	# libcrc32c needs crc32c_generic, but no list of dependencies says so.
	{
		find "$files/lib/modules" -name 'crc32c_generic.ko' -printf '%f\n'
		find "$files/lib/modules" -name '*.ko' -printf '%f\n' | sort
	} | sed 's/\.ko$//' >"$files/selftests/load"
	guest_script >"$files/selftests/run"
	chmod +x "$files/selftests/run"
	cat >"$files/etc/motd" <<-'EOF'

		  Test modules are in /selftests/module/test_modules, the tree's own go by
		  modprobe. For example:

		    insmod /selftests/module/test_modules/test_kallsyms_types.ko
		    grep test_kallsyms_types /proc/kallsyms
		    /selftests/module/test-stacktrace.sh

		  "reboot -f" or ctrl-a x ends it.

	EOF
}

configure_if_needed
if [ -z "$modules_from" ]; then
	step kernel "build the kernel and its modules" make_kernel "${target##*/}" modules
	step modules "build the test modules" install_modules
	modules_from=$staging
else
	step kernel "build the kernel" make_kernel "${target##*/}"
	modules_from=$modules_from/modules
fi
cmdline=
[ -n "$prompt" ] || [[ " ${scenarios[*]} " != *" kunit "* ]] || cmdline=kunit.enable=1
if [ "$prompt" = -g ]; then
	# gdb expects the addresses that the kernel was linked for.
	cmdline+=" nokaslr"
	step gdb "make scripts/gdb" make_kernel scripts_gdb
fi
[ $build_only = n ] || exit 0
step files "gather what the guest needs" make_files
# How long races take is the caller's choice.
[[ " ${scenarios[*]} " != *" races "* ]] || limit=$((limit + 4 * KALLSYMS_SECONDS))
boot=("$dir/vmboot.sh" -k "$kernel/$target" -o "$out" -a "$arch" -r "$files" ${data:+-d "$data"}
	-l "$cmdline" -t "$limit" -p "$processors")
[ -z "$prompt" ] || exec "${boot[@]}" "$prompt"
"${boot[@]}" /selftests/run
exec "$dir/vmjudge.py" "$out" "$modules_from" "$arch" ${reference:+--reference "$reference"} \
	"${scenarios[@]}"
