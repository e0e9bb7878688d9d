/*
 * joined.h - the letters of a text without what divides words.
 *
 * So a word that a blank cuts in two is found by the letters with which it
 * begins. Of a letter at both sides of a gap there is one, as of one that is
 * repeated.
 *
 * Threads: one at a time. Ownership: joined_done() frees.
 */
#ifndef KAROOL_JOINED_H
#define KAROOL_JOINED_H

#include <stdint.h>
#include <string.h>

#include "normalise.h"

enum {
    JOINED_OPENING = 4,       /* letters with which a word may begin */
    JOINED_OPENING_BITS = 17, /* slots of a set of them: 1 << this */
    JOINED_WORDS = 64,        /* that are looked at together */
};

struct joined {
    uint8_t *letters; /* READING_SLACK more may be read */
    uint32_t *starts; /* of each word, in letters */
    size_t count, capacity;
};

void joined_done(struct joined *joined);
/* False: no memory. */
bool joined_make(struct joined *joined, const struct reading *reading);

/* The slot of the first JOINED_OPENING keys. */
static inline uint32_t
joined_slot(const uint8_t *keys)
{
    uint32_t letters;
    memcpy(&letters, keys, sizeof(letters));
    return letters * 0x9E3779B1u >> (32 - JOINED_OPENING_BITS);
}

/* Of up to JOINED_WORDS words from `first` on, a bit each. */
struct joined_words {
    uint64_t openings; /* of fewer letters than `most`, and the first letters
                          are in the set */
    uint64_t singles;  /* of one letter */
};
struct joined_words joined_look(const struct joined *joined,
                                const struct reading *reading,
                                const uint64_t *openings, size_t first,
                                uint32_t most);

#endif
