# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# BPF by libbpf (multi.c, fentry.c), and by Debian's bpftool and bpftrace.

bpf()
{
	said /clients/multi /clients/multi.bpf.o "$@"
}
asked 'kprobe.multi by names: hits, functions' \
	'2 hits tc_many_1 tc_many_6' bpf names "$work"/many tc_many_1 tc_many_6
asked 'kprobe.multi by a pattern' \
	'8 hits tc_many_0 tc_many_1 tc_many_2 tc_many_3 tc_many_4 tc_many_5 tc_many_6 tc_many_7' \
	bpf pattern "$work"/many 'tc_many_?'
asked 'kprobe.multi, a name that is not there' 'attach: No such process exit 1' \
	bpf names "$work"/many tc_many_1 tc_none
asked 'kprobe.multi at tc_same, of which there are 3' '1 hits tc_same' bpf names "$work"/same tc_same
asked 'kprobe: stack of tc_burn' 'tc_burn tc_caller tc_burn_set param_attr_store .*' \
	bpf stack "$work"/burn tc_burn

mount -t bpf bpf /sys/fs/bpf
# The program is called once more, with what is left of the last symbol.
iterated()
{
	bpftool iter pin /clients/iter.bpf.o /sys/fs/bpf/ksyms || return
	cat /sys/fs/bpf/ksyms >iterated
	cat /proc/kallsyms >ksyms
	[ "$(wc -l <ksyms)" -gt 20000 ] && head -n -1 iterated | cmp - ksyms && echo 'the same lines'
}
asked 'iterator over symbols, against /proc/kallsyms' 'the same lines' said iterated

insmod "/clients/files/fentry-$kernel.ko"
asked 'fentry in a module: %pS, %pB' \
	'41 (tc_fentry_target\+0x)0/(0x[0-9a-f]+ \[tc_fentry\]) \1[0-9a-f]+/\2' \
	said /clients/fentry /clients/fentry.bpf.o /sys/module/tc_fentry/parameters/call
rmmod tc_fentry

trace()
{
	said timeout 120 bpftrace "$@" | grep -v '^$\|^Attaching'
}
counted()
{
	trace -c "/bin/sh /clients/write 1 $work/many" -e 'kprobe:tc_many_* { @[func] = count(); }' |
		sort
}
asked 'bpftrace: counts of tc_many_*' \
	'@\[tc_many_0\]: 1 (@\[tc_many_[1-6]\]: 1 ){6}@\[tc_many_7\]: 1 @\[tc_many_set\]: 1' counted
asked 'bpftrace: kstack' '.*tc_burn\+[0-9]+ tc_caller\+[0-9]+ tc_burn_set\+[0-9]+ param_attr_store\+.*' \
	trace -c "/bin/sh /clients/write 10 $work/burn" -e 'kprobe:tc_burn { printf("%s", kstack(4)); }'

# An address in the middle of a function.
ksym()
{
	local address

	address=$(sed -n 's/ t tc_burn\t.*//p' /proc/kallsyms)
	trace -e "BEGIN { printf(\"%s\", ksym(0x$address + 7)); exit(); }"
}
asked 'bpftrace: ksym()' 'tc_burn(\+7)?' ksym
