#include "recent.h"

#include <stdlib.h>

/*
 * A ring of ids, oldest first, and a hash table of places in it: open
 * addressing, at most half full. Ids are hashes, so their own bits serve.
 */
struct recent_id {
    uint64_t high, low;
    int64_t added_ms;
};

struct recent {
    struct recent_id *ring;
    uint32_t *table; /* place in the ring + 1; 0: free */
    size_t most, mask;
    size_t first, count;
    size_t pending; /* the last so many of the ring */
    int64_t window_ms;
};

struct recent *
recent_new(size_t most, int64_t window_ms)
{
    CLEANUP(recent_freep) struct recent *recent = calloc(1, sizeof(*recent));
    if (!recent || most == 0)
        return NULL;
    size_t slots = 16;
    while (slots < 2 * most)
        slots *= 2;
    recent->most = most;
    recent->mask = slots - 1;
    recent->window_ms = window_ms;
    recent->ring = calloc(most, sizeof(*recent->ring));
    recent->table = calloc(slots, sizeof(*recent->table));
    return recent->ring && recent->table ? TAKE(recent) : NULL;
}

void
recent_free(struct recent *recent)
{
    if (!recent)
        return;
    free(recent->ring);
    free(recent->table);
    free(recent);
}

void
recent_freep(struct recent **recent)
{
    recent_free(*recent);
}

static struct recent_id
read_id(const char *hex)
{
    uint64_t parts[2] = {0};
    for (int i = 0; i < 32 && hex[i]; i++) {
        unsigned char c = (unsigned char)hex[i];
        parts[i / 16] =
            parts[i / 16] << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return (struct recent_id){.high = parts[0], .low = parts[1]};
}

/* The slot that holds the id, or the free one where it belongs. */
static size_t
find_slot(const struct recent *recent, const struct recent_id *id)
{
    size_t slot = id->low & recent->mask;
    for (; recent->table[slot]; slot = (slot + 1) & recent->mask) {
        const struct recent_id *at = &recent->ring[recent->table[slot] - 1];
        if (at->high == id->high && at->low == id->low)
            break;
    }
    return slot;
}

/* Those behind the hole move up where their probe passed it. */
static void
free_slot(struct recent *recent, size_t hole)
{
    size_t mask = recent->mask;
    for (size_t slot = (hole + 1) & mask; recent->table[slot];
         slot = (slot + 1) & mask) {
        size_t home = recent->ring[recent->table[slot] - 1].low & mask;
        if (((slot - home) & mask) < ((slot - hole) & mask))
            continue;
        recent->table[hole] = recent->table[slot];
        hole = slot;
    }
    recent->table[hole] = 0;
}

static void
drop_first(struct recent *recent)
{
    free_slot(recent, find_slot(recent, &recent->ring[recent->first]));
    recent->first = (recent->first + 1) % recent->most;
    recent->count--;
    if (recent->pending > recent->count)
        recent->pending = recent->count;
}

bool
recent_add(struct recent *recent, const char *hex_id, int64_t now_ms)
{
    struct recent_id id = read_id(hex_id);
    id.added_ms = now_ms;
    while (recent->count &&
           recent->ring[recent->first].added_ms <= now_ms - recent->window_ms)
        drop_first(recent);
    size_t slot = find_slot(recent, &id);
    if (recent->table[slot])
        return false;
    if (recent->count == recent->most) {
        drop_first(recent);
        slot = find_slot(recent, &id);
    }
    size_t place = (recent->first + recent->count) % recent->most;
    recent->ring[place] = id;
    recent->table[slot] = (uint32_t)(place + 1);
    recent->count++;
    recent->pending++;
    return true;
}

void
recent_commit(struct recent *recent)
{
    recent->pending = 0;
}

void
recent_abort(struct recent *recent)
{
    for (; recent->pending; recent->pending--) {
        size_t last = (recent->first + recent->count - 1) % recent->most;
        free_slot(recent, find_slot(recent, &recent->ring[last]));
        recent->count--;
    }
}

size_t
recent_count(const struct recent *recent)
{
    return recent->count;
}
