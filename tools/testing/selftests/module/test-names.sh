#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Looks up every symbol of a module by address and by name. Names are of any bytes, and
# some symbols share an address or a name: the first in the table wins.

. "$(dirname "$0")/functions.sh"

MOD=test_kallsyms_names
need_module $MOD
need_module test_kallsyms_ask
LONG=test_kallsyms_whose_name_has_as_many_letters_as_allowed
need_module $LONG
load $MOD
load $LONG
load test_kallsyms_ask

# is_value(name, value) - what kallsyms_lookup_name() says of the module's symbol
is_value()
{
	[ "$(ask name "$MOD:$1")" = "$2" ]
}

# is_name(address, name+offset) - what %pS says
is_name()
{
	local answer

	answer=$(ask address "$1")
	case "$answer" in
	"$2/0x"*" [$MOD]")	return 0 ;;
	esac
	echo "# $answer"
	return 1
}

# For each line in text: address, value, and name+offset of what an address lookup must
# find; then the symbol's name, between tabs. Those of mapping symbols are never found.
symbols $MOD | awk '
	{
		name = $0
		sub(/^[^ ]* [^ ]* /, "", name)
		sub(/\t.*/, "", name)
		if (!(name in first))
			first[name] = $1
	}
	$2 ~ /^[tTwW]$/ {
		address[++lines] = $1
		names[lines] = name
		if (name !~ /^([$]|[.]L|L0)/ && !($1 in at)) {
			at[$1] = name
			found[++n] = $1
		}
	}
	# Addresses have as many digits, so they compare as text; "x" keeps them text.
	END {
		for (i = 1; i <= lines; i++) {
			best = ""
			for (j = 1; j <= n; j++)
				if ("x" found[j] <= "x" address[i] && "x" found[j] > "x" best)
					best = found[j]
			printf "%s\t%s\t%s\t%s\t%s\n", address[i], first[names[i]], best,
			       at[best], names[i]
		}
	}' > /tmp/kallsyms-names.$$

count=$(wc -l < /tmp/kallsyms-names.$$)
ktap_set_plan $((2 * count + 14))

tab=$(printf "\t")
while IFS=$tab read -r address value best found name; do
	offset=$(printf "0x%x" $((0x$address - 0x$best)))
	check "the address of \"$name\"" is_name "$address" "$found+$offset"
	check "the value of \"$name\"" is_value "$name" "$(digits "$value")"
done < /tmp/kallsyms-names.$$
rm -f /tmp/kallsyms-names.$$

# The assembler for RISC-V drops what is called so, and makes labels of this name itself.
if [ "$(uname -m)" = riscv64 ]; then
	labels=test_kallsyms_types
	load $labels
else
	labels=$MOD
fi
several_labels()
{
	[ "$(field 1 $labels ".L0 " | sort -u | wc -l)" -gt 1 ] &&
		[ "$(ask name "$labels:.L0 ")" = "$(digits "$(address $labels ".L0 ")")" ]
}
no_label_answers()
{
	local label

	for label in $(field 1 $labels ".L0 "); do
		case "$(ask address "$label")" in
		[a-z]*"+0x"*"/0x"*" [$labels]")	;;
		*)				return 1 ;;
		esac
	done
}
check "of labels with one name the first has it" several_labels
check "no label answers" no_label_answers
check "the name without its blank is not there" is_value ".L0" 0
check "half of a name is not there" is_value "tk a" 0
check "nor is what is behind a colon" is_value "colon" 0
check "aliases: the first in the table, weak or not" \
	[ "$(address $MOD tk_weak_first)" = "$(address $MOD tk_strong_second)" ]
check "the end of a section is the next one's first byte" \
	[ "$(address $MOD __stop_tk_edge_one)" = "$(address $MOD __start_tk_edge_two)" ]
check "the name of a mapping symbol counts from its beginning on" \
	is_name "$(address $MOD '__kvm_nvhe_$x.1')" '__kvm_nvhe_$x.1+0x0'
check "and so it is one, or none" \
	is_name "$(address $MOD '$x.2')" '__kvm_nvhe_$x.1+0x10'
long=$(address $LONG tk_long_name_function)
check "a name of 55 bytes is a module's" [ ${#LONG}${long:+yes} = 55yes ]
check "module:symbol finds its symbol" \
	[ "$(ask name $LONG:tk_long_name_function)" = "$(digits "$long")" ]
check "an address is of that module" \
	[ "$(ask address "$long" | sed 's/.* //')" = "[$LONG]" ]
# Where a call returns to when it is a function's last instruction.
returns_to()
{
	ask return_address "$(address $MOD "$1")" | grep -q "^$2+\(0x[0-9a-f]*\)/\1 "
}
check "%pB of the byte behind a function: its offset is its size" \
	returns_to tk_strong_second "tk_%s%n"

# The loader's jumps to far functions are where the linker has put .plt, of one byte: behind
# the last symbol, or before the first.
plt_is_named()
{
	local last

	last=$(symbols $MOD | grep "^[0-9a-f]* [tTwW] [a-z_]*$tab" | awk -v plt="x$plt" '
		"x" $1 <= plt && "x" $1 > best { best = "x" $1; name = $1 " " $3 }
		END { print name }')
	if [ -n "$last" ]; then
		is_name "$plt" "$(printf "%s+0x%x" "${last#* }" $((0x$plt - 0x${last% *})))"
	else
		[ "$(ask address "$plt")" = "0x$plt" ]
	fi
}
plt=$(sed 's/^0x//' /sys/module/$MOD/sections/.plt 2>/dev/null)
if [ -n "$plt" ]; then
	check "a jump of the loader's: the last symbol before it, or none" plt_is_named
else
	ktap_test_skip "no .plt on this architecture"
fi

ktap_finished
