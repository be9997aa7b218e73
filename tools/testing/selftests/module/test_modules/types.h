/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TEST_KALLSYMS_TYPES_H
#define _TEST_KALLSYMS_TYPES_H

#include <linux/percpu.h>

extern int tk_data;
extern int tk_bss;
extern const int tk_rodata;
extern int tk_ro_after_init;
extern int tk_read_mostly;
extern int tk_weak_data;
extern int tk_init_data;
extern const int tk_init_rodata;
extern int tk_data_exported;
extern int tk_data_exported_gpl;
extern int tk_bss_exported;
extern const int tk_rodata_exported;
extern int tk_weak_data_exported;
extern int tk_percpu_is_weak;
DECLARE_PER_CPU(int, tk_percpu);
DECLARE_PER_CPU(int, tk_percpu_exported);

int tk_function(int x);
int tk_function_alias(int x);
int tk_function_exported(int x);
int tk_function_exported_gpl(int x);
int tk_weak_function(int x);
int tk_weak_function_exported(int x);
int tk_call_twin(int x);
#ifndef TK_TWIN_EXPORTED_IS_STATIC
int tk_twin_exported(int x);
#endif
int tk_twin_exported_alias(int x);
int tk_function_in_namespace(int x);

/* in test_kallsyms_init.c */
extern int tk_initdata;
extern int tk_lasting_data;
int tk_lasting_function(int x);

/* in test_kallsyms_trace.c */
int tk_trace_inner(int x);

/* in test_kallsyms_self.c */
int tk_self_global(int x);

/* in test_kallsyms_whose_name_has_as_many_letters_as_allowed.c */
int tk_long_name_function(int x);

#endif
