// SPDX-License-Identifier: GPL-2.0
/* What multi.c attaches: counts hits by address, and keeps one stack. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[16]);
} stack SEC(".maps");

static int hit(void *ctx)
{
	__u64 ip = bpf_get_func_ip(ctx), one = 1, *count;
	__u32 zero = 0;
	void *ips;

	count = bpf_map_lookup_elem(&hits, &ip);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&hits, &ip, &one, BPF_ANY);
	ips = bpf_map_lookup_elem(&stack, &zero);
	if (ips)
		bpf_get_stack(ctx, ips, 16 * sizeof(__u64), 0);
	return 0;
}

SEC("kprobe.multi")
int many(void *ctx)
{
	return hit(ctx);
}

SEC("kprobe")
int single(void *ctx)
{
	return hit(ctx);
}

char _license[] SEC("license") = "GPL";
