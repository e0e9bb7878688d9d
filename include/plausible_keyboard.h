/*
 * plausible_keyboard.h - was a word meant that the writer's keyboard lacked
 * letters for, or just the word that is written?
 *
 * For plausible.c. Threads: any.
 */
#ifndef KAROOL_PLAUSIBLE_KEYBOARD_H
#define KAROOL_PLAUSIBLE_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

struct found;

/* Does the writer have ө, ү, ң, as far as is looked at around a slice? */
bool has_kyrgyz_letters(struct span text, size_t from, size_t to);
/* A word of the keyboard's own letters may be just that word. */
bool keyboard_plausible(struct span text, size_t from,
                        const struct found *found);

#endif
