#include "post_shapes.h"

#include <stdlib.h>

/* Members that may be null or absent make some dozens of shapes of a source's
 * posts. A new shape takes the place of an old one where they meet. */
#define SHAPES_MOST 256

struct known_shape {
    char *bytes;
    size_t len;
    struct post_shape_members members;
};

struct post_shapes {
    struct post_members *parser;
    struct known_shape known[SHAPES_MOST];
    const struct known_shape *last;
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
    for (size_t i = 0; i < COUNT_OF(shapes->known); i++)
        free(shapes->known[i].bytes);
    post_members_free(shapes->parser);
    free(shapes);
}

void
post_shapes_freep(struct post_shapes **shapes)
{
    post_shapes_free(*shapes);
    *shapes = NULL;
}

/* Two halves at a time, since a multiplication waits for the one before. */
static uint64_t
hash_of(const struct post_shape *shape)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t a = shape->len, b = shape->hole_count, one, two;
    size_t i = 0;
    for (; shape->len - i >= 16; i += 16) {
        memcpy(&one, shape->bytes + i, 8);
        memcpy(&two, shape->bytes + i + 8, 8);
        a = (a ^ one) * factor;
        b = (b ^ two) * factor;
        a ^= a >> 29;
        b ^= b >> 31;
    }
    for (; i < shape->len; i++)
        a = (a ^ (unsigned char)shape->bytes[i]) * factor;
    a = (a ^ b >> 32 ^ b) * factor;
    return a ^ a >> 32;
}

static bool
is_it(const struct known_shape *known, const struct post_shape *shape)
{
    return known->bytes && known->len == shape->len &&
           memcmp(known->bytes, shape->bytes, shape->len) == 0;
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

static const struct known_shape *
learn(struct post_shapes *shapes, const struct post_shape *shape,
      struct known_shape *place)
{
    struct span bytes = {shape->bytes, shape->len};
    if (!post_members_find(shapes->parser, bytes, NULL) ||
        post_members_value(shapes->parser, MEMBER_TEXT)->kind != VALUE_TEXT)
        return NULL;
    char *copy = malloc(shape->len);
    if (!copy)
        return NULL;
    memcpy(copy, shape->bytes, shape->len);
    free(place->bytes);
    place->bytes = copy;
    place->len = shape->len;
    note_members(shapes->parser, shape, &place->members);
    return place;
}

const struct post_shape_members *
post_shapes_find(struct post_shapes *shapes, const struct post_shape *shape)
{
    if (shapes->last && is_it(shapes->last, shape))
        return &shapes->last->members;
    struct known_shape *place = &shapes->known[hash_of(shape) % SHAPES_MOST];
    shapes->last = is_it(place, shape) ? place : learn(shapes, shape, place);
    return shapes->last ? &shapes->last->members : NULL;
}
