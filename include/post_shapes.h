/*
 * post_shapes.h - the shapes of the records read so far, and where in each the
 * members of a post stand, as yajl had it.
 *
 * Shapes are kept as a tree of the segments between their holes, since those
 * of a source differ in a few places (null here, a text there): a record is
 * compared segment by segment, and only the insides of its values are looked
 * at.
 *
 * Threads: one at a time. Ownership: results live until the next use.
 */
#ifndef KAROOL_POST_SHAPES_H
#define KAROOL_POST_SHAPES_H

#include "post_members.h"
#include "post_shape.h"

/* A member and the hole that holds its value. */
struct post_shape_member {
    uint8_t member; /* enum post_member_id */
    uint8_t kind;   /* VALUE_TEXT or VALUE_NUMBER */
    uint8_t hole;
};

struct post_shape_members {
    bool repaired, truncated; /* the members of these names are true */
    /* All that is kept of the record stands in one piece: from `head_start`
     * until `head_rest` bytes behind the last of `head_holes` holes. */
    bool head_whole;
    uint8_t head_holes;
    uint16_t head_start, head_rest;
    uint8_t count;
    struct post_shape_member items[MEMBER_OTHER];
};

struct post_shapes;

MUST_USE struct post_shapes *post_shapes_new(struct error *err);
void post_shapes_free(struct post_shapes *shapes);
void post_shapes_freep(struct post_shapes **shapes);
/* Fills in the holes of the record. NULL: it has no shape, yajl refuses it, or
 * it has no `text` that is a string; what to say of that is for the record
 * itself to tell. */
const struct post_shape_members *post_shapes_find(struct post_shapes *shapes,
                                                  struct span record,
                                                  struct post_shape *out);
/* The members as post_head_make() would copy them; absent: ask that. */
struct span post_shapes_head(const struct post_shape_members *members,
                             const struct post_shape *shape,
                             struct span record);

#endif
