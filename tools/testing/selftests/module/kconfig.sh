#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kconfig.sh TREE OUT FRAGMENT... -- [ARGUMENT...]: write OUT/.config, by make with these
# arguments, of tinyconfig and fragments of configuration
#
# A later fragment overrides an earlier one. What a release does not have is left out, and said.
# It fails, and says why, if TREE has an option, but does not allow what the fragments ask for.

set -euo pipefail

tree=$1
out=$2
shift 2
fragments=()
while [ "$1" != -- ]; do
	fragments+=("$(realpath "$1")")
	shift
done
shift
make=(make -C "$tree" O="$out" "$@")

mkdir -p "$out"
"${make[@]}" tinyconfig
(cd "$out" && KCONFIG_CONFIG=.config "$tree/scripts/kconfig/merge_config.sh" -m -O . \
	.config "${fragments[@]}")
"${make[@]}" olddefconfig

status=0
for name in $(grep -hoE '^(# )?CONFIG_[A-Z0-9_]+' "${fragments[@]}" | sed 's/^# //' | sort -u); do
	line=$(grep -hE "^(# )?$name(=| is not set)" "${fragments[@]}" | tail -n 1)
	case $line in
	\#*)	grep -q "^$name=" "$out/.config" || continue ;;
	*)	grep -qxF "$line" "$out/.config" && continue ;;
	esac
	if ! grep -rqE "^[[:space:]]*(menu)?config ${name#CONFIG_}\$" --include='Kconfig*' \
			"$tree"; then
		echo "not in this tree: $name"
		continue
	fi
	echo "not possible in this tree: $line"
	status=1
done
exit $status
