/*
 * letter_set.h - edges by letters, and a set of letters in 64 bits, to which
 * few do not belong by mistake: a quick no before a search among them.
 *
 * Threads: any.
 */
#ifndef KAROOL_LETTER_SET_H
#define KAROOL_LETTER_SET_H

#include <stddef.h>
#include <stdint.h>

/* The bit of a letter; letters 64 apart share one. */
static inline uint64_t
letter_set_bit(uint32_t letter)
{
    return (uint64_t)1 << (letter & 63);
}

struct letter_edge {
    uint32_t letter;
    uint32_t to; /* a node of a tree, or a state of an automaton */
};

/* Of edges in the order of their letters, whose set is `letters`; or NULL. */
static inline const struct letter_edge *
letter_edge_find(const struct letter_edge *edge, uint32_t count,
                 uint64_t letters, uint32_t letter)
{
    if (!(letters & letter_set_bit(letter)))
        return NULL;
    for (uint32_t left = count; left > 1;) {
        uint32_t half = left / 2;
        edge += edge[half].letter <= letter ? half : 0;
        left -= half;
    }
    return edge->letter == letter ? edge : NULL;
}

#endif
