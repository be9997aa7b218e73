// SPDX-License-Identifier: GPL-2.0
/*
 * Looks up each byte of a module, and each of its names.
 *
 * /proc/kallsyms_scan takes a module's name, and then has
 *
 *	REGION OFFSET NAME+OFFSET/SIZE	where the answer of kallsyms_lookup() changes,
 *					but for offsets that go on; a SIZE of "end" is as
 *					far as the region goes
 *	name NAME VALUE VALUE		kallsyms_lookup_name() does not answer with the
 *					value of the first of that name, as it should
 *	BYTES bytes, NAMES names	how many it has looked up
 *
 * Regions are numbered as in enum mod_mem_type.
 */

#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_buf.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "lookup_name.h"

static const char *(*look_up)(unsigned long addr, unsigned long *size, unsigned long *offset,
			      char **modname, char *name);
static struct module *(*find)(const char *name);
static int (*on_each_symbol)(const char *modname,
			     int (*fn)(void *data, const char *name, unsigned long value),
			     void *data);

static DEFINE_MUTEX(scan_lock);
static struct seq_buf answers;
static char modname[MODULE_NAME_LEN];
static unsigned long bytes, names;

static void scan_region(unsigned int region, unsigned long base, unsigned int region_size)
{
	static char last[KSYM_NAME_LEN], name[KSYM_NAME_LEN];
	unsigned long size, offset, value, last_value = 0, i;

	last[0] = '\0';
	for (i = 0; i < region_size; i++, bytes++) {
		char *found = NULL;

		cond_resched();
		size = 0;
		offset = 0;
		if (!look_up(base + i, &size, &offset, &found, name) || !found)
			strscpy(name, "none", sizeof(name));
		value = base + i - offset;
		/* Each byte of a symbol has the same answer. */
		if (i && !strcmp(name, last) &&
		    (value == last_value || (!strcmp(name, "none") && !size)))
			continue;
		if (value + size == base + region_size)
			seq_buf_printf(&answers, "%u %lx %s+%lx/end\n", region, i, name, offset);
		else
			seq_buf_printf(&answers, "%u %lx %s+%lx/%lx\n", region, i, name, offset,
				       size);
		strscpy(last, name, sizeof(last));
		last_value = value;
	}
}

struct symbol {
	const char *name;
	unsigned long value;
};

struct symbols {
	struct symbol *symbol;
	unsigned int n, room;
};

static int add_symbol(void *data, const char *name, unsigned long value)
{
	struct symbols *symbols = data;

	if (symbols->n < symbols->room)
		symbols->symbol[symbols->n] = (struct symbol){ name, value };
	symbols->n++;
	return 0;
}

static int scan_names(void)
{
	static char question[MODULE_NAME_LEN + KSYM_NAME_LEN];
	struct symbols symbols = { .room = 8192 };
	unsigned int i, first;

	symbols.symbol = kvcalloc(symbols.room, sizeof(*symbols.symbol), GFP_KERNEL);
	if (!symbols.symbol)
		return -ENOMEM;
	on_each_symbol(modname, add_symbol, &symbols);
	for (i = 0; i < min(symbols.n, symbols.room); i++) {
		const struct symbol *symbol = &symbols.symbol[i];
		unsigned long value;

		cond_resched();
		for (first = 0; strcmp(symbols.symbol[first].name, symbol->name); )
			first++;
		snprintf(question, sizeof(question), "%s:%s", modname, symbol->name);
		value = lookup_name(question);
		if (value != symbols.symbol[first].value)
			seq_buf_printf(&answers, "name %s %lx %lx\n", symbol->name, value,
				       symbols.symbol[first].value);
		names++;
	}
	kvfree(symbols.symbol);
	return symbols.n > symbols.room ? -EFBIG : 0;
}

static int scan(void)
{
	struct module *mod;
	int ret;

	rcu_read_lock();
	mod = find(modname);
	if (mod && !try_module_get(mod))
		mod = NULL;
	rcu_read_unlock();
	if (!mod)
		return -ENOENT;

	seq_buf_clear(&answers);
	bytes = 0;
	names = 0;
	for_each_mod_mem_type(type)
		scan_region(type, (unsigned long)mod->mem[type].base, mod->mem[type].size);
	ret = scan_names();
	module_put(mod);
	seq_buf_printf(&answers, "%lu bytes, %lu names\n", bytes, names);
	return seq_buf_has_overflowed(&answers) ? -EFBIG : ret;
}

static ssize_t scan_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	int ret;

	if (size >= sizeof(modname))
		return -EINVAL;
	guard(mutex)(&scan_lock);
	if (copy_from_user(modname, from, size))
		return -EFAULT;
	modname[size] = '\0';
	strim(modname);
	ret = scan();
	return ret ?: size;
}

static ssize_t scan_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	guard(mutex)(&scan_lock);
	return simple_read_from_buffer(to, size, pos, answers.buffer, seq_buf_used(&answers));
}

static const struct proc_ops scan_ops = {
	.proc_write = scan_write,
	.proc_read = scan_read,
	.proc_lseek = default_llseek,
};

static int find_functions(void)
{
	int ret = find_lookup_name();

	if (ret)
		return ret;
	look_up = function_at(lookup_name("kallsyms_lookup"));
	find = function_at(lookup_name("find_module"));
	on_each_symbol = function_at(lookup_name("module_kallsyms_on_each_symbol"));
	return look_up && find && on_each_symbol ? 0 : -ENOENT;
}

static int __init test_kallsyms_scan_init(void)
{
	char *room;
	int ret = find_functions();

	if (ret)
		return ret;
	room = kvzalloc(SZ_2M, GFP_KERNEL);
	if (!room)
		return -ENOMEM;
	seq_buf_init(&answers, room, SZ_2M);
	if (!proc_create("kallsyms_scan", 0600, NULL, &scan_ops)) {
		kvfree(room);
		return -ENOMEM;
	}
	return 0;
}

static void __exit test_kallsyms_scan_exit(void)
{
	remove_proc_entry("kallsyms_scan", NULL);
	kvfree(answers.buffer);
}

module_init(test_kallsyms_scan_init);
module_exit(test_kallsyms_scan_exit);
MODULE_DESCRIPTION("Module symbol test: looks up each byte and each name of a module");
MODULE_LICENSE("GPL");
