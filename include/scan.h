/*
 * scan.h - the screen without Kafka: files or standard input in, flagged
 * events out, in the order of the input, on all cores.
 *
 * One thread reads chunks of whole lines, workers screen them, the caller's
 * thread writes (scan_queue.h).
 *
 * Threads: the main thread.
 */
#ifndef KAROOL_SCAN_H
#define KAROOL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "matcher.h"

enum scan_input { SCAN_NDJSON_IN, SCAN_CSV_IN, SCAN_TEXT_IN };
enum scan_output { SCAN_NDJSON_OUT, SCAN_CSV_OUT, SCAN_SUMMARY_OUT };

struct scan_options {
    enum scan_input input;
    enum scan_output output;
    unsigned threads;
    const char *const *paths; /* "-": standard input */
    size_t path_count;
};

struct scan_counts {
    uint64_t posts, flagged, bad;
    uint64_t repaired;    /* held what is not UTF-8 */
    uint64_t bytes;       /* of input so far */
    uint64_t total_bytes; /* of all input; 0: unknown */
};

/* Data to stdout; bad lines, progress and a closing line to stderr. */
MUST_USE bool scan_run(const struct scan_options *options,
                       struct matcher *matcher, struct scan_counts *counts,
                       struct error *err);

#endif
