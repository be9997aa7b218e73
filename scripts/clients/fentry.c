// SPDX-License-Identifier: GPL-2.0
/* fentry OBJECT FILE: attaches the program, reads FILE, prints what the program has said. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bpf_object *obj;
	unsigned int zero = 0;
	char buf[4096] = "";
	int fd;

	if (argc != 3)
		return 2;
	obj = bpf_object__open_file(argv[1], NULL);
	if (!obj || bpf_object__load(obj))
		err(1, "load");
	if (!bpf_program__attach(bpf_object__find_program_by_name(obj, "entered")))
		err(1, "attach");
	fd = open(argv[2], O_RDONLY);
	if (fd < 0 || read(fd, buf, sizeof(buf)) < 0)
		err(1, "%s", argv[2]);
	fd = bpf_object__find_map_fd_by_name(obj, ".bss");
	if (bpf_map_lookup_elem(fd, &zero, buf))
		err(1, "answer");
	puts(buf);
	return 0;
}
