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
# Which of Debian's kernel sources: 6.12, another that it has, or current, the newest
export RELEASE=${RELEASE:-6.12}
# Steps change directory, and scripts call scripts.
build=$(cd "$build" && pwd)
export BUILD=$build CCACHE_DIR=${CCACHE_DIR:-$build/ccache}
if [ -d "${KDIR:-}" ]; then
	KDIR=$(cd "$KDIR" && pwd)
	export KDIR
fi

# The command that repeats a step of this script
repeat=$(printf '%q ' RELEASE="$RELEASE" ${KDIR:+KDIR="$KDIR"} "$0" "$@")

# Print the releases that were tried.
tried()
{
	sed -n 's/^\([0-9.]*\) .*/\1/p' "$here/releases/tried" | xargs
}

# log_of STEP: print its log's path.
log_of()
{
	printf '%s/log/%s%s.log\n' "$build" "$([ "$RELEASE" = 6.12 ] || echo "$RELEASE-")" "$1"
}

. "$here/tools/testing/selftests/module/steps.sh"

# link_by_lld -o TO FROM: link a module once more. lld 14 and 19 crash on that section, which
# is SHF_LINK_ORDER, where it comes before its .text, as in modules of 7.3.
link_by_lld()
{
	objcopy -R __patchable_function_entries "$3" "$2.o" &&
		ld.lld-19 -r -o "$2" "$2.o" && rm "$2.o"
}

# copy_tree FROM TO: copy by hard links if the file system has them.
copy_tree()
{
	rm -rf "$2"
	cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2"; cp -a "$1" "$2"; }
}
