/*
 * identity_index.h - where the identities of a ring stand, found by their
 * hash; one may stand in several places.
 *
 * The hashes themselves are its owner's, who is asked for them: an entry costs
 * some 8 bytes. Private to identity_ring.c.
 *
 * Threads: one.
 */
#ifndef KAROOL_IDENTITY_INDEX_H
#define KAROOL_IDENTITY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

struct identity_index {
    uint32_t *entries; /* place + 1; 0: free */
    size_t size, count;
    /* Of a place that was entered. */
    uint64_t (*hash_of)(const void *owner, uint32_t place);
    const void *owner;
};

void identity_index_init(struct identity_index *index,
                         uint64_t (*hash_of)(const void *owner, uint32_t place),
                         const void *owner);
void identity_index_done(struct identity_index *index);
/* Room for so many more. false: no memory, nothing changes. */
MUST_USE bool identity_index_reserve(struct identity_index *index, size_t more);
/* There is room. */
void identity_index_enter(struct identity_index *index, uint32_t place);
/* While its hash can still be asked for. */
void identity_index_leave(struct identity_index *index, uint32_t place);
/* for (size_t i = 0; identity_index_find(index, hash, &i, &place);) */
bool identity_index_find(const struct identity_index *index, uint64_t hash,
                         size_t *position, uint32_t *place);

#endif
