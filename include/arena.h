/*
 * arena.h - many small things that die together.
 *
 * What a parser builds (a document tree, a dictionary) is allocated here and
 * freed in one call. Memory is zeroed and aligned for any type.
 *
 * Threads: one at a time while it grows; what is in it may be read by many.
 * Errors: NULL when there is no memory or the arena's limit is reached.
 */
#ifndef KAROOL_ARENA_H
#define KAROOL_ARENA_H

#include <stddef.h>

#include "cleanup.h"
#include "span.h"

struct arena;

MUST_USE struct arena *arena_new(void);
void arena_free(struct arena *arena);
void arena_freep(struct arena **arena);
/* Empty again, with its first block kept for the next use. */
void arena_clear(struct arena *arena);
MUST_USE void *arena_alloc(struct arena *arena, size_t size_bytes);
/* A copy, NUL-terminated. */
MUST_USE char *arena_copy(struct arena *arena, struct span span);
MUST_USE char *arena_printf(struct arena *arena, const char *format, ...)
    PRINTF(2, 3);
/* Doubles an array kept in an arena when it is full:
 *   items = arena_grow(arena, items, count, &capacity, sizeof(*items)); */
MUST_USE void *arena_grow(struct arena *arena, void *items, size_t count,
                          size_t *capacity, size_t item_bytes);
size_t arena_size_bytes(const struct arena *arena);

#endif
