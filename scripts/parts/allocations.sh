# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# loads in which they fail
packages="test"

part_allocations()
{
	cell allocations "loads in which allocations fail" scenario allocations kasan 0
}
