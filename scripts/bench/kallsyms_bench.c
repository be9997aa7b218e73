// SPDX-License-Identifier: GPL-2.0
/*
 * What "make bench" measures inside a kernel. The same file is built into the
 * stock kernel and into the one with the rewrite: kernel/module/Makefile and
 * kernel/Makefile of the copies it builds get the lines for it.
 *
 * /proc/kallsyms_bench takes a command and then gives numbers to read:
 *
 *	address MODULE COUNT	module_address_lookup() all over the text
 *	vmlinux COUNT		kallsyms_lookup() all over vmlinux's text
 *	name MODULE COUNT	find_kallsyms_symbol_value() of names at the
 *				table's end
 *	miss MODULE COUNT	the same, of names that are not there
 *	plain MODULE COUNT	module_kallsyms_lookup_name(), not there either
 *	klp MODULE COUNT	klp_find_object_symbol() of names at the table's end
 *	stack MODULE COUNT	sprint_backtrace() all over the text
 *		-> ticks, lookups, a sum of what they answered
 *	each
 *		module_kallsyms_on_each_symbol() of all modules
 *		-> ticks, symbols, a sum of what it called with
 *	tables MODULE, which is the last one loaded
 *		-> entries of the core table; its bytes in entries, strings,
 *		   types, index; pages of the region it is in; pages of
 *		   that and of MOD_INIT_DATA; mapping symbols of the table
 *	check MODULE COUNT	look up entries by address, and what that gives
 *				by name
 *		-> entries, wrong answers
 *	split 1, split 0
 *		-> from the one to the other: lookups, ticks in them, ticks in
 *		   layout_symtab() and in add_kallsyms()
 *	wrapper COUNT
 *		-> ticks that the splitting adds to COUNT lookups, and how many
 *		   of these "split" takes for lookup
 *
 * A tick is one of x86-64's timestamp counter; on UML and on other architectures
 * it is a nanosecond. Under QEMU's -icount shift=0 each is an instruction.
 */

#include <linux/irqflags.h>
#include <linux/jhash.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/module_symbol.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <linux/uaccess.h>
#include "internal.h"

/* Long enough to be typical of a module's functions. */
#define NAME_SHORT	20
#define NAME_LONG	36

static __always_inline u64 ticks(void)
{
	return IS_ENABLED(CONFIG_X86_64) && !IS_ENABLED(CONFIG_UML) ?
		get_cycles() : ktime_get_ns();
}

/*
 * The callers of these three were compiled to call what is below instead: see
 * the Makefiles.
 */
int bench_layout_symtab(struct module *mod, struct load_info *info);
void bench_add_kallsyms(struct module *mod, const struct load_info *info);
int bench_module_address_lookup(unsigned long addr, unsigned long *size,
				unsigned long *offset, char **modname,
				const unsigned char **modbuildid, char *name);

static bool splitting;
static struct {
	unsigned long lookups;
	u64 lookup;
	u64 layout;
	u64 add;
} split;

/* Bytes that the last module's core table has been given, and its init data. */
static struct {
	char name[MODULE_NAME_LEN];
	unsigned int bytes;
	unsigned int init_bytes;
} core_table;

/* Stock's returns nothing. */
#define LAYOUT_RETURNS	\
	__same_type(layout_symtab, int (struct module *, struct load_info *))

int bench_layout_symtab(struct module *mod, struct load_info *info)
{
	const unsigned int *size = &mod->mem[MOD_DATA].size;
	unsigned int before = ALIGN(*size, __alignof__(Elf_Sym));
	u64 start = ticks();
	int ret = __builtin_choose_expr(LAYOUT_RETURNS, layout_symtab(mod, info),
					(layout_symtab(mod, info), 0));

	split.layout += ticks() - start;
	core_table.bytes = *size - before;
	core_table.init_bytes = mod->mem[MOD_INIT_DATA].size;
	strscpy(core_table.name, mod->name);
	return ret;
}

void bench_add_kallsyms(struct module *mod, const struct load_info *info)
{
	u64 start = ticks();

	add_kallsyms(mod, info);
	split.add += ticks() - start;
}

int bench_module_address_lookup(unsigned long addr, unsigned long *size,
				unsigned long *offset, char **modname,
				const unsigned char **modbuildid, char *name)
{
	u64 start;
	int ret;

	if (!READ_ONCE(splitting))
		return module_address_lookup(addr, size, offset, modname,
					     modbuildid, name);
	start = ticks();
	ret = module_address_lookup(addr, size, offset, modname, modbuildid, name);
	split.lookup += ticks() - start;
	split.lookups++;
	return ret;
}

/* Ticks of @count times @call, without those of the loop around it. */
#define measure(i, count, call)						\
({									\
	unsigned long flags_;						\
	u64 start_, loop_, all_;					\
									\
	local_irq_save(flags_);						\
	start_ = ticks();						\
	for ((i) = 0; (i) < (count); (i)++)				\
		barrier();						\
	loop_ = ticks() - start_;					\
	start_ = ticks();						\
	for ((i) = 0; (i) < (count); (i)++) {				\
		call;							\
		barrier();						\
	}								\
	all_ = ticks() - start_;					\
	local_irq_restore(flags_);					\
	all_ - loop_;							\
})

struct job {
	struct module *mod;
	unsigned int count;
	char answer[128];
};

/* Anything will do, if only it is the same in every kernel. */
static unsigned long pick(u64 *state, unsigned long range)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((*state >> 32) * range) >> 32;
}

static unsigned long *pick_addresses(unsigned long start, unsigned long end,
				     unsigned int count)
{
	unsigned long *addrs = kvmalloc_array(count, sizeof(*addrs), GFP_KERNEL);
	u64 state = count;
	unsigned int i;

	for (i = 0; addrs && i < count; i++)
		addrs[i] = start + pick(&state, end - start);
	return addrs;
}

static void say(struct job *job, u64 total, u32 sum)
{
	snprintf(job->answer, sizeof(job->answer), "%llu %u %u\n", total,
		 job->count, sum);
}

static u32 sum_answer(u32 sum, const char *name, unsigned long size,
		      unsigned long offset)
{
	return jhash_3words(size, offset, jhash(name, strlen(name), sum), 0);
}

static int run_vmlinux(struct job *job)
{
	char name[KSYM_NAME_LEN], *modname;
	unsigned long *addrs, size, offset;
	unsigned int i;
	u64 total;

	addrs = pick_addresses((unsigned long)_stext, (unsigned long)_etext,
			       job->count);
	if (!addrs)
		return -ENOMEM;

	total = measure(i, job->count,
			kallsyms_lookup(addrs[i], &size, &offset, &modname, name));
	/* The two kernels differ in what they answer here. */
	say(job, total, 0);
	kvfree(addrs);
	return 0;
}

static const char *entry_name(const struct mod_kallsyms *table, unsigned int i)
{
	return table->strtab + table->symtab[i].st_name;
}

/* From the first to the last function: regions are padded to whole pages. */
static void find_text(const struct module *mod, unsigned long *start,
		      unsigned long *end)
{
	const struct mod_kallsyms *table = &mod->core_kallsyms;
	unsigned int i;

	*start = ULONG_MAX;
	*end = 0;
	for (i = 1; i < table->num_symtab; i++) {
		unsigned long value = kallsyms_symbol_value(&table->symtab[i]);

		if (!within_module_mem_type(value, mod, MOD_TEXT))
			continue;
		*start = min(*start, value);
		*end = max(*end, value + 1);
	}
}

static int run_address(struct job *job)
{
	unsigned long *addrs, start, end, size, offset;
	char name[KSYM_NAME_LEN], *modname;
	unsigned int i;
	u32 sum = 0;
	u64 total;

	find_text(job->mod, &start, &end);
	if (start >= end)
		return -ENODATA;
	addrs = pick_addresses(start, end, job->count);
	if (!addrs)
		return -ENOMEM;

	total = measure(i, job->count,
			module_address_lookup(addrs[i], &size, &offset, &modname,
					      NULL, name));
	/* Enough to see a difference; all of them would take a while. */
	for (i = 0; i < min(job->count, 64U); i++)
		if (module_address_lookup(addrs[i], &size, &offset, &modname,
					  NULL, name))
			sum = sum_answer(sum, name, size, offset);
	say(job, total, sum);
	kvfree(addrs);
	return 0;
}

struct name {
	char text[NAME_LONG + 1];
};

/* Names of the last entries, in memory of their own. */
static struct name *last_names(const struct module *mod, unsigned int count)
{
	const struct mod_kallsyms *table = &mod->core_kallsyms;
	struct name *names = kvmalloc_array(count, sizeof(*names), GFP_KERNEL);
	unsigned int i, n = 0;

	if (!names)
		return NULL;
	for (i = table->num_symtab; i-- > 0 && n < count;) {
		const char *name = entry_name(table, i);
		size_t len = strlen(name);

		if (len >= NAME_SHORT && len <= NAME_LONG)
			strscpy(names[n++].text, name);
	}
	if (n == count)
		return names;
	kvfree(names);
	return NULL;
}

/* No generated name has a capital. */
static void spoil_names(struct name *names, unsigned int count)
{
	while (count--)
		names[count].text[strlen(names[count].text) - 1] = 'Z';
}

static int run_name(struct job *job)
{
	unsigned long text = (unsigned long)job->mod->mem[MOD_TEXT].base;
	struct name *names = last_names(job->mod, job->count);
	unsigned int i;
	u32 sum = 0;
	u64 total;

	if (!names)
		return -ENODATA;

	total = measure(i, job->count,
			find_kallsyms_symbol_value(job->mod, names[i].text));
	preempt_disable();
	for (i = 0; i < job->count; i++)
		sum = jhash_2words(find_kallsyms_symbol_value(job->mod, names[i].text) -
				   text, sum, 0);
	preempt_enable();
	say(job, total, sum);
	kvfree(names);
	return 0;
}

static int run_miss(struct job *job)
{
	struct name *names = last_names(job->mod, job->count);
	unsigned int i;
	u32 found = 0;
	u64 total;

	if (!names)
		return -ENODATA;
	spoil_names(names, job->count);

	total = measure(i, job->count,
			found += !!find_kallsyms_symbol_value(job->mod, names[i].text));
	say(job, total, found);
	kvfree(names);
	return 0;
}

static int run_plain(struct job *job)
{
	struct name *names = last_names(job->mod, job->count);
	unsigned int i;
	u32 found = 0;
	u64 total;

	if (!names)
		return -ENODATA;
	spoil_names(names, job->count);

	total = measure(i, job->count,
			found += !!module_kallsyms_lookup_name(names[i].text));
	say(job, total, found);
	kvfree(names);
	return 0;
}

/* Of livepatch, which keeps it to itself. */
static int run_klp(struct job *job)
{
	int (*find)(const char *objname, const char *name, unsigned long sympos,
		    unsigned long *addr) = (void *)kallsyms_lookup_name("klp_find_object_symbol");
	unsigned long text = (unsigned long)job->mod->mem[MOD_TEXT].base;
	struct name *names = last_names(job->mod, job->count);
	unsigned long value = text;
	unsigned int i, found = 0;
	u32 sum = 0;
	u64 total;

	if (!names || !find)
		return -ENODATA;

	total = measure(i, job->count,
			found += !find(job->mod->name, names[i].text, 0, &value);
			sum = jhash_2words(value - text, sum, 0));
	say(job, total, found == job->count ? sum : 0);
	kvfree(names);
	return 0;
}

static int run_stack(struct job *job)
{
	unsigned long *addrs, start, end;
	static char line[KSYM_SYMBOL_LEN];
	unsigned int i;
	u64 total;

	find_text(job->mod, &start, &end);
	addrs = start < end ? pick_addresses(start, end, job->count) : NULL;
	if (!addrs)
		return -ENODATA;

	total = measure(i, job->count, sprint_backtrace(line, addrs[i]));
	say(job, total, jhash(line, strlen(line), 0));
	kvfree(addrs);
	return 0;
}

struct walk {
	unsigned int symbols;
	u32 sum;
};

/* As little as a caller can do with a symbol: the figure is the walk's. */
static int count_symbol(void *data, const char *name, unsigned long value)
{
	struct walk *walk = data;

	walk->symbols++;
	walk->sum = walk->sum * 33 + (u8)*name;
	return 0;
}

static int run_each(struct job *job)
{
	struct walk walk = { };
	u64 start = ticks();

	module_kallsyms_on_each_symbol(NULL, count_symbol, &walk);
	start = ticks() - start;
	job->count = walk.symbols;
	say(job, start, walk.sum);
	return 0;
}

static int run_tables(struct job *job)
{
	unsigned long pages = DIV_ROUND_UP(job->mod->mem[MOD_DATA].size, PAGE_SIZE);
	const struct mod_kallsyms *table = &job->mod->core_kallsyms;
	unsigned int i, n = table->num_symtab, labels = 0;
	size_t strings, index;
	const char *last;

	if (!n || strcmp(core_table.name, job->mod->name))
		return -ENODATA;
	last = entry_name(table, n - 1);
	strings = last - table->strtab + strlen(last) + 1;
	/* What it has been given for something else. */
	index = core_table.bytes - n * (sizeof(Elf_Sym) + 1) - strings;
	for (i = 1; i < n; i++)
		labels += is_mapping_symbol(entry_name(table, i));
	snprintf(job->answer, sizeof(job->answer), "%u %zu %zu %u %zu %lu %lu %u\n",
		 n, n * sizeof(Elf_Sym), strings, n, index, pages,
		 pages + DIV_ROUND_UP(core_table.init_bytes, PAGE_SIZE), labels);
	return 0;
}

static bool answers_right(struct module *mod, const Elf_Sym *sym)
{
	unsigned long size, offset, value = kallsyms_symbol_value(sym);
	char name[KSYM_NAME_LEN], *modname;
	bool right;

	preempt_disable();
	right = module_address_lookup(value, &size, &offset, &modname, NULL, name) &&
		!offset && modname == mod->name &&
		find_kallsyms_symbol_value(mod, name) == value;
	preempt_enable();
	return right;
}

static int run_check(struct job *job)
{
	const struct mod_kallsyms *table = &job->mod->core_kallsyms;
	unsigned int wrong = 0, checked = 0;
	u64 state = job->count;

	while (checked < job->count) {
		const Elf_Sym *sym = &table->symtab[pick(&state, table->num_symtab)];

		if (!within_module_mem_type(kallsyms_symbol_value(sym), job->mod,
					    MOD_TEXT))
			continue;
		wrong += !answers_right(job->mod, sym);
		checked++;
	}
	snprintf(job->answer, sizeof(job->answer), "%u %u\n", checked, wrong);
	return 0;
}

static int run_split(struct job *job)
{
	snprintf(job->answer, sizeof(job->answer), "%lu %llu %llu %llu\n",
		 split.lookups, split.lookup, split.layout, split.add);
	memset(&split, 0, sizeof(split));
	splitting = job->count;
	return 0;
}

/* Of an address in no module: that is answered at once. */
static int run_wrapper(struct job *job)
{
	char name[KSYM_NAME_LEN];
	u64 bare, wrapped;
	unsigned int i;

	memset(&split, 0, sizeof(split));
	splitting = true;
	bare = measure(i, job->count,
		       module_address_lookup(0, NULL, NULL, NULL, NULL, name));
	wrapped = measure(i, job->count,
			  bench_module_address_lookup(0, NULL, NULL, NULL, NULL, name));
	splitting = false;
	snprintf(job->answer, sizeof(job->answer), "%lld %lld\n",
		 (s64)(wrapped - bare), (s64)(split.lookup - bare));
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct job *job);
	bool of_module;
} commands[] = {
	{ "address", run_address, true },
	{ "vmlinux", run_vmlinux },
	{ "name", run_name, true },
	{ "miss", run_miss, true },
	{ "plain", run_plain, true },
	{ "klp", run_klp, true },
	{ "stack", run_stack, true },
	{ "each", run_each },
	{ "tables", run_tables, true },
	{ "check", run_check, true },
	{ "split", run_split },
	{ "wrapper", run_wrapper },
};

/* One user at a time, who unloads no module meanwhile. */
static struct job job;

static int obey(char *line)
{
	const char *verb = strsep(&line, " ");
	const char *arg = strsep(&line, " ");
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(verb, commands[i].name))
			continue;
		if (commands[i].of_module) {
			mutex_lock(&module_mutex);
			job.mod = arg ? find_module(arg) : NULL;
			mutex_unlock(&module_mutex);
			if (!job.mod)
				return -ENOENT;
			arg = strsep(&line, " ");
		}
		job.count = 0;
		if (arg) {
			ret = kstrtouint(arg, 0, &job.count);
			if (ret)
				return ret;
		}
		return commands[i].run(&job);
	}
	return -EINVAL;
}

static ssize_t bench_write(struct file *file, const char __user *buf,
			   size_t size, loff_t *pos)
{
	char line[128];
	int ret;

	if (size >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, size))
		return -EFAULT;
	line[size] = '\0';
	job.answer[0] = '\0';
	ret = obey(strim(line));
	return ret ?: size;
}

static int bench_show(struct seq_file *m, void *v)
{
	seq_puts(m, job.answer);
	return 0;
}

static int bench_open(struct inode *inode, struct file *file)
{
	return single_open(file, bench_show, NULL);
}

static const struct proc_ops bench_ops = {
	.proc_open	= bench_open,
	.proc_read	= seq_read,
	.proc_write	= bench_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static int __init bench_init(void)
{
	return proc_create("kallsyms_bench", 0600, NULL, &bench_ops) ? 0 : -ENOMEM;
}
device_initcall(bench_init);
