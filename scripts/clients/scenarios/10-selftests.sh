# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# The kernel's own suites, as they are in the tree.

# First, because its thread keeps a livepatch's transition waiting.
kallsyms_selftest()
{
	local i

	for i in {1..120}; do
		! dmesg | grep -qE 'kallsyms_selftest: (finish|abort)' || break
		sleep 1
	done
	dmesg | grep -oE 'kallsyms_selftest: (start|finish|abort|.*failed.*)' | sed 's/.*: //'
}
asked kallsyms_selftest 'start finish' kallsyms_selftest

livepatch()
{
	local out

	cd /clients/selftests/livepatch || return
	out=$("./$1" 2>&1)
	printf 'exit %d, %d ok' $? "$(grep -c '^TEST: .* ok$' <<<"$out")"
	printf '%s\n' "$out" >&2
}

for test in /clients/selftests/livepatch/test-*.sh; do
	test=${test##*/}
	asked "livepatch/$test" 'exit 0, [1-9][0-9]* ok' livepatch "$test"
done

# A file of ftracetest's has one case, and one more for each instance that it runs in.
# Cases with PIDs look for theirs in whole lines of the trace. No time stamp has seven
# digits, so a PID of seven is not taken for one.
echo 4194304 >/proc/sys/kernel/pid_max
ftrace()
{
	local out

	echo 1000000 >/proc/sys/kernel/ns_last_pid || return
	cd /clients/selftests/ftrace || return
	out=$(./ftracetest --fail-unsupported --fail-unresolved --logdir /tmp/ftrace "$1" 2>&1)
	printf 'exit %d, %s' $? "$(sed -n 's/^# of *passed: */passed /p; s/^# of *failed: */failed /p' <<<"$out")"
	printf '%s\n' "$out" >&2
	cat /tmp/ftrace/*.log >&2
}

for test in kprobe/kprobe_module.tc ftrace/func_mod_trace.tc ftrace/func-filter-glob.tc \
		ftrace/func-filter-notrace-pid.tc ftrace/func-filter-pid.tc \
		ftrace/func-filter-stacktrace.tc; do
	asked "ftrace/$test" 'exit 0, passed [1-9] failed 0' ftrace "test.d/$test"
done

# The current kernel has it. What its perf stat prints differs from run to run. It leaves
# its modules, which are so large that others' answers suffer.
find_symbol()
{
	local modprobe status=0

	# It calls what the kernel calls, which is in the kernel's root.
	modprobe=$(cat /proc/sys/kernel/modprobe)
	echo /sbin/modprobe >/proc/sys/kernel/modprobe
	/clients/selftests/find_symbol.sh >&2 || status=$?
	echo "$modprobe" >/proc/sys/kernel/modprobe
	printf 'exit %d' $status
	modprobe -r test_kallsyms_b test_kallsyms_c test_kallsyms_d
}
[ ! -f /clients/selftests/find_symbol.sh ] || asked find_symbol.sh 'exit 0' find_symbol
