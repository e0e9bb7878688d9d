/*
 * scan_queue.h - chunks of input on their way through `karool scan`: one
 * reader fills them, workers screen them in any order, one writer takes them
 * in the order of the input.
 *
 * A fixed ring of chunks bounds the memory: who is ahead waits.
 *
 * Threads: one reader, one writer, any number of workers; a chunk belongs to
 * whoever was given it.
 */
#ifndef KAROOL_SCAN_QUEUE_H
#define KAROOL_SCAN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "scan_source.h"

/* So many bad lines are named, the others counted. */
#define SCAN_BAD_NAMED 20

struct scan_bad {
    uint64_t line;
    char reason[160];
};

struct scan_chunk {
    /* the reader's */
    const struct scan_source *source;
    uint64_t first_line;
    struct buffer input;       /* whole lines */
    uint64_t position;         /* bytes taken from all sources so far */
    struct scan_bad oversized; /* a line too large to be kept; line 0: none */
    /* the worker's */
    struct buffer output;
    uint64_t posts, flagged, bad, repaired;
    struct scan_bad named[SCAN_BAD_NAMED]; /* of the bad ones, the first */
    struct error error;                    /* ends the scan */
    /* the queue's */
    int state;
};

struct scan_queue;

MUST_USE struct scan_queue *scan_queue_new(size_t chunk_count);
void scan_queue_free(struct scan_queue *queue);
void scan_queue_freep(struct scan_queue **queue);

/* The reader: a chunk to fill, empty; NULL when the scan was stopped. */
struct scan_chunk *scan_queue_empty(struct scan_queue *queue);
void scan_queue_filled(struct scan_queue *queue, struct scan_chunk *chunk);
/* The reader is done; a failure of it comes after the last chunk. */
void scan_queue_end(struct scan_queue *queue, const struct error *err);

/* A worker: a chunk to screen; NULL when there will be none. */
struct scan_chunk *scan_queue_take(struct scan_queue *queue);
void scan_queue_screened(struct scan_queue *queue, struct scan_chunk *chunk);

/* The writer: the next in order. NULL after timeout_ms, and with *ended after
 * the last one. */
struct scan_chunk *scan_queue_next(struct scan_queue *queue, int timeout_ms,
                                   bool *ended);
void scan_queue_written(struct scan_queue *queue, struct scan_chunk *chunk);
/* Nothing more is wanted: everybody comes home. */
void scan_queue_stop(struct scan_queue *queue);
bool scan_queue_stopped(struct scan_queue *queue);
/* After the end: could the reader not read all? */
MUST_USE bool scan_queue_failed(struct scan_queue *queue, struct error *err);

#endif
