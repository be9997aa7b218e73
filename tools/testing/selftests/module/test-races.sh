#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Looks symbols up in every way while modules come and go, for KALLSYMS_SECONDS: see
# test_modules/test_kallsyms_race.c. Meant for a kernel with config.kasan or
# config.kcsan; vmtest.sh runs it if it is named.

. "$(dirname "$0")/functions.sh"
. "$DIR/reports.sh"

driver=test_kallsyms_race
victims="a b c d"
readers="whole pages bytes small1 small2 small3 small4"
lookups="address-from-timer address-from-NMI name walk stack"
user=$DIR/kallsyms_user
seconds=${KALLSYMS_SECONDS:-20}

for id in $victims s; do
	need_module ${driver}_"$id"
done
need_module $driver
[ -x "$user" ] || skip_all "kallsyms_user is not there"
ktap_set_plan 21

out=$(mktemp -d)
log_begin "$out/log"
load $driver
load ${driver}_s stays=1
# The driver knows how many symbols a victim has when that has been there once.
for id in $victims; do
	load ${driver}_"$id"
	unload ${driver}_"$id"
done
echo start > /proc/kallsyms_race
for id in $victims; do
	"$user" cycle "$seconds" "$MODULES_DIR" "$id" > "$out/cycle-$id" 2>&1 &
	echo $! > "$out/pid-cycle-$id"
done
for how in $readers; do
	"$user" read "$how" "$seconds" > "$out/read-$how" 2>&1 &
	echo $! > "$out/pid-read-$how"
done

# ended(what) - has that process found nothing wrong?
ended()
{
	wait "$(cat "$out/pid-$1")" && ! grep -q "^not right" "$out/$1"
}

for id in $victims; do
	check "module $id came and went as it should" ended "cycle-$id"
done
for how in $readers; do
	check "each line read was right: $how" ended "read-$how"
done
echo stop > /proc/kallsyms_race
cat /proc/kallsyms_race > "$out/counts"

# happened(lookup) - were there such lookups, and some with an answer?
happened()
{
	awk -v what="$1" '$1 == what { ok = $2 > 0 && $3 > 0 } END { exit !ok }' "$out/counts"
}

for lookup in $lookups; do
	check "there were answers: $lookup" happened "$lookup"
done
check "no lookup gave a wrong answer" grep -q "^wrong 0$" "$out/counts"
echo check > /proc/kallsyms_race
check "each symbol of the module that stayed is found" \
	grep -q "^wrong 0$" /proc/kallsyms_race
check "all of them can be unloaded" rmmod ${driver}_s $driver

check_log
cat "$out"/cycle-* "$out"/read-* | grep "^not right" | head -n 20 | sed 's/^/# /'

# Counts for make soak
{
	grep -h "^count" "$out"/cycle-* "$out"/read-*
	for lookup in $lookups; do
		awk -v what="$lookup" '$1 == what {
			print "count", $2, "operations raced (" what ")"
			print "count", $3, "of them answered (" what ")"
		}' "$out/counts"
	done
	awk '$1 == "walks" { print "count", $2, "walks through all symbols" }
		$1 == "wrong" { print "count", $2, "wrong answers" }' "$out/counts"
	sed -n 's/^setup_watchpoints: *\([0-9]*\)/count \1 watchpoints of KCSAN/p' \
		/sys/kernel/debug/kcsan 2>/dev/null
	count_reports
} | tee "$out/all" | sed 's/^/# /'
keep races < "$out/all"
rm -rf "$out"

ktap_finished
