/*
 * scan_reader.h - the thread that cuts the input of `karool scan` into chunks
 * of whole lines (of CSV: of whole rows).
 *
 * A line of more than POST_INPUT_MAX is passed over, so that memory stays
 * bounded. From a pipe whole lines go on as soon as no more is waiting.
 */
#ifndef KAROOL_SCAN_READER_H
#define KAROOL_SCAN_READER_H

#include "scan.h"
#include "scan_queue.h"
#include "scan_source.h"

struct scan_reader {
    struct scan_queue *queue;
    struct scan_source *sources;
    size_t source_count;
    enum scan_input input;
    uint64_t position;   /* bytes taken from all sources */
    uint64_t former;     /* of those before the present one */
    struct buffer carry; /* what follows the last whole line */
};

/* For pthread_create(): reads all sources, then scan_queue_end(). */
void *scan_reader_run(void *reader);

#endif
