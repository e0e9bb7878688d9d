#include "cursor_store.h"

#include <stdlib.h>

#include "json.h"
#include "map.h"
#include "partition.h"

struct kept_record {
    struct span key; /* in `bytes`, as the value */
    struct span value;
    char bytes[];
};

struct kept_source {
    struct map *records; /* by key: struct kept_record; oldest first */
};

struct cursor_store {
    struct map *sources; /* by id: struct kept_source */
    size_t bytes;
};

int32_t
cursor_partition(struct span source_id)
{
    return partition_of(source_id, CURSOR_PARTITIONS);
}

struct span
cursor_source(struct span key)
{
    const char *end = key.len ? memchr(key.at, '/', key.len) : NULL;
    return (struct span){key.at, end ? (size_t)(end - key.at) : key.len};
}

bool
cursor_moved(struct span value)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *record =
        arena && value.at ? json_parse(arena, value, NULL, NULL) : NULL;
    return record && json_member(record, "moved_to");
}

struct cursor_store *
cursor_store_new(void)
{
    CLEANUP(cursor_store_freep)
    struct cursor_store *store = calloc(1, sizeof(*store));
    if (!store || !(store->sources = map_new()))
        return NULL;
    return TAKE(store);
}

static void
free_record(struct cursor_store *store, struct kept_record *record)
{
    if (record)
        store->bytes -= record->key.len + record->value.len;
    free(record);
}

static void
free_source(struct cursor_store *store, struct kept_source *source)
{
    struct span key;
    void *record;
    if (source->records)
        for (size_t i = 0; map_next(source->records, &i, &key, &record);)
            free_record(store, record);
    map_free(source->records);
    free(source);
}

void
cursor_store_free(struct cursor_store *store)
{
    if (!store)
        return;
    struct span id;
    void *source;
    if (store->sources)
        for (size_t i = 0; map_next(store->sources, &i, &id, &source);)
            free_source(store, source);
    map_free(store->sources);
    free(store);
}

void
cursor_store_freep(struct cursor_store **store)
{
    cursor_store_free(*store);
}

static struct kept_source *
get_source(struct cursor_store *store, struct span id)
{
    struct kept_source *source = map_get(store->sources, id);
    if (source)
        return source;
    source = calloc(1, sizeof(*source));
    if (!source)
        return NULL;
    source->records = map_new();
    if (source->records && map_set(store->sources, id, source))
        return source;
    free_source(store, source);
    return NULL;
}

static struct kept_record *
make_record(const struct cursor_record *record)
{
    size_t key_len = record->key.len, value_len = record->value.len;
    struct kept_record *kept = malloc(sizeof(*kept) + key_len + value_len + 1);
    if (!kept)
        return NULL;
    memcpy(kept->bytes, record->key.at, key_len);
    if (record->value.at)
        memcpy(kept->bytes + key_len, record->value.at, value_len);
    kept->key = (struct span){kept->bytes, key_len};
    kept->value = (struct span){kept->bytes + key_len, value_len};
    return kept;
}

bool
cursor_store_put(struct cursor_store *store, const struct cursor_record *record)
{
    struct span id = cursor_source(record->key);
    if (!record->value.at && !map_has(store->sources, id))
        return true; /* of a former name, in a partition of somebody else */
    struct kept_source *source = get_source(store, id);
    struct kept_record *next = make_record(record);
    if (!source || !next) {
        free(next);
        return false;
    }
    /* Removed first: the map keeps the order of insertion. */
    struct kept_record *old = map_get(source->records, record->key);
    if (old)
        map_remove(source->records, record->key);
    free_record(store, old);
    if (!record->value.at) {
        free(next);
        return true;
    }
    if (!map_set(source->records, next->key, next)) {
        free(next);
        return false;
    }
    store->bytes += next->key.len + next->value.len;
    return true;
}

void
cursor_store_drop(struct cursor_store *store, int32_t partition)
{
    struct span id;
    void *source;
    for (size_t i = 0; map_next(store->sources, &i, &id, &source);) {
        if (cursor_partition(id) != partition)
            continue;
        map_remove(store->sources, id);
        free_source(store, source);
    }
}

bool
cursor_store_record(const struct cursor_store *store, struct span source_id,
                    size_t *position, struct cursor_record *out)
{
    const struct kept_source *source = map_get(store->sources, source_id);
    void *value;
    if (!source || !map_next(source->records, position, NULL, &value))
        return false;
    const struct kept_record *kept = value;
    *out = (struct cursor_record){kept->key, kept->value};
    return true;
}

bool
cursor_store_source(const struct cursor_store *store, size_t *position,
                    struct span *source_id)
{
    return map_next(store->sources, position, source_id, NULL);
}

size_t
cursor_store_bytes(const struct cursor_store *store)
{
    return store->bytes;
}
