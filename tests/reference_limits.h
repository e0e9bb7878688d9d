/*
 * reference_limits.h - how much of a word a disguise must leave, as
 * rules/README.md says; and what no ordinary word has to do with.
 *
 * The matcher asks more (is it likelier ordinary text?). So all that it flags
 * is within these limits; and what is within them and far from every word that
 * is known it must flag.
 */
#ifndef KAROOL_REFERENCE_LIMITS_H
#define KAROOL_REFERENCE_LIMITS_H

#include "reference_reading.h"

bool reference_is_within_limits(const struct reference_written *text,
                                const struct reference_reading *reading);
/* No piece of the slice is a known word, nor with the letters that it looks
 * like, nor with another letter in the place of signs; it is no address. */
bool reference_is_far_from_words(const struct reference_written *text,
                                 size_t first, size_t end);

#endif
