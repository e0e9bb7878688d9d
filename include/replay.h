/*
 * replay.h - stored posts once more, with today's rules: a stretch of
 * karool.posts that is fixed at the start, to standard output or to a topic.
 *
 * Into a topic each event comes exactly once: events and the group's offsets
 * commit in one transaction, and what the topic holds already (same post id,
 * version and digest) is left out. The group's offsets carry the plan as a
 * note, so that the same call goes on after a kill. One transactional id for
 * each output topic: whoever replays into it later fences the one before.
 *
 * Threads: one.
 */
#ifndef KAROOL_REPLAY_H
#define KAROOL_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "error.h"
#include "matcher.h"

struct replay_options {
    struct config *config;
    int64_t from_ms, to_ms; /* [from, to); INT64_MAX: to the end as it is now */
    const char *name;       /* the same for the same replay, begun or resumed */
    const char *output;     /* a topic; NULL: standard output */
    bool anew;              /* do not resume */
    bool (*stopping)(void *context);
    void *context;
};

struct replay_counts {
    uint64_t posts, flagged, known, unreadable, refused;
};

/* false: it could not be done, or was interrupted (then the message says how
 * to go on). */
MUST_USE bool replay_run(const struct replay_options *options,
                         struct matcher *matcher, struct replay_counts *counts,
                         struct error *err);

#endif
