# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# lookups of all kinds while modules come and go, with KASAN and lockdep, and with KCSAN;
# for SECONDS_EACH (600)
packages="test"
seconds_each=${SECONDS_EACH:-600}

part_races()
{
	cell races-kasan "races with KASAN and lockdep, $seconds_each s" \
		scenario races kasan "$seconds_each"
	cell races-kcsan "races with KCSAN, $seconds_each s" \
		scenario races kcsan "$seconds_each"
}
