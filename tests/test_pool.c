#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "pool.h"

#define BLOCK 1024

static struct pool *pool;

static int
make_pool(void **state)
{
    pool = pool_new(BLOCK);
    return pool ? 0 : -1;
}

static int
free_pool(void **state)
{
    pool_free(pool);
    return 0;
}

static void
a_piece_keeps_its_bytes_as_it_grows_past_the_block(void **state)
{
    char *piece = pool_alloc(pool, 8);
    memcpy(piece, "karool!", 8);
    for (size_t size = 16; size < 64 * (size_t)BLOCK; size *= 2) {
        piece = pool_resize(pool, piece, size);
        assert_string_equal(piece, "karool!");
        memset(piece + 8, 'x', size - 8);
    }
}

static void
pieces_do_not_overlap(void **state)
{
    char *one = pool_alloc(pool, 3), *two = pool_alloc(pool, 3);
    one = pool_resize(pool, one, 100);
    two = pool_resize(pool, two, 100);
    memset(one, '1', 100);
    memset(two, '2', 100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(one[i], '1');
    assert_int_equal((uintptr_t)two % _Alignof(max_align_t), 0);
}

static void
a_cleared_pool_starts_from_its_block_again(void **state)
{
    void *first = pool_alloc(pool, 10);
    pool_alloc(pool, 10 * (size_t)BLOCK);
    pool_clear(pool);
    assert_ptr_equal(pool_alloc(pool, 10), first);
}

static void
without_memory_the_library_is_left(void **state)
{
    if (setjmp(*pool_exit(pool)))
        return;
    pool_alloc(pool, SIZE_MAX - 100);
    fail_msg("pool_alloc() came back");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_pool, free_pool)
    const struct CMUnitTest tests[] = {
        TEST(a_piece_keeps_its_bytes_as_it_grows_past_the_block),
        TEST(pieces_do_not_overlap),
        TEST(a_cleared_pool_starts_from_its_block_again),
        TEST(without_memory_the_library_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
