// SPDX-License-Identifier: GPL-2.0-or-later
/* The core table has less than 256 entries: an integer of the index is one byte. */
#define RACE_ID		a
#define RACE_SYMBOLS	60
#include "race_victim.h"
