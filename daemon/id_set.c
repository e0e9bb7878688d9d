#include "id_set.h"

#include <stdint.h>
#include <stdlib.h>

/*
 * The ids in the order they came, and a hash table of places in that list:
 * open addressing, at most half full. Ids are hashes, so their own bits serve.
 */
struct hash_id {
    uint64_t high, low;
};

struct id_set {
    struct hash_id *ids;
    uint32_t *table; /* place in ids + 1; 0: free */
    size_t slots, capacity;
    size_t count, committed;
};

enum { FEWEST_SLOTS = 1024 };

static bool
grow(struct id_set *set)
{
    size_t slots = set->slots ? 2 * set->slots : FEWEST_SLOTS;
    size_t capacity = slots / 2;
    if (capacity >= UINT32_MAX)
        return false;
    struct hash_id *ids = reallocarray(set->ids, capacity, sizeof(*set->ids));
    if (!ids)
        return false;
    set->ids = ids;
    uint32_t *table = calloc(slots, sizeof(*table));
    if (!table)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        size_t slot = ids[i].low & (slots - 1);
        while (table[slot])
            slot = (slot + 1) & (slots - 1);
        table[slot] = (uint32_t)(i + 1);
    }
    free(set->table);
    set->table = table;
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

struct id_set *
id_set_new(void)
{
    CLEANUP(id_set_freep) struct id_set *set = calloc(1, sizeof(*set));
    return set && grow(set) ? TAKE(set) : NULL;
}

void
id_set_free(struct id_set *set)
{
    if (!set)
        return;
    free(set->ids);
    free(set->table);
    free(set);
}

void
id_set_freep(struct id_set **set)
{
    id_set_free(*set);
}

static struct hash_id
read_id(struct span hex)
{
    uint64_t parts[2] = {0};
    for (size_t i = 0; i < 32 && i < hex.len; i++) {
        unsigned char c = (unsigned char)hex.at[i];
        uint64_t digit = (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10) & 15;
        parts[i / 16] = parts[i / 16] << 4 | digit;
    }
    return (struct hash_id){.high = parts[0], .low = parts[1]};
}

/* The slot that holds the id, or the free one where it belongs. */
static size_t
find_slot(const struct id_set *set, const struct hash_id *id)
{
    size_t mask = set->slots - 1, slot = id->low & mask;
    for (; set->table[slot]; slot = (slot + 1) & mask) {
        const struct hash_id *at = &set->ids[set->table[slot] - 1];
        if (at->high == id->high && at->low == id->low)
            break;
    }
    return slot;
}

enum id_set_answer
id_set_add(struct id_set *set, struct span hex_id)
{
    struct hash_id id = read_id(hex_id);
    size_t slot = find_slot(set, &id);
    if (set->table[slot])
        return ID_SET_KNOWN;
    if (set->count == set->capacity) {
        if (!grow(set))
            return ID_SET_NO_MEMORY;
        slot = find_slot(set, &id);
    }
    set->ids[set->count++] = id;
    set->table[slot] = (uint32_t)set->count;
    return ID_SET_NEW;
}

void
id_set_commit(struct id_set *set)
{
    set->committed = set->count;
}

/* The newest goes first, so that each leaves the end of its own probe: one
 * that was added later cannot have passed it. */
void
id_set_abort(struct id_set *set)
{
    for (; set->count > set->committed; set->count--)
        set->table[find_slot(set, &set->ids[set->count - 1])] = 0;
}

void
id_set_clear(struct id_set *set)
{
    memset(set->table, 0, set->slots * sizeof(*set->table));
    set->count = set->committed = 0;
}

size_t
id_set_count(const struct id_set *set)
{
    return set->count;
}
