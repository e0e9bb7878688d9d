#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena.h"
#include "buffer.h"
#include "error.h"

static void
an_empty_buffer_is_an_empty_text(void **state)
{
    CLEANUP(buffer_done) struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    assert_int_equal(buffer_span(&buffer).len, 0);
    assert_true(buffer_ok(&buffer));
}

static void
what_is_appended_is_there_whatever_its_size(void **state)
{
    CLEANUP(buffer_done) struct buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        buffer_printf(&buffer, "%d,", i);
    assert_int_equal(buffer.len, 10 * 2 + 90 * 3 + 900 * 4);
    buffer_consume(&buffer, buffer.len - 4);
    assert_string_equal(buffer_text(&buffer), "999,");
    buffer_append(&buffer, "a\0b", 3);
    assert_int_equal(buffer.len, 7);
}

static void
without_memory_it_fails_once_and_stays_failed(void **state)
{
    CLEANUP(buffer_done) struct buffer buffer = {0};
    buffer_append_text(&buffer, "kept");
    assert_null(buffer_reserve(&buffer, SIZE_MAX / 2));
    buffer_append_text(&buffer, "dropped");
    assert_false(buffer_ok(&buffer));
    assert_string_equal(buffer_text(&buffer), "kept");
    buffer_clear(&buffer);
    assert_true(buffer_ok(&buffer));
}

static void
taken_bytes_outlive_the_buffer(void **state)
{
    struct buffer buffer = {0};
    buffer_append_text(&buffer, "mine");
    char *bytes = buffer_take(&buffer);
    assert_null(buffer.bytes);
    assert_string_equal(bytes, "mine");
    free(bytes);
}

static void
an_arena_gives_zeroed_aligned_memory_again_and_again(void **state)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (int round = 0; round < 3; round++) {
        for (size_t size = 1; size < 3000; size += 7) {
            unsigned char *bytes = arena_alloc(arena, size);
            assert_non_null(bytes);
            assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(bytes[i], 0);
            memset(bytes, 0xAA, size);
        }
        arena_clear(arena);
    }
    assert_null(arena_alloc(arena, SIZE_MAX / 2));
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 7), "a-7");
}

static void
context_stands_before_the_message_and_the_kind_stays(void **state)
{
    struct error err = {0};
    assert_false(error_set(&err, ERROR_CONFIG, "no such key: %s", "souces"));
    assert_false(error_wrap(&err, "%s", "karool.yaml"));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.message, "karool.yaml: no such key: souces");
    assert_false(error_set(&err, ERROR_RETRY, "again: %s", err.message));
    assert_string_equal(err.message, "again: karool.yaml: no such key: souces");
}

static void
a_long_message_is_cut_between_letters(void **state)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer text = {0};
    for (int i = 0; i < 2000; i++)
        buffer_append_text(&text, "ө");
    error_set(&err, ERROR_RECORD, "x%s", buffer_text(&text));
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
    error_set(&err, ERROR_RECORD, "%s", buffer_text(&text));
    assert_int_equal(strlen(err.message), sizeof(err.message) - 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(what_is_appended_is_there_whatever_its_size),
        cmocka_unit_test(without_memory_it_fails_once_and_stays_failed),
        cmocka_unit_test(taken_bytes_outlive_the_buffer),
        cmocka_unit_test(an_arena_gives_zeroed_aligned_memory_again_and_again),
        cmocka_unit_test(context_stands_before_the_message_and_the_kind_stays),
        cmocka_unit_test(a_long_message_is_cut_between_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
