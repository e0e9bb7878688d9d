#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "utf8.h"

static void
repairs(const char *bytes, size_t len, const char *expected)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    bool repaired = utf8_repair(&out, (struct span){bytes, len});
    assert_string_equal(buffer_text(&out), expected);
    assert_int_equal(repaired, !utf8_clean((struct span){bytes, len}));
    assert_true(utf8_clean(buffer_span(&out)));
}

static void
each_maximal_subpart_becomes_one_replacement(void **state)
{
    /* The example of Unicode 15, table 3-8. */
    repairs("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", 13,
            "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
}

static void
overlong_forms_surrogates_and_nul_are_replaced(void **state)
{
    repairs("\xC0\xAE", 2, "\uFFFD\uFFFD");
    repairs("\xED\xA0\x80", 3, "\uFFFD\uFFFD\uFFFD");
    repairs("\xF4\x90\x80\x80", 4, "\uFFFD\uFFFD\uFFFD\uFFFD");
    repairs("a\0b", 3, "a\uFFFDb");
    repairs("сөз", strlen("сөз"), "сөз");
    repairs("\xD0", 1, "\uFFFD");
}

static void
every_code_point_survives_a_round_trip(void **state)
{
    for (uint32_t code_point = 1; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char bytes[4];
        struct span span = {bytes, utf8_encode(code_point, bytes)};
        size_t offset = 0;
        bool valid;
        if (utf8_next(span, &offset, &valid) != code_point || !valid ||
            offset != span.len)
            fail_msg("U+%04X", code_point);
    }
}

static void
surrogates_and_numbers_beyond_unicode_are_never_written(void **state)
{
    char bytes[4];
    assert_int_equal(utf8_encode(0xD800, bytes), 3);
    assert_memory_equal(bytes, "\uFFFD", 3);
    assert_int_equal(utf8_encode(0x110000, bytes), 3);
    assert_memory_equal(bytes, "\uFFFD", 3);
}

static void
counts_are_code_points_and_utf16_units(void **state)
{
    struct span text = span_of("aө\U0001F600");
    assert_int_equal(utf8_count(text), 3);
    assert_int_equal(utf8_utf16_count(text), 4);
}

static void
a_cut_never_splits_a_code_point(void **state)
{
    struct span text = span_of("aө\U0001F600b");
    const size_t expected[] = {0, 1, 1, 3, 3, 3, 3, 7, 8, 8};
    for (size_t max = 0; max < COUNT_OF(expected); max++)
        assert_int_equal(utf8_cut(text, max), expected[max]);
}

static void
columns_are_those_of_a_terminal(void **state)
{
    assert_int_equal(utf8_width(span_of("кароол")), 6);
    assert_int_equal(utf8_width(span_of("中文")), 4);
    assert_int_equal(utf8_width(span_of("e\u0301\u200B")), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_maximal_subpart_becomes_one_replacement),
        cmocka_unit_test(overlong_forms_surrogates_and_nul_are_replaced),
        cmocka_unit_test(every_code_point_survives_a_round_trip),
        cmocka_unit_test(
            surrogates_and_numbers_beyond_unicode_are_never_written),
        cmocka_unit_test(counts_are_code_points_and_utf16_units),
        cmocka_unit_test(a_cut_never_splits_a_code_point),
        cmocka_unit_test(columns_are_those_of_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
