#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds this kernel tree, boots it in QEMU, runs the scenarios in this
# directory, loads modules, and compares the module lines of /proc/kallsyms
# with what the modules' files say they must be.

set -euo pipefail

dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$dir/../../../.." && pwd)
scenarios=(types names init traced unload reader stacktrace lookup scan self livepatch
	kptr-restrict kunit)

usage()
{
	cat <<EOF
Usage: ${0##*/} [option...] [scenario...]
       ${0##*/} -k IMAGE [option...] COMMAND...

Builds the kernel tree this script is in, boots it in QEMU, runs the scenarios
(all of them, if none is named), loads modules of the tree, and compares every
module line of /proc/kallsyms with what readelf says of the modules' files.
Exits with 0 if all went well. Scenarios: ${scenarios[*]},
and, if they are named, sections (with -d), races (with config.kasan or
config.kcsan, for \$KALLSYMS_SECONDS) and allocations (with config.kasan).

With -k it builds and compares nothing. It boots that kernel, calls COMMAND in
the files of -d, and fails if the guest does not come to its end. DIR/guest has
what COMMAND has left in \$KALLSYMS_RESULTS, with kallsyms, modules, sections
and dmesg.

  -o DIR    everything that is built or recorded goes here
            (default: ${tree##*/}/../vmtest-out)
  -s TREE   build this tree instead; it need not have this selftest
  -a ARCH   build for this architecture (x86_64, aarch64, arm, riscv64 or
            s390x; default: $(uname -m)) and emulate it; BUSYBOX=FILE in the
            environment is a statically linked busybox for it; with -k also
            um, where IMAGE is UML
  -c FILE   a fragment of kernel configuration more; may be repeated
  -m DIR    load the modules that another run has built under its DIR
  -r DIR    compare with the lines that another run has recorded under its DIR
  -n        test modules only, none of the tree's own
  -d DIR    files for the guest: a scenario finds them in \$KALLSYMS_DATA
  -e DIR    scenarios more, test-NAME.sh, with the programs in C that they call
  -k IMAGE  boot this kernel, and run a command in it
  -q ARGS   arguments of QEMU more, split at blanks
  -l TEXT   more of the kernel's command line
  -t N      seconds that the guest has (default: 900)
  -p N      processors of the guest (default: 2)
  -j N      jobs of make (default: $(nproc))
  -b        build, do not boot
  -i        boot to a prompt instead, with the modules at hand
  -g        the same, with debug information and scripts/gdb, and QEMU's stub
            for gdb on port 1234 of this machine (GDB_PORT)
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
interactive=n
debug=n
processors=2
image=
more_args=
cmdline=
limit=900
export KALLSYMS_SECONDS=${KALLSYMS_SECONDS:-20}
while getopts 'o:s:a:c:m:r:nd:e:k:q:l:t:p:j:bigh' opt; do
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
	k) image=$(realpath "$OPTARG") ;;
	q) more_args=$OPTARG ;;
	l) cmdline=$OPTARG ;;
	t) limit=$OPTARG ;;
	p) processors=$OPTARG ;;
	j) jobs=$OPTARG ;;
	b) build_only=y ;;
	i) interactive=y ;;
	g) interactive=y; debug=y ;;
	h) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
done
repeat=$(printf '%q ' "$0" "$@")
shift $((OPTIND - 1))
command=
if [ -n "$image" ]; then
	[ $# != 0 ] || { usage >&2; exit 2; }
	command=$(printf '%q ' "$@")
	scenarios=()
	tree_modules=n
elif [ $# != 0 ]; then
	scenarios=("$@")
fi
for name in "${scenarios[@]}"; do
	[ -f "$dir/test-$name.sh" ] || [ -f "${more:-$dir}/test-$name.sh" ] ||
		{ usage >&2; exit 2; }
done

# The suite is built in: it would run at boot, which takes its time.
[[ " ${scenarios[*]} " = *" kunit "* ]] || cmdline+=" kunit.enable=0"

mkdir -p "$out"
out=$(cd "$out" && pwd)
kernel=$out/kernel			# make's O=
staging=$out/modules			# modules as they are installed
root=$out/root				# the guest's root directory
guest=$out/guest			# what the guest has left
logs=$out/log
mkdir -p "$kernel" "$logs"
rm -f "$out/counts"

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# step NAME WHAT COMMAND...: run COMMAND with its output in a log, and print the log's
# last lines if it fails. "set -e" does nothing inside it.
step()
{
	local log=$logs/$1.log what=$2 start=$SECONDS
	shift 2

	printf '  %-44s log: %s\n' "$what ..." "$log"
	if ! "$@" >"$log" 2>&1 </dev/null; then
		tail -n 25 "$log" | sed 's/^/    | /'
		printf '  %s: FAILED, the whole log is %s\n' "$what" "$log"
		printf '  to repeat it: %s\n' "$repeat"
		exit 1
	fi
	printf '  %-44s %d s\n' "$what: done" $((SECONDS - start))
}

need()
{
	local missing=() tool

	for tool; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ ${#missing[@]} = 0 ] || die "not installed: ${missing[*]}"
}

# For each architecture: its name in the tree, the prefix of its compiler, the guest's
# console, and the device for its results if it is no virtio console (with the numbers of
# both).
modules_fragment=config.modules
console_args=(-serial stdio)
results_device="c 229 0"
results_args=(-device virtio-serial-device)
case $arch in
x86_64)
	kernel_arch=x86_64
	prefix=x86_64-linux-gnu-
	qemu=(qemu-system-x86_64 -M q35 -cpu max)
	console=ttyS0
	console_device="c 4 64"
	results_device="c 4 65"
	results_args=(-serial "file:$out/results.tar.gz")
	target=arch/x86/boot/bzImage
	;;
aarch64)
	kernel_arch=arm64
	prefix=aarch64-linux-gnu-
	qemu=(qemu-system-aarch64 -M virt -cpu "max,pauth-impdef=on")
	console=ttyAMA0
	console_device="c 204 64"
	target=arch/arm64/boot/Image
	;;
arm)
	kernel_arch=arm
	prefix=arm-linux-gnueabihf-
	qemu=(qemu-system-arm -M virt -cpu cortex-a15)
	console=ttyAMA0
	console_device="c 204 64"
	target=arch/arm/boot/zImage
	;;
riscv64)
	kernel_arch=riscv
	prefix=riscv64-linux-gnu-
	qemu=(qemu-system-riscv64 -M virt)
	console=ttyS0
	console_device="c 4 64"
	target=arch/riscv/boot/Image
	;;
s390x)
	kernel_arch=s390
	prefix=s390x-linux-gnu-
	qemu=(qemu-system-s390x -M s390-ccw-virtio -cpu qemu)
	# It prefers a virtio console, whatever console= says.
	console=hvc0
	console_device="c 229 0"
	console_args=(-device virtio-serial-ccw -chardev "stdio,id=console,signal=off"
		-device "virtconsole,chardev=console")
	results_device="c 229 1"
	results_args=()
	target=arch/s390/boot/bzImage
	;;
um)
	[ -n "$image" ] || die "um is for -k alone"
	kernel_arch=um
	prefix=
	qemu=("$image")
	console=tty0
	console_device="c 4 0"
	results_device="c 4 1"
	;;
*)
	die "no support for $arch yet"
	;;
esac
if [[ $results_device = "c 229 "* ]]; then
	results_args+=(-chardev "file,id=results,path=$out/results.tar.gz"
		-device "virtconsole,chardev=results")
fi

if [ "$arch" = "$(uname -m)" ] || [ "$arch" = um ]; then
	prefix=
	busybox=${BUSYBOX:-$(command -v busybox || :)}
else
	busybox=${BUSYBOX:-}
	[ -f "$busybox" ] || die "BUSYBOX=FILE must name a static busybox for $arch"
	modules_fragment=config.modules.$arch
fi
need make "${prefix}gcc" bc flex bison readelf python3 depmod cpio gzip "${qemu[0]}"
[ -f "$busybox" ] || die "not installed: busybox"
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

all_fragments=("$dir/config" "$dir/config.vm" "$dir/config.$arch")
[ "$tree_modules" = n ] || all_fragments+=("$dir/$modules_fragment")
[ ! -f "$source_tree/lib/tests/module_kallsyms_kunit.c" ] ||
	all_fragments+=("$dir/config.kunit")
[ $debug = n ] || all_fragments+=("$dir/config.debug")
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
	mkdir -p "$root/lib/modules/$release"
	[ ! -d "$modules_from/lib/modules" ] ||
		find "$modules_from/lib/modules" -name '*.ko' \
			-exec cp -t "$root/lib/modules/$release" {} + || return
	depmod -b "$root" "$release"
}

# Print the guest's process 1.
guest_init()
{
	cat <<EOF
#!/bin/sh
export PATH=/bin:/data KALLSYMS_RESULTS=/results KALLSYMS_SECONDS=$KALLSYMS_SECONDS
export KALLSYMS_DATA=/data CONSOLE=/dev/$console
/bin/busybox mount -t proc none /proc
/bin/busybox --install -s /bin
mount -t sysfs none /sys
mount -t debugfs none /sys/kernel/debug
mount -t tracefs none /sys/kernel/tracing
mknod -m 666 /dev/null c 1 3
mknod /dev/kmsg c 1 11
mknod /dev/$console $console_device
mknod /dev/results $results_device
echo 0 > /proc/sys/kernel/printk
mkdir -p /tmp /results/tap /results/sections
if [ $interactive = y ]; then
	. /etc/motd.sh
	setsid sh -c 'exec sh </dev/$console >/dev/$console 2>&1'
	reboot -f
fi
$(if [ -n "$command" ]; then
	printf 'cd /data\n%s\n' "$command"
else
	guest_scenarios
fi)
cat /proc/kallsyms > /results/kallsyms
cat /proc/modules > /results/modules
grep -c ^processor /proc/cpuinfo > /results/processors
for sections in /sys/module/*/sections; do
	module=\${sections%/sections}
	cp -r \$sections /results/sections/\${module##*/}
done
dmesg > /results/dmesg
touch /results/complete
# Some terminals forget that they are raw when they are closed.
exec 3<> /dev/results
stty raw -echo <&3
tar c -C /results . | gzip -1 >&3
exec 3>&-
# QEMU leaves when its guest reboots, UML when it halts.
$([ "$arch" = um ] && echo halt || echo reboot) -f
EOF
}

# Print what it does without -k: stock and rewrite load the same modules in the same order.
guest_scenarios()
{
	cat <<EOF
cd /selftests/module
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

prompt_text()
{
	cat <<'EOF'
cat <<'TEXT'

  Test modules are in /selftests/module/test_modules, the tree's own go by
  modprobe. For example:

    insmod /selftests/module/test_modules/test_kallsyms_types.ko
    grep test_kallsyms_types /proc/kallsyms
    /selftests/module/test-stacktrace.sh

  "reboot -f" or ctrl-a x ends it.

TEXT
EOF
}

# Programs that scenarios need, compiled for this machine's processor.
make_programs()
{
	local file name

	[ "$arch" = "$(uname -m)" ] || return 0
	for file in "$dir"/*.c ${more:+"$more"/*.c}; do
		name=$(basename "$file" .c)
		$cc -Wall -O2 -static -o "$root/selftests/module/$name" "$file" || return
	done
}

# What scenarios need, and the modules that are loaded.
add_selftests()
{
	mkdir -p "$root/selftests/kselftest" "$root/selftests/module/test_modules" || return
	cp "$tree/tools/testing/selftests/kselftest/ktap_helpers.sh" "$root/selftests/kselftest/" &&
		cp "$dir"/*.sh ${more:+"$more"/*.sh} "$dir"/{complaints,known-races} "$root/selftests/module/" &&
		make_programs &&
		cp "$modules_from"/test_modules/*.ko \
			"$root/selftests/module/test_modules/" || return
	install_module_tree || return
	# libcrc32c needs crc32c_generic, but no list of dependencies says so.
	{
		find "$root/lib/modules" -name 'crc32c_generic.ko' -printf '%f\n'
		find "$root/lib/modules" -name '*.ko' -printf '%f\n' | sort
	} | sed 's/\.ko$//' > "$root/selftests/load"
	prompt_text > "$root/etc/motd.sh"
}

# The same root makes the same file. It is not compressed, which takes a guest long to undo.
make_root()
{
	rm -rf "$root"
	mkdir -p "$root"/{bin,dev,proc,sys,etc,tmp} || return
	cp "$busybox" "$root/bin/busybox" || return
	ln -s busybox "$root/bin/sh"
	[ -z "$data" ] || cp -r "$data" "$root/data" || return
	[ -n "$command" ] || add_selftests || return
	guest_init > "$root/init"
	chmod +x "$root/init"
	find "$root" -exec touch -h -d @0 {} +
	(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible) \
		> "$out/initramfs.tmp" || return
	mv "$out/initramfs.tmp" "$out/initramfs"
}

# Print the command that boots it, an argument a line.
boot_command()
{
	local append="console=$console loglevel=4 $cmdline"

	if [ "$arch" = um ]; then
		# shellcheck disable=SC2086
		printf '%s\n' "$image" mem=1G con=null con0=null,fd:1 con1=null,fd:3 \
			"initrd=$out/initramfs" $append
		return
	fi
	printf '%s\n' "${qemu[@]}" -smp "$processors,sockets=$processors" -m 1G \
		-display none -no-reboot -nodefaults -kernel "$image" \
		-initrd "$out/initramfs" -append "panic=-1 no_timer_check $append"
}

boot()
{
	local args

	# How long races take is the caller's choice.
	[[ " ${scenarios[*]} " != *" races "* ]] || limit=$((limit + 4 * KALLSYMS_SECONDS))
	mapfile -t args < <(boot_command)
	# shellcheck disable=SC2206
	[ "$arch" = um ] || args+=("${console_args[@]}" "${results_args[@]}" $more_args)
	rm -rf "$guest"
	# In the foreground, so that ctrl-c ends it. UML's second console is file descriptor 3.
	timeout --foreground "$limit" "${args[@]}" </dev/null 3>"$out/results.tar.gz"
	mkdir -p "$guest"
	tar xz -C "$guest" -f "$out/results.tar.gz" || return
	[ "$(cat "$guest/processors")" = "$processors" ] ||
		echo "the guest has $(cat "$guest/processors") processors, not $processors"
	[ -f "$guest/complete" ] && [ "$(cat "$guest/processors")" = "$processors" ]
}

if [ -n "$command" ]; then
	step root "make the guest's root" make_root
	step boot "boot $image" boot
	exit
fi
configure_if_needed
if [ -z "$modules_from" ]; then
	step kernel "build the kernel and its modules" make_kernel "${target##*/}" modules
	step modules "build the test modules" install_modules
	modules_from=$staging
else
	step kernel "build the kernel" make_kernel "${target##*/}"
	modules_from=$modules_from/modules
fi
if [ $debug = y ]; then
	# gdb expects the addresses that the kernel was linked for.
	cmdline+=" nokaslr"
	step gdb "make scripts/gdb" make_kernel scripts_gdb
fi
[ $build_only = n ] || exit 0
image=$kernel/$target
step root "make the guest's root" make_root
if [ $interactive = y ]; then
	mapfile -t args < <(boot_command)
	[ "${console_args[0]}" != -serial ] || console_args=(-serial mon:stdio -serial null)
	[ $debug = n ] || args+=(-gdb "tcp:localhost:${GDB_PORT:-1234}")
	# shellcheck disable=SC2086
	exec "${args[@]}" "${console_args[@]}" $more_args
fi
step boot "boot it, run scenarios, load modules" boot

# Compare. Each comparison adds a line "PASSED FAILED" to $out/counts, for callers that
# run this several times.
: > "$out/counts"
failed=0

printf '\nScenarios:\n'
for name in "${scenarios[@]}"; do
	tap=$guest/tap/$name
	totals=$(sed -n 's/^# Totals: //p' "$tap" | tail -n 1)
	case $(sed -n 's/^exit //p' "$tap") in
	0)
		printf '  ok    %-14s %s\n' "$name" "$totals"
		echo 1 0 >>"$out/counts"
		;;
	4)
		printf '  skip  %-14s %s\n' "$name" "$(sed -n 's/^1\.\.0 # SKIP //p' "$tap")"
		;;
	*)
		printf '  FAIL  %-14s %s\n' "$name" "$totals"
		grep -v '^ok ' "$tap" | sed 's/^/    | /'
		echo 0 1 >>"$out/counts"
		failed=1
		;;
	esac
done

kallsyms_all=n
if grep -qx CONFIG_KALLSYMS_ALL=y "$kernel/.config"; then
	kallsyms_all=y
fi
mapfile -t files < <(find "$modules_from" -name '*.ko')
oracle=("$dir/kallsyms_oracle.py")
options=(--kallsyms-all "$kallsyms_all" --count "$out/counts")

sample=test_kallsyms_types
printf '\nThe first lines of %s in /proc/kallsyms:\n' "$sample"
grep "	\[$sample\]\$" "$guest/kallsyms" | sed -n '1,8s/^/  /p'

printf '\nModule lines of /proc/kallsyms, CONFIG_KALLSYMS_ALL=%s:\n' "$kallsyms_all"
"${oracle[@]}" elf "$guest" "${files[@]}" "${options[@]}" | tee "$out/compared" |
	sed 's/^/  /' || failed=1
for table in full livepatch; do
	for part in "$guest/$table"/*; do
		[ -d "$part" ] || continue
		mapfile -t one < <(find "$modules_from" -name "${part##*/}.ko")
		printf '  the %s table of %s: ' "$table" "${part##*/}"
		full=()
		[ $table = livepatch ] || full=(--full)
		"${oracle[@]}" elf "$part" "${one[@]}" "${full[@]}" --vmlinux "$guest" \
			"${options[@]}" || failed=1
	done
done
# Of vmlinux, the names of System.map; kallsyms leaves out some absolute symbols.
if [ "$arch$kallsyms_all" = x86_64y ]; then
	sed -n 's/^[0-9a-f]* [^ ] \([^\t ]*\)$/\1/p' "$guest/kallsyms" | sort >"$out/vmlinux"
	different=$({
		sed 's/.* //' "$kernel/System.map" | sort | comm -13 - "$out/vmlinux"
		sed -n 's/.* [^aA] //p' "$kernel/System.map" | sort | comm -23 - "$out/vmlinux"
	} | sort | tee "$out/vmlinux.different" | wc -l)
	printf '  %d lines of vmlinux compared with System.map: %d lines different\n' \
		"$(wc -l <"$out/vmlinux")" "$different"
	sed -n '1,20s/^/    | /p' "$out/vmlinux.different"
	[ "$different" = 0 ] && echo 1 0 >>"$out/counts" || { echo 0 1 >>"$out/counts"; failed=1; }
fi
if [ -n "$reference" ]; then
	"${oracle[@]}" kernel "$reference/guest" "$guest" "${options[@]}" |
		sed 's/^/  /' || failed=1
	# What scenarios keep in same/ has no addresses.
	if [ -d "$guest/same" ]; then
		if diff -r "$reference/guest/same" "$guest/same" >"$out/same.different"; then
			printf '  %d answers of lookups compared: 0 lines different\n' \
				"$(cat "$guest"/same/* | wc -l)"
			echo 1 0 >>"$out/counts"
		else
			echo '  lookups have other answers there:'
			sed -n '1,20s/^/    | /p' "$out/same.different"
			echo 0 1 >>"$out/counts"
			failed=1
		fi
	fi
fi
if [ -s "$guest/not-loaded" ]; then
	sed 's/^/  /' "$guest/not-loaded"
	echo 0 1 >>"$out/counts"
	failed=1
fi
# complaints WHEN FILE [PATTERN]: what the kernel has said there, but for lines of PATTERN.
# Only KUnit's modules have malformed tables.
complaints()
{
	local said

	said=$(grep -vE "^(\[[ .0-9]*] )?kunit_[a-z0-9_]*: malformed symbol table${3:+|$3}" "$2" |
		grep -Ef "$dir/complaints" -A5 | sed -n '1,20p') || :
	[ -n "$said" ] || return 0
	printf '  the kernel complained while %s:\n' "$1"
	printf '%s\n' "$said" | sed 's/^/    | /'
	echo 0 1 >>"$out/counts"
	failed=1
}
[ ! -f "$guest/dmesg.scenarios" ] ||
	complaints "scenarios ran" "$guest/dmesg.scenarios" "Call Trace"	# dumped on purpose
complaints "modules were loaded" "$guest/dmesg"

if [ $failed = 0 ]; then
	printf '\nPASS: %s\n' "$(tail -n 1 "$out/compared")"
else
	printf '\nFAIL: see above; what the guest left is in %s\n' "$guest"
fi
exit $failed
