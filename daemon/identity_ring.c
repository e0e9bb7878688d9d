#include "identity_ring.h"

#include <stdio.h>
#include <stdlib.h>

#include "identity_index.h"
#include "sha256.h"

/* A page may begin so many slots: 800 new posts. */
enum { SAVED_MOST = 8 };

struct identity {
    uint64_t hash;
    uint32_t walk;
};

struct slot {
    uint64_t number; /* of all slots ever begun; the newest is filled */
    size_t count;
    size_t committed; /* of them */
    struct identity items[RING_SLOT_IDENTITIES];
};

struct identity_ring {
    struct slot **slots; /* NULL: never begun */
    unsigned slot_count;
    unsigned newest;
    bool any;
    /* A place is slot * RING_SLOT_IDENTITIES + item. */
    struct identity_index index;
    /* Taken aside when a slot is begun anew, until that is committed. */
    struct slot *saved[SAVED_MOST];
    unsigned saved_slot[SAVED_MOST];
    unsigned saved_count;
    unsigned saved_newest;
    bool saved_any;
};

uint64_t
identity_of(struct span id, struct span version)
{
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE];
    sha256_init(&sha256);
    sha256_add_field(&sha256, id);
    sha256_add_field(&sha256, version);
    sha256_hex(&sha256, hex);
    hex[16] = '\0';
    return strtoull(hex, NULL, 16);
}

static const struct identity *
item_at(const struct identity_ring *ring, uint32_t place)
{
    return &ring->slots[place / RING_SLOT_IDENTITIES]
                ->items[place % RING_SLOT_IDENTITIES];
}

static uint64_t
hash_of(const void *ring, uint32_t place)
{
    return item_at(ring, place)->hash;
}

struct identity_ring *
ring_new(unsigned slot_count)
{
    CLEANUP(ring_freep)
    struct identity_ring *ring = calloc(1, sizeof(*ring));
    if (!ring)
        return NULL;
    ring->slots = calloc(slot_count, sizeof(struct slot *));
    ring->slot_count = slot_count;
    identity_index_init(&ring->index, hash_of, ring);
    return ring->slots ? TAKE(ring) : NULL;
}

void
ring_free(struct identity_ring *ring)
{
    if (!ring)
        return;
    if (ring->slots)
        ring_clear(ring);
    free(ring->slots);
    free(ring);
}

void
ring_freep(struct identity_ring **ring)
{
    ring_free(*ring);
}

void
ring_clear(struct identity_ring *ring)
{
    for (unsigned i = 0; i < ring->slot_count; i++) {
        free(ring->slots[i]);
        ring->slots[i] = NULL;
    }
    for (unsigned i = 0; i < ring->saved_count; i++)
        free(ring->saved[i]);
    identity_index_done(&ring->index);
    *ring = (struct identity_ring){.slots = ring->slots,
                                   .slot_count = ring->slot_count};
    identity_index_init(&ring->index, hash_of, ring);
}

bool
ring_empty(const struct identity_ring *ring)
{
    return !ring->any;
}

uint32_t
ring_walk_of(const struct identity_ring *ring, uint64_t identity)
{
    uint32_t walk = 0, place;
    for (size_t i = 0; identity_index_find(&ring->index, identity, &i, &place);)
        walk = walk && walk < item_at(ring, place)->walk
                   ? walk
                   : item_at(ring, place)->walk;
    return walk;
}

/* --- slots and the index --- */

static void
enter_slot(struct identity_ring *ring, unsigned slot)
{
    for (size_t i = 0; ring->slots[slot] && i < ring->slots[slot]->count; i++)
        identity_index_enter(&ring->index,
                             slot * RING_SLOT_IDENTITIES + (uint32_t)i);
}

/* All items of a slot but so many; they stay where they are. */
static void
leave_slot(struct identity_ring *ring, unsigned slot, size_t but)
{
    for (size_t i = but; ring->slots[slot] && i < ring->slots[slot]->count; i++)
        identity_index_leave(&ring->index,
                             slot * RING_SLOT_IDENTITIES + (uint32_t)i);
}

/* --- what is added --- */

static struct slot *
begin_slot(struct identity_ring *ring)
{
    if (ring->saved_count == COUNT_OF(ring->saved))
        return NULL;
    struct slot *fresh = calloc(1, sizeof(*fresh));
    if (!fresh)
        return NULL;
    unsigned next = ring->any ? (ring->newest + 1) % ring->slot_count : 0;
    if (ring->saved_count == 0) {
        ring->saved_newest = ring->newest;
        ring->saved_any = ring->any;
    }
    leave_slot(ring, next, 0);
    ring->saved[ring->saved_count] = ring->slots[next];
    ring->saved_slot[ring->saved_count++] = next;
    fresh->number = ring->any ? ring->slots[ring->newest]->number + 1 : 1;
    ring->slots[next] = fresh;
    ring->newest = next;
    ring->any = true;
    return fresh;
}

bool
ring_add(struct identity_ring *ring, uint64_t identity, uint32_t walk)
{
    struct slot *slot = ring->any ? ring->slots[ring->newest] : NULL;
    if (!slot || slot->count == RING_SLOT_IDENTITIES)
        slot = begin_slot(ring);
    if (!slot || !identity_index_reserve(&ring->index, 1))
        return false;
    uint32_t item = (uint32_t)slot->count++;
    slot->items[item] = (struct identity){identity, walk};
    identity_index_enter(&ring->index,
                         ring->newest * RING_SLOT_IDENTITIES + item);
    return true;
}

size_t
ring_count_after(const struct identity_ring *ring, uint32_t walk)
{
    size_t count = 0;
    unsigned slot;
    for (size_t i = 0; ring_used(ring, &i, &slot);)
        for (size_t j = 0; j < ring->slots[slot]->count; j++)
            count += ring->slots[slot]->items[j].walk > walk;
    return count;
}

/* Does it stand in no other than slots of the older half? */
static bool
is_fading(const struct identity_ring *ring, uint64_t identity)
{
    bool known = false;
    uint32_t place;
    for (size_t i = 0;
         identity_index_find(&ring->index, identity, &i, &place);) {
        const struct slot *slot = ring->slots[place / RING_SLOT_IDENTITIES];
        if (slot->number + ring->slot_count / 2 >
            ring->slots[ring->newest]->number)
            return false;
        known = true;
    }
    return known;
}

void
ring_renew(struct identity_ring *ring, uint64_t identity)
{
    bool can = ring->saved_count < SAVED_MOST / 2 && is_fading(ring, identity);
    if (can && !ring_add(ring, identity, ring_walk_of(ring, identity)))
        return; /* there was no memory: it is renewed another time */
}

void
ring_abort(struct identity_ring *ring)
{
    for (unsigned i = ring->saved_count; i-- > 0;) {
        unsigned slot = ring->saved_slot[i];
        leave_slot(ring, slot, 0);
        free(ring->slots[slot]);
        ring->slots[slot] = ring->saved[i];
        enter_slot(ring, slot);
    }
    if (ring->saved_count) {
        ring->newest = ring->saved_newest;
        ring->any = ring->saved_any;
    }
    ring->saved_count = 0;
    if (!ring->any)
        return;
    struct slot *slot = ring->slots[ring->newest];
    leave_slot(ring, ring->newest, slot->committed);
    slot->count = slot->committed;
}

/* The slots to which something was added since the last commit, and maybe one
 * more: those begun since, and the newest of that time. */
static bool
touched(const struct identity_ring *ring, size_t position, unsigned *slot)
{
    unsigned begun = ring->saved_count;
    if (position < begun)
        *slot = ring->saved_slot[position];
    else
        *slot = begun ? ring->saved_newest : ring->newest;
    return position < begun ||
           (position == begun && (begun == 0 || ring->saved_any));
}

void
ring_commit(struct identity_ring *ring)
{
    unsigned slot;
    for (size_t i = 0; touched(ring, i, &slot); i++)
        if (ring->slots[slot])
            ring->slots[slot]->committed = ring->slots[slot]->count;
    for (unsigned i = 0; i < ring->saved_count; i++)
        free(ring->saved[i]);
    ring->saved_count = 0;
}

bool
ring_changed(const struct identity_ring *ring, size_t *position, unsigned *slot)
{
    while (touched(ring, (*position)++, slot)) {
        const struct slot *one = ring->slots[*slot];
        if (one && one->count != one->committed)
            return true;
    }
    return false;
}

bool
ring_used(const struct identity_ring *ring, size_t *position, unsigned *slot)
{
    while (*position < ring->slot_count) {
        *slot = (unsigned)(*position)++;
        if (ring->slots[*slot])
            return true;
    }
    return false;
}

void
ring_write(const struct identity_ring *ring, unsigned slot,
           struct json_writer *writer)
{
    static const struct slot none;
    const struct slot *one = ring->slots[slot] ? ring->slots[slot] : &none;
    json_key(writer, "number");
    json_integer(writer, (int64_t)one->number);
    json_key(writer, "identities");
    json_open_array(writer);
    for (size_t i = 0; i < one->count; i++) {
        char text[32];
        snprintf(text, sizeof(text), "%016llx.%u",
                 (unsigned long long)one->items[i].hash, one->items[i].walk);
        json_cstring(writer, text);
    }
    json_close_array(writer);
}

static bool
read_item(const struct json *item, struct identity *out, struct error *err)
{
    unsigned long long hash;
    char text[32];
    struct span span = json_text(item);
    if (span.len == 0 || span.len >= sizeof(text))
        return error_set(err, ERROR_RECORD, "no identity");
    memcpy(text, span.at, span.len);
    text[span.len] = '\0';
    if (sscanf(text, "%16llx.%u", &hash, &out->walk) != 2)
        return error_set(err, ERROR_RECORD, "no identity");
    out->hash = hash;
    return true;
}

bool
ring_read(struct identity_ring *ring, unsigned slot, const struct json *record,
          struct error *err)
{
    const struct json *list = json_member(record, "identities");
    int64_t number;
    if (slot >= ring->slot_count || !list || list->kind != JSON_ARRAY ||
        list->count > RING_SLOT_IDENTITIES ||
        !json_int64(json_member(record, "number"), &number) || number < 1)
        return error_set(err, ERROR_RECORD, "no record of identities");
    struct slot read = {.number = (uint64_t)number};
    for (const struct json *item = list->first; item; item = item->next)
        if (!read_item(item, &read.items[read.count++], err))
            return false;
    read.committed = read.count;
    if (!ring->slots[slot] &&
        !(ring->slots[slot] = calloc(1, sizeof(struct slot))))
        return error_no_memory(err);
    if (!identity_index_reserve(&ring->index, RING_SLOT_IDENTITIES))
        return error_no_memory(err);
    leave_slot(ring, slot, 0);
    *ring->slots[slot] = read;
    enter_slot(ring, slot);
    if (!ring->any || read.number > ring->slots[ring->newest]->number)
        ring->newest = slot;
    ring->any = true;
    return true;
}
