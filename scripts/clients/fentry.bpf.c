// SPDX-License-Identifier: GPL-2.0
/* What fentry.c attaches: says where it is. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char answer[256];

SEC("fentry/tc_fentry_target")
int BPF_PROG(entered, int x)
{
	const __u64 ip = bpf_get_func_ip(ctx);

	BPF_SNPRINTF(answer, sizeof(answer), "%d %pS %pB", x, (void *)ip, (void *)(ip + 5));
	return 0;
}

char _license[] SEC("license") = "GPL";
