#include "identity_index.h"

#include <stdlib.h>

/* Open addressing, at most half full. Identities are hashes, so their own bits
 * serve. */
enum { SIZE_LEAST = 256 };

void
identity_index_init(struct identity_index *index,
                    uint64_t (*hash_of)(const void *owner, uint32_t place),
                    const void *owner)
{
    *index = (struct identity_index){.hash_of = hash_of, .owner = owner};
}

void
identity_index_done(struct identity_index *index)
{
    free(index->entries);
    *index = (struct identity_index){0};
}

static uint64_t
hash_at(const struct identity_index *index, size_t entry)
{
    return index->hash_of(index->owner, index->entries[entry] - 1);
}

void
identity_index_enter(struct identity_index *index, uint32_t place)
{
    size_t mask = index->size - 1;
    size_t i = index->hash_of(index->owner, place) & mask;
    while (index->entries[i])
        i = (i + 1) & mask;
    index->entries[i] = place + 1;
    index->count++;
}

bool
identity_index_reserve(struct identity_index *index, size_t more)
{
    size_t size = index->size ? index->size : SIZE_LEAST;
    while (size < 2 * (index->count + more))
        size *= 2;
    if (size == index->size)
        return true;
    struct identity_index larger = *index;
    larger.entries = calloc(size, sizeof(*larger.entries));
    larger.size = size;
    larger.count = 0;
    if (!larger.entries)
        return false;
    for (size_t i = 0; i < index->size; i++)
        if (index->entries[i])
            identity_index_enter(&larger, index->entries[i] - 1);
    free(index->entries);
    *index = larger;
    return true;
}

/* Those behind the hole move up where their probe passed it. */
void
identity_index_leave(struct identity_index *index, uint32_t place)
{
    size_t mask = index->size - 1;
    size_t hole = index->hash_of(index->owner, place) & mask;
    while (index->entries[hole] != place + 1)
        hole = (hole + 1) & mask;
    for (size_t i = (hole + 1) & mask; index->entries[i]; i = (i + 1) & mask) {
        size_t home = hash_at(index, i) & mask;
        if (((i - home) & mask) < ((i - hole) & mask))
            continue;
        index->entries[hole] = index->entries[i];
        hole = i;
    }
    index->entries[hole] = 0;
    index->count--;
}

bool
identity_index_find(const struct identity_index *index, uint64_t hash,
                    size_t *position, uint32_t *place)
{
    if (index->size == 0)
        return false;
    for (;;) {
        size_t i = (hash + (*position)++) & (index->size - 1);
        if (!index->entries[i])
            return false;
        *place = index->entries[i] - 1;
        if (hash_at(index, i) == hash)
            return true;
    }
}
