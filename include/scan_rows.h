/*
 * scan_rows.h - flagged posts as CSV for a spreadsheet: one row a match.
 *
 * RFC 4180 with a byte order mark, without which Excel takes UTF-8 for the
 * local 8-bit encoding. A cell that a spreadsheet would take for a formula
 * gets an apostrophe before it: posts come from strangers.
 *
 * Threads: any.
 */
#ifndef KAROOL_SCAN_ROWS_H
#define KAROOL_SCAN_ROWS_H

#include "buffer.h"
#include "screener.h"

void scan_rows_header(struct buffer *out);
void scan_rows_append(struct buffer *out, const struct screened *screened,
                      const struct rules *rules);

#endif
