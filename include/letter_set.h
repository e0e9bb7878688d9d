/*
 * letter_set.h - a set of letters in 64 bits, to which few do not belong by
 * mistake: a quick no before a search.
 *
 * Threads: any.
 */
#ifndef KAROOL_LETTER_SET_H
#define KAROOL_LETTER_SET_H

#include <stdint.h>

/* The bit of a letter; letters 64 apart share one. */
static inline uint64_t
letter_set_bit(uint32_t letter)
{
    return (uint64_t)1 << (letter & 63);
}

#endif
