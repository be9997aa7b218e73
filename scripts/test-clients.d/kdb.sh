# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The guest's part while kdb.py types into kdb.

echo 1 >"$work/stop"
echo 1 >"$work/many"
