#include "map.h"

#include <stdlib.h>

/* Entries lie in insertion order; `slots` is an open-addressing index of them
 * (entry number + 1; 0 empty, MAP_GONE a removed one). */
#define MAP_GONE UINT32_MAX

struct map_entry {
    char *key;
    size_t key_len;
    void *value;
    uint32_t hash;
    bool present;
};

struct map {
    struct map_entry *entries;
    size_t used; /* entries, removed ones included */
    size_t capacity;
    size_t count;
    uint32_t *slots;
    size_t slot_count; /* a power of two, above twice the entries */
};

/* FNV-1a, with the high bits mixed in. */
static uint32_t
map_hash(struct span key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 16777619u;
    return hash ^ (hash >> 15);
}

struct map *
map_new(void)
{
    return calloc(1, sizeof(struct map));
}

void
map_free(struct map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->used; i++)
        free(map->entries[i].key);
    free(map->entries);
    free(map->slots);
    free(map);
}

void
map_freep(struct map **map)
{
    map_free(*map);
}

/* The slot that holds the key, or NULL. */
static uint32_t *
map_find(const struct map *map, struct span key, uint32_t hash)
{
    if (map->slot_count == 0)
        return NULL;

    size_t mask = map->slot_count - 1;
    for (size_t i = hash & mask; map->slots[i]; i = (i + 1) & mask) {
        if (map->slots[i] == MAP_GONE)
            continue;
        const struct map_entry *entry = &map->entries[map->slots[i] - 1];
        struct span found = {entry->key, entry->key_len};
        if (entry->hash == hash && span_equal(found, key))
            return &map->slots[i];
    }
    return NULL;
}

static void
map_index(struct map *map, uint32_t hash, size_t number)
{
    size_t mask = map->slot_count - 1;
    size_t at = hash & mask;
    while (map->slots[at] && map->slots[at] != MAP_GONE)
        at = (at + 1) & mask;
    map->slots[at] = (uint32_t)number;
}

/* Drops removed entries and makes the index fit. */
static bool
map_rebuild(struct map *map, size_t capacity)
{
    size_t slot_count = 16;
    while (slot_count <= 2 * capacity)
        slot_count *= 2;
    struct map_entry *entries = calloc(capacity, sizeof(*entries));
    uint32_t *slots = calloc(slot_count, sizeof(*slots));
    if (!entries || !slots) {
        free(entries);
        free(slots);
        return false;
    }
    struct map_entry *old = map->entries;
    size_t used = map->used;
    free(map->slots);
    map->entries = entries;
    map->used = 0;
    map->capacity = capacity;
    map->slots = slots;
    map->slot_count = slot_count;
    for (size_t i = 0; i < used; i++) {
        if (!old[i].present)
            continue;
        entries[map->used++] = old[i];
        map_index(map, old[i].hash, map->used);
    }
    free(old);
    return true;
}

bool
map_set(struct map *map, struct span key, void *value)
{
    uint32_t hash = map_hash(key);
    uint32_t *slot = map_find(map, key, hash);
    if (slot) {
        map->entries[*slot - 1].value = value;
        return true;
    }

    if (map->used == map->capacity) {
        size_t wanted =
            map->count < map->capacity / 2 ? map->capacity : 2 * map->capacity;
        if (wanted > UINT32_MAX / 8 || !map_rebuild(map, wanted ? wanted : 8))
            return false;
    }
    char *copy = malloc(key.len + 1);
    if (!copy)
        return false;
    if (key.len)
        memcpy(copy, key.at, key.len);
    copy[key.len] = '\0';
    map->entries[map->used++] =
        (struct map_entry){copy, key.len, value, hash, true};
    map_index(map, hash, map->used);
    map->count++;
    return true;
}

void *
map_get(const struct map *map, struct span key)
{
    uint32_t *slot = map_find(map, key, map_hash(key));
    return slot ? map->entries[*slot - 1].value : NULL;
}

bool
map_has(const struct map *map, struct span key)
{
    return map_find(map, key, map_hash(key)) != NULL;
}

bool
map_remove(struct map *map, struct span key)
{
    uint32_t *slot = map_find(map, key, map_hash(key));
    if (!slot)
        return false;
    struct map_entry *entry = &map->entries[*slot - 1];
    free(entry->key);
    *entry = (struct map_entry){0};
    *slot = MAP_GONE;
    map->count--;
    return true;
}

size_t
map_count(const struct map *map)
{
    return map->count;
}

bool
map_next(const struct map *map, size_t *position, struct span *key,
         void **value)
{
    while (*position < map->used) {
        const struct map_entry *entry = &map->entries[(*position)++];
        if (!entry->present)
            continue;
        if (key)
            *key = (struct span){entry->key, entry->key_len};
        if (value)
            *value = entry->value;
        return true;
    }
    return false;
}
