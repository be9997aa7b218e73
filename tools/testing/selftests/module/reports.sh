# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# Looks for complaints in the kernel's log. Sourced by scenarios that run with
# config.kasan or config.kcsan.

[ -e /dev/kmsg ] || mknod /dev/kmsg c 1 11

# Data races in the rest of the kernel that are known
known_races="$DIR/known-races"
# These scenarios dump stacks on purpose.
report=$(grep -v "Call Trace" "$DIR/complaints" | tr '\n' '|' | sed 's/|$//')

# log_begin(file) - write what the kernel logs from now on to a file. The reader
# ends with an error message if it has missed something.
log_begin()
{
	echo "kallsyms log begins" > /dev/kmsg
	cat /dev/kmsg > "$1" 2> "$1.missed" &
	log_reader=$!
	log_file=$1
}

# log_end() - stop that, and make the file text: a message begins with numbers
# and ";" there
log_end()
{
	kill "$log_reader"
	wait "$log_reader" 2>/dev/null
	sed -n "/;kallsyms log begins/,\$ { s/^[0-9][^;]*;//; p }" "$log_file" > "$log_file.text"
	mv "$log_file.text" "$log_file"
}

log_is_whole()
{
	[ ! -s "$log_file.missed" ]
}

# log_reports() - print a line for each complaint: "report: " and the complaint, or
# "aside: " and a known race, which may be one only if a value changes in that way
log_reports()
{
	awk -v known="$known_races" -v report="$report" '
		function end() {
			is_known = said in aside || (said values) in aside
			if (said != "")
				print (is_known ? "aside: " : "report: ") said
			said = values = ""
		}
		BEGIN {
			while ((getline line < known) > 0)
				if (line !~ /^#/)
					aside["BUG: KCSAN: data-race in " line] = 1
		}
		$0 ~ report { end(); said = $0 }
		sub(/^value changed: /, "") { values = ": " $0 }
		END { end() }' "$log_file"
}

# check_log() - two tests: the log is whole, and has no complaint
check_log()
{
	log_end
	log_reports > "$log_file.reports"
	check "nothing of the kernel's log has been missed" log_is_whole
	check "the kernel has nothing to report" not grep -q "^report:" "$log_file.reports"
	if grep -q "^report:" "$log_file.reports"; then
		grep "^report:" "$log_file.reports" | sort | uniq -c | sed 's/^/# /'
		grep -E -A60 "$report" "$log_file" | head -n 150 | sed 's/^/# /'
	fi
}

# count_reports() - print counts for make soak
count_reports()
{
	echo "count $(grep -c "^report:" "$log_file.reports") reports"
	grep "^aside:" "$log_file.reports" | sort | uniq -c |
		sed 's/^ *\([0-9]*\) aside: BUG: KCSAN: /count \1 reports that are none of ours: /'
}
