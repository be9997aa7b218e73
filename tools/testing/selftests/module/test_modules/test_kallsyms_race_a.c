// SPDX-License-Identifier: GPL-2.0-or-later
/* The core table has an index of 8 bits. */
#define RACE_ID		a
#define RACE_SYMBOLS	60
#include "race_victim.h"
