#include "pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT _Alignof(max_align_t)

/* Before every piece; a multiple of the alignment. */
struct piece {
    _Alignas(max_align_t) size_t size_bytes;
    struct piece *next_large; /* of a large one */
};

struct pool {
    char *block;
    size_t block_bytes, used;
    struct piece *last; /* in the block: it can grow in place */
    struct piece *large;
    jmp_buf exit;
};

struct pool *
pool_new(size_t block_bytes)
{
    struct pool *pool = calloc(1, sizeof(*pool));
    if (!pool)
        return NULL;
    pool->block = malloc(block_bytes);
    pool->block_bytes = block_bytes;
    if (!pool->block) {
        free(pool);
        return NULL;
    }
    return pool;
}

void
pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pool_clear(pool);
    free(pool->block);
    free(pool);
}

void
pool_freep(struct pool **pool)
{
    pool_free(*pool);
    *pool = NULL;
}

jmp_buf *
pool_exit(struct pool *pool)
{
    return &pool->exit;
}

void
pool_clear(struct pool *pool)
{
    while (pool->large) {
        struct piece *next = pool->large->next_large;
        free(pool->large);
        pool->large = next;
    }
    pool->used = 0;
    pool->last = NULL;
}

static size_t
round_up(size_t size_bytes)
{
    return (size_bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

void *
pool_alloc(struct pool *pool, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 2)
        longjmp(pool->exit, 1);
    size_t whole = sizeof(struct piece) + round_up(size_bytes);
    struct piece *piece;
    if (whole <= pool->block_bytes - pool->used) {
        piece = (struct piece *)(void *)(pool->block + pool->used);
        pool->used += whole;
        pool->last = piece;
    } else {
        piece = malloc(whole);
        if (!piece)
            longjmp(pool->exit, 1);
        piece->next_large = pool->large;
        pool->large = piece;
    }
    piece->size_bytes = size_bytes;
    return piece + 1;
}

void *
pool_resize(struct pool *pool, void *old, size_t size_bytes)
{
    if (!old)
        return pool_alloc(pool, size_bytes);
    struct piece *piece = (struct piece *)old - 1;
    if (size_bytes <= piece->size_bytes)
        return old;
    size_t start = pool->used - round_up(piece->size_bytes);
    if (piece == pool->last && size_bytes < pool->block_bytes - start &&
        round_up(size_bytes) <= pool->block_bytes - start) {
        pool->used = start + round_up(size_bytes);
        piece->size_bytes = size_bytes;
        return old;
    }
    void *piece_bytes = pool_alloc(pool, size_bytes);
    memcpy(piece_bytes, old, piece->size_bytes);
    return piece_bytes;
}
