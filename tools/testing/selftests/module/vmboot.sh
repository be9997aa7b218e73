#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boots a kernel in QEMU, calls a command there, and brings back what that has
# left.

set -euo pipefail

dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage()
{
	cat <<EOF
Usage: ${0##*/} -k IMAGE -o DIR [option...] COMMAND...

Boots that kernel with a root of busybox, calls COMMAND, and fails if the guest
does not come to its end. DIR/guest has what COMMAND has left in
\$KALLSYMS_RESULTS, and kallsyms, modules, sections and dmesg.

  -a ARCH   the image's architecture, one of $(cd "$dir/arch" && echo *.sh | sed 's/\.sh//g')
            (default: $(uname -m)); BUSYBOX=FILE in the environment is a statically
            linked busybox for it; for um, IMAGE is UML. VIRTIO_SERIAL=virtio-serial-pci
            is for a kernel of arm, arm64 or riscv64 that has no VIRTIO_MMIO built in
  -r DIR    files for the guest's root
  -d DIR    files for the guest's /data, where COMMAND is called
  -q ARGS   arguments of QEMU more, split at blanks
  -l TEXT   more of the kernel's command line
  -t N      seconds that the guest has (default: 900)
  -p N      processors of the guest (default: 2)
  -i        boot to a prompt instead
  -g        the same, with QEMU's stub for gdb on port 1234 of this machine
            (GDB_PORT)
  -h        this
EOF
}

arch=$(uname -m)
image=
out=
files=
data=
more_args=
cmdline=
limit=900
processors=2
interactive=n
debug=n
while getopts 'k:o:a:r:d:q:l:t:p:igh' opt; do
	case $opt in
	k) image=$(realpath "$OPTARG") ;;
	o) out=$OPTARG ;;
	a) arch=$OPTARG ;;
	r) files=$(realpath "$OPTARG") ;;
	d) data=$(realpath "$OPTARG") ;;
	q) more_args=$OPTARG ;;
	l) cmdline=$OPTARG ;;
	t) limit=$OPTARG ;;
	p) processors=$OPTARG ;;
	i) interactive=y ;;
	g) interactive=y; debug=y ;;
	h) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
done
repeat=$(printf '%q ' "$0" "$@")
shift $((OPTIND - 1))
[ -f "$image" ] && [ -n "$out" ] || { usage >&2; exit 2; }
[ $# != 0 ] || [ $interactive = y ] || { usage >&2; exit 2; }

mkdir -p "$out/log"
out=$(cd "$out" && pwd)
root=$out/root				# the guest's root directory
guest=$out/guest			# what the guest has left

log_of()
{
	printf '%s\n' "$out/log/$1.log"
}

. "$dir/steps.sh"
. "$dir/arch.sh"
need cpio gzip "${qemu[0]}"

# Print the guest's process 1.
guest_init()
{
	cat <<EOF
#!/bin/sh
export PATH=/bin:/data KALLSYMS_RESULTS=/results KALLSYMS_SECONDS=${KALLSYMS_SECONDS:-20}
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
mkdir -p /tmp /results/sections
cd /data
if [ $interactive = y ]; then
	[ ! -f /etc/motd ] || cat /etc/motd
	setsid sh -c 'exec sh </dev/$console >/dev/$console 2>&1'
	reboot -f
fi
$(printf '%q ' "$@")
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

# The same root makes the same file. It is not compressed, which takes a guest long to undo.
make_root()
{
	rm -rf "$root"
	mkdir -p "$root"/{bin,dev,proc,sys,etc,tmp,data} || return
	cp "$busybox" "$root/bin/busybox" || return
	ln -s busybox "$root/bin/sh"
	[ -z "$data" ] || cp -r "$data/." "$root/data/" || return
	[ -z "$files" ] || cp -r "$files/." "$root/" || return
	guest_init "$@" > "$root/init"
	chmod +x "$root/init"
	find "$root" -exec touch -h -d @0 {} +
	(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible) \
		> "$out/initramfs.tmp" || return
	mv "$out/initramfs.tmp" "$out/initramfs"
}

# Print the command that boots it, an argument a line.
boot_command()
{
	# KUnit's suites, if they are built in, would run at boot.
	local append="console=$console loglevel=4 kunit.enable=0 $cmdline"

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

step root "make the guest's root" make_root "$@"
if [ $interactive = y ]; then
	mapfile -t args < <(boot_command)
	[ "${console_args[0]}" != -serial ] || console_args=(-serial mon:stdio -serial null)
	[ $debug = n ] || args+=(-gdb "tcp:localhost:${GDB_PORT:-1234}")
	# shellcheck disable=SC2086
	exec "${args[@]}" "${console_args[@]}" $more_args
fi
step boot "boot ${image#"$PWD"/}" boot
