// SPDX-License-Identifier: GPL-2.0
/* The second symbol of a name with a blank. */
#include "names.h"

asm(SECTION(".text.tk_names")
	FUNCTION("tk_before_twin")
	LABEL(".L0 ") BYTES
	".previous\n");
