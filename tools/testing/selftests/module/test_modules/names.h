/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NAMES_H
#define NAMES_H

/* Sixteen bytes that have a name, or several. */
#define LABEL(name)	"\"" name "\":\n"
#define BYTES		".skip 16\n"

/* Begins where the last section has ended, if that was at a multiple of 16. */
#define SECTION(name)	".section " name ", \"ax\"\n.balign 16\n"

#endif
