/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between test_kallsyms_race, which looks up symbols all the time, and its
 * victims, modules that come and go meanwhile.
 *
 * A victim has symbols whose names say where they are: of each kind, number N
 * of victim ID is race_ID_KIND_N and is N units behind number 0, which begins a
 * page.
 */
#ifndef _TEST_KALLSYMS_RACE_H
#define _TEST_KALLSYMS_RACE_H

struct module;

enum race_kind {
	RACE_TEXT,		/* t, units of 16 bytes */
	RACE_DATA,		/* d, of 8 */
	RACE_INIT,		/* i, of 16: text that goes away after init */
	RACE_KINDS
};

struct race_victim {
	char id;			/* a letter */
	bool stays;			/* as long as lookups go on */
	unsigned int n;			/* symbols of each kind */
	unsigned long base[RACE_KINDS];	/* where those with number 0 are */
};

/* Takes a module off the list of modules for so long, and puts it back at the head. */
void race_hide(struct module *mod, unsigned int milliseconds);

/* A victim calls these when it comes and goes; and this through its own functions. */
void race_come(const struct race_victim *victim);
void race_go(const struct race_victim *victim);
void race_stack(const struct race_victim *victim);

#endif
