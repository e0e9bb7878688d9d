/*
 * cursor_former.h - the cursor records of one source, read from a partition
 * that another process may own: what a source that was renamed goes on from.
 *
 * As whoever takes a partition over would: what was committed of it is waited
 * for, then it is read from its beginning until it has reached that and its
 * end.
 *
 * Threads: one; the call blocks.
 */
#ifndef KAROOL_CURSOR_FORMER_H
#define KAROOL_CURSOR_FORMER_H

#include "arena.h"
#include "cursor_store.h"
#include "kafka.h"

struct cursor_former {
    struct kafka_settings settings;
    const char *group, *topic;
    /* Is it time to end? */
    bool (*ending)(const void *context);
    const void *context;
};

/* The latest record of each key; *records live in the arena. ERROR_RETRY: try
 * again later. */
MUST_USE bool cursor_former_read(const struct cursor_former *former,
                                 struct span source_id, struct arena *arena,
                                 struct cursor_record **records, size_t *count,
                                 struct error *err);

#endif
