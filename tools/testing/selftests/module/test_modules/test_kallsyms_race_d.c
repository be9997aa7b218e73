// SPDX-License-Identifier: GPL-2.0-or-later
/* An index of 16 bits that is not packed. */
#define RACE_ID		d
#define RACE_SYMBOLS	4500
#include "race_victim.h"
