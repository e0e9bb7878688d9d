/*
 * flagged_window.h - which events stand in karool.flagged already: the last
 * hours of partitions, read before anything is added to them.
 *
 * Whoever takes a partition of posts over reads what its former owner
 * committed to the partition of events of the same number, up to the end that
 * it had then; a transaction that is still open is waited for.
 *
 * Threads: one; the call blocks.
 */
#ifndef KAROOL_FLAGGED_WINDOW_H
#define KAROOL_FLAGGED_WINDOW_H

#include "kafka.h"

struct flagged_window {
    struct kafka_settings settings;
    const char *topic;
    int64_t since_ms; /* wall */
    int64_t most;     /* records of a partition, the last ones */
    /* Is it time to end? */
    bool (*ending)(const void *context);
    /* Of an event that is no replay. */
    void (*found)(void *context, struct span event_id, int64_t timestamp_ms);
    void *context;
};

/* `partitions`: where to begin, or KAFKA_BEGINNING for the window's begin;
 * afterwards where to go on from another time. */
MUST_USE bool flagged_window_read(const struct flagged_window *window,
                                  struct kafka_offset *partitions, size_t count,
                                  struct error *err);

#endif
