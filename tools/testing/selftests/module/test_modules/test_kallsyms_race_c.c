// SPDX-License-Identifier: GPL-2.0-or-later
/* The same, and a load takes longer. */
#define RACE_ID		c
#define RACE_SYMBOLS	1500
#include "race_victim.h"
