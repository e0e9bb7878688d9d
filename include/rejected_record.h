/*
 * rejected_record.h - what karool.rejected carries: why, and where from.
 *
 * Threads: any.
 */
#ifndef KAROOL_REJECTED_RECORD_H
#define KAROOL_REJECTED_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "span.h"

struct rejected_record {
    const char *stage; /* "ingest" or "screen" */
    const char *reason;
    const char *source; /* or NULL */
    const char *topic;  /* or NULL */
    int32_t partition;
    int64_t offset;
    struct span post_id; /* or absent */
    struct span bytes;   /* as received */
    bool keep;           /* bytes too, as base64, where they fit */
};

/* At most 64 KB, whatever is in it. */
MUST_USE bool rejected_write(struct buffer *out,
                             const struct rejected_record *record,
                             int64_t now_wall_ms, struct error *err);
/* The record's key: the post's id, or none where that is too long for one. */
struct span rejected_key(struct span post_id);

#endif
