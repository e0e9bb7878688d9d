/*
 * rejected_view.h - a rejected record (karool.rejected/1) for people.
 *
 * Threads: any. What cannot be read as one is said so in a line.
 */
#ifndef KAROOL_REJECTED_VIEW_H
#define KAROOL_REJECTED_VIEW_H

#include <stdbool.h>

#include "buffer.h"
#include "span.h"

/* Where and when, why, which post, and by what its bytes are known; each line
 * at most `width` columns. */
void rejected_view(struct buffer *out, struct span record_json, unsigned width,
                   bool colour);

#endif
