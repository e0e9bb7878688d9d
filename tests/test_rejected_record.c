#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "rejected_record.h"

enum { MOST = 64 * 1024 };

static const struct json *
write_and_read(struct arena *arena, struct buffer *out,
               const struct rejected_record *record)
{
    struct error err = {0};
    assert_true(rejected_write(out, record, 0, &err));
    assert_in_range(out->len, 1, MOST);
    const struct json *json = json_parse(arena, buffer_span(out), NULL, &err);
    assert_non_null(json);
    return json;
}

static void
bytes_are_kept_only_when_asked_for_and_where_they_fit(void **state)
{
    static const struct {
        const char *bytes, *base64;
    } cases[] = {{"a", "YQ=="},
                 {"ab", "YWI="},
                 {"abc", "YWJj"},
                 {"\xff\xfe\xfd\xfc", "//79/A=="}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buffer_done) struct buffer out = {0};
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct rejected_record record = {.stage = "screen",
                                         .reason = "why",
                                         .bytes = span_of(cases[i].bytes)};
        const struct json *json = write_and_read(arena, &out, &record);
        assert_null(json_member(json, "bytes"));
        buffer_clear(&out);
        record.keep = true;
        json = write_and_read(arena, &out, &record);
        assert_true(
            span_is(json_text(json_member(json, "bytes")), cases[i].base64));
    }
}

static void
it_is_never_larger_than_64_kb(void **state)
{
    enum { LARGE = 900 * 1000 };
    static char garbage[LARGE];
    static const size_t sizes[] = {LARGE, 36 * 1000, 35 * 1000};
    memset(garbage, 1, sizeof(garbage));
    char reason[1024];
    memset(reason, 1, sizeof(reason));
    reason[sizeof(reason) - 1] = '\0';
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        CLEANUP(buffer_done) struct buffer out = {0};
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const struct rejected_record record = {
            .stage = "screen",
            .reason = reason,
            .topic = "kg.karool.posts",
            .post_id = {garbage, LARGE},
            .bytes = {garbage, sizes[i]},
            .keep = true,
        };
        const struct json *json = write_and_read(arena, &out, &record);
        assert_int_equal(json_member(json, "bytes") != NULL, sizes[i] < LARGE);
        assert_null(rejected_key(record.post_id).at);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_kept_only_when_asked_for_and_where_they_fit),
        cmocka_unit_test(it_is_never_larger_than_64_kb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
