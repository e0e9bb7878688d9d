#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"

static void
parses(bool (*parse)(struct span, int64_t *), const char *text,
       const char *expected)
{
    int64_t wall_ms;
    char out[CLOCK_TEXT_SIZE] = "refused";
    if (parse(span_of(text), &wall_ms))
        clock_format(wall_ms, out);
    if (strcmp(out, expected) != 0)
        fail_msg("%s: %s, expected %s", text, out, expected);
}

static void
iso_8601_is_read_with_every_offset_and_fraction(void **state)
{
    bool (*parse)(struct span, int64_t *) = clock_parse_iso8601;
    parses(parse, "2026-11-23T10:00:04Z", "2026-11-23T10:00:04Z");
    parses(parse, "2026-11-23T16:00:04.120+06:00", "2026-11-23T10:00:04.120Z");
    parses(parse, "2026-11-23T10:00:04.123456789Z", "2026-11-23T10:00:04.123Z");
    parses(parse, "2026-11-23T10:00:04+0000", "2026-11-23T10:00:04Z");
    parses(parse, "2026-11-23 10:00", "2026-11-23T10:00:00Z");
    parses(parse, "2026-11-23", "2026-11-23T00:00:00Z");
    parses(parse, "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z");
    parses(parse, "2026-02-30", "refused");
    parses(parse, "2026-13-01", "refused");
    parses(parse, "2026-11-23T25:00:00Z", "refused");
    parses(parse, "2026-11-23T10:00:04Zzz", "refused");
    parses(parse, "tomorrow", "refused");
    parses(parse, "", "refused");
}

static void
feed_dates_are_read_as_feeds_write_them(void **state)
{
    bool (*parse)(struct span, int64_t *) = clock_parse_rfc822;
    parses(parse, "Mon, 23 Nov 2026 16:00:04 +0600", "2026-11-23T10:00:04Z");
    parses(parse, "23 Nov 26 10:00 GMT", "2026-11-23T10:00:00Z");
    parses(parse, "Monday, 23-Nov-99 10:00:00 EST", "1999-11-23T15:00:00Z");
    parses(parse, "Mon, 3 November 2026 10:00:00 MSK", "2026-11-03T07:00:00Z");
    parses(parse, "Mon, 23 Nov 2026", "2026-11-23T00:00:00Z");
    parses(parse, "Mon, 32 Nov 2026 10:00:00 GMT", "refused");
    parses(parse, "23 Foo 2026", "refused");
}

static void
durations_need_a_unit(void **state)
{
    int64_t ms = 0;
    assert_true(clock_parse_duration(span_of("250ms"), &ms));
    assert_int_equal(ms, 250);
    assert_true(clock_parse_duration(span_of("7d"), &ms));
    assert_int_equal(ms, 7 * 24 * 3600 * 1000);
    assert_false(clock_parse_duration(span_of("30"), &ms));
    assert_false(clock_parse_duration(span_of("-3s"), &ms));
    assert_false(clock_parse_duration(span_of("3 parsecs"), &ms));
    assert_false(clock_parse_duration(span_of("99999999999d"), &ms));
}

static void
waiting_is_told_in_the_unit_a_person_would_use(void **state)
{
    char out[CLOCK_TEXT_SIZE];
    clock_format_duration(500, out);
    assert_string_equal(out, "1 s");
    clock_format_duration(-5, out);
    assert_string_equal(out, "now");
    clock_format_duration(240 * 1000, out);
    assert_string_equal(out, "4 min");
    clock_format_duration(3 * 3600 * 1000, out);
    assert_string_equal(out, "3 h");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_8601_is_read_with_every_offset_and_fraction),
        cmocka_unit_test(feed_dates_are_read_as_feeds_write_them),
        cmocka_unit_test(durations_need_a_unit),
        cmocka_unit_test(waiting_is_told_in_the_unit_a_person_would_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
