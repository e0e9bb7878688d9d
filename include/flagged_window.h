/*
 * flagged_window.h - which events stand in karool.flagged already: the last
 * hours of partitions, read before anything is added to them.
 *
 * Whoever takes a partition of posts over reads what its former owner
 * committed to the partition of events of the same number, up to the end that
 * it had then; a transaction that is still open is waited for.
 *
 * Records are stamped by the clocks of those who wrote them, which may not be
 * ours. So the window ends with the last record there is, when our own clock is
 * ahead of that: who wrongly takes an event for old would make it again, who
 * takes it for younger than it is only remembers it for longer.
 *
 * Threads: one; the call blocks.
 */
#ifndef KAROOL_FLAGGED_WINDOW_H
#define KAROOL_FLAGGED_WINDOW_H

#include "kafka.h"

struct flagged_window {
    struct kafka_settings settings;
    const char *topic;
    int64_t now_ms;    /* wall */
    int64_t length_ms; /* of the window */
    int64_t most;      /* records of a partition, the last ones */
    /* Is it time to end? */
    bool (*ending)(const void *context);
    /* Of an event that is no replay. */
    void (*found)(void *context, struct span event_id, int64_t age_ms);
    void *context;
};

/* `partitions`: where to begin, or KAFKA_BEGINNING for the window's begin;
 * afterwards where to go on from another time. */
MUST_USE bool flagged_window_read(const struct flagged_window *window,
                                  struct kafka_offset *partitions, size_t count,
                                  struct error *err);

#endif
