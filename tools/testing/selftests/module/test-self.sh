#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A module that writes another number into its own num_symtab has as many entries, and no
# reader minds. vmtest.sh compares the answers with those of the stock kernel.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_self
need_module $MOD
need_module test_kallsyms_ask
mount_once tracefs $TRACEFS
events=$TRACEFS/kprobe_events
[ -w $events ] || skip_all "no kprobe events: CONFIG_KPROBE_EVENTS is off"
load $MOD
load test_kallsyms_ask
number=/sys/module/$MOD/parameters/num_symtab
all=$(cat $number)
symbols $MOD > /tmp/kallsyms-self.$$
sizes="0 1 12 $((all - 1)) $all"
ktap_set_plan 28

probe()
{
	echo "p:tk_probe $MOD:$1" > $events 2>/dev/null || return 1
	echo "-:tk_probe" >> $events
}

# self_address(name) - as it was before
self_address()
{
	digits "$(sed -n "s/ . $1\t.*//p" /tmp/kallsyms-self.$$)"
}

# answers() - to all questions about the module, without addresses
answers()
{
	local name

	for name in tk_self_static tk_self_global init_module __this_module; do
		at=$(self_address $name)
		[ -n "$at" ] || continue
		echo "address $name: $(ask address "$at" |
			sed "s/^0x$at/number/; s,/0x[0-9a-f]*,,")"
		[ "$(ask name "$MOD:$name")" = 0 ] && echo "name $name: none" ||
			echo "name $name: found"
	done
	echo "name tk_absent: $(ask name "$MOD:tk_absent")"
	probe tk_self_global && echo "probe: yes" || echo "probe: no"
	changed
	echo "lines: $(symbols $MOD | wc -l)"
}

# first_lines(number) - are its lines the first ones, but for entry 0?
first_lines()
{
	[ "$1" -gt 1 ] || { not symbols $MOD; return; }
	symbols $MOD > /tmp/kallsyms-lines.$$
	head -n $(($1 - 1)) /tmp/kallsyms-self.$$ | cmp -s - /tmp/kallsyms-lines.$$
}

# is_found() - by address, by name, and by a probe, or in none of these ways?
is_found()
{
	grep -q "^name tk_self_global: found" /tmp/kallsyms-answers.$$ &&
		grep -q "^probe: yes" /tmp/kallsyms-answers.$$ &&
		grep -q "^address tk_self_global: tk_self_global+0x0 " /tmp/kallsyms-answers.$$
}

for size in $sizes $all; do
	echo "$size" > $number
	answers > /tmp/kallsyms-answers.$$
	{ echo "num_symtab $size"; cat /tmp/kallsyms-answers.$$; } >> /tmp/kallsyms-same.$$
	check "of $size entries each line is there" first_lines "$size"
	check "num_symtab is $size" [ "$(cat $number)" = "$size" ]
	check "a name that is not there is not found" \
		grep -q "^name tk_absent: 0$" /tmp/kallsyms-answers.$$
	line=$(grep -n " tk_self_global	" /tmp/kallsyms-self.$$ | cut -d : -f 1)
	if [ "$line" -lt "$size" ]; then
		check "a function among them is found" is_found
	else
		check "a function beyond them is not" not grep -q "tk_self_global: [ft]\|yes" \
			/tmp/kallsyms-answers.$$
	fi
done
echo 0 > $number
check "without entries, an address is a number" \
	[ "$(ask address "$(self_address tk_self_global)")" = "0x$(self_address tk_self_global)" ]
check "another module loads meanwhile" insmod "$MODULES_DIR/test_kallsyms_trace.ko"
check "and goes" rmmod test_kallsyms_trace
echo "$all" > $number
changed
check "afterwards all is as before" first_lines "$all"
keep same/self < /tmp/kallsyms-same.$$
rm -f /tmp/kallsyms-*.$$

ktap_finished
