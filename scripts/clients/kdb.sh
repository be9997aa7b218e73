# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# The guest's part while kdb.py types into kdb.

echo 1 >"$work/stop"
echo 1 >"$work/many"
