/*
 * source.h - a source of the configuration at work: what to ask next, what an
 * answer means, what to commit, when to come back.
 *
 * Pure: no I/O, no threads, no clock of its own (time is handed in), so that
 * tests drive it with made-up answers. One request is under way at a time; the
 * next one is made only when the page of the last one is settled. A source
 * walks all streams and targets of its connector in turn.
 *
 * Threads: one at a time. Ownership: holds a reference to its config.
 */
#ifndef KAROOL_SOURCE_H
#define KAROOL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "error.h"
#include "page.h"
#include "pseudonym.h"
#include "request.h"

enum source_state {
    SOURCE_UNASSIGNED, /* another process has it, or cursors not read yet */
    SOURCE_WAITING,    /* until its next poll is due */
    SOURCE_FETCHING,
    SOURCE_COMMITTING,
    SOURCE_BACKING_OFF, /* after a failure; `reason` says which */
    SOURCE_STOPPED,     /* needs a person: a refused token, an unknown cursor
                           version; `reason` says what to do */
};
const char *source_state_name(enum source_state state);

struct source_report {
    const char *id;
    const char *connector;
    enum source_state state;
    char reason[256];        /* of the last failure; "" when all is well */
    int64_t next_ms;         /* wall; when it asks again; 0: not planned */
    int64_t last_success_ms; /* wall; 0: never */
    bool elsewhere;          /* another process polls it */
    bool parted;             /* Kafka has not said who polls it */
    int64_t cursor_ms; /* wall; when that one wrote its cursor; 0: unknown */
    uint64_t requests, posts, updates, rejected, gaps, failures;
};

struct source;

MUST_USE struct source *source_new(struct config *config,
                                   const struct source_config *source_config,
                                   const struct pseudonym *pseudonym,
                                   struct error *err);
void source_free(struct source *source);
void source_freep(struct source **source);
const char *source_id(const struct source *source);

/* One record of karool.cursors whose key belongs to this source (oldest
 * first), before source_begin(). ERROR_CONFIG stops the source. */
MUST_USE bool source_restore(struct source *source, struct span key,
                             struct span value, struct error *err);
/* Is there something of it without a cursor of its own? Then the records of the
 * id from which it was renamed are to be handed in too. */
bool source_incomplete(const struct source *source);
/* All records were handed in: it may poll from now on, unless they say that it
 * goes on under another id, and not where it stands. */
void source_begin(struct source *source, int64_t now_ms);
/* Forget all state, as before the first source_restore(). */
void source_reset(struct source *source);

/* When it wants to ask next (wall ms); INT64_MAX: not before something else
 * happens (an answer, a settled page, a reload). */
int64_t source_due_ms(const struct source *source);
/* The wall clock was set, by so much: what is planned is planned anew, so that
 * nobody waits an hour longer because it was set back by one. */
void source_clock_set(struct source *source, int64_t by_ms);
/* Due: what to ask. */
MUST_USE bool source_ask(struct source *source, int64_t now_ms,
                         struct request *out, struct error *err);
/* The answer. *page is what to commit (the caller's now), or NULL when there
 * is nothing (304, failure: the source planned its next try by itself). */
MUST_USE bool source_answer(struct source *source,
                            const struct response *response, int64_t now_ms,
                            struct page **page, struct error *err);
/* The page was committed, or was not (then nothing of it happened and the
 * same request is made again). */
void source_settled(struct source *source, bool committed, int64_t now_ms);
/* The page under way is forgotten without a settlement (revoked). */
void source_abandon(struct source *source);
void source_report(const struct source *source, struct source_report *out);

#endif
