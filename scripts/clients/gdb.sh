# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# The guest's part while gdb.py looks at it. It goes on when gdb has put 0 into
# tc_object.

for ((i = 0; i < 600; i++)); do
	sleep 0.2
	echo 1 >"$work/burn"
	[ "$(cat "$work/object")" != 0 ] || break
done
modprobe tc_patch sympos=1
