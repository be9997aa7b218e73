# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC1091,SC2001,SC2034
#
# Shared by the scenarios in this directory. A POSIX shell with local
# variables will do, busybox's included.

set -u

DIR=$(cd "$(dirname "$0")" && pwd)
. "$DIR/../kselftest/ktap_helpers.sh"

MODULES_DIR="$DIR/test_modules"
TRACEFS=/sys/kernel/tracing

ktap_print_header

# skip_all(reason) - nothing here can be tested on this machine
skip_all()
{
	ktap_skip_all "$@"
	exit "$KSFT_SKIP"
}

[ "$(id -u)" = 0 ] || skip_all "must be run as root"
[ -r /proc/kallsyms ] || skip_all "no /proc/kallsyms"

# mount_once(type, directory)
mount_once()
{
	grep -q " $2 $1 " /proc/mounts || mount -t "$1" none "$2" 2>/dev/null
}

# A copy of the module lines of /proc/kallsyms, kept until modules change: to read
# them takes a second in an emulated machine.
lines=$(mktemp -u)

# changed() - forget that copy; load() and unload() call it
changed()
{
	rm -f "$lines"
}

# module_lines()
module_lines()
{
	[ -e "$lines" ] || grep -F "	[" /proc/kallsyms > "$lines"
	cat "$lines"
}

# The modules a scenario has loaded, the last one first.
loaded=
# What it was; cleanup() restores it.
kptr_restrict=$(cat /proc/sys/kernel/kptr_restrict)

cleanup()
{
	local mod

	for mod in $loaded; do
		rmmod "$mod" 2>/dev/null
	done
	echo "$kptr_restrict" > /proc/sys/kernel/kptr_restrict
	changed
}
trap cleanup EXIT
echo 0 > /proc/sys/kernel/kptr_restrict

# need_module(name) - skip the scenario if the module has not been built
need_module()
{
	[ -f "$MODULES_DIR/$1.ko" ] || skip_all "$1.ko is not there"
}

# load(name, parameter...) - insmod a test module, or give up
load()
{
	local mod="$1"

	shift
	insmod "$MODULES_DIR/$mod.ko" "$@" ||
		ktap_exit_fail_msg "insmod $mod failed"
	loaded="$mod $loaded"
	changed
}

# unload(name)
unload()
{
	rmmod "$1" || ktap_exit_fail_msg "rmmod $1 failed"
	loaded=$(echo "$loaded" | sed "s/\<$1\>//")
	changed
}

# symbols(module) - its lines
symbols()
{
	module_lines | grep "	\[$1\]\$"
}

# field(number, module, symbol) - a field of each line of a symbol; its name may have
# blanks
field()
{
	symbols "$2" | awk -v number="$1" -v wanted="$3" '
		{
			name = $0
			sub(/^[^ ]* [^ ]* /, "", name)
			sub(/\t.*/, "", name)
		}
		name == wanted { print $number }'
}

# letter(module, symbol) - the type letters of a symbol, one a line
letter()
{
	field 2 "$@"
}

# address(module, symbol) - the first address of a symbol
address()
{
	field 1 "$@" | head -n 1
}

# has(module, symbol)
has()
{
	[ -n "$(letter "$1" "$2")" ]
}

# ask(kind, question) - what test_kallsyms_ask answers
ask()
{
	local parameter="/sys/module/test_kallsyms_ask/parameters/$1"

	printf "%s" "$2" > "$parameter"
	cat "$parameter"
}

# digits(number) - of /proc/kallsyms, as %lx prints it: without zeros in front
digits()
{
	echo "$1" | sed 's/^0*\(.\)/\1/'
}

# check(description, command...) - one test: does the command succeed?
check()
{
	local description="$1"

	shift
	if "$@"; then
		ktap_test_pass "$description"
	else
		ktap_print_msg "failed: $*"
		ktap_test_fail "$description"
	fi
}

# not(command...)
not()
{
	! "$@"
}

# keep(name) - save standard input in KALLSYMS_RESULTS, for who compares it elsewhere
keep()
{
	if [ -n "${KALLSYMS_RESULTS:-}" ]; then
		mkdir -p "$KALLSYMS_RESULTS/$(dirname "$1")"
		cat > "$KALLSYMS_RESULTS/$1"
	else
		cat > /dev/null
	fi
}

# keep_table(name, module) - save the module's lines, and the addresses of its
# sections
keep_table()
{
	[ -n "${KALLSYMS_RESULTS:-}" ] || return 0
	module_lines | keep "$1/kallsyms"
	mkdir -p "$KALLSYMS_RESULTS/$1/sections"
	cp -r /sys/module/"$2"/sections "$KALLSYMS_RESULTS/$1/sections/$2"
}

# wait_for(command...) - repeat it until it succeeds, for ten seconds at most
wait_for()
{
	local i=0

	until "$@"; do
		i=$((i + 1))
		[ $i -lt 100 ] || return 1
		sleep 0.1
	done
}

has_kallsyms_all()
{
	# Without it, data of vmlinux is missing.
	grep -q " [bBdD] init_task\$" /proc/kallsyms
}
