#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Tests every type letter that a module can have, exported or not, and the order of
# the lines.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_types
need_module $MOD
load $MOD

# On some architectures modules' per-CPU variables are weak.
percpu=a percpu_exported=A
if has $MOD tk_percpu_is_weak; then
	percpu=v percpu_exported=V
fi

# Where exports for the GPL only have a section of their own, as on Linux 6.12, they
# are not among those that all modules may use.
gpl_text=T gpl_data=D
if [ -e /sys/module/$MOD/sections/__ksymtab_gpl ]; then
	gpl_text=t gpl_data=d
fi

# Exports of functions in Thumb code have bit 0 in their values, their symbols have not, so
# these do not match.
text=T weak=W
if has $MOD '$t'; then
	text=t weak=w gpl_text=t
fi

# nm's letters, in upper case if exported
TEXT="
t tk_static_function
t tk_function
t tk_function_alias
$text tk_function_exported
$gpl_text tk_function_exported_gpl
$text tk_function_in_namespace
t tk_twin_exported_alias
w tk_weak_function
$weak tk_weak_function_exported
t tk_call_twin
t cleanup_module
"
DATA="
d tk_data
d tk_static_data
D tk_data_exported
$gpl_data tk_data_exported_gpl
b tk_bss
b tk_static_bss
B tk_bss_exported
r tk_rodata
r tk_static_rodata
R tk_rodata_exported
d tk_ro_after_init
d tk_read_mostly
v tk_weak_data
V tk_weak_data_exported
$percpu tk_percpu
$percpu_exported tk_percpu_exported
d __this_module
"

all=n
if has_kallsyms_all; then
	all=y
fi

count=$(echo "$TEXT$DATA" | grep -c .)
ktap_set_plan $((count + 7))

is()
{
	[ "$(letter $MOD "$2")" = "$1" ]
}

echo "$TEXT" | grep . > /tmp/kallsyms-text.$$
echo "$DATA" | grep . > /tmp/kallsyms-data.$$
while read -r type name; do
	check "$name is $type" is "$type" "$name"
done < /tmp/kallsyms-text.$$
while read -r type name; do
	if [ $all = y ]; then
		check "$name is $type" is "$type" "$name"
	else
		check "$name is not shown without KALLSYMS_ALL" not has $MOD "$name"
	fi
done < /tmp/kallsyms-data.$$
rm -f /tmp/kallsyms-text.$$ /tmp/kallsyms-data.$$

check "both of two symbols with one name" \
	[ "$(letter $MOD tk_twin | grep -c '^t$')" = 2 ]
check "the exported one of two symbols with one name is upper case, and no other" \
	[ "$(letter $MOD tk_twin_exported | tr '\n' ' ')" = "t $text " ]
check "an alias has its target's address" \
	[ "$(address $MOD tk_function_alias)" = "$(address $MOD tk_function)" ]
check "no init function" not has $MOD tk_init_function
check "no init data" not has $MOD tk_init_data
check "no undefined symbol" not has $MOD _printk

# The ELF table has locals, file by file, before globals.
locals_first()
{
	symbols $MOD | awk '
		$3 == "tk_static_function" { local = NR }
		$3 == "tk_function"        { global = NR }
		END                        { exit !(local && local < global) }'
}
check "lines are in the order of the ELF symbol table" locals_first

ktap_finished
