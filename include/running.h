/*
 * running.h - the stages of `run`: made in order, shown, ended in order.
 *
 * Threads: the main thread. Ownership: running_free() ends what still runs.
 */
#ifndef KAROOL_RUNNING_H
#define KAROOL_RUNNING_H

#include <stdbool.h>
#include <stdint.h>

#include "broker.h"
#include "config.h"
#include "display.h"
#include "error.h"
#include "ingest.h"
#include "ruleset.h"
#include "run_log.h"
#include "screen.h"

struct running {
    struct config *config; /* in force */
    struct broker *broker;
    struct ruleset *ruleset;
    struct screen *screen;   /* or NULL: not of this process's roles */
    struct ingest *ingest;   /* or NULL */
    struct display *display; /* on a terminal; else */
    struct run_log *log;
    struct source_report *reports;
    int64_t started_ms; /* monotonic */
};

/* Takes config and matcher over, whatever happens. */
MUST_USE bool running_start(struct running *running, struct config *config,
                            struct matcher *matcher, struct error *err);
/* Draws, or logs what changed; false: the terminal is gone. */
MUST_USE bool running_show(struct running *running);
/* A stage failed for good. */
bool running_failed(struct running *running, struct error *err);
/* Another configuration is in force. */
MUST_USE bool running_configure(struct running *running, struct config *config,
                                struct error *err);
/* Finishes the open transactions, or abandons them; false: a thread still
 * waits for Kafka, so that nothing may be freed. */
MUST_USE bool running_stop(struct running *running, int deadline_ms);
void running_done(struct running *running);

#endif
