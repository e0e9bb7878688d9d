/*
 * cursor_store.h - the latest cursor records of the partitions of
 * karool.cursors that this process owns: what compaction would keep, so that a
 * source can begin again after a reload without reading Kafka.
 *
 * Threads: one at a time. Ownership: keys and values are copied.
 */
#ifndef KAROOL_CURSOR_STORE_H
#define KAROOL_CURSOR_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "span.h"

struct cursor_record {
    struct span key, value; /* value absent: tombstone */
};

/* Which of the 24 partitions of karool.cursors a source belongs to: murmur2 of
 * its id as Java's default partitioner has it. */
#define CURSOR_PARTITIONS 24
int32_t cursor_partition(struct span source_id);
/* The source that a record's key belongs to: what stands before the "/". */
struct span cursor_source(struct span key);
/* Does it only say where the cursor went, because the source was renamed? */
bool cursor_moved(struct span value);

struct cursor_store;

MUST_USE struct cursor_store *cursor_store_new(void);
void cursor_store_free(struct cursor_store *store);
void cursor_store_freep(struct cursor_store **store);
/* Replaces the record of this key; a tombstone removes it. */
MUST_USE bool cursor_store_put(struct cursor_store *store,
                               const struct cursor_record *record);
/* Forgets all records of a partition. */
void cursor_store_drop(struct cursor_store *store, int32_t partition);
/* The records of a source, oldest first:
 * for (size_t i = 0; cursor_store_record(store, source_id, &i, &record);) */
bool cursor_store_record(const struct cursor_store *store,
                         struct span source_id, size_t *position,
                         struct cursor_record *out);
/* for (size_t i = 0; cursor_store_source(store, &i, &source_id);) */
bool cursor_store_source(const struct cursor_store *store, size_t *position,
                         struct span *source_id);
size_t cursor_store_bytes(const struct cursor_store *store);

#endif
