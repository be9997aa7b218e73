// SPDX-License-Identifier: GPL-2.0-or-later
/* The largest. */
#define RACE_ID		d
#define RACE_SYMBOLS	4500
#include "race_victim.h"
