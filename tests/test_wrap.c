#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "wrap.h"

static void
lines_break_at_blanks_and_fit(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    wrap_text(&out, span_of("one two three four five six"), 14, "- ", "  ", 9,
              NULL);
    assert_string_equal(buffer_text(&out),
                        "- one two\n  three four\n  five six\n");
}

static void
a_word_longer_than_the_line_is_cut_between_code_points(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    wrap_text(&out, span_of("аааааааааабббб"), 11, "", "", 9, NULL);
    assert_string_equal(buffer_text(&out), "аааааааааа\nбббб\n");
}

static void
what_does_not_fit_is_told(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    wrap_text(&out, span_of("one two three four"), 9, "", "", 1, NULL);
    assert_string_equal(buffer_text(&out), "one two\u2026\n");
}

static void
marks_go_over_the_end_of_a_line_and_join_when_they_overlap(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    struct wrap_marks marks = {.on = "[", .off = "]", .columns = 1};
    wrap_mark(&marks, 8, 13);
    wrap_mark(&marks, 0, 3);
    wrap_mark(&marks, 4, 9);
    wrap_text(&out, span_of("one two three four"), 12, "", "", 9, &marks);
    assert_string_equal(buffer_text(&out), "[one] [two]\n[three] four\n");
}

static void
a_text_cannot_steer_the_terminal(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    wrap_text(&out, span_of("a\033[2Jb\u202Ec"), 40, "", "", 9, NULL);
    assert_null(strchr(buffer_text(&out), '\033'));
    assert_null(strstr(buffer_text(&out), "\u202E"));
}

/* Each line of any text in any width holds, and nothing gets lost. */
static void
every_line_fits_and_every_letter_is_there(void **state)
{
    static const char *const pieces[] = {"a", "ж",  "本", "\u0301",
                                         " ", "\n", "😀"};
    srand(3);
    for (int round = 0; round < 2000; round++) {
        CLEANUP(buffer_done)
        struct buffer text = {0}, out = {0}, seen = {0}, wanted = {0};
        unsigned width = 12 + (unsigned)rand() % 30;
        for (int i = rand() % 80; i >= 0; i--)
            buffer_append_text(&text, pieces[rand() % 7]);
        wrap_text(&out, buffer_span(&text), width, "", "", 1000, NULL);
        for (const char *at = buffer_text(&out); *at;) {
            const char *end = strchr(at, '\n');
            struct span line = {at, (size_t)(end - at)};
            assert_true(utf8_width(line) <= width);
            for (size_t i = 0; i < line.len; i++)
                if (line.at[i] != ' ')
                    buffer_append_byte(&seen, line.at[i]);
            at = end + 1;
        }
        for (size_t i = 0; i < text.len; i++)
            if (text.bytes[i] != ' ' && text.bytes[i] != '\n')
                buffer_append_byte(&wanted, text.bytes[i]);
        assert_string_equal(buffer_text(&seen), buffer_text(&wanted));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_break_at_blanks_and_fit),
        cmocka_unit_test(
            a_word_longer_than_the_line_is_cut_between_code_points),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(
            marks_go_over_the_end_of_a_line_and_join_when_they_overlap),
        cmocka_unit_test(a_text_cannot_steer_the_terminal),
        cmocka_unit_test(every_line_fits_and_every_letter_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
