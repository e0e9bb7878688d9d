/*
 * screener.h - one post in, one event or nothing out: the screen without
 * Kafka. `run`, `scan` and the tests all screen through here.
 *
 * Threads: a screener belongs to one thread. Ownership: the event's bytes live
 * in the screener until its next use.
 */
#ifndef KAROOL_SCREENER_H
#define KAROOL_SCREENER_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "flagged_event.h"
#include "matcher.h"
#include "span.h"

struct screener;

struct screened {
    struct post post;          /* as read */
    struct match_list matches; /* count 0: nothing to flag */
    char id[FLAGGED_ID_SIZE];  /* of the event */
    struct span event;         /* absent when nothing is flagged */
    int64_t flagged_at_ms;
};

MUST_USE struct screener *screener_new(struct error *err);
void screener_free(struct screener *screener);
void screener_freep(struct screener **screener);
/* ERROR_RECORD: reject the record with the message. `default_id` names a post
 * that has no id of its own (a line number), or is absent. */
MUST_USE bool screener_screen(struct screener *screener,
                              const struct matcher *matcher, struct span record,
                              struct span default_id, int64_t now_wall_ms,
                              bool replay, struct screened *out,
                              struct error *err);

#endif
