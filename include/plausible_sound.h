/*
 * plausible_sound.h - was a word of Kyrgyz or Russian spelt in Latin letters,
 * or just the word that is written, or another one spelt?
 *
 * For plausible.c. Threads: any.
 */
#ifndef KAROOL_PLAUSIBLE_SOUND_H
#define KAROOL_PLAUSIBLE_SOUND_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

struct found;
struct letter_counts;

/* `own` are the letters of what was found. */
bool sound_plausible(struct span text, size_t from, const struct found *found,
                     const struct letter_counts *own);

#endif
