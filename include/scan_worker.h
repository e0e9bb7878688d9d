/*
 * scan_worker.h - the thread that screens chunks.
 *
 * Threads: one struct a thread. Ownership: screener and tally are the
 * worker's own.
 */
#ifndef KAROOL_SCAN_WORKER_H
#define KAROOL_SCAN_WORKER_H

#include "arena.h"
#include "scan.h"
#include "scan_queue.h"
#include "scan_tally.h"
#include "screener.h"

struct scan_worker {
    struct scan_queue *queue;
    const struct matcher *matcher;
    const struct scan_options *options;
    struct screener *screener;
    struct scan_tally tally;
    struct arena *arena;  /* the cells of a row */
    struct buffer record; /* a line of text or CSV as a post */
    struct buffer id;
};

MUST_USE bool scan_worker_init(struct scan_worker *worker,
                               struct scan_queue *queue,
                               const struct matcher *matcher,
                               const struct scan_options *options,
                               struct error *err);
void scan_worker_done(struct scan_worker *worker);
/* For pthread_create(): until there are no more chunks. */
void *scan_worker_run(void *worker);

#endif
