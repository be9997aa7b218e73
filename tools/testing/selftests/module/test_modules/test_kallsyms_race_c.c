// SPDX-License-Identifier: GPL-2.0-or-later
/* An index of 16 bits, and fingerprints of 3. */
#define RACE_ID		c
#define RACE_SYMBOLS	1500
#include "race_victim.h"
