// SPDX-License-Identifier: GPL-2.0
/*
 * multi OBJECT names FILE NAME...	kprobe.multi at these functions
 * multi OBJECT pattern FILE PATTERN	kprobe.multi at those that match
 * multi OBJECT stack FILE NAME		kprobe at one
 *
 * Writes 10 to FILE or, if it can't be written, reads it; then says how many
 * hits there were and in which functions, or their stack.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

/* The last symbol not above the address, as /proc/kallsyms has them. */
static const char *symbol(unsigned long long addr)
{
	static char found[256];
	unsigned long long best = 0, value;
	char line[1024], name[512], type;
	FILE *f = fopen("/proc/kallsyms", "r");

	found[0] = '\0';
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%llx %c %511s", &value, &type, name) != 3)
			continue;
		if (value > addr || value < best || !strchr("tTwW", type))
			continue;
		best = value;
		snprintf(found, sizeof(found), "%.255s", name);
	}
	if (f)
		fclose(f);
	return found;
}

static void touch(const char *path)
{
	char buf[64];
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, "10", 2) < 0) {
		fd = open(path, O_RDONLY);
		if (fd < 0 || read(fd, buf, sizeof(buf)) < 0)
			die(path);
	}
	close(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void say_hits(struct bpf_object *obj)
{
	int fd = bpf_object__find_map_fd_by_name(obj, "hits"), n = 0, i;
	unsigned long long key, next, count, sum = 0;
	char *names[64];
	void *prev = NULL;

	while (!bpf_map_get_next_key(fd, prev, &next)) {
		key = next;
		prev = &key;
		bpf_map_lookup_elem(fd, &key, &count);
		sum += count;
		names[n++] = strdup(symbol(key));
	}
	qsort(names, n, sizeof(names[0]), by_name);
	printf("%llu hits\n", sum);
	for (i = 0; i < n; i++)
		puts(names[i]);
}

static void say_stack(struct bpf_object *obj)
{
	int fd = bpf_object__find_map_fd_by_name(obj, "stack");
	unsigned long long ips[16] = {};
	unsigned int zero = 0;
	int i;

	bpf_map_lookup_elem(fd, &zero, ips);
	for (i = 0; i < 16 && ips[i]; i++)
		puts(symbol(ips[i]));
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts);
	struct bpf_object *obj;
	struct bpf_link *link;

	if (argc < 5)
		return 2;
	libbpf_set_print(NULL);
	obj = bpf_object__open_file(argv[1], NULL);
	if (!obj)
		die("open");
	if (bpf_object__load(obj))
		die("load");
	if (!strcmp(argv[2], "stack")) {
		link = bpf_program__attach_kprobe(bpf_object__find_program_by_name(obj, "single"),
						  false, argv[4]);
	} else if (!strcmp(argv[2], "pattern")) {
		link = bpf_program__attach_kprobe_multi_opts(bpf_object__find_program_by_name(obj, "many"),
							     argv[4], NULL);
	} else {
		opts.syms = (const char **)argv + 4;
		opts.cnt = argc - 4;
		link = bpf_program__attach_kprobe_multi_opts(bpf_object__find_program_by_name(obj, "many"),
							     NULL, &opts);
	}
	if (!link)
		die("attach");
	touch(argv[3]);
	if (!strcmp(argv[2], "stack"))
		say_stack(obj);
	else
		say_hits(obj);
	bpf_link__destroy(link);
	bpf_object__close(obj);
	return 0;
}
