#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A reader of /proc/kallsyms gets the same bytes in steps of any size; and each line of
# a module that stays once, whatever comes and goes while it reads.

. "$(dirname "$0")/functions.sh"

user=$DIR/kallsyms_user
newest=test_kallsyms_trace
stays=test_kallsyms_ask
another=test_kallsyms_types
self=test_kallsyms_self

for mod in $newest $stays $another $self; do
	need_module "$mod"
done
[ -x "$user" ] || skip_all "kallsyms_user is not there"
ktap_set_plan 24

out=$(mktemp -d)

load $another
check "steps of any size, seeks and pread()" "$user" sizes
for call in readv bad-address children threads nobody splice copy_file_range; do
	check "the same bytes, or the error that it should be: $call" "$user" call $call
done
unload $another

load $stays
load $newest
# vmlinux's part does not change.
start=$(sed '/	\[/,$d' /proc/kallsyms | wc -c)

# read_and(bytes, command...) - read so many bytes of modules' lines, run the command,
# read the rest; all in steps of 64 bytes
read_and()
{
	local mod steps=$(($1 / 64))

	shift
	for mod in $stays $newest $self; do
		symbols "$mod" > "$out/$mod"
	done
	exec 3< /proc/kallsyms
	# This seeks: dd reads nothing.
	dd bs="$start" skip=1 count=0 <&3 2>/dev/null
	dd bs=64 count=$steps <&3 > "$out/lines" 2>/dev/null
	"$@"
	dd bs=64 <&3 >> "$out/lines" 2>/dev/null
	exec 3<&-
}

# read_once(module)
read_once()
{
	grep -a "	\[$1\]\$" "$out/lines" > "$out/read"
	ktap_print_msg "$(wc -l < "$out/read") of $(wc -l < "$out/$1") lines of $1"
	cmp -s "$out/read" "$out/$1"
}

# tell_self(how...) - what that module does to itself
tell_self()
{
	local how

	for how; do
		echo "$how" > /sys/module/$self/parameters/list
	done
}

again()
{
	unload $newest
	load $newest
}

in_first=128
in_second=$(($(symbols $newest | wc -c) + 384))

read_and $in_second true
check "the module that stays is read once" read_once $stays
check "so is the newest one" read_once $newest

# Stock's reader counts lines, those of modules that are gone, too.
if grep -q " module_kallsyms_on_each_match_symbol\$" /proc/kallsyms; then
	read_and $in_first unload $newest
	check "once, though a module goes in the midst of its own lines" read_once $stays
	load $newest

	read_and $in_second unload $newest
	check "once, though another goes in the midst of its lines" read_once $stays

	read_and $in_first load $newest
	check "once, though one comes in the midst of its lines" read_once $stays

	read_and $in_first load $another
	check "once, though one comes before" read_once $stays
	check "and the one that it was in, too" read_once $newest
	unload $another

	read_and $in_second again
	check "once, though another goes and comes back" read_once $stays

	# Between the two others on the list
	unload $newest
	load $self
	load $newest
	in_self=$(($(symbols $newest | wc -c) + 128))
	for how in del del_init del_rcu; do
		read_and $in_self tell_self $how
		check "once, though the reader's module takes itself off the list: $how" \
			read_once $stays
		tell_self head
		unload $newest
		unload $self
		load $self
		load $newest
	done

	read_and $in_self tell_self del head
	check "once, though the reader's module goes to the head of the list" read_once $stays
	check "and what was before it, too" read_once $newest

	load $another
	read_and 64 true
	check "none is passed over, where one comes in front of that list" read_once $newest
	unload $another

	# Now it is the first one.
	changed
	in_newest=$(($(symbols $self | wc -c) + 128))
	read_and $in_newest unload $newest
	check "once, though another goes, where the list is out of order" read_once $stays
	check "and the one that has come to its head, too" read_once $self
	unload $self
else
	for i in $(seq 14); do
		ktap_test_skip "modules that come and go are stock's readers' bad luck"
	done
fi
rm -rf "$out"

ktap_finished
