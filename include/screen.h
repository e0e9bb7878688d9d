/*
 * screen.h - the threads that consume posts, match, and commit flagged events
 * together with the offsets that produced them.
 *
 * Threads: every function may be called from any thread; `on_event` is called
 * on a screen thread once the event is committed, and must not block.
 */
#ifndef KAROOL_SCREEN_H
#define KAROOL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker.h"
#include "config.h"
#include "error.h"
#include "ruleset.h"

struct screen;

struct screen_counts {
    uint64_t posts, flagged, rejected, duplicates, bytes, transactions, aborts;
    bool assigned;
    char trouble[256];
};

typedef void screen_event(void *context, struct span event_json);

MUST_USE struct screen *screen_new(struct config *config, struct broker *broker,
                                   struct ruleset *ruleset,
                                   screen_event *on_event, void *context,
                                   struct error *err);
/* Asks the threads to end; returns at once. */
void screen_end(struct screen *screen);
/* Waits for them; false: one still waits for Kafka after deadline_ms. */
MUST_USE bool screen_stop(struct screen *screen, int deadline_ms);
void screen_free(struct screen *screen);
void screen_freep(struct screen **screen);
void screen_counts(struct screen *screen, struct screen_counts *out);
bool screen_failed(struct screen *screen, struct error *err);

#endif
