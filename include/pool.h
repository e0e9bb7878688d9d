/*
 * pool.h - memory for a library that allocates piece by piece and frees all of
 * it a moment later: a parser's handle for one record.
 *
 * Small pieces come from one block that pool_clear() empties; large ones from
 * malloc. A library that does not check its allocations is left by longjmp:
 * pool_alloc() and pool_resize() never return NULL.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_POOL_H
#define KAROOL_POOL_H

#include <setjmp.h>
#include <stddef.h>

#include "cleanup.h"

struct pool;

MUST_USE struct pool *pool_new(size_t block_bytes);
void pool_free(struct pool *pool);
void pool_freep(struct pool **pool);
/* Where to go on when memory runs out. The caller does:
 *     if (setjmp(*pool_exit(pool)))
 *         return error_no_memory(err);
 */
jmp_buf *pool_exit(struct pool *pool);
void *pool_alloc(struct pool *pool, size_t size_bytes);
void *pool_resize(struct pool *pool, void *piece, size_t size_bytes);
/* All pieces at once. */
void pool_clear(struct pool *pool);

#endif
