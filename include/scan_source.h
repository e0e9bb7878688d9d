/*
 * scan_source.h - one file of `karool scan`, or standard input.
 *
 * Threads: never changes once its first chunk is on its way.
 */
#ifndef KAROOL_SCAN_SOURCE_H
#define KAROOL_SCAN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of a CSV file that become members of a post. */
#define SCAN_COLUMNS_MAX 256

struct scan_source {
    const char *path; /* "-": standard input */
    const char *name; /* for messages and, of several files, for ids */
    bool in_ids;      /* ids of nameless posts start with the name */
    /* Of CSV, from the header row: the member of each column, or NULL. */
    const char *columns[SCAN_COLUMNS_MAX];
    size_t column_count;
};

#endif
