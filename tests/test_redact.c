#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redact.h"

static void
becomes(const char *text, const char *expected)
{
    CLEANUP(buffer_done) struct buffer buffer = {0};
    buffer_append_text(&buffer, text);
    redact_text(&buffer);
    assert_string_equal(buffer_text(&buffer), expected);
}

static void
a_secret_is_removed_wherever_it_stands(void **state)
{
    redact_add(span_of("s3cret/+value"));
    becomes("token s3cret/+value.", "token ***.");
    becomes("s3cret/+values3cret/+value", "******");
    becomes("nothing here", "nothing here");
    becomes("", "");
}

static void
its_spellings_in_urls_are_removed_too(void **state)
{
    redact_add(span_of("s3cret/+value"));
    becomes("?token=s3cret%2F%2Bvalue&x=1", "?token=***&x=1");
    becomes("?token=s3cret%2f%2bvalue&x=1", "?token=***&x=1");
}

static void
http_basic_does_not_give_it_away(void **state)
{
    redact_add(span_of("correct horse battery"));
    /* "bot:correct horse battery" in base64 */
    CLEANUP(buffer_done) struct buffer buffer = {0};
    buffer_append_text(&buffer, "Basic Ym90OmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==");
    redact_text(&buffer);
    assert_null(strstr(buffer_text(&buffer), "JlY3QgaG9yc2UgYmF0"));
}

static void
a_longer_secret_goes_before_one_it_holds(void **state)
{
    redact_add(span_of("abcd"));
    redact_add(span_of("abcdefgh"));
    becomes("abcdefgh abcd", "*** ***");
}

static void
very_short_values_are_left_alone(void **state)
{
    redact_add(span_of("1"));
    becomes("11 posts", "11 posts");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_removed_wherever_it_stands),
        cmocka_unit_test(its_spellings_in_urls_are_removed_too),
        cmocka_unit_test(http_basic_does_not_give_it_away),
        cmocka_unit_test(a_longer_secret_goes_before_one_it_holds),
        cmocka_unit_test(very_short_values_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
