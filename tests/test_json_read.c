#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "utf8.h"

static struct arena *arena;

static int
setup(void **state)
{
    arena = arena_new();
    return arena ? 0 : -1;
}

static int
teardown(void **state)
{
    arena_free(arena);
    return 0;
}

static void
round_trips(const char *text, const char *expected)
{
    struct error err = {0};
    struct json *value = json_parse(arena, span_of(text), NULL, &err);
    if (!value)
        fail_msg("%s: %s", text, err.message);
    CLEANUP(buffer_done) struct buffer out = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&out);
    json_write(writer, value);
    assert_true(buffer_ok(&out));
    assert_string_equal(buffer_text(&out), expected);
}

static void
refuses(const char *text, const char *reason)
{
    struct error err = {0};
    assert_null(json_parse(arena, span_of(text), NULL, &err));
    assert_int_equal(err.kind, ERROR_RECORD);
    if (!strstr(err.message, reason))
        fail_msg("%s: %s, expected %s", text, err.message, reason);
}

static void
what_is_read_is_written_the_same(void **state)
{
    round_trips(" {\"a\" : [1, -2.50, 1e400, true, false, null, \"x\\\"\\n\"],"
                " \"\": {}} ",
                "{\"a\":[1,-2.50,1e400,true,false,null,\"x\\\"\\n\"],\"\":{}}");
    round_trips("\"\\u04e9\\ud83d\\ude00\"", "\"ө😀\"");
    round_trips("[]", "[]");
}

static void
numbers_of_any_size_keep_their_digits(void **state)
{
    struct json *value = json_parse(
        arena, span_of("{\"id\":123456789012345678901234567890}"), NULL, NULL);
    assert_true(span_is(json_text(json_member(value, "id")),
                        "123456789012345678901234567890"));
    int64_t number;
    assert_false(json_int64(json_member(value, "id"), &number));
    value = json_parse(arena, span_of("-9223372036854775808"), NULL, NULL);
    assert_true(json_int64(value, &number));
    assert_true(number == INT64_MIN);
}

static void
integers_are_written_to_the_last_digit(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&out);
    const int64_t numbers[] = {0, 7, -1, 10, -100, INT64_MAX, INT64_MIN};
    json_open_array(writer);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        json_integer(writer, numbers[i]);
    json_close_array(writer);
    assert_string_equal(
        buffer_text(&out),
        "[0,7,-1,10,-100,9223372036854775807,-9223372036854775808]");
}

static void
broken_text_is_repaired_and_marked(void **state)
{
    const char *texts[] = {"\"a\\ude00b\"",
                           "\"a\xC0\xAE"
                           "b\"",
                           "\"a\\u0000b\"",
                           "\"a\xED\xA0\x80"
                           "b\""};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct json *value = json_parse(arena, span_of(texts[i]), NULL, NULL);
        assert_non_null(value);
        assert_true(value->repaired);
        assert_true(utf8_clean(value->text));
        assert_non_null(strstr(value->text.at, "\uFFFD"));
    }
    struct json *clean = json_parse(arena, span_of("\"\uFFFD\""), NULL, NULL);
    assert_false(clean->repaired);
}

static void
raw_control_characters_do_not_lose_an_answer(void **state)
{
    struct json *value = json_parse(arena,
                                    span_of("{\"t\":\"a\x01"
                                            "b\nc\"}"),
                                    NULL, NULL);
    assert_non_null(value);
    assert_true(span_is(json_text(json_member(value, "t")), "a\x01"
                                                            "b\nc"));
}

static void
half_a_document_and_garbage_are_refused_with_the_place(void **state)
{
    refuses("{\"a\":1", "ends");
    refuses("{\"a\":1} x", "at byte");
    refuses("<!DOCTYPE html>", "at byte");
    refuses("", "");
    refuses("{\"a\" 1}", "at byte 6");
}

static void
nesting_and_size_are_limited(void **state)
{
    CLEANUP(buffer_done) struct buffer deep = {0};
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&deep, '[');
    struct error err = {0};
    assert_null(json_parse(arena, buffer_span(&deep), NULL, &err));
    assert_non_null(strstr(err.message, "nested deeper than 100"));
    const struct json_limits small = {.size_bytes = 10};
    assert_null(json_parse(arena, buffer_span(&deep), &small, &err));
    assert_non_null(strstr(err.message, "limit of 10"));
}

static void
pointers_follow_rfc_6901(void **state)
{
    struct json *value = json_parse(
        arena, span_of("{\"a/b\":{\"m~n\":[10,{\"\":5}]}}"), NULL, NULL);
    assert_true(
        span_is(json_text(json_at(value, span_of("/a~1b/m~0n/0"))), "10"));
    assert_true(
        span_is(json_text(json_at(value, span_of("/a~1b/m~0n/1/"))), "5"));
    assert_ptr_equal(json_at(value, span_of("")), value);
    assert_null(json_at(value, span_of("/a~1b/m~0n/00")));
    assert_null(json_at(value, span_of("/a~1b/m~0n/2")));
    assert_null(json_at(value, span_of("x")));
}

static void
of_two_members_of_a_name_the_last_counts(void **state)
{
    struct json *value = json_parse(
        arena, span_of("{\"x\":1,\"y\":{\"z\":1},\"x\":2,\"y\":{\"z\":3}}"),
        NULL, NULL);
    assert_true(span_is(json_text(json_member(value, "x")), "2"));
    assert_true(span_is(json_text(json_at(value, span_of("/y/z"))), "3"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_read_is_written_the_same, setup,
                                        teardown),
        cmocka_unit_test(integers_are_written_to_the_last_digit),
        cmocka_unit_test_setup_teardown(numbers_of_any_size_keep_their_digits,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(broken_text_is_repaired_and_marked,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            raw_control_characters_do_not_lose_an_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(
            half_a_document_and_garbage_are_refused_with_the_place, setup,
            teardown),
        cmocka_unit_test_setup_teardown(nesting_and_size_are_limited, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(pointers_follow_rfc_6901, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            of_two_members_of_a_name_the_last_counts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
