/*
 * scan_source.h - one file of `karool scan`, or standard input; of CSV, its
 * header row and how a row becomes a post.
 *
 * Threads: never changes once its first chunk is on its way.
 */
#ifndef KAROOL_SCAN_SOURCE_H
#define KAROOL_SCAN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "csv.h"
#include "error.h"

#define SCAN_COLUMNS_MAX 256

struct scan_source {
    const char *path; /* "-": standard input */
    const char *name; /* for messages and, of several files, for ids */
    bool in_ids;      /* ids of nameless posts start with the name */
    /* of CSV: */
    char delimiter;
    const char *columns[SCAN_COLUMNS_MAX]; /* the member of a post, or NULL */
    size_t column_count;                   /* 0: no header yet */
};

/* Reads the header row at the start of `rows`; *header is what follows it, with
 * the line it starts on. ERROR_CONFIG when no column is named "text". */
MUST_USE bool scan_source_header(struct scan_source *source, struct span rows,
                                 struct csv_reader *header, struct error *err);
/* Appends the row as a post; an empty cell is an absent member. */
void scan_source_record(const struct scan_source *source,
                        const struct csv_row *row, struct buffer *out);

#endif
