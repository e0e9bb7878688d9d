/*
 * gaps.h - what stands between the letters of a word that is spelt out: how
 * many of its gaps are not like the others?
 *
 * What most gaps are like is one of the first, which are compared with all:
 * those that a letter of signs is in are few.
 *
 * For parts.c. Threads: any.
 */
#ifndef KAROOL_GAPS_H
#define KAROOL_GAPS_H

#include <stddef.h>

#include "span.h"

enum { GAPS_NORMS = 3 };

struct gaps {
    struct span norms[GAPS_NORMS];
    size_t uneven[GAPS_NORMS]; /* gaps that are not like it */
    size_t count;
};

/* Of a zeroed struct; the text stays the caller's. */
void gaps_add(struct gaps *gaps, struct span gap);
size_t gaps_uneven(const struct gaps *gaps);

#endif
