/*
 * run_log.h - what `run` says where no terminal shows it: a line with the
 * counts once a minute, and a line a flagged event (its words masked). What
 * happens to a source its poller logs.
 *
 * Threads: run_log_event() any, the others one.
 */
#ifndef KAROOL_RUN_LOG_H
#define KAROOL_RUN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "display.h"
#include "error.h"

struct run_log;

MUST_USE struct run_log *run_log_new(void);
void run_log_free(struct run_log *log);
void run_log_freep(struct run_log **log);
void run_log_event(struct span event_json);
/* Call it about once a second. */
void run_log_status(struct run_log *log, const struct display_status *status);
/* The counts, now. */
void run_log_counts(const struct display_status *status);
/* `log` of the configuration; NULL changes nothing. */
void run_log_level(const char *name);

#endif
