// SPDX-License-Identifier: GPL-2.0
/*
 * What scenarios do that a shell can't.
 *
 *	kallsyms_user sizes
 *		/proc/kallsyms in steps of many sizes, and from odd places on: always
 *		the same bytes
 *	kallsyms_user call readv|bad-address|children|threads|nobody|splice|copy_file_range
 *		the modules' part of it by that call: the same bytes, or the right error
 *	kallsyms_user without-syslog COMMAND...
 *		run it, without CAP_SYSLOG
 *	kallsyms_user read whole|small|pages|bytes SECONDS
 *		/proc/kallsyms, over and over: all of it; the modules' part, in steps
 *		of 64 bytes; or from anywhere in it on, in steps of 4 KiB or of 1 byte
 *		-> reads, victims' lines
 *	kallsyms_user cycle SECONDS DIR ID
 *		load and unload the victim
 *		-> loads, inits that failed
 *	kallsyms_user nth FILE NAME
 *		load the module, with the first allocation failing, then with
 *		the second, and so on until there are no more
 *	kallsyms_user random LOADS FILE NAME
 *		load it so many times, with whatever make-it-fail makes fail
 *		-> both: faults, loads in spite of one, loads refused, loads
 *		without one
 *
 * Says what is wrong, and then exits with 1. See test_modules/race.h for victims.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int status;

static void die(const char *what)
{
	fprintf(stderr, "kallsyms_user: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void wrong(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("not right: ", stdout);
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
	status = 1;
}

static void *need(void *memory)
{
	if (!memory)
		die("memory");
	return memory;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int must_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

static void must_write(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(text);
}

/* One line of /proc/kallsyms. */
struct line {
	unsigned long address;
	char type;
	char name[512];
	char module[64];		/* empty: vmlinux */
};

static int parse(const char *text, struct line *line)
{
	int end = 0;

	line->module[0] = '\0';
	if (sscanf(text, "%16lx %c %511s%n\t[%63[^]]]%n", &line->address, &line->type,
		   line->name, &end, line->module, &end) < 3 || text[end] ||
	    text[16] != ' ' || text[18] != ' ') {
		wrong("line '%s'", text);
		return 0;
	}
	return 1;
}

/*
 * Where victims must have been, for test_kallsyms_race to judge: a hash table, in
 * which a base is never 0.
 */
#define CLAIMS	8192
static struct claim {
	char id, kind;
	unsigned long base;
} claims[CLAIMS];
static unsigned int num_claims;

static void claim(char id, char kind, unsigned long base)
{
	unsigned int i = (base / 4096 * 31 + id + kind * 7) % CLAIMS;

	for (; claims[i].base; i = (i + 1) % CLAIMS)
		if (claims[i].id == id && claims[i].kind == kind && claims[i].base == base)
			return;
	if (num_claims == CLAIMS - 1) {
		wrong("more places than there can be");
		return;
	}
	claims[i] = (struct claim){ id, kind, base };
	num_claims++;
}

static void tell_driver(const char *text)
{
	int fd = must_open("/proc/kallsyms_race", O_WRONLY);

	must_write(fd, text);
	close(fd);
}

static void hand_in_claims(void)
{
	int fd = must_open("/proc/kallsyms_race", O_WRONLY);
	char text[80];
	unsigned int i;

	for (i = 0; i < CLAIMS; i++) {
		if (!claims[i].base)
			continue;
		snprintf(text, sizeof(text), "claim %c %c %lx\n", claims[i].id,
			 claims[i].kind, claims[i].base);
		must_write(fd, text);
	}
	close(fd);
}

/* Returns whether it is a victim's. */
static int check_line(const char *text)
{
	char module[] = "test_kallsyms_race_X", id, kind;
	unsigned long base;
	struct line line;
	int end = 0, n;

	if (!strstr(text, "race_") && text[0] && strlen(text) < 400 && !strchr(text, '['))
		return 0;
	if (!parse(text, &line))
		return 0;
	if (sscanf(line.name, "race_%c_%c_%d%n", &id, &kind, &n, &end) != 3 ||
	    line.name[end] || strncmp(line.module, module, sizeof(module) - 2))
		return 0;
	module[sizeof(module) - 2] = id;
	base = line.address - n * (kind == 'd' ? 8 : 16);
	if (strcmp(line.module, module) || base % 4096 || !strchr("tdi", kind) ||
	    line.type != (kind == 'd' ? 'd' : 't'))
		wrong("line '%s'", text);
	else
		claim(id, kind, base);
	return 1;
}

/* Lines out of what comes in steps of any size. */
static char partial[1024];
static size_t partial_size;
static int skip_line;			/* it began before what was read */
static unsigned long victim_lines, offset, modules_start;

/* Of the module that stays, since begin(): always the same lines, each of them once. */
static struct {
	unsigned long n, hash;
} staying, staying_first;

static void count_staying(const char *text)
{
	if (!strstr(text, "\t[test_kallsyms_race_s]"))
		return;
	staying.n++;
	for (; *text; text++)
		staying.hash = staying.hash * 31 + *text;
}

static void check_staying(void)
{
	if (!staying_first.n)
		staying_first = staying;
	if (staying.n != staying_first.n || staying.hash != staying_first.hash)
		wrong("%lu lines of the module that stays, or others, not %lu", staying.n,
		      staying_first.n);
}

static void take(const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++, offset++) {
		if (text[i] != '\n') {
			if (partial_size + 1 == sizeof(partial)) {
				wrong("a line without an end");
				partial_size = 0;
			}
			partial[partial_size++] = text[i];
			if (text[i] == '[' && !modules_start)
				modules_start = offset - partial_size + 1;
			continue;
		}
		partial[partial_size] = '\0';
		if (!skip_line)
			victim_lines += check_line(partial);
		count_staying(partial);
		skip_line = 0;
		partial_size = 0;
	}
}

static void begin(int from_middle)
{
	partial_size = 0;
	offset = 0;
	skip_line = from_middle;
	staying.n = 0;
	staying.hash = 0;
}

/* From @start on to the end; returns the number of bytes. */
static unsigned long read_to_end(int fd, unsigned long start, size_t step)
{
	static char buffer[65536];
	ssize_t got;

	if (lseek(fd, start, SEEK_SET) != (off_t)start)
		die("seek");
	begin(0);
	while ((got = read(fd, buffer, step)) > 0)
		take(buffer, got);
	if (got < 0 || partial_size)
		wrong("read ends with %zd and '%.*s'", got, (int)partial_size, partial);
	check_staying();
	return offset;
}

/*
 * From somewhere in the modules' part on: not too far, for it may be shorter by
 * now. Returns the number of steps.
 */
static int read_part(int fd, unsigned long end, size_t step, int steps)
{
	unsigned long start = modules_start - 200 + random() % ((end - modules_start) / 2);
	char buffer[4096];
	ssize_t got;
	int i;

	if (lseek(fd, start, SEEK_SET) != (off_t)start)
		die("seek");
	begin(1);
	for (i = 0; i < steps; i++) {
		got = read(fd, buffer, step);
		if (got < 0)
			wrong("read: %s", strerror(errno));
		if (got <= 0)
			break;
		take(buffer, got);
	}
	return i;
}

static void reader(const char *how, double seconds)
{
	int fd = must_open("/proc/kallsyms", O_RDONLY);
	double end = now() + seconds;
	unsigned long size, reads = 0;

	size = read_to_end(fd, 0, 65536);
	if (!modules_start)
		die("no module line");
	do {
		switch (how[0]) {
		case 'w':
			read_to_end(fd, 0, 65536);
			reads++;
			break;
		case 's':
			reads += read_to_end(fd, modules_start, 64) / 64;
			break;
		case 'p':
			reads += read_part(fd, size, 4096, 32);
			break;
		case 'b':
			reads += read_part(fd, size, 1, 16384);
			break;
		}
	} while (now() < end || !reads);
	if (!victim_lines || !staying_first.n)
		wrong("no line to check has been there");
	hand_in_claims();
	printf("count %lu operations raced (reads of /proc/kallsyms: %s)\n", reads, how);
	printf("count %lu lines of modules that come and go, read: all right\n",
	       victim_lines);
}

/* Of all sizes, and from odd places on, the same bytes. */

static char *all;
static size_t all_size;

/* From @start on, until @end or the end of the file, in steps of @step */
static void expect_bytes(int fd, size_t start, size_t end, size_t step)
{
	char buffer[65536];
	ssize_t got;

	if (lseek(fd, start, SEEK_SET) != (off_t)start)
		die("seek");
	while (start < end) {
		got = read(fd, buffer, step);
		if (got < 0 || (got && (start + got > all_size ||
					memcmp(buffer, all + start, got)))) {
			wrong("byte %zu, by %zu: %zd others", start, step, got);
			return;
		}
		if (!got)
			break;
		start += got;
	}
	if (start < end && start < all_size)
		wrong("it ends at byte %zu, by %zu, not at %zu", start, step, all_size);
}

/* Returns where the lines of modules begin. */
static size_t read_all(int fd)
{
	size_t room = 1 << 20;
	ssize_t got;
	char *line;

	do {
		room *= 2;
		all = need(realloc(all, room));
		while ((got = read(fd, all + all_size, room - 1 - all_size)) > 0)
			all_size += got;
	} while (all_size == room - 1);
	all[all_size] = '\0';
	line = strstr(all, "\t[");
	if (got || !line)
		die("no module line");
	while (line > all && line[-1] != '\n')
		line--;
	return line - all;
}

static void sizes(void)
{
	static const size_t steps[] = { 1, 7, 64, 4095, 4096, 65536, 0 };
	int fd = must_open("/proc/kallsyms", O_RDONLY);
	size_t modules = read_all(fd), middle = modules + (all_size - modules) / 2, i;
	char buffer[100];
	ssize_t got;

	/* An emulated machine is slow, and a seek reads all lines before. */
	for (i = 0; steps[i]; i++) {
		if (steps[i] >= 4095)
			expect_bytes(fd, 0, all_size + 1, steps[i]);
		expect_bytes(fd, modules - 30, modules + 9000, steps[i]);
		expect_bytes(fd, middle + 3 * i, middle + 3000, steps[i]);
		expect_bytes(fd, all_size - 500, all_size + 1, steps[i]);
		expect_bytes(fd, all_size + i, all_size + 100, steps[i]);
	}
	/* A pread() in between changes nothing. */
	for (i = 0; i < 16; i++) {
		const size_t odd = modules + 1 + (all_size - modules) * i / 16;

		got = pread(fd, buffer, sizeof(buffer), odd);
		if (got <= 0 || memcmp(buffer, all + odd, got))
			wrong("pread() at byte %zu", odd);
		if (i % 4 == 0)
			expect_bytes(fd, modules + 17 * i, modules + 300, 64);
		else
			expect_bytes(fd, i, 300, 64);
	}
	printf("%zu bytes\n", all_size);
}

/* What is left of the file, by several at a time: how much, and the sum of its bytes. */
struct share {
	size_t bytes;
	unsigned long sum;
};

static int shared;

static void *read_share(void *data)
{
	struct share *share = data;
	char buffer[64];
	ssize_t got, i;

	while ((got = read(shared, buffer, sizeof(buffer))) > 0) {
		share->bytes += got;
		for (i = 0; i < got; i++)
			share->sum += (unsigned char)buffer[i];
	}
	if (got)
		share->sum = 0;
	return NULL;
}

static void expect_shares(const struct share *share, int n, size_t start)
{
	struct share want = { }, have = { };

	for (; start < all_size; start++) {
		want.bytes++;
		want.sum += (unsigned char)all[start];
	}
	while (n--) {
		have.bytes += share[n].bytes;
		have.sum += share[n].sum;
	}
	if (have.bytes != want.bytes || have.sum != want.sum)
		wrong("%zu bytes of sum %lu, not %zu of %lu", have.bytes, have.sum, want.bytes,
		      want.sum);
}

#define READERS	8

static void by_threads(size_t start)
{
	struct share share[READERS] = { };
	pthread_t thread[READERS];
	int i;

	for (i = 0; i < READERS; i++)
		if (pthread_create(&thread[i], NULL, read_share, &share[i]))
			die("thread");
	for (i = 0; i < READERS; i++)
		pthread_join(thread[i], NULL);
	expect_shares(share, READERS, start);
}

static void by_children(size_t start)
{
	struct share share[READERS] = { };
	int ends[2], i;

	if (pipe(ends))
		die("pipe");
	for (i = 0; i < READERS; i++) {
		if (fork())
			continue;
		read_share(&share[i]);
		_exit(write(ends[1], &share[i], sizeof(*share)) != sizeof(*share));
	}
	for (i = 0; i < READERS; i++)
		if (read(ends[0], &share[i], sizeof(*share)) != sizeof(*share))
			die("pipe");
	while (wait(NULL) > 0)
		;
	expect_shares(share, READERS, start);
}

static void by_readv(size_t start)
{
	static char buffer[3][4096];
	const struct iovec parts[] = { { buffer[0], 7 }, { buffer[1], 4096 }, { buffer[2], 61 } };
	ssize_t got;
	size_t i;

	while ((got = readv(shared, parts, 3)) > 0) {
		for (i = 0; i < 3 && got; i++) {
			size_t size = parts[i].iov_len;

			if (size > (size_t)got)
				size = got;
			if (start + size > all_size || memcmp(all + start, buffer[i], size))
				wrong("byte %zu", start);
			start += size;
			got -= size;
		}
	}
	if (got || start != all_size)
		wrong("it ends at byte %zu, not at %zu", start, all_size);
}

/* Who has opened it counts. */
static void by_nobody(size_t start)
{
	int ended;

	if (!fork()) {
		if (setgid(65534) || setuid(65534))
			_exit(1);
		by_readv(start);
		_exit(status);
	}
	if (wait(&ended) < 0 || ended)
		wrong("nobody reads something else");
}

static void expect_error(const char *what, ssize_t ret, int error)
{
	if (ret != -1 || errno != error)
		wrong("%s: %zd, %s", what, ret, strerror(errno));
}

static void call(const char *how)
{
	int ends[2], file;
	size_t start;

	shared = must_open("/proc/kallsyms", O_RDONLY);
	start = read_all(shared) - 30;
	if (lseek(shared, start, SEEK_SET) != (off_t)start)
		die("seek");
	if (!strcmp(how, "readv")) {
		by_readv(start);
	} else if (!strcmp(how, "threads")) {
		by_threads(start);
	} else if (!strcmp(how, "children")) {
		by_children(start);
	} else if (!strcmp(how, "nobody")) {
		by_nobody(start);
	} else if (!strcmp(how, "bad-address")) {
		expect_error(how, syscall(SYS_read, shared, 8, 4096), EFAULT);
		by_readv(start);
	} else if (!strcmp(how, "splice")) {
		if (pipe(ends))
			die("pipe");
		expect_error(how, splice(shared, NULL, ends[1], NULL, 4096, 0), EINVAL);
	} else if (!strcmp(how, "copy_file_range")) {
		file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
		if (file < 0)
			die("/tmp");
		expect_error(how, copy_file_range(shared, NULL, file, NULL, 4096, 0), EXDEV);
	} else {
		wrong("there is no %s", how);
	}
}

/* Root gets no more than what is bounded here when it runs something. */
static void run_without_syslog(char **argv)
{
	if (prctl(PR_CAPBSET_DROP, CAP_SYSLOG))
		die("CAP_SYSLOG");
	execvp(argv[0], argv);
	die(argv[0]);
}

/* Loading. */

static int load(const char *path, const char *parameters)
{
	int fd = must_open(path, O_RDONLY);
	int ret = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;

	close(fd);
	return ret;
}

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

static void cycle(double seconds, const char *dir, const char *id)
{
	static const char * const parameters[] = {
		"", "sleep=30", "fail=1", "sleep=30 fail=1",
	};
	char text[64];
	char path[256], name[64];
	double end = now() + seconds;
	unsigned long i, loads = 0, failed = 0;
	int ret;

	snprintf(name, sizeof(name), "test_kallsyms_race_%s", id);
	snprintf(path, sizeof(path), "%s/%s.ko", dir, name);
	for (i = id[0]; now() < end; i++) {
		int fails = i % 4 >= 2;

		/* One of them is off the list of modules for a while. */
		snprintf(text, sizeof(text), "%s%s", parameters[i % 4],
			 id[0] == 'd' ? " hide=20" : "");
		ret = load(path, text);
		if (ret != (fails ? EIO : 0)) {
			wrong("load of %s %s: %s", name, text, strerror(ret));
			continue;
		}
		loads++;
		failed += fails;
		ret = fails ? 0 : unload(name);
		if (ret)
			wrong("unload of %s: %s", name, strerror(ret));
	}
	printf("count %lu operations raced (module loads)\n", loads);
	printf("count %lu operations raced (unloads, and inits that fail)\n", loads);
	printf("%s: %lu loads, %lu inits failed\n", name, loads, failed);
}

/* The lines of one module, and the sections they are in. */
struct table {
	struct line *line;
	unsigned int n;
};

struct section {
	unsigned long start;
	unsigned long delta;
	int has_delta;
};

static struct section sections[256];
static unsigned int num_sections;

/* From /proc/kallsyms, or from the driver, which knows no letters */
static struct table read_table(int with_letters, const char *module)
{
	const char *path = with_letters ? "/proc/kallsyms" : "/proc/kallsyms_race";
	struct table table = { };
	char text[1024], tail[80];
	struct line line;
	FILE *file;

	if (!with_letters) {
		snprintf(text, sizeof(text), "list %s\n", module);
		tell_driver(text);
	}
	file = fopen(path, "r");
	if (!file)
		die(path);
	snprintf(tail, sizeof(tail), "\t[%s]\n", module);
	while (fgets(text, sizeof(text), file)) {
		size_t len = strlen(text);

		if (len < strlen(tail) || strcmp(text + len - strlen(tail), tail))
			continue;
		text[len - 1] = '\0';
		if (!parse(text, &line))
			continue;
		if (table.n % 256 == 0)
			table.line = need(realloc(table.line, (table.n + 256) * sizeof(line)));
		table.line[table.n++] = line;
	}
	fclose(file);
	return table;
}

static int by_start(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Values below the first section are no addresses: section 0 is theirs. */
static void read_sections(const char *module)
{
	char path[512];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/module/%s/sections", module);
	dir = opendir(path);
	if (!dir)
		die(path);
	num_sections = 1;
	while ((entry = readdir(dir))) {
		FILE *file;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module,
			 entry->d_name);
		file = fopen(path, "r");
		if (!file || fscanf(file, "%lx", &sections[num_sections++].start) != 1)
			die(path);
		fclose(file);
	}
	closedir(dir);
	qsort(sections, num_sections, sizeof(sections[0]), by_start);
}

/* The same symbols, each as far from where its section is. */
static void compare(const struct table *have, const struct table *want, const char *when)
{
	unsigned int i, s;

	for (s = 0; s < num_sections; s++)
		sections[s].has_delta = 0;
	if (have->n != want->n) {
		wrong("%s: %u lines, not %u", when, have->n, want->n);
		return;
	}
	for (i = 0; i < have->n; i++) {
		const struct line *a = &have->line[i], *b = &want->line[i];

		for (s = 0; s + 1 < num_sections && sections[s + 1].start <= b->address; )
			s++;
		if (!sections[s].has_delta) {
			sections[s].delta = a->address - b->address;
			sections[s].has_delta = 1;
		}
		if ((a->type != '?' && a->type != b->type) || strcmp(a->name, b->name) ||
		    a->address - b->address != sections[s].delta)
			wrong("%s: '%lx %c %s', not '%lx %c %s'", when, a->address, a->type,
			      a->name, b->address, b->type, b->name);
	}
}

static int is_listed(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	char text[1024], word[80];
	int found = 0;

	if (!file)
		die(path);
	while (fgets(text, sizeof(text), file))
		found |= sscanf(text, "%79s", word) == 1 && !strcmp(word, name);
	fclose(file);
	return found;
}

static void check_absent(const char *name, const char *when)
{
	struct table left = read_table(0, name);

	if (left.n)
		wrong("%s: %u of its lines are left", when, left.n);
	free(left.line);
	if (is_listed("/proc/modules", name)) {
		wrong("%s: it is in /proc/modules", when);
		unload(name);
	}
}

static void check_present(const char *name, const struct table *want, const char *when)
{
	static unsigned int count;
	/* Now and then will do for what takes longer. */
	struct table have = read_table(count++ % 16 == 0, name);
	int ret;

	compare(&have, want, when);
	free(have.line);
	tell_driver("check\n");
	ret = unload(name);
	if (ret)
		wrong("%s: unload: %s", when, strerror(ret));
	check_absent(name, when);
}

struct faults {
	unsigned long faults, loads, refused, without;
};

static void judge(struct faults *faults, int ret, int injected, const char *name,
		  const struct table *want, const char *when)
{
	faults->faults += injected;
	if (ret) {
		faults->refused++;
		if (!injected)
			wrong("%s: refused without a fault: %s", when, strerror(ret));
		check_absent(name, when);
		return;
	}
	if (injected)
		faults->loads++;
	else
		faults->without++;
	check_present(name, want, when);
}

static struct table reference(const char *path, const char *name)
{
	struct table table;
	int ret;

	/* What is done once only, such as filling caches, is done now. */
	ret = load(path, "");
	if (ret || unload(name)) {
		errno = ret;
		die(path);
	}
	ret = load(path, "");
	if (ret) {
		errno = ret;
		die(path);
	}
	table = read_table(1, name);
	if (!table.n)
		die("no line");
	read_sections(name);
	check_present(name, &table, "without faults");
	return table;
}

static void summary(const struct faults *faults, const char *name)
{
	printf("count %lu faults injected into loads\n", faults->faults);
	printf("count %lu loads in spite of a fault, with the same answers\n", faults->loads);
	printf("count %lu loads refused, with nothing left\n", faults->refused);
	printf("%s: %lu faults, %lu loads in spite, %lu refused, %lu without\n", name,
	       faults->faults, faults->loads, faults->refused, faults->without);
}

static void fail_nth(const char *path, const char *name)
{
	struct table want = reference(path, name);
	int nth = must_open("/proc/self/fail-nth", O_RDWR);
	int file = must_open(path, O_RDONLY);
	struct faults faults = { };
	char text[32], when[160];
	unsigned long n;
	int ret, got;

	/* A load after many that made no allocation at all would be one, too. */
	for (n = 1; !faults.without && !status; n++) {
		snprintf(text, sizeof(text), "%lu", n);
		must_write(nth, text);
		ret = syscall(SYS_finit_module, file, "", 0) ? errno : 0;
		got = pread(nth, text, sizeof(text) - 1, 0);
		if (got <= 0)
			die("fail-nth");
		text[got] = '\0';
		if (pwrite(nth, "0", 1, 0) != 1)
			die("fail-nth");
		snprintf(when, sizeof(when), "%s, allocation %lu fails", name, n);
		judge(&faults, ret, atoi(text) == 0, name, &want, when);
	}
	summary(&faults, name);
}

static unsigned long number_in(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned long number;

	if (!file || fscanf(file, "%lu", &number) != 1)
		die(path);
	fclose(file);
	return number;
}

/* What is left of the faults that both kinds of allocation may have. */
static unsigned long faults_left(void)
{
	return number_in("/sys/kernel/debug/failslab/times") +
	       number_in("/sys/kernel/debug/fail_page_alloc/times");
}

static void fail_random(unsigned long loads, const char *path, const char *name)
{
	struct table want = reference(path, name);
	int mine = must_open("/proc/self/make-it-fail", O_WRONLY);
	int file = must_open(path, O_RDONLY);
	struct faults faults = { };
	unsigned long i, before;
	char when[160];
	int ret;

	for (i = 1; i <= loads && !status; i++) {
		before = faults_left();
		if (pwrite(mine, "1", 1, 0) != 1)
			die("make-it-fail");
		ret = syscall(SYS_finit_module, file, "", 0) ? errno : 0;
		if (pwrite(mine, "0", 1, 0) != 1)
			die("make-it-fail");
		before -= faults_left();
		snprintf(when, sizeof(when), "%s, load %lu, %lu faults", name, i, before);
		judge(&faults, ret, before != 0, name, &want, when);
		faults.faults += before ? before - 1 : 0;
	}
	summary(&faults, name);
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (!strcmp(command, "sizes") && argc == 2)
		sizes();
	else if (!strcmp(command, "call") && argc == 3)
		call(argv[2]);
	else if (!strcmp(command, "without-syslog") && argc > 2)
		run_without_syslog(argv + 2);
	else if (!strcmp(command, "read") && argc == 4)
		reader(argv[2], atof(argv[3]));
	else if (!strcmp(command, "cycle") && argc == 5)
		cycle(atof(argv[2]), argv[3], argv[4]);
	else if (!strcmp(command, "nth") && argc == 4)
		fail_nth(argv[2], argv[3]);
	else if (!strcmp(command, "random") && argc == 5)
		fail_random(strtoul(argv[2], NULL, 0), argv[3], argv[4]);
	else
		return 2;
	return status;
}
