# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# perf, as Debian has it.

# An emulated processor has no counters, so it samples by a clock.
recorded()
{
	perf record -q -e cpu-clock -F 500 -g -o /tmp/perf.data -- \
		bash -c "echo 1000 >$work/burn"
	perf report --stdio -i /tmp/perf.data --no-children -g none --sort sym,dso 2>/dev/null |
		awk '/^ +[0-9]/ { print $2, $3, $4; exit }'
}
asked 'record: what burns most, report --sort sym,dso' '\[k\] tc_burn \[tc_work\]' recorded

called()
{
	perf script -i /tmp/perf.data -F ip,sym,dso 2>/dev/null |
		awk '/ tc_burn / { n = 4 } n-- > 0 { print $2, $3 }' |
		head -n 4 | sed 's,/.*/,,'
}
asked 'script: the stack of a sample' \
	'tc_burn \(tc_work.ko\) tc_caller \(tc_work.ko\) tc_burn_set \(tc_work.ko\) param_attr_store \(\[kernel.kallsyms\]\)' called

kallsyms()
{
	perf kallsyms tc_burn tc_none | sed 's/0x[0-9a-f]*/ADDRESS/g'
}
asked 'kallsyms tc_burn tc_none' \
	'tc_burn: \[tc_work\] .*tc_work.ko ADDRESS-ADDRESS \(ADDRESS-ADDRESS\) tc_none: not found' kallsyms

probed()
{
	said perf probe -q -m tc_work --add tc_burn
	perf probe -l 2>/dev/null
	perf record -q -e 'probe:tc_burn' -a -o /tmp/perf.probe -- \
		bash -c "echo 10 >$work/burn; echo 10 >$work/burn"
	perf script -i /tmp/perf.probe -F event 2>/dev/null
	perf probe -q --del '*'
}
asked 'probe -m tc_work tc_burn, recorded twice' \
	'probe:tc_burn \(on tc_burn@.*work.c in tc_work\) probe:tc_burn: probe:tc_burn:' probed

asked 'probe -F -m tc_work' '.*tc_burn.*tc_caller.*tc_many_7.*tc_stop.*' \
	perf probe -q -F -m tc_work
