/*
 * post_shape.h - what of a record decides how yajl reads it: its JSON without
 * the insides of its values.
 *
 * Values that are strings become "", numbers become 1: what is left (names of
 * members, punctuation, null, true, false) is the same in nearly all posts of
 * a source, so that yajl parses it once (post_shapes.h) and a record costs one
 * pass over its bytes. A shape ends at `raw` once it has had `text`, as the
 * reading of a post does, where nothing follows (post_raw.h).
 *
 * Only sound records have a shape: clean UTF-8, no lone surrogate, no escape
 * or number that yajl would refuse, no name with an escape. The others, and
 * those that are larger than a post's head should be, are yajl's alone.
 *
 * Threads: one at a time. Ownership: holes are offsets of the record.
 */
#ifndef KAROOL_POST_SHAPE_H
#define KAROOL_POST_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "span.h"

enum { POST_SHAPE_BYTES = 2048, POST_SHAPE_HOLES = 128 };

/* A value that was taken out. */
struct post_shape_hole {
    uint32_t start, len; /* in the record, without quotes */
    uint16_t at;         /* of its "" or 1 in the shape */
    bool escaped;        /* a string with backslashes */
    bool number;
};

struct post_shape {
    size_t len, hole_count;
    bool stops; /* at `raw`: what follows does not matter */
    struct post_shape_hole holes[POST_SHAPE_HOLES];
    char bytes[POST_SHAPE_BYTES];
};

/* false: the record has none. */
MUST_USE bool post_shape_take(struct post_shape *shape, struct span record);
/* The value that begins at `offset`, behind its quote if it has one; its end,
 * behind its quote, or 0: that is none. */
size_t post_shape_fill(struct post_shape_hole *hole, struct span record,
                       size_t offset, bool number);

#endif
