#include "identity_ring.h"

#include <stdio.h>
#include <stdlib.h>

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
    struct slot slots[RING_SLOTS];
    unsigned newest;
    bool any;
    /* Taken aside when a slot is begun anew, until that is committed. */
    struct slot saved[SAVED_MOST];
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

struct identity_ring *
ring_new(void)
{
    return calloc(1, sizeof(struct identity_ring));
}

void
ring_free(struct identity_ring *ring)
{
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
    memset(ring, 0, sizeof(*ring));
}

bool
ring_empty(const struct identity_ring *ring)
{
    return !ring->any;
}

uint32_t
ring_walk_of(const struct identity_ring *ring, uint64_t identity)
{
    uint32_t walk = 0;
    for (unsigned i = 0; i < RING_SLOTS; i++)
        for (size_t j = 0; j < ring->slots[i].count; j++)
            if (ring->slots[i].items[j].hash == identity)
                walk = walk && walk < ring->slots[i].items[j].walk
                           ? walk
                           : ring->slots[i].items[j].walk;
    return walk;
}

static struct slot *
begin_slot(struct identity_ring *ring)
{
    if (ring->saved_count == COUNT_OF(ring->saved))
        return NULL;
    unsigned next = ring->any ? (ring->newest + 1) % RING_SLOTS : 0;
    if (ring->saved_count == 0) {
        ring->saved_newest = ring->newest;
        ring->saved_any = ring->any;
    }
    ring->saved[ring->saved_count] = ring->slots[next];
    ring->saved_slot[ring->saved_count++] = next;
    uint64_t number = ring->any ? ring->slots[ring->newest].number + 1 : 1;
    ring->slots[next] = (struct slot){.number = number};
    ring->newest = next;
    ring->any = true;
    return &ring->slots[next];
}

bool
ring_add(struct identity_ring *ring, uint64_t identity, uint32_t walk)
{
    struct slot *slot = &ring->slots[ring->newest];
    if (!ring->any || slot->count == RING_SLOT_IDENTITIES)
        slot = begin_slot(ring);
    if (!slot)
        return false;
    slot->items[slot->count++] = (struct identity){identity, walk};
    return true;
}

size_t
ring_count_after(const struct identity_ring *ring, uint32_t walk)
{
    size_t count = 0;
    for (unsigned i = 0; i < RING_SLOTS; i++)
        for (size_t j = 0; j < ring->slots[i].count; j++)
            count += ring->slots[i].items[j].walk > walk;
    return count;
}

/* Does it stand in no other than slots of the older half? */
static bool
is_fading(const struct identity_ring *ring, uint64_t identity)
{
    bool known = false;
    for (unsigned i = 0; i < RING_SLOTS; i++) {
        const struct slot *slot = &ring->slots[i];
        bool young =
            slot->number + RING_SLOTS / 2 > ring->slots[ring->newest].number;
        for (size_t j = 0; j < slot->count; j++) {
            if (slot->items[j].hash != identity)
                continue;
            if (young)
                return false;
            known = true;
        }
    }
    return known;
}

void
ring_renew(struct identity_ring *ring, uint64_t identity)
{
    bool can = ring->saved_count < SAVED_MOST / 2 && is_fading(ring, identity);
    if (can && !ring_add(ring, identity, ring_walk_of(ring, identity)))
        return; /* not reached: there is room */
}

void
ring_abort(struct identity_ring *ring)
{
    for (unsigned i = ring->saved_count; i-- > 0;)
        ring->slots[ring->saved_slot[i]] = ring->saved[i];
    if (ring->saved_count) {
        ring->newest = ring->saved_newest;
        ring->any = ring->saved_any;
    }
    ring->saved_count = 0;
    struct slot *slot = &ring->slots[ring->newest];
    slot->count = slot->committed;
}

void
ring_commit(struct identity_ring *ring)
{
    ring->saved_count = 0;
    for (unsigned i = 0; i < RING_SLOTS; i++)
        ring->slots[i].committed = ring->slots[i].count;
}

bool
ring_changed(const struct identity_ring *ring, size_t *position, unsigned *slot)
{
    while (*position < RING_SLOTS) {
        unsigned at = (unsigned)(*position)++;
        if (ring->slots[at].count != ring->slots[at].committed) {
            *slot = at;
            return true;
        }
    }
    return false;
}

void
ring_write(const struct identity_ring *ring, unsigned slot,
           struct json_writer *writer)
{
    const struct slot *one = &ring->slots[slot];
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

bool
ring_read(struct identity_ring *ring, unsigned slot, const struct json *record,
          struct error *err)
{
    const struct json *list = json_member(record, "identities");
    int64_t number;
    if (slot >= RING_SLOTS || !list || list->kind != JSON_ARRAY ||
        list->count > RING_SLOT_IDENTITIES ||
        !json_int64(json_member(record, "number"), &number) || number < 1)
        return error_set(err, ERROR_RECORD, "no record of identities");
    struct slot *one = &ring->slots[slot];
    *one = (struct slot){.number = (uint64_t)number};
    for (const struct json *item = list->first; item; item = item->next) {
        unsigned long long hash;
        unsigned walk;
        char text[32];
        struct span span = json_text(item);
        if (span.len == 0 || span.len >= sizeof(text))
            return error_set(err, ERROR_RECORD, "no identity");
        memcpy(text, span.at, span.len);
        text[span.len] = '\0';
        if (sscanf(text, "%16llx.%u", &hash, &walk) != 2)
            return error_set(err, ERROR_RECORD, "no identity");
        one->items[one->count++] = (struct identity){hash, walk};
    }
    one->committed = one->count;
    if (!ring->any || one->number > ring->slots[ring->newest].number)
        ring->newest = slot;
    ring->any = true;
    return true;
}
