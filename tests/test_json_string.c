#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json_string.h"
#include "utf8.h"

static struct buffer out;

static int
free_out(void **state)
{
    buffer_done(&out);
    return 0;
}

static void
assert_decoded(const char *source, const char *expected, bool repaired)
{
    buffer_clear(&out);
    assert_int_equal(json_string_decode(&out, span_of(source)), repaired);
    assert_string_equal(buffer_text(&out), expected);
    assert_int_equal(json_string_sound(span_of(source)), !repaired);

    /* Mending and decoding agree on what the characters are. */
    CLEANUP(buffer_done) struct buffer mended = {0};
    json_string_mend(&mended, span_of(source));
    assert_true(json_string_sound(buffer_span(&mended)));
    buffer_clear(&out);
    assert_false(json_string_decode(&out, buffer_span(&mended)));
    assert_string_equal(buffer_text(&out), expected);
}

static void
escapes_stand_for_their_characters(void **state)
{
    assert_decoded("plain", "plain", false);
    assert_decoded("\\\"\\\\\\/\\n\\t\\r\\b\\f", "\"\\/\n\t\r\b\f", false);
    assert_decoded("\\u0436\\u20AC\\uD83D\\uDE00", "ж€😀", false);
    assert_decoded("\\\\u0000", "\\u0000", false);
}

static void
what_is_no_character_becomes_a_replacement(void **state)
{
    assert_decoded("a\\u0000b",
                   "a\uFFFD"
                   "b",
                   true);
    assert_decoded("\\uD83D", "\uFFFD", true);
    assert_decoded("\\uDE00\\uD83D", "\uFFFD\uFFFD", true);
    assert_decoded("\\uD83Dx\\uDE00", "\uFFFDx\uFFFD", true);
    assert_decoded("\\uD83D\\uD83D\\uDE00", "\uFFFD😀", true);
    assert_decoded("\xC0\xAE|\xED\xB8\x80", "\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD",
                   true);
}

/* By characters, as utf8_clean() sees them: what the eight-byte steps of
 * json_string_sound() must agree with, wherever a sequence starts. */
static void
broken_bytes_are_found_at_every_place(void **state)
{
    static const char *const pieces[] = {
        "a",        "\xD0\xB6", "\xD2\xA3",     "\xE2\x82\xAC",
        "\xC1\xBF", "\xC2\x80", "\xDF\xBF",     "\xF0\x9F\x98\x80",
        "\xD0",     "\xB6",     "\xE2\x82",     "\xED\xA0\x80",
        "\xFF",     "\x7F",     "\xD0\xB6\xB6", "\xF4\x90\x80\x80",
    };
    for (size_t before = 0; before < 20; before++)
        for (size_t i = 0; i < COUNT_OF(pieces); i++)
            for (size_t after = 0; after < 20; after++) {
                buffer_clear(&out);
                for (size_t k = 0; k < before; k++)
                    buffer_append_text(&out, k % 3 ? "\xD0\xB6" : "x");
                buffer_append_text(&out, pieces[i]);
                for (size_t k = 0; k < after; k++)
                    buffer_append_text(&out, k % 2 ? "\xD3\xA9" : " ");
                struct span text = buffer_span(&out);
                assert_int_equal(json_string_sound(text), utf8_clean(text));
            }
}

static void
encoding_escapes_what_the_grammar_wants(void **state)
{
    json_string_encode(&out, (struct span){"a\"\\\n\0\x1F\xD0\xB6", 8});
    assert_string_equal(buffer_text(&out), "a\\\"\\\\\\u000a\\u0000\\u001fж");
}

static void
raw_controls_are_escaped_only_inside_of_strings(void **state)
{
    static const char text[] = "{\n\"a\\\"\n\":\t\"\0\x02\"}\n";
    json_string_escape_controls(&out, (struct span){text, sizeof(text) - 1});
    assert_string_equal(buffer_text(&out),
                        "{\n\"a\\\"\\u000a\":\t\"\uFFFD\\u0002\"}\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, free_out)
    const struct CMUnitTest tests[] = {
        TEST(escapes_stand_for_their_characters),
        TEST(what_is_no_character_becomes_a_replacement),
        TEST(broken_bytes_are_found_at_every_place),
        TEST(encoding_escapes_what_the_grammar_wants),
        TEST(raw_controls_are_escaped_only_inside_of_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
