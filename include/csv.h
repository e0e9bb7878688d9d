/*
 * csv.h - rows of cells: RFC 4180 and its relative with tabs.
 *
 * A cell in double quotes may hold the delimiter, line ends and doubled
 * quotes. Lines end with LF or CRLF. Empty lines are skipped.
 *
 * Threads: any. Ownership: cells point into the text, or into the arena where
 * quotes were doubled.
 */
#ifndef KAROOL_CSV_H
#define KAROOL_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "span.h"

struct csv_cell {
    struct span text;
    unsigned line, column; /* from 1, column in code points */
};

struct csv_row {
    struct csv_cell *cells;
    size_t count;
    unsigned line;
};

struct csv_reader {
    struct span text;
    size_t offset; /* of the next row */
    unsigned line; /* of the next row */
    char delimiter;
    bool complete; /* no more text will come: the last line counts */
};

enum csv_result {
    CSV_ROW,
    CSV_END,    /* nothing, or an incomplete row, is left */
    CSV_BROKEN, /* an open quote or text after a closing one; the line is
                   skipped: row->line tells which */
    CSV_NO_MEMORY,
};

/* Skips a BOM. */
void csv_start(struct csv_reader *reader, struct span text, char delimiter);
enum csv_result csv_read(struct csv_reader *reader, struct arena *arena,
                         struct csv_row *row);
/* The length of the whole rows at the start of text: where more text may come,
 * it goes on behind them. */
size_t csv_whole_rows(struct span text, char delimiter);
/* Which of , ; and tab a header line is divided by. */
char csv_delimiter(struct span header_line);

#endif
