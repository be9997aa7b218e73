// SPDX-License-Identifier: GPL-2.0
/*
 * iter OBJECT	BPF's iterator over symbols, by iter.bpf.c, against /proc/kallsyms
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	unsigned long lines = 0, different = 0, more = 0;
	char line[1024], other[1024];
	struct bpf_object *obj;
	struct bpf_link *link;
	FILE *iter, *proc;
	int fd;

	if (argc != 2)
		return 2;
	libbpf_set_print(NULL);
	obj = bpf_object__open_file(argv[1], NULL);
	if (!obj)
		die("open");
	if (bpf_object__load(obj))
		die("load");
	link = bpf_program__attach_iter(bpf_object__find_program_by_name(obj, "ksyms"), NULL);
	if (!link)
		die("attach");
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		die("create");
	iter = fdopen(fd, "r");
	proc = fopen("/proc/kallsyms", "r");
	if (!iter || !proc)
		die("/proc/kallsyms");
	while (fgets(line, sizeof(line), proc)) {
		lines++;
		different += !fgets(other, sizeof(other), iter) || strcmp(line, other);
	}
	/* The program is called once more, with what is left of the last symbol. */
	while (fgets(other, sizeof(other), iter))
		more++;
	printf("%s lines, %lu different, %lu more\n", lines > 20000 ? "many" : "few",
	       different, more);
	return 0;
}
