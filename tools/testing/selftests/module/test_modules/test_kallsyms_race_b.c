// SPDX-License-Identifier: GPL-2.0-or-later
/* An index of 16 bits, and fingerprints of 6. */
#define RACE_ID		b
#define RACE_SYMBOLS	400
#include "race_victim.h"
