#include "post_shapes.h"

#include <stdlib.h>

#include "post_raw.h"

/* Members that may be null or absent make some dozens of shapes of a source's
 * posts. When there is no room for one more, all are forgotten. */
enum { SEGMENTS_MOST = 2048, SHAPES_MOST = 256, BYTES_MOST = 64 * 1024 };

/* What stands between two holes, with the quote of the next one. */
struct segment {
    struct segment *next;  /* what else may stand here */
    struct segment *after; /* the hole that follows */
    const char *bytes;
    size_t len;
    bool number; /* the next hole is one */
    bool stops;
    const struct post_shape_members *members; /* of the shape that ends here */
};

struct post_shapes {
    struct post_members *parser;
    struct segment *first;
    size_t segment_count, shape_count, byte_count;
    struct segment segments[SEGMENTS_MOST];
    struct post_shape_members members[SHAPES_MOST];
    char bytes[BYTES_MOST];
};

struct post_shapes *
post_shapes_new(struct error *err)
{
    CLEANUP(post_shapes_freep)
    struct post_shapes *shapes = calloc(1, sizeof(*shapes));
    if (!shapes) {
        error_no_memory(err);
        return NULL;
    }
    shapes->parser = post_members_new(err);
    return shapes->parser ? TAKE(shapes) : NULL;
}

void
post_shapes_free(struct post_shapes *shapes)
{
    if (!shapes)
        return;
    post_members_free(shapes->parser);
    free(shapes);
}

void
post_shapes_freep(struct post_shapes **shapes)
{
    post_shapes_free(*shapes);
    *shapes = NULL;
}

/* Which hole stands at that offset of the shape; none for null and the like. */
static size_t
hole_at(const struct post_shape *shape, size_t offset)
{
    size_t i = 0;
    while (i < shape->hole_count && shape->holes[i].at != offset)
        i++;
    return i;
}

static void
note_members(const struct post_members *parser, const struct post_shape *shape,
             struct post_shape_members *out)
{
    *out = (struct post_shape_members){0};
    for (unsigned id = 0; id < MEMBER_OTHER; id++) {
        const struct post_value *value = post_members_value(parser, id);
        size_t hole = hole_at(shape, value->start);
        if (value->kind == VALUE_TRUE) {
            out->repaired |= id == MEMBER_REPAIRED;
            out->truncated |= id == MEMBER_TRUNCATED;
        }
        if ((value->kind != VALUE_TEXT && value->kind != VALUE_NUMBER) ||
            hole == shape->hole_count)
            continue;
        out->items[out->count++] = (struct post_shape_member){
            .member = (uint8_t)id,
            .kind = value->kind,
            .hole = (uint8_t)hole,
        };
    }
}

/* Where the value of a hole ends, its quote included. */
static size_t
hole_end(const struct post_shape_hole *hole)
{
    return hole->start + hole->len + !hole->number;
}

static void
note_head(struct post_members *parser, const struct post_shape *shape,
          struct post_shape_members *out)
{
    const struct post_head *head = post_members_head(parser);
    if (head->count == 0 || head->rewrite)
        return;
    size_t end = head->members[head->count - 1].end, behind = 0;
    for (size_t i = 0; i < shape->hole_count && shape->holes[i].at < end; i++) {
        behind = shape->holes[i].at + 2 - shape->holes[i].number;
        out->head_holes++;
    }
    out->head_whole = true;
    out->head_start = (uint16_t)head->members[0].start;
    out->head_rest = (uint16_t)(end - behind);
}

struct span
post_shapes_head(const struct post_shape_members *members,
                 const struct post_shape *shape, struct span record)
{
    if (!members->head_whole)
        return SPAN_NONE;
    size_t end = members->head_rest;
    if (members->head_holes)
        end += hole_end(&shape->holes[members->head_holes - 1]);
    return (struct span){record.at + members->head_start,
                         end - members->head_start};
}

/* ---- a record that is like one before ---- */

/* One of the segments stands at *offset, and the hole behind it is filled. */
static bool
fits(const struct segment *segment, struct span record, size_t *offset,
     struct post_shape *out)
{
    if (record.len - *offset < segment->len ||
        memcmp(record.at + *offset, segment->bytes, segment->len) != 0)
        return false;
    size_t end = *offset + segment->len;
    if (segment->members)
        return segment->stops ? post_raw_is_last(record, end)
                              : end == record.len;
    end = post_shape_fill(&out->holes[out->hole_count], record, end,
                          segment->number);
    if (end == 0)
        return false;
    out->hole_count++;
    *offset = end;
    return true;
}

static const struct post_shape_members *
find_known(struct post_shapes *shapes, struct span record,
           struct post_shape *out)
{
    struct segment **list = &shapes->first;
    size_t offset = 0;
    out->hole_count = 0;
    for (;;) {
        struct segment **place = list, *segment;
        while ((segment = *place) && !fits(segment, record, &offset, out))
            place = &segment->next;
        if (!segment || segment->members)
            return segment ? segment->members : NULL;
        if (place != list) { /* to the front: it will be like that again */
            *place = segment->next;
            segment->next = *list;
            *list = segment;
        }
        list = &segment->after;
    }
}

/* ---- one that is not ---- */

static struct segment *
add_segment(struct post_shapes *shapes, struct segment **list,
            struct segment wanted)
{
    for (struct segment *at = *list; at; at = at->next)
        if (at->len == wanted.len && at->number == wanted.number &&
            !at->members == !wanted.members &&
            memcmp(at->bytes, wanted.bytes, wanted.len) == 0)
            return at;
    struct segment *segment = &shapes->segments[shapes->segment_count++];
    char *bytes = shapes->bytes + shapes->byte_count;
    memcpy(bytes, wanted.bytes, wanted.len);
    shapes->byte_count += wanted.len;
    wanted.bytes = bytes;
    wanted.next = *list;
    *segment = wanted;
    *list = segment;
    return segment;
}

static void
add_shape(struct post_shapes *shapes, const struct post_shape *shape,
          const struct post_shape_members *members)
{
    struct segment **list = &shapes->first;
    size_t start = 0;
    for (size_t i = 0; i < shape->hole_count; i++) {
        const struct post_shape_hole *hole = &shape->holes[i];
        size_t end = hole->at + !hole->number;
        struct segment *segment =
            add_segment(shapes, list,
                        (struct segment){.bytes = shape->bytes + start,
                                         .len = end - start,
                                         .number = hole->number});
        list = &segment->after;
        start = end + 1;
    }
    add_segment(shapes, list,
                (struct segment){.bytes = shape->bytes + start,
                                 .len = shape->len - start,
                                 .stops = shape->stops,
                                 .members = members});
}

static const struct post_shape_members *
learn(struct post_shapes *shapes, const struct post_shape *shape)
{
    struct span bytes = {shape->bytes, shape->len};
    if (!post_members_find(shapes->parser, bytes, NULL) ||
        post_members_value(shapes->parser, MEMBER_TEXT)->kind != VALUE_TEXT)
        return NULL;
    if (shapes->shape_count == SHAPES_MOST ||
        shapes->segment_count + shape->hole_count >= SEGMENTS_MOST ||
        shapes->byte_count + shape->len > BYTES_MOST) {
        shapes->first = NULL;
        shapes->segment_count = shapes->shape_count = shapes->byte_count = 0;
    }
    struct post_shape_members *members =
        &shapes->members[shapes->shape_count++];
    note_members(shapes->parser, shape, members);
    note_head(shapes->parser, shape, members);
    add_shape(shapes, shape, members);
    return members;
}

const struct post_shape_members *
post_shapes_find(struct post_shapes *shapes, struct span record,
                 struct post_shape *out)
{
    const struct post_shape_members *known = find_known(shapes, record, out);
    if (known)
        return known;
    return post_shape_take(out, record) ? learn(shapes, out) : NULL;
}
