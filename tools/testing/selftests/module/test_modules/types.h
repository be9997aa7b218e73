/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TEST_KALLSYMS_TYPES_H
#define _TEST_KALLSYMS_TYPES_H

/* Functions that the compiler must neither drop, clone nor merge. */
#define kept noinline __noclone __used

int tk_call_twin(int x);

#endif
