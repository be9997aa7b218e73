// SPDX-License-Identifier: GPL-2.0-or-later
/* More than 256 entries: two bytes. */
#define RACE_ID		b
#define RACE_SYMBOLS	400
#include "race_victim.h"
