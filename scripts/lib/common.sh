# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What all scripts share: where things are, and how a step tells what it does.
# Sourced, never run.

set -euo pipefail

# depmod and the like, for those who are not root.
export PATH=$PATH:/usr/sbin:/sbin

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BUILD:-$here/build}
mkdir -p "$build/log"
# Of which release Debian's source is worked with: 6.12 or current.
export RELEASE=${RELEASE:-6.12}
# Steps change directory, and scripts call scripts.
build=$(cd "$build" && pwd)
export BUILD=$build CCACHE_DIR=${CCACHE_DIR:-$build/ccache}
if [ -d "${KDIR:-}" ]; then
	KDIR=$(cd "$KDIR" && pwd)
	export KDIR
fi

# What does again what a function of the script does.
repeat=$(printf '%q ' RELEASE="$RELEASE" ${KDIR:+KDIR="$KDIR"} "$0" "$@")

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# The current kernel that all of this has been run with.
tried_current=7.3

# log_of STEP: its file
log_of()
{
	printf '%s/log/%s%s.log\n' "$build" "$([ "$RELEASE" = 6.12 ] || echo "$RELEASE-")" "$1"
}

# step NAME WHAT COMMAND...: run COMMAND with its output in build/log/NAME.log.
# One line as it begins and one as it ends; on failure the log's tail. COMMAND
# is a condition here, so that set -e does nothing for it.
step()
{
	local name=$1 what=$2 repeat=$repeat log start=$SECONDS
	shift 2
	log=$(log_of "$name")

	printf '  %-52s log: %s\n' "$what ..." "${log#"$PWD"/}"
	if "$@" >"$log" 2>&1 </dev/null; then
		printf '  %-52s %d s\n' "$what: done" $((SECONDS - start))
		return 0
	fi
	tail -n 25 "$log" | sed 's/^/    | /'
	printf '  %s: FAILED after %d s, the whole log is %s\n' \
		"$what" $((SECONDS - start)) "$log"
	declare -F "$1" >/dev/null || repeat=$(printf '%q ' "$@")
	printf '  to repeat it: %s\n' "$repeat"
	return 1
}

# copy_tree FROM TO: by hard links where the file system allows it.
copy_tree()
{
	rm -rf "$2"
	cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2"; cp -a "$1" "$2"; }
}
