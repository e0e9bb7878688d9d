/*
 * lattice_known.h - places of the lattice that are known before any text is:
 * most letters of Cyrillic, and a Latin letter before another one.
 *
 * A Latin letter may be the first of two to four that spell one Cyrillic
 * letter. Which edges it has is told by the letter behind it, unless three or
 * four are written for one: those are looked at in the text.
 *
 * Threads: lattice_known_load() by one, before any other function.
 */
#ifndef KAROOL_LATTICE_KNOWN_H
#define KAROOL_LATTICE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "lattice.h"

enum { LATTICE_CYRILLIC_FIRST = 0x0400, LATTICE_CYRILLIC_END = 0x0500 };

/* After lattice_rows_load(). */
void lattice_known_load(void);
/* False: not known. */
bool lattice_known_at(struct span text, size_t offset,
                      struct lattice_place *out);
/* lattice.c: the same by the text alone. */
void lattice_read_at(struct span text, size_t offset,
                     struct lattice_place *out);

#endif
