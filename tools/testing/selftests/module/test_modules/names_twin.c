// SPDX-License-Identifier: GPL-2.0
/* The second symbol of a name with a blank. */
#include "names.h"

asm(SECTION(".text.tk_names")
	LABEL("tk_before_twin") BYTES
	LABEL(".L0 ") BYTES
	".previous\n");
