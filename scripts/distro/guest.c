// SPDX-License-Identifier: GPL-2.0
/*
 * guest FILE: init_module(), and how many ticks of the timestamp counter it
 * took; under QEMU's -icount shift=0 these are instructions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

int main(int argc, char **argv)
{
	unsigned long long start, end;
	struct stat st;
	char *data;
	int fd;

	/* No page fault in the time that is taken. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
	fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0 || fstat(fd, &st)) {
		puts("no such file in the guest");
		return 2;
	}
	data = malloc(st.st_size);
	if (!data || read(fd, data, st.st_size) != st.st_size) {
		puts("the file could not be read");
		return 2;
	}
	start = __rdtsc();
	if (syscall(SYS_init_module, data, st.st_size, "")) {
		puts(strerror(errno));
		return 1;
	}
	end = __rdtsc();
	printf("%llu\n", end - start);
	return 0;
}
