// SPDX-License-Identifier: GPL-2.0-or-later
/* The one that stays. */
#define RACE_ID		s
#define RACE_SYMBOLS	300
#include "race_victim.h"
