#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_FIRST = 8 * 1024, ARENA_LARGEST = 1024 * 1024 };

struct arena_block {
    struct arena_block *previous;
    size_t used;
    size_t capacity;
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct arena_block *last;
    size_t size_bytes;
};

struct arena *
arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}

void
arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct arena_block *block = arena->last; block;) {
        struct arena_block *previous = block->previous;
        free(block);
        block = previous;
    }
    free(arena);
}

void
arena_freep(struct arena **arena)
{
    arena_free(*arena);
}

void
arena_clear(struct arena *arena)
{
    while (arena->last && arena->last->previous) {
        struct arena_block *block = arena->last;
        arena->last = block->previous;
        arena->size_bytes -= block->capacity;
        free(block);
    }
    if (arena->last) {
        memset(arena->last->bytes, 0, arena->last->used);
        arena->last->used = 0;
    }
}

static struct arena_block *
arena_block_new(struct arena *arena, size_t size_bytes)
{
    size_t capacity = ARENA_FIRST;
    if (arena->last && arena->last->capacity >= capacity)
        capacity = 2 * arena->last->capacity;
    if (capacity > ARENA_LARGEST)
        capacity = ARENA_LARGEST;
    if (capacity < size_bytes)
        capacity = size_bytes;
    struct arena_block *block = calloc(1, sizeof(*block) + capacity);
    if (!block)
        return NULL;
    block->capacity = capacity;
    block->previous = arena->last;
    arena->last = block;
    arena->size_bytes += capacity;
    return block;
}

void *
arena_alloc(struct arena *arena, size_t size_bytes)
{
    const size_t unit = _Alignof(max_align_t);
    if (size_bytes > SIZE_MAX / 4)
        return NULL;
    size_bytes = (size_bytes + unit - 1) / unit * unit;

    struct arena_block *block = arena->last;
    if (!block || block->capacity - block->used < size_bytes)
        block = arena_block_new(arena, size_bytes);
    if (!block)
        return NULL;
    void *memory = block->bytes + block->used;
    block->used += size_bytes;
    return memory;
}

char *
arena_copy(struct arena *arena, struct span span)
{
    char *copy = arena_alloc(arena, span.len + 1);
    if (copy && span.len)
        memcpy(copy, span.at, span.len);
    return copy;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? NULL : arena_alloc(arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

void *
arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity,
           size_t item_bytes)
{
    if (count < *capacity)
        return items;

    size_t wanted = *capacity ? 2 * *capacity : 8;
    if (wanted > SIZE_MAX / 8 / item_bytes)
        return NULL;
    void *grown = arena_alloc(arena, wanted * item_bytes);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, items, count * item_bytes);
    *capacity = wanted;
    return grown;
}

size_t
arena_size_bytes(const struct arena *arena)
{
    return arena->size_bytes;
}
