#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "event_view.h"
#include "utf8.h"

#define HEAD                                                                   \
    "{\"schema\":\"karool.flagged/1\",\"id\":\"e1\","                          \
    "\"flagged_at\":\"2026-11-23T10:00:05Z\",\"severity\":4,"                  \
    "\"categories\":[\"fruit\",\"tree\"],\"matches_total\":1,"
#define POST(text)                                                             \
    ",\"post\":{\"id\":\"n:1\",\"source\":\"garden\","                         \
    "\"url\":\"https://example.org/1\",\"text\":\"" text "\"}}"
#define TERM(bytes)                                                            \
    "{\"entry\":\"t-apple\",\"kind\":\"term\",\"category\":\"fruit\","         \
    "\"severity\":4,\"gloss\":\"an apple\",\"review\":\"confirmed\","          \
    "\"field\":\"text\",\"text\":\"aлма\",\"bytes\":" bytes                    \
    ",\"form\":\"disguised\",\"through\":[\"homoglyph\",\"invisible\"]}"

static const char term_event[] =
    HEAD "\"matches\":[" TERM("[7,14]") "]" POST("бул aлма экен");

static const char rule_event[] = HEAD
    "\"matches\":[{\"entry\":\"r-gift\",\"kind\":\"rule\",\"gloss\":\"a gift\","
    "\"review\":\"draft\",\"softened_by\":\"negation\",\"field\":\"text\","
    "\"text\":\"дарит ей тюльпан\",\"bytes\":[0,30],\"form\":\"exact\","
    "\"parts\":["
    "{\"entry\":\"t-gives\",\"role\":\"giver\",\"text\":\"дарит\","
    "\"form\":\"exact\"},"
    "{\"entry\":\"t-tulip\",\"role\":\"flower\",\"text\":\"тюльпан\","
    "\"form\":\"disguised\",\"through\":[\"homoglyph\"]}]}]" POST(
        "дарит ей тюльпан");

static void
draw(struct buffer *out, const char *event, unsigned width, bool colour)
{
    buffer_clear(out);
    event_view(out, span_of(event), width, colour);
    assert_true(buffer_ok(out));
}

static void
holds(const struct buffer *out, const char *words)
{
    if (!strstr(buffer_text(out), words))
        fail_msg("no \"%s\" in:\n%s", words, buffer_text(out));
}

static void
a_person_sees_what_was_found_where_and_why(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    draw(&out, term_event, 160, false);
    assert_string_equal(
        buffer_text(&out),
        "severity 4  fruit, tree  garden  10:00:05\n"
        "  бул [aлма] экен\n"
        "  why: \u201Caлма\u201D disguised: look-alike letters, invisible "
        "characters; term t-apple, an apple\n"
        "  https://example.org/1\n"
        "\n");
}

static void
a_rule_tells_its_parts_and_what_lowered_it(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    draw(&out, rule_event, 200, false);
    holds(&out, "  [дарит ей тюльпан]\n");
    holds(&out, "why: \u201Cдарит\u201D is giver + \u201Cтюльпан\u201D is "
                "flower (disguised: look-alike letters); rule r-gift, a gift; "
                "lowered because of negation (draft)\n");
}

static void
colour_marks_instead_of_brackets(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    draw(&out, term_event, 160, false);
    assert_null(strchr(buffer_text(&out), '\033'));
    draw(&out, term_event, 160, true);
    assert_null(strstr(buffer_text(&out), "[aлма]"));
    holds(&out, "бул \033[1;7maлма\033[0m экен");
}

static void
no_line_is_wider_than_the_terminal(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    const char *const events[] = {term_event, rule_event};
    for (size_t i = 0; i < COUNT_OF(events); i++)
        for (unsigned width = 20; width < 130; width++) {
            draw(&out, events[i], width, false);
            const char *line = buffer_text(&out);
            for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
                struct span whole = {line, (size_t)(end - line)};
                if (utf8_width(whole) > width)
                    fail_msg("%u columns: %.*s", width, SPAN_ARGS(whole));
            }
        }
}

static void
a_long_text_is_shown_from_shortly_before_the_match(void **state)
{
    CLEANUP(buffer_done) struct buffer event = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    buffer_append_text(&event,
                       HEAD "\"matches\":[" TERM(
                           "[8000,8007]") "],\"post\":{\"id\":\"n:1\","
                                          "\"source\":\"garden\",\"text\":\"");
    for (int i = 0; i < 1000; i++)
        buffer_append_text(&event, "сөз "); /* 7 bytes */
    for (int i = 0; i < 1000; i++)
        buffer_append_byte(&event, '.');
    buffer_append_text(&event, "aлма экен\"}}");
    draw(&out, buffer_text(&event), 80, false);
    holds(&out, "[aлма]");
    holds(&out, "  \u2026 ");
    assert_true(buffer_span(&out).len < 1000);
}

static void
a_text_cannot_steer_the_terminal(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    draw(&out,
         HEAD "\"matches\":[" TERM("[0,7]") "]" POST(
             "aлма \\u001b[2J\\u202e\\u0007"),
         80, true);
    holds(&out, "aлма");
    assert_null(strstr(buffer_text(&out), "\033[2J"));
    assert_null(strstr(buffer_text(&out), "\u202E"));
    assert_null(strchr(buffer_text(&out), '\a'));
    buffer_clear(&out);
    event_line(&out, span_of("{\"matches\":[],\"post\":{\"id\":\"\\u001b[2J\"}"
                             "}"));
    assert_null(strchr(buffer_text(&out), '\033'));
}

static void
offsets_that_do_not_fit_mark_nothing(void **state)
{
    static const char *const events[] = {
        HEAD "\"matches\":[" TERM("[7,999]") "]" POST("бул aлма экен"),
        HEAD "\"matches\":[" TERM("[-1,7]") "]" POST("бул aлма экен"),
        HEAD "\"matches\":[" TERM("[9,7]") "]" POST("бул aлма экен"),
        HEAD "\"matches\":[" TERM("[7]") "]" POST("бул aлма экен"),
        HEAD "\"matches\":[" TERM("\"x\"") "]" POST("бул aлма экен"),
    };
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        draw(&out, events[i], 80, false);
        assert_null(strchr(buffer_text(&out), '['));
        holds(&out, "t-apple");
    }
}

static void
what_is_no_event_is_told_in_a_line(void **state)
{
    static const char *const events[] = {
        "", "null", "[]", "{", "{\"matches\":", "{\"post\":{}}", "алма"};
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        draw(&out, events[i], 80, false);
        holds(&out, "an event that cannot be read");
        assert_ptr_equal(strchr(buffer_text(&out), '\n'),
                         buffer_text(&out) + buffer_span(&out).len - 1);
        buffer_clear(&out);
        event_line(&out, span_of(events[i]));
        holds(&out, "an event that cannot be read");
        assert_null(strchr(buffer_text(&out), '\n'));
    }
}

static void
a_log_line_says_why_masks_the_words_and_tells_no_text(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    event_line(&out, span_of(term_event));
    assert_null(strstr(buffer_text(&out), "an apple"));
    assert_string_equal(buffer_text(&out),
                        "severity 4 fruit,tree: \u201Ca***\u201D disguised: "
                        "look-alike letters, invisible characters; term "
                        "t-apple; post n:1; event e1");
    buffer_clear(&out);
    event_line(&out, span_of(rule_event));
    assert_null(strstr(buffer_text(&out), "тюльпан"));
    assert_null(strstr(buffer_text(&out), "дарит"));
    holds(&out, "\u201Cд****\u201D is giver + \u201Cт******\u201D is flower "
                "(disguised: look-alike letters); rule r-gift; lowered because "
                "of negation; post n:1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_sees_what_was_found_where_and_why),
        cmocka_unit_test(a_rule_tells_its_parts_and_what_lowered_it),
        cmocka_unit_test(colour_marks_instead_of_brackets),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(a_long_text_is_shown_from_shortly_before_the_match),
        cmocka_unit_test(a_text_cannot_steer_the_terminal),
        cmocka_unit_test(offsets_that_do_not_fit_mark_nothing),
        cmocka_unit_test(what_is_no_event_is_told_in_a_line),
        cmocka_unit_test(a_log_line_says_why_masks_the_words_and_tells_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
