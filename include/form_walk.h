/*
 * form_walk.h - a text, letter by letter through the stems and endings of a
 * term, as it is written: without disguises, which the matcher undoes.
 *
 * Threads: any.
 */
#ifndef KAROOL_FORM_WALK_H
#define KAROOL_FORM_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "morphology.h"

/* The kinds (enum form_kind) that the letters, folded, have as a form of the
 * words; 0: they are none. */
unsigned form_walk(const struct endings *endings,
                   const struct stem_words *words, const uint32_t *letters,
                   size_t len);

#endif
