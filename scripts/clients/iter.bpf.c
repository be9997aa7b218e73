// SPDX-License-Identifier: GPL-2.0
/* Prints symbols as /proc/kallsyms has them. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Of the kernel's own, what is used; libbpf finds it in there. */
#define KERNEL __attribute__((preserve_access_index))

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
} KERNEL;

struct kallsym_iter {
	unsigned long value;
	char type, name[8], module_name[8];
	int exported;
} KERNEL;

struct bpf_iter__ksym {
	struct bpf_iter_meta *meta;
	struct kallsym_iter *ksym;
} KERNEL;

SEC("iter/ksym")
int ksyms(struct bpf_iter__ksym *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct kallsym_iter *sym = ctx->ksym;
	char type;

	if (!sym || !sym->name[0])
		return 0;
	type = sym->type;
	if (!sym->module_name[0]) {
		BPF_SEQ_PRINTF(seq, "%016lx %c %s\n", sym->value, type, sym->name);
		return 0;
	}
	type = sym->exported ? type & ~0x20 : type | 0x20;
	BPF_SEQ_PRINTF(seq, "%016lx %c %s\t[%s]\n", sym->value, type, sym->name,
		       sym->module_name);
	return 0;
}

char _license[] SEC("license") = "GPL";
