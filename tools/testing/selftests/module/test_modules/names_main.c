// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols with odd names, and at odd places.  test-names.sh looks them up.
 *
 * A name is any bytes but NUL, newline and tab.  Assemblers and compilers make such
 * names; here they are quoted.
 */

#include <linux/module.h>
#include "names.h"

asm(SECTION(".text.tk_names")
	LABEL("tk_before_blank") BYTES
	/* What the assembler for RISC-V calls its labels. */
	LABEL(".L0 ") BYTES
	/* For processors that know more than one instruction set. */
	LABEL("$xrv64i2p1_m2p0") BYTES
	LABEL("$d") BYTES
	/* Names that look like labels, and names that are odd. */
	/* Only the beginning counts. */
	LABEL("__kvm_nvhe_$x.1") BYTES
	LABEL("$x.2") BYTES
	LABEL("L0tk_function") BYTES
	LABEL(".Ltmp_tk_function") BYTES
	LABEL("tk_utf8_\303\244\342\202\254") BYTES
	LABEL("tk_llvm.llvm.1234") BYTES
	LABEL("tk_isra.isra.0.part.1") BYTES
	LABEL("tk:colon") BYTES
	LABEL("tk]bracket") BYTES
	LABEL("tk[tk]") BYTES
	LABEL("tk a blank") BYTES
	LABEL("tk trailing blank ") BYTES
	LABEL("tk_") BYTES
	LABEL("tk_%s%n") BYTES
	".previous\n");

/* The end of a section is often where the next one begins. */
asm(SECTION("tk_edge_one")
	LABEL("__start_tk_edge_one")
	LABEL("tk_in_one") BYTES
	LABEL("__stop_tk_edge_one")
	".previous\n");

asm(SECTION("tk_edge_two")
	LABEL("__start_tk_edge_two")
	LABEL("tk_in_two") BYTES
	LABEL("__stop_tk_edge_two")
	".previous\n");

asm(SECTION(".text.tk_names")
	/* Which is the first in the table is for the assembler to say. */
	".weak tk_weak_first\n.globl tk_strong_second\n"
	LABEL("tk_weak_first") LABEL("tk_strong_second") BYTES
	".globl tk_strong_first\n.weak tk_weak_second\n"
	LABEL("tk_strong_first") LABEL("tk_weak_second") BYTES
	".size tk_size_0, 0\n"
	LABEL("tk_size_0") BYTES
	".size tk_size_too_large, 4096\n"
	LABEL("tk_size_too_large") BYTES
	".type tk_ifunc, %gnu_indirect_function\n"
	LABEL("tk_ifunc") BYTES
	".previous\n");

asm(".data\n"
	".type tk_unique, %gnu_unique_object\n"
	LABEL("tk_unique") BYTES
	LABEL("tk_end_of_data")
	".previous\n");

asm("tk_absolute = 0x1234\n"
	".set tk_set_to_function, tk_size_0 + 8\n");

/* It has no function of C: objtool, which would patch its returns, does not see this file. */
MODULE_DESCRIPTION("Module symbol test: odd names and places");
MODULE_LICENSE("GPL");
