/*
 * display.h - what `run` shows a person at a terminal: flagged events and log
 * lines roll by, and under them stands a block with each source's state and
 * the counts.
 *
 * Threads: display_event() and the log hook may be called from any thread and
 * only queue; display_draw() belongs to the main thread.
 * Ownership: display_free() takes the block away and gives the log back to
 * stderr.
 */
#ifndef KAROOL_DISPLAY_H
#define KAROOL_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "ingest.h"
#include "screen.h"
#include "source.h"
#include "span.h"

struct display;

struct display_status {
    const char *campaign;
    const char *broker; /* its address */
    const char *rules_version;
    uint64_t rules_generation;
    int64_t running_ms;
    int64_t now_ms; /* wall */
    const struct source_report *sources;
    size_t source_count;
    struct ingest_counts ingest;
    struct screen_counts screen;
};

/* NULL: no memory. From now on log lines go through the display. */
MUST_USE struct display *display_new(void);
void display_free(struct display *display);
void display_freep(struct display **display);
/* A committed event (JSON); copied. When more come than can be drawn, the
 * oldest are counted instead of shown. */
void display_event(struct display *display, struct span event_json);
/* false: the terminal is gone (its window was closed). */
MUST_USE bool display_draw(struct display *display,
                           const struct display_status *status);

#endif
