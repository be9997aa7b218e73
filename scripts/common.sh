# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the steps in scripts/ share: where things are, and how a step tells
# what it does. Sourced, never run.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD:-$here/build}
mkdir -p "$build/log"

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# step NAME WHAT COMMAND...: run COMMAND with its output in build/log/NAME.log.
# One line as it begins and one as it ends; on failure the log's tail.
step()
{
	local name=$1 what=$2 log=$build/log/$1.log start=$SECONDS
	shift 2

	printf '  %-52s log: %s\n' "$what ..." "${log#"$PWD"/}"
	if "$@" >"$log" 2>&1 </dev/null; then
		printf '  %-52s %d s\n' "$what: done" $((SECONDS - start))
		return 0
	fi
	tail -n 25 "$log" | sed 's/^/    | /'
	printf '  %s: FAILED after %d s, the whole log is %s\n' \
		"$what" $((SECONDS - start)) "$log"
	printf '  to repeat this step: %s\n' "$(printf '%q ' "$@")"
	return 1
}
