// SPDX-License-Identifier: GPL-2.0
/*
 * Loads modules that are wrong on purpose, one after another, and writes down
 * what became of each.
 *
 *	load_malformed LIST DIRECTORY OUTPUT
 *
 * LIST is what make.py has made, a module a line:
 *
 *	NUMBER BASE OPERATION...
 *
 * BASE.ko is in DIRECTORY; the operations, in hexadecimal but for counts, are
 *
 *	@OFFSET:BYTES	overwrite
 *	+BYTES		append
 *	*COUNT:BYTES	append COUNT times
 *	=SIZE		cut off
 *
 * A line "batch" ends a batch: what /proc/kallsyms has of the modules that are
 * loaded is written down, some of it is looked up, and they are unloaded.
 * OUTPUT has lines of text, some of which announce how many bytes follow.
 */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <err.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_BATCH	64
#define MAX_LOOKUPS	6		/* of each kind, in each module */

static FILE *out;
static int kmsg;
static size_t vmlinux_size;		/* of its part of /proc/kallsyms */

static struct {
	char name[64];
	const char *lines;		/* in /proc/kallsyms, when it was read */
	size_t num_lines;
} loaded[MAX_BATCH];
static int num_loaded;

/* The whole file, with a NUL behind it. */
static char *read_file(const char *path, size_t *size)
{
	size_t room = 1 << 16, used = 0;
	char *data = malloc(room);
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0 || !data)
		err(1, "%s", path);
	while ((n = read(fd, data + used, room - used - 1)) > 0) {
		used += n;
		if (room - used < 1 << 15)
			data = realloc(data, room *= 2);
		if (!data)
			err(1, "%s", path);
	}
	if (n < 0)
		err(1, "%s", path);
	close(fd);
	data[used] = '\0';
	if (size)
		*size = used;
	return data;
}

static void write_bytes(const char *what, const char *bytes, size_t size)
{
	fprintf(out, "%s %zu\n", what, size);
	fwrite(bytes, 1, size, out);
	fputc('\n', out);
}

static void write_file(const char *what, const char *path)
{
	size_t size;
	char *data = read_file(path, &size);

	write_bytes(what, data, size);
	free(data);
}

/*
 * What the kernel has said since the last call. A message that was too long has
 * lost its newline, and can't be read before another one follows: ours, which
 * also tells where to stop.
 */
static void write_log(void)
{
	static const char mark[] = "<7>load_malformed: so far\n";
	char line[8192], *text;
	ssize_t n;

	if (write(kmsg, mark, strlen(mark)) < 0)
		err(1, "write /dev/kmsg");
	for (;;) {
		n = read(kmsg, line, sizeof(line) - 2);
		if (n < 0 && errno == EPIPE)	/* Some were overwritten. */
			continue;
		if (n <= 0)
			err(1, "read /dev/kmsg");
		line[n] = '\0';
		text = strchr(line, ';');
		if (!text)
			continue;
		text[strcspn(text, "\n") + 1] = '\0';
		if (!strcmp(text + 1, mark + strlen("<7>")))
			return;
		fprintf(out, "log %s", text + 1);
	}
}

/* Our own messages are many, and all needed. */
static void open_log(void)
{
	int limit = open("/proc/sys/kernel/printk_devkmsg", O_WRONLY);

	if (limit < 0 || write(limit, "on\n", 3) != 3)
		err(1, "printk_devkmsg");
	close(limit);
	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		err(1, "open /dev/kmsg");
}

static size_t from_hex(const char *hex, const char *end, char *bytes)
{
	size_t n = 0;
	unsigned int byte;

	for (; hex + 1 < end && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[n++] = byte;
	return n;
}

struct image {
	char *data;
	size_t size, room;
};

static void append(struct image *image, const char *bytes, size_t n)
{
	while (image->size + n > image->room) {
		image->data = realloc(image->data, image->room *= 2);
		if (!image->data)
			err(1, "an image of %zu bytes", image->room);
	}
	memcpy(image->data + image->size, bytes, n);
	image->size += n;
}

static void apply(struct image *image, const char *op)
{
	const char *end = op + strlen(op);
	char *bytes = malloc(end - op + 1);
	unsigned long at = 0;
	char *hex = (char *)op + 1;
	size_t n;

	switch (*op) {
	case '@':
		at = strtoul(op + 1, &hex, 16);
		n = from_hex(hex + 1, end, bytes);
		if (at + n > image->size)
			errx(1, "%s: there is nothing to overwrite", op);
		memcpy(image->data + at, bytes, n);
		break;
	case '+':
		append(image, bytes, from_hex(hex, end, bytes));
		break;
	case '*':
		at = strtoul(op + 1, &hex, 10);
		n = from_hex(hex + 1, end, bytes);
		while (at--)
			append(image, bytes, n);
		break;
	case '=':
		image->size = strtoul(op + 1, NULL, 16);
		break;
	default:
		errx(1, "%s: no such operation", op);
	}
	free(bytes);
}

static void write_sections(const char *module)
{
	char path[512], value[64];
	struct dirent *entry;
	DIR *dir;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/module/%s/sections", module);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module,
			 entry->d_name);
		f = fopen(path, "r");
		if (f && fgets(value, sizeof(value), f))
			fprintf(out, "section %s %s\n", strtok(value, "\n"), entry->d_name);
		if (f)
			fclose(f);
	}
	if (dir)
		closedir(dir);
}

static void load(char *line, const char *directory)
{
	char *number = strtok(line, " "), *base = strtok(NULL, " "), *op;
	struct image image = { };
	char path[512];
	long failed;

	snprintf(path, sizeof(path), "%s/%s.ko", directory, base);
	image.data = read_file(path, &image.size);
	image.room = image.size + 1;
	while ((op = strtok(NULL, " ")))
		apply(&image, op);

	/* On the console, in case it is the last thing that is heard of it. */
	printf("module %s %s\n", number, base);
	fflush(stdout);

	failed = syscall(SYS_init_module, image.data, image.size, "");
	fprintf(out, "module %s %s %d\n", number, base, failed ? errno : 0);
	write_log();
	free(image.data);
	if (failed)
		return;
	if (num_loaded == MAX_BATCH)
		errx(1, "more than %d modules in a batch", MAX_BATCH);
	snprintf(loaded[num_loaded++].name, sizeof(loaded[0].name), "%s", base);
	for (op = loaded[num_loaded - 1].name; *op; op++)
		if (*op == '-')
			*op = '_';
	write_sections(loaded[num_loaded - 1].name);
}

/* Write something to a parameter of test_kallsyms_ask, and read the answer. */
static void ask(const char *kind, const char *question, size_t size)
{
	char path[128], answer[4096];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/sys/module/test_kallsyms_ask/parameters/%s", kind);
	fd = open(path, O_RDWR);
	if (fd < 0)
		err(1, "%s", path);
	if (write(fd, question, size) == (ssize_t)size) {
		lseek(fd, 0, SEEK_SET);
		n = read(fd, answer, sizeof(answer) - 1);
	}
	close(fd);
	if (n < 1)
		err(1, "%s", path);
	write_bytes("asked", question, size);
	write_bytes(kind, answer, n - 1);		/* without the newline */
}

/*
 * Look up some of a module's lines in /proc/kallsyms. A name may have any byte but
 * NUL.
 */
static void look_up_some(int i)
{
	const char *line = loaded[i].lines, *name;
	size_t step = loaded[i].num_lines / MAX_LOOKUPS + 1, n;
	char tail[80], question[1024];
	const char *end;

	snprintf(tail, sizeof(tail), "\t[%s]\n", loaded[i].name);
	for (n = 0; n < loaded[i].num_lines; n++, line = end + strlen(tail)) {
		end = strstr(line, tail);
		if (n % step)
			continue;
		name = line + strcspn(line, " ") + 3;
		/* A byte further, for addresses between symbols. */
		snprintf(question, sizeof(question), "%lx",
			 strtoul(line, NULL, 16) + n / step % 2);
		ask("address", question, strlen(question));
		/* As long as it is there in full. */
		if (end - name >= 511)
			continue;
		snprintf(question, sizeof(question), "%s:%.*s", loaded[i].name,
			 (int)(end - name), name);
		ask("name", question, strlen(question));
	}
}

/* Have what was freed, and kept at hand for whatever reason, really freed. */
static void free_caches(void)
{
	DIR *dir = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[512];
	int fd;

	sync();
	fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	if (fd >= 0 && write(fd, "3", 1) != 1)
		warn("drop_caches");
	close(fd);
	/* The kernel logs that with this program's name: it is not the next module's. */
	if (lseek(kmsg, 0, SEEK_END) < 0)
		err(1, "seek in /dev/kmsg");
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		fd = open(path, O_WRONLY);
		if (fd < 0)
			continue;
		if (write(fd, "1", 1) != 1)
			warn("%s", path);
		close(fd);
	}
	if (dir)
		closedir(dir);
}

static void write_memory(const char *when)
{
	char what[64];

	free_caches();
	snprintf(what, sizeof(what), "meminfo-%s", when);
	write_file(what, "/proc/meminfo");
	snprintf(what, sizeof(what), "vmallocinfo-%s", when);
	write_file(what, "/proc/vmallocinfo");
}

/* A module's lines end in its name, whatever the names in between have. */
static const char *find_module_lines(const char *lines, int i)
{
	char tail[80];
	const char *at;

	snprintf(tail, sizeof(tail), "\t[%s]\n", loaded[i].name);
	loaded[i].lines = lines;
	loaded[i].num_lines = 0;
	for (at = lines; (at = strstr(at, tail)); lines = at) {
		at += strlen(tail);
		loaded[i].num_lines++;
	}
	return lines;
}

static char *line_with(char *lines, const char *what)
{
	char *at = strstr(lines, what);

	if (!at)
		errx(1, "/proc/kallsyms has no line with %s", what);
	while (at > lines && at[-1] != '\n')
		at--;
	return at;
}

static void write_vmlinux(void)
{
	char *lines = read_file("/proc/kallsyms", NULL);

	vmlinux_size = line_with(lines, "\t[") - lines;
	free(lines);
	write_file("vmlinux", "/proc/kallsyms");
}

static void end_batch(void)
{
	static bool warm;
	char *lines, *end;
	const char *at, *from;
	size_t size;
	int i;

	lines = read_file("/proc/kallsyms", &size);
	at = lines + vmlinux_size;
	end = line_with(lines, "\t[test_kallsyms_ask]\n");
	write_bytes("lines", at, end - at);

	/* The last that was loaded comes first. */
	*end = '\0';
	from = at;
	for (i = num_loaded; i--;)
		from = find_module_lines(from, i);
	for (i = num_loaded; i--;)
		look_up_some(i);
	free(lines);

	while (num_loaded) {
		num_loaded--;
		if (syscall(SYS_delete_module, loaded[num_loaded].name, O_NONBLOCK))
			err(1, "unload %s", loaded[num_loaded].name);
	}
	write_log();
	fprintf(out, "batch\n");
	fflush(out);

	/* The first batch leaves caches and the like behind. */
	if (!warm)
		write_memory("before");
	warm = true;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *list;

	if (argc != 4)
		errx(2, "usage: load_malformed LIST DIRECTORY OUTPUT");
	list = fopen(argv[1], "r");
	out = fopen(argv[3], "w");
	if (!list || !out)
		err(1, "cannot open %s or %s", argv[1], argv[3]);
	open_log();

	write_vmlinux();
	while ((n = getline(&line, &room, list)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strcmp(line, "batch"))
			end_batch();
		else
			load(line, argv[2]);
	}
	write_memory("after");
	fprintf(out, "end\n");
	return fclose(out);
}
