// SPDX-License-Identifier: GPL-2.0
/*
 * What bench and test-distro measure from a guest's user space.
 *
 *	guest load FILE [NAME]
 *		init_module(); NAME replaces the module's own, which must be
 *		the file's and as long
 *		-> ticks, and what /proc/kallsyms_bench, if there, says to "split"
 *	guest unload NAME
 *	guest read FILE STEP
 *		the whole of it, so many bytes at a time -> ticks, lines, bytes
 *	guest probe EVENT ERROR
 *		what dynamic_events takes, such as "p:kbench/name function"; ERROR
 *		is what it says of it, 0 if it takes it -> ticks
 *	guest seek
 *		lseek() to each address, in hexadecimal, of standard input; of
 *		descriptor 4095, for a trigger of tracefs to know it by
 *
 * A tick is one of the timestamp counter; on other architectures than x86-64 it
 * is a nanosecond, which is an instruction under -icount shift=0.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

static void die(const char *what)
{
	fprintf(stderr, "guest: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long long instructions(void)
{
#ifdef __x86_64__
	return __rdtsc();
#else
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
#endif
}

static void split(const char *command, char *answer, size_t size)
{
	int fd = open("/proc/kallsyms_bench", O_RDWR);
	ssize_t got;

	strcpy(answer, "\n");
	if (fd < 0 && errno == ENOENT)
		return;
	if (fd < 0 || write(fd, command, strlen(command)) < 0)
		die("/proc/kallsyms_bench");
	got = read(fd, answer, size - 1);
	if (got < 0)
		die("/proc/kallsyms_bench");
	answer[got] = '\0';
	close(fd);
}

static char *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *data;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	data = malloc(st.st_size);
	if (!data || read(fd, data, st.st_size) != st.st_size)
		die(path);
	close(fd);
	*size = st.st_size;
	return data;
}

static void rename_module(char *data, size_t size, const char *path,
			  const char *name)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t len = strcspn(base, ".");
	char *end = data + size, *at = data;

	if (strlen(name) != len)
		die("a name as long as the file's is wanted");
	while ((at = memmem(at, end - at, base, len)))
		at = mempcpy(at, name, len);
}

static void load(const char *path, const char *name)
{
	unsigned long long start, end;
	char answer[256];
	size_t size;
	char *data;

	/* No page fault in the time that is taken. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
	data = read_file(path, &size);
	if (name)
		rename_module(data, size, path, name);

	split("split 1", answer, sizeof(answer));
	start = instructions();
	if (syscall(SYS_init_module, data, size, ""))
		die(path);
	end = instructions();
	split("split 0", answer, sizeof(answer));
	printf("%llu %s", end - start, answer);
}

static void unload(const char *name)
{
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		die(name);
}

static void read_all(const char *path, size_t step)
{
	static char buf[64 << 10];
	unsigned long long start, ticks = 0;
	unsigned long lines = 0, bytes = 0;
	int fd = open(path, O_RDONLY);
	ssize_t got, i;

	if (fd < 0 || step > sizeof(buf))
		die(path);
	memset(buf, 1, sizeof(buf));
	do {
		start = instructions();
		got = read(fd, buf, step);
		ticks += instructions() - start;
		for (i = 0; i < got; i++)
			lines += buf[i] == '\n';
		bytes += got;
	} while (got > 0);
	if (got < 0)
		die(path);
	printf("%llu %lu %lu\n", ticks, lines, bytes);
}

static void probe(const char *event, int expected)
{
	int fd = open("/sys/kernel/tracing/dynamic_events", O_WRONLY | O_APPEND);
	unsigned long long start, ticks;
	char remove[64];
	int error;

	if (fd < 0)
		die("dynamic_events");
	start = instructions();
	error = write(fd, event, strlen(event)) < 0 ? errno : 0;
	ticks = instructions() - start;
	if (error != expected) {
		errno = error;
		die(event);
	}
	snprintf(remove, sizeof(remove), "-%.*s", (int)strcspn(event + 1, " "), event + 1);
	if (!error && write(fd, remove, strlen(remove)) < 0)
		die(remove);
	printf("%llu\n", ticks);
}

static void seek(void)
{
	unsigned long address;

	while (scanf("%lx", &address) == 1)
		syscall(SYS_lseek, 4095, address, SEEK_SET);
}

int main(int argc, char **argv)
{
	if (argc >= 3 && !strcmp(argv[1], "load"))
		load(argv[2], argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "unload"))
		unload(argv[2]);
	else if (argc == 4 && !strcmp(argv[1], "read"))
		read_all(argv[2], atoi(argv[3]));
	else if (argc == 4 && !strcmp(argv[1], "probe"))
		probe(argv[2], atoi(argv[3]));
	else if (argc == 2 && !strcmp(argv[1], "seek"))
		seek();
	else
		return 2;
	return 0;
}
