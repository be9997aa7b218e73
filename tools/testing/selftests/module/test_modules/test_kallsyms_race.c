// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks up symbols while modules, its victims, come and go: by address from a
 * timer's interrupt and from NMIs, by name, with walks through all symbols, and
 * in stack traces through the victims.
 *
 * A lookup that races with a victim may find nothing. If it answers with one of a
 * victim's symbols, the answer must be right. What the name says of its place makes
 * that a *claim*: this victim had number 0 of its text (or data, or init text) at
 * this address. Victims say where they are. A claim that no victim has confirmed
 * when all is over is a wrong answer. It can't be told at once: a module's symbols
 * are found before its init function can say anything.
 *
 * Of the victim that stays, lookups must find every symbol.
 *
 * /proc/kallsyms_race takes
 *
 *	start, stop
 *	check			look up each symbol of all victims that are there
 *	claim ID KIND BASE	of whoever has read /proc/kallsyms
 *
 * and shows how many lookups there were and how many of them had answers, both by
 * kind, and how many were wrong. The kernel's log has the first of these. After
 *
 *	list MODULE
 *
 * it shows the values and names of that module's symbols instead: /proc/kallsyms has
 * vmlinux's lines, too, for which an emulated machine takes seconds.
 */
#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/proc_fs.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>
#ifdef CONFIG_X86_LOCAL_APIC
#include <asm/apic.h>
/* <linux/nmi.h> has it with ACPI alone, whatever checkpatch.pl says. */
#include "asm/nmi.h"
#endif
#include "lookup_name.h"
#include "race.h"

#define PREFIX		"test_kallsyms_race_"

enum race_lookup {
	LOOKUP_TIMER,
	LOOKUP_NMI,
	LOOKUP_NAME,
	LOOKUP_WALK,
	LOOKUP_STACK,
	LOOKUP_CHECK,
	LOOKUPS
};

static const char * const lookup_what[] = {
	[LOOKUP_TIMER] = "address-from-timer",
	[LOOKUP_NMI] = "address-from-NMI",
	[LOOKUP_NAME] = "name",
	[LOOKUP_WALK] = "walk",
	[LOOKUP_STACK] = "stack",
	[LOOKUP_CHECK] = "check",
};

static const char kind_letter[] = "tdi";
static const unsigned int kind_unit[] = { 16, 8, 16 };

struct race_counts {
	unsigned long done[LOOKUPS], answered[LOOKUPS];
};

static DEFINE_PER_CPU(struct race_counts, race_counts);
static atomic_long_t walks, wrong;

static void race_done(enum race_lookup lookup, bool answered)
{
	this_cpu_inc(race_counts.done[lookup]);
	if (answered)
		this_cpu_inc(race_counts.answered[lookup]);
}

static __printf(1, 2) void race_wrong(const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	if (atomic_long_inc_return(&wrong) > 20)
		return;
	va_start(args, fmt);
	vaf.va = &args;
	pr_err("wrong answer: %pV\n", &vaf);
	va_end(args);
}

/*
 * Sets of claims. A base begins a page, which leaves room for ID and kind. NMIs
 * add to them.
 */
#define SET_BITS	14
static unsigned long claimed[1 << SET_BITS], made_good[1 << SET_BITS];

static unsigned long claim_of(char id, enum race_kind kind, unsigned long base)
{
	return base | kind << 5 | (id - 'a');
}

static char claim_id(unsigned long claim)
{
	return 'a' + (claim & 31);
}

static enum race_kind claim_kind(unsigned long claim)
{
	return claim >> 5 & 3;
}

static unsigned long claim_base(unsigned long claim)
{
	return claim & PAGE_MASK;
}

/* Is it there, or else, if @add, can it be added? */
static bool set_has(unsigned long *set, unsigned long claim, bool add)
{
	unsigned int i, at = hash_long(claim, SET_BITS);

	for (i = 0; i < 1 << SET_BITS; i++) {
		unsigned long *slot = &set[(at + i) % (1 << SET_BITS)];
		unsigned long old = READ_ONCE(*slot);

		if (!old && add)
			old = cmpxchg(slot, 0, claim);
		else if (!old)
			return false;
		if (old == claim || (add && !old))
			return true;
	}
	return false;
}

/* How many symbols of each kind a victim has: it is always the same. */
static unsigned int symbols_of[26];

static unsigned int symbols(char id)
{
	return READ_ONCE(symbols_of[id - 'a']);
}

/* Where to look: the latest to come, and the one that stays. */
#define TARGETS		32
static unsigned long target[TARGETS];
static unsigned long stays[RACE_KINDS];
static unsigned int next_target;

static DEFINE_MUTEX(victims_lock);
#define VICTIMS		8
static const struct race_victim *victims[VICTIMS];

static bool has_symbols(enum race_kind kind)
{
	return IS_ENABLED(CONFIG_KALLSYMS_ALL) || kind != RACE_DATA;
}

void race_come(const struct race_victim *victim)
{
	unsigned int i;

	guard(mutex)(&victims_lock);

	WRITE_ONCE(symbols_of[victim->id - 'a'], victim->n);
	for (i = 0; i < RACE_KINDS; i++) {
		unsigned long claim = claim_of(victim->id, i, victim->base[i]);

		if (!set_has(made_good, claim, true))
			race_wrong("no more room for claims");
		if (!has_symbols(i))
			continue;
		if (!victim->stays)
			WRITE_ONCE(target[next_target++ % TARGETS], claim);
		else if (i != RACE_INIT)
			WRITE_ONCE(stays[i], claim);
	}
	for (i = 0; i < VICTIMS; i++) {
		if (!victims[i]) {
			victims[i] = victim;
			return;
		}
	}
	race_wrong("no more room for victims");
}
EXPORT_SYMBOL_GPL(race_come);

void race_go(const struct race_victim *victim)
{
	unsigned int i;

	guard(mutex)(&victims_lock);

	for (i = 0; i < VICTIMS; i++)
		if (victims[i] == victim)
			victims[i] = NULL;
	for (i = 0; i < RACE_KINDS && victim->stays; i++)
		WRITE_ONCE(stays[i], 0);
}
EXPORT_SYMBOL_GPL(race_go);

/* That a symbol of this name has this value. Returns false if that can't be. */
static bool race_claim(char id, char letter, unsigned int n, unsigned long value)
{
	const char *kind = letter ? strchr(kind_letter, letter) : NULL;
	unsigned long base;

	if (id < 'a' || id > 'z' || !kind)
		return false;
	base = value - n * kind_unit[kind - kind_letter];
	return PAGE_ALIGNED(base) &&
	       set_has(claimed, claim_of(id, kind - kind_letter, base), true);
}

/*
 * NAME+0xOFFSET/0xSIZE [MODULE ...], or without offset and size, is what @addr is
 * said to be. @must: not to know is wrong
 */
static void check_address(enum race_lookup lookup, unsigned long addr,
			  const char *answer, bool has_offset, unsigned long must)
{
	unsigned long offset = 0, size = 0, unit;
	char id, kind, module;
	unsigned int n;

	if (has_offset &&
	    sscanf(answer, "race_%c_%c_%u+0x%lx/0x%lx [" PREFIX "%c",
		   &id, &kind, &n, &offset, &size, &module) == 6) {
		unit = kind == 'd' ? 8 : 16;
		if (size != unit || offset >= size)
			goto wrong;
	} else if (!has_offset &&
		   sscanf(answer, "race_%c_%c_%u [" PREFIX "%c",
			  &id, &kind, &n, &module) == 4) {
		unit = kind == 'd' ? 8 : 16;
		offset = addr % unit;
	} else {
		/* Not vmlinux, and not one victim's symbol in the other. */
		const char *at = strchr(answer, '[');

		if (must || (!at && !strstarts(answer, "0x")) ||
		    (at && strstarts(answer, "race_") && at[strlen("[" PREFIX)] != answer[5]))
			goto wrong;
		race_done(lookup, false);
		return;
	}
	if (module != id || id < 'a' || id > 'z' || n >= symbols(id) ||
	    !race_claim(id, kind, n, addr - offset))
		goto wrong;
	if (must && claim_of(id, strchr(kind_letter, kind) - kind_letter,
			     addr - offset - n * unit) != must)
		goto wrong;
	race_done(lookup, true);
	return;
wrong:
	race_done(lookup, true);
	race_wrong("%s: 0x%lx is %s", lookup_what[lookup], addr, answer);
}

static void look_up_address(enum race_lookup lookup, unsigned long addr,
			    char *answer, unsigned int how, unsigned long must)
{
	bool has_offset = true;

	switch (how % 6) {
	case 0:
		sprint_symbol(answer, addr);
		break;
	case 1:
		sprint_symbol_build_id(answer, addr);
		break;
	case 2:
		sprint_symbol_no_offset(answer, addr);
		has_offset = false;
		break;
	case 3:
		snprintf(answer, KSYM_SYMBOL_LEN, "%pS", (void *)addr);
		break;
	case 4:
		snprintf(answer, KSYM_SYMBOL_LEN, "%pSb", (void *)addr);
		break;
	case 5:
		snprintf(answer, KSYM_SYMBOL_LEN, "%ps", (void *)addr);
		has_offset = false;
		break;
	}
	check_address(lookup, addr, answer, has_offset, must);
}

/* A victim of late; at times the one that stays, and then sets @must. */
static unsigned long some_claim(struct rnd_state *random, unsigned long *must)
{
	u32 which = prandom_u32_state(random);

	*must = which % 4 ? 0 : READ_ONCE(stays[which / 4 % RACE_KINDS]);
	return *must ?: READ_ONCE(target[which / 16 % TARGETS]);
}

static void look_up_some(enum race_lookup lookup, struct rnd_state *random, char *answer)
{
	unsigned long must, claim = some_claim(random, &must);
	unsigned int size = symbols(claim_id(claim)) * kind_unit[claim_kind(claim)];

	if (claim && size)
		look_up_address(lookup, claim_base(claim) +
				prandom_u32_state(random) % size,
				answer, prandom_u32_state(random), must);
}

/*
 * Timers, and NMIs that these send to any CPU. An NMI may interrupt the timer, so
 * each has its own state.
 */
struct race_cpu {
	struct hrtimer timer;
	struct {
		struct rnd_state random;
		char answer[KSYM_SYMBOL_LEN];
	} in_timer, in_nmi;
	int nmi;			/* sent, and not yet handled */
};

static DEFINE_PER_CPU(struct race_cpu, race_cpu);
static bool running;

#ifdef CONFIG_X86_LOCAL_APIC
static int race_nmi(unsigned int type, struct pt_regs *regs)
{
	struct race_cpu *race = this_cpu_ptr(&race_cpu);
	unsigned int i;

	if (!xchg(&race->nmi, 0))
		return NMI_DONE;
	if (!in_nmi())
		race_wrong("not in an NMI");
	for (i = 0; i < 4; i++)
		look_up_some(LOOKUP_NMI, &race->in_nmi.random, race->in_nmi.answer);
	return NMI_HANDLED;
}

/* One at a time, for they don't queue. */
static void send_nmi(unsigned int cpu)
{
	if (!cmpxchg(&per_cpu(race_cpu, cpu).nmi, 0, 1))
		apic->send_IPI(cpu, NMI_VECTOR);
}

static int start_nmis(void)
{
	return register_nmi_handler(NMI_LOCAL, race_nmi, 0, "kallsyms_race");
}

static void stop_nmis(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		while (READ_ONCE(per_cpu(race_cpu, cpu).nmi))
			msleep(20);
	unregister_nmi_handler(NMI_LOCAL, "kallsyms_race");
}
#else
static void send_nmi(unsigned int cpu) { }
static int start_nmis(void) { return 0; }
static void stop_nmis(void) { }
#endif

static enum hrtimer_restart race_timer(struct hrtimer *timer)
{
	struct race_cpu *race = container_of(timer, struct race_cpu, timer);
	struct rnd_state *random = &race->in_timer.random;
	unsigned int i, cpu = prandom_u32_state(random) % nr_cpu_ids;
	ktime_t start = ktime_get(), now;

	for (i = 0; i < 4; i++)
		look_up_some(LOOKUP_TIMER, random, race->in_timer.answer);
	if (cpu_online(cpu))
		send_nmi(cpu);
	/* However long that takes, modules have to come and go as well. */
	now = ktime_get();
	hrtimer_set_expires(timer, ktime_add_ns(now, NSEC_PER_MSEC +
						16 * ktime_to_ns(ktime_sub(now, start))));
	return HRTIMER_RESTART;
}

static void start_timer(void *unused)
{
	struct race_cpu *race = this_cpu_ptr(&race_cpu);

	hrtimer_setup(&race->timer, race_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&race->timer, ms_to_ktime(1), HRTIMER_MODE_REL_PINNED_HARD);
}

static struct mutex *mutex_of_modules;
static struct list_head *modules;
static int (*on_each_symbol)(const char *modname,
			     int (*fn)(void *data, const char *name, unsigned long value),
			     void *data);

static int find_functions(void)
{
	int ret = find_lookup_name();

	if (ret)
		return ret;
	on_each_symbol = function_at(lookup_name("module_kallsyms_on_each_symbol"));
	mutex_of_modules = (void *)lookup_name("module_mutex");
	/* This one is the first on the list now. */
	modules = THIS_MODULE->list.prev;
	return on_each_symbol && mutex_of_modules ? 0 : -ENOENT;
}

/* As some modules do, but it waits for whoever is at that place of the list. */
void race_hide(struct module *mod, unsigned int milliseconds)
{
	mutex_lock(mutex_of_modules);
	list_del_rcu(&mod->list);
	mutex_unlock(mutex_of_modules);
	synchronize_rcu();
	msleep(milliseconds);
	mutex_lock(mutex_of_modules);
	list_add_rcu(&mod->list, modules);
	mutex_unlock(mutex_of_modules);
}
EXPORT_SYMBOL_GPL(race_hide);

static void look_up_name(enum race_lookup lookup, unsigned long claim,
			 unsigned int n, bool with_module, unsigned long must)
{
	const char id = claim_id(claim), letter = kind_letter[claim_kind(claim)];
	char name[64];
	unsigned long value;

	if (with_module)
		snprintf(name, sizeof(name), PREFIX "%c:race_%c_%c_%u", id, id, letter, n);
	else
		snprintf(name, sizeof(name), "race_%c_%c_%u", id, letter, n);
	value = lookup_name(name);
	race_done(lookup, value);
	if ((value && !race_claim(id, letter, n, value)) ||
	    (must && value != claim_base(must) + n * kind_unit[claim_kind(must)]))
		race_wrong("%s: %s is at 0x%lx", lookup_what[lookup], name, value);
}

static void seed(struct rnd_state *random, u64 by)
{
	prandom_seed_state(random, 0x6b616c6c73796d73ULL + by);
}

static int race_names(void *data)
{
	struct rnd_state random;
	unsigned int i;

	seed(&random, 3 * nr_cpu_ids + (unsigned long)data);
	while (!kthread_should_stop()) {
		for (i = 0; i < 16; i++) {
			unsigned long must, claim = some_claim(&random, &must);
			unsigned int n = symbols(claim_id(claim));

			if (claim && n)
				look_up_name(LOOKUP_NAME, claim,
					     prandom_u32_state(&random) % n, i % 2, must);
		}
		usleep_range(2000, 4000);
	}
	return 0;
}

/* A walk sees a module whole: of each kind all symbols one after the other. */
struct race_walk {
	unsigned int next[26][RACE_KINDS];
};

static int race_symbol(void *data, const char *name, unsigned long value)
{
	struct race_walk *walk = data;
	unsigned int n, *next;
	char id, letter;
	bool ours = sscanf(name, "race_%c_%c_%u", &id, &letter, &n) == 3;

	race_done(LOOKUP_WALK, ours);
	if (!ours)
		return 0;
	if (!race_claim(id, letter, n, value)) {
		race_wrong("walk: %s is at 0x%lx", name, value);
		return 0;
	}
	next = &walk->next[id - 'a'][strchr(kind_letter, letter) - kind_letter];
	if (n != *next)
		race_wrong("walk: %s where number %u comes next", name, *next);
	*next = n + 1;
	return 0;
}

static void race_walk_once(struct race_walk *walk, const char *modname)
{
	unsigned long stays_text;
	unsigned int i, kind;

	memset(walk, 0, sizeof(*walk));
	on_each_symbol(modname, race_symbol, walk);
	atomic_long_inc(&walks);
	for (i = 0; i < 26; i++)
		for (kind = 0; kind < RACE_KINDS; kind++)
			if (walk->next[i][kind] && symbols('a' + i) &&
			    walk->next[i][kind] != symbols('a' + i))
				race_wrong("walk: race_%c_%c_%u is the last", 'a' + i,
					   kind_letter[kind], walk->next[i][kind] - 1);
	stays_text = READ_ONCE(stays[RACE_TEXT]);
	if (!modname && stays_text &&
	    !walk->next[claim_id(stays_text) - 'a'][RACE_TEXT])
		race_wrong("walk: without the module that stays");
}

static int race_walks(void *data)
{
	struct race_walk *walk = data;
	char modname[] = PREFIX "a";
	unsigned long start;
	unsigned int i;

	for (i = 0; !kthread_should_stop(); i++) {
		modname[strlen(PREFIX)] = 'a' + i / 2 % 4;
		/* No module is loaded meanwhile: leave it more time than that. */
		start = jiffies;
		race_walk_once(walk, i % 2 ? modname : NULL);
		schedule_timeout_uninterruptible(4 * (jiffies - start) + HZ / 50 + 1);
	}
	return 0;
}

/* The caller and its caller are functions of the victim, and must be found. */
void race_stack(const struct race_victim *victim)
{
	char inner[] = "race_X_inner+0x", outer[] = "race_X_outer+0x";
	char module[] = " [" PREFIX "X", *at;
	unsigned long entries[16];
	static atomic_t dumps;
	unsigned int n;
	char *trace;

	trace = kmalloc(4096, GFP_KERNEL);
	if (!trace)
		return;
	inner[strlen("race_")] = victim->id;
	outer[strlen("race_")] = victim->id;
	module[strlen(" [" PREFIX)] = victim->id;

	n = stack_trace_save(entries, ARRAY_SIZE(entries), 0);
	stack_trace_snprint(trace, 4096, entries, n, 0);
	at = strstr(trace, inner);
	at = at ? strstr(at, module) : NULL;
	at = at ? strstr(at, outer) : NULL;
	at = at ? strstr(at, module) : NULL;
	race_done(LOOKUP_STACK, at);
	if (!at)
		race_wrong("stack: %s", trace);
	kfree(trace);
	/* The same to the log; not always, or it has room for nothing else. */
	if (atomic_inc_return(&dumps) % 16 == 1)
		dump_stack();
}
EXPORT_SYMBOL_GPL(race_stack);

/* Each symbol of every victim that is there: its first byte, its last, its name. */
static void check_victim(const struct race_victim *victim, char *answer)
{
	unsigned int kind, n;

	for (kind = RACE_TEXT; kind <= RACE_DATA; kind++) {
		unsigned long claim = claim_of(victim->id, kind, victim->base[kind]);

		for (n = 0; n < victim->n && has_symbols(kind); n++) {
			unsigned long addr = victim->base[kind] + n * kind_unit[kind];

			look_up_address(LOOKUP_CHECK, addr, answer, n, claim);
			look_up_address(LOOKUP_CHECK, addr + kind_unit[kind] - 1,
					answer, n + 1, claim);
			look_up_name(LOOKUP_CHECK, claim, n, n % 2, claim);
			cond_resched();
		}
	}
}

static int race_check(void)
{
	char *answer = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);
	unsigned int i;

	if (!answer)
		return -ENOMEM;
	guard(mutex)(&victims_lock);
	for (i = 0; i < VICTIMS; i++)
		if (victims[i])
			check_victim(victims[i], answer);
	kfree(answer);
	return 0;
}

/* Start and stop; callers have the lock. */
static DEFINE_MUTEX(run_lock);
static struct race_walk walk_data;
static struct task_struct *walker, **namers;
static char listed[MODULE_NAME_LEN];

static int race_start(void)
{
	unsigned int cpu;
	int ret;

	if (running)
		return -EBUSY;
	ret = start_nmis();
	if (ret)
		return ret;
	for_each_possible_cpu(cpu) {
		struct race_cpu *race = &per_cpu(race_cpu, cpu);

		seed(&race->in_timer.random, cpu);
		seed(&race->in_nmi.random, nr_cpu_ids + cpu);
	}
	running = true;
	cpus_read_lock();
	on_each_cpu(start_timer, NULL, 1);
	for_each_online_cpu(cpu)
		namers[cpu] = kthread_run(race_names, (void *)(unsigned long)cpu,
					  "race_names/%u", cpu);
	cpus_read_unlock();
	walker = kthread_run(race_walks, &walk_data, "race_walks");
	return 0;
}

static void race_stop(void)
{
	unsigned int cpu;

	if (!running)
		return;
	for_each_possible_cpu(cpu) {
		/* A processor has both, a thread and a timer, or none. */
		if (!namers[cpu])
			continue;
		if (!IS_ERR(namers[cpu]))
			kthread_stop(namers[cpu]);
		hrtimer_cancel(&per_cpu(race_cpu, cpu).timer);
	}
	if (!IS_ERR(walker))
		kthread_stop(walker);
	stop_nmis();
	running = false;
}

static ssize_t race_write(struct file *file, const char __user *from, size_t size,
			  loff_t *pos)
{
	char command[80], id, letter;
	unsigned long base;
	int ret = 0;

	if (size >= sizeof(command))
		return -EINVAL;
	if (copy_from_user(command, from, size))
		return -EFAULT;
	command[size] = '\0';

	guard(mutex)(&run_lock);

	listed[0] = '\0';
	if (!strcmp(strim(command), "start"))
		ret = race_start();
	else if (!strcmp(command, "stop"))
		race_stop();
	else if (!strcmp(command, "check"))
		ret = race_check();
	else if (sscanf(command, "list %55s", listed) == 1)
		ret = 0;
	else if (sscanf(command, "claim %c %c %lx", &id, &letter, &base) != 3 ||
		 !race_claim(id, letter, 0, base))
		ret = -EINVAL;
	return ret ?: size;
}

static int list_symbol(void *data, const char *name, unsigned long value)
{
	if (name[0])
		seq_printf(data, "%016lx ? %s\t[%s]\n", value, name, listed);
	return 0;
}

static int race_show(struct seq_file *m, void *v)
{
	unsigned int i, cpu;

	if (listed[0])
		return on_each_symbol(listed, list_symbol, m);
	/* A claim is right if that victim has said that it was there. */
	for (i = 0; i < ARRAY_SIZE(claimed) && !running; i++) {
		unsigned long claim = READ_ONCE(claimed[i]);

		if (claim && !set_has(made_good, claim, false))
			race_wrong("race_%c_%c_0 at 0x%lx, where it never was",
				   claim_id(claim), kind_letter[claim_kind(claim)],
				   claim_base(claim));
	}
	for (i = 0; i < LOOKUPS; i++) {
		unsigned long done = 0, answered = 0;

		for_each_possible_cpu(cpu) {
			done += READ_ONCE(per_cpu(race_counts, cpu).done[i]);
			answered += READ_ONCE(per_cpu(race_counts, cpu).answered[i]);
		}
		seq_printf(m, "%s %lu %lu\n", lookup_what[i], done, answered);
	}
	seq_printf(m, "walks %ld\nwrong %ld\n", atomic_long_read(&walks),
		   atomic_long_read(&wrong));
	return 0;
}

static int race_open(struct inode *inode, struct file *file)
{
	return single_open(file, race_show, NULL);
}

static const struct proc_ops race_proc_ops = {
	.proc_open = race_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = race_write,
};

static int __init race_init(void)
{
	int ret = find_functions();

	if (ret)
		return ret;
	namers = kcalloc(nr_cpu_ids, sizeof(*namers), GFP_KERNEL);
	if (!namers || !proc_create("kallsyms_race", 0600, NULL, &race_proc_ops)) {
		kfree(namers);
		return -ENOMEM;
	}
	return 0;
}
module_init(race_init);

static void __exit race_exit(void)
{
	remove_proc_entry("kallsyms_race", NULL);
	race_stop();
	kfree(namers);
}
module_exit(race_exit);

MODULE_DESCRIPTION("Module symbol test: lookups while modules come and go");
MODULE_LICENSE("GPL");
