#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "rejected_view.h"

static const char screened[] =
    "{\"schema\":\"karool.rejected/1\",\"rejected_at\":"
    "\"2026-11-23T10:00:05Z\",\"stage\":\"screen\",\"reason\":\"there is no "
    "text\\u001b[31m\",\"source\":null,\"post_id\":\"feed:1\",\"topic\":"
    "\"kg.karool.posts\",\"partition\":3,\"offset\":128,\"sha256\":"
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\","
    "\"size\":77}";

static void
a_person_sees_where_why_and_which(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    rejected_view(&out, span_of(screened), 100, false);
    assert_string_equal(
        buffer_text(&out),
        "rejected by screen  2026-11-23T10:00:05Z  kg.karool.posts/3/128\n"
        "  there is no text\u241b[31m\n"
        "  77 bytes, sha256 0123456789abcdef…  feed:1\n");
}

static void
colour_is_for_a_terminal(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    rejected_view(&out, span_of(screened), 100, true);
    assert_non_null(strstr(buffer_text(&out), "\033[33m"));
}

static void
what_is_no_such_record_is_said_so(void **state)
{
    static const char *const others[] = {"", "{", "[]", "{\"reason\":null}"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        CLEANUP(buffer_done) struct buffer out = {0};
        rejected_view(&out, span_of(others[i]), 80, false);
        assert_string_equal(buffer_text(&out),
                            "a record that is no rejected one\n");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_sees_where_why_and_which),
        cmocka_unit_test(colour_is_for_a_terminal),
        cmocka_unit_test(what_is_no_such_record_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
