// SPDX-License-Identifier: GPL-2.0
/* finit FILE [compressed]: finit_module() */
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int flags = argc > 2 ? MODULE_INIT_COMPRESSED_FILE : 0;
	int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0 || syscall(SYS_finit_module, fd, "", flags)) {
		fprintf(stderr, "finit: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
