# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# How scripts tell what they do. Sourced, with $repeat set to the command that repeats a
# step, and log_of() to print the path of a step's log.

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# step NAME WHAT COMMAND...: run COMMAND with its output in a log. Print a line when it
# begins and one when it ends; if it fails, the log's last lines. COMMAND is a condition
# here, so "set -e" does nothing inside it.
step()
{
	local what=$2 log start=$SECONDS
	log=$(log_of "$1")
	shift 2

	printf '  %-52s log: %s\n' "$what ..." "${log#"$PWD"/}"
	if "$@" >"$log" 2>&1 </dev/null; then
		printf '  %-52s %d s\n' "$what: done" $((SECONDS - start))
		return 0
	fi
	tail -n 25 "$log" | sed 's/^/    | /'
	printf '  %s: FAILED after %d s, the whole log is %s\n' \
		"$what" $((SECONDS - start)) "$log"
	printf '  to repeat it: %s\n' "$repeat"
	return 1
}

need()
{
	local missing=() tool

	for tool; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ ${#missing[@]} = 0 ] || die "not installed: ${missing[*]}"
}
