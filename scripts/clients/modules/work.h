/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TC_WORK_H
#define _TC_WORK_H

int tc_base_add(int a, int b);

/* tc_same() of each of three files. */
int tc_same_first(void);
int tc_same_second(void);
int tc_same_third(void);

#endif
