#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alphabet.h"
#include "cpu_wide.h"
#include "normalise.h"
#include "utf8.h"

static void
reads(const char *text, const char *expected)
{
    struct reading reading = {0};
    assert_true(normalise(&reading, span_of(text), NULL));
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < reading.count; i++)
        utf8_append(&out, alphabet_letter(reading.letters[i]));
    if (strcmp(buffer_text(&out), expected) != 0)
        fail_msg("%s: '%s', expected '%s'", text, buffer_text(&out), expected);
    reading_done(&reading);
}

static void
a_text_begins_ends_and_is_divided_by_one_separator(void **state)
{
    reads("", " ");
    reads("...", " ");
    reads("бир, эки -- үч", " бир эки уч ");
    reads("  бир\n\nэки  ", " бир эки ");
}

static void
case_and_yo_do_not_matter(void **state)
{
    reads("КАРОЛ Ёлка", " карол елка ");
}

static void
look_alikes_are_read_as_the_letter_they_stand_for(void **state)
{
    reads("кapoл", " карол ");                      /* Latin a, p, o */
    reads("\u03ba\u03b1р\u03bfо\u043b", " карол "); /* Greek */
    reads("HAH BEC", " нан вес ");
    reads("\U0001D5BA\uFF41\u24D0", " а "); /* styled */
}

static void
letters_that_a_keyboard_lacks_are_read_as_those_it_has(void **state)
{
    reads("ң ө ү қ ғ ұ і ә һ", " н о у к г у и а х ");
    reads("ҢӨҮ", " ноу ");
}

static void
of_a_letter_that_is_repeated_one_is_left(void **state)
{
    reads("кароол", " карол ");
    reads("кааа\u200Bар", " кар ");
    reads("кaа Aa", " ка а "); /* Latin ones among them */
    reads("а а", " а а ");
    reads("ии\u0306 и\u0306й йи\u0306", " ий й й ");
}

static void
capitals_in_a_hashtag_begin_words(void **state)
{
    reads("#АкМарал", " ак марал ");
    reads("а#бВгДе", " а б вг де ");
    reads("#АКМарал", " акмарал ");
    reads("АкМарал #а АкМарал", " акмарал а акмарал ");
    reads("#Ак_Марал2Ак", " ак марал2ак ");
}

/* The bytes at which a text's tokens are worth a look. */
static void
looks_at(const char *text, const char *expected)
{
    struct reading reading = {0};
    assert_true(normalise(&reading, span_of(text), NULL));
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < reading.token_count; i++)
        buffer_printf(&out, "%s%u", i ? " " : "", reading.tokens[i]);
    if (strcmp(buffer_text(&out), expected) != 0)
        fail_msg("%s: '%s', expected '%s'", text, buffer_text(&out), expected);
    reading_done(&reading);
}

static void
tokens_that_hold_more_than_cyrillic_letters_are_named(void **state)
{
    looks_at("аб, вг. (де) «жз» – ий!", "");
    looks_at("аб aб а1 1", "5 9 13");
    looks_at("а-б а*б *б б* а.б а..б", "0 6 12 16 20 26");
    looks_at("ab", "0");
    looks_at("", "");
}

static void
each_word_is_named_by_its_first_letter(void **state)
{
    struct reading reading = {0};
    assert_true(normalise(&reading, span_of("..бир, эки"), NULL));
    assert_int_equal(reading.word_count, 2);
    assert_int_equal(reading.words[0], 1);
    assert_int_equal(reading.words[1], 5);
    assert_true(normalise(&reading, span_of(" "), NULL));
    assert_int_equal(reading.word_count, 0);
    reading_done(&reading);
}

static void
what_is_invisible_is_left_out(void **state)
{
    reads("к\u200Bа\u00ADр\u2060о\uFE0F\u0335о\u202Eл\U000E0061", " карол ");
}

static void
marks_make_letters_where_they_do(void **state)
{
    reads("и\u0306од е\u0308ж", " йод еж ");
    reads("йод", " йод ");
    reads("ма\u0301ма", " мама ");
}

static void
digits_stay_digits(void **state)
{
    reads("0 3 6 148", " 0 3 6 148 ");
    reads("б 6 з 3", " б 6 з 3 ");
}

static void
each_letter_knows_where_it_stands(void **state)
{
    struct reading reading = {0};
    struct span text = span_of("«а\u200Bб» 😀в");
    assert_true(normalise(&reading, text, NULL));
    const uint32_t expected[] = {0, 2, 7, 9, 16, 18};
    assert_int_equal(reading.count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(reading.origins[i], expected[i]);
    reading_done(&reading);
}

static void
letters_of_one_script_never_look_alike(void **state)
{
    assert_int_equal(alphabet_class('a'), alphabet_class(0x0430));
    assert_true(alphabet_alike('a', 0x0430));
    assert_true(alphabet_alike(0x0430, 'a'));
    assert_false(alphabet_alike(0x044C, 0x0432)); /* ь, в */
    assert_true(alphabet_alike(0x1D41A, 'a'));
    assert_int_not_equal(alphabet_class(0x043D), alphabet_class(0x043E));
}

static void
every_letter_of_the_languages_has_a_class_of_its_own(void **state)
{
    const char *letters = "абвгдежзийклмнопрстуфхцчшщъыьэюяңөү";
    uint32_t seen[256] = {0};
    struct span span = span_of(letters);
    for (size_t offset = 0; offset < span.len;) {
        bool valid;
        uint32_t letter = utf8_next(span, &offset, &valid);
        uint8_t class = alphabet_class(letter);
        assert_true(class >= LETTER_FIRST);
        if (seen[class])
            fail_msg("U+%04X and U+%04X share a class", letter, seen[class]);
        seen[class] = letter;
    }
}

static int
setup(void **state)
{
    return alphabet_load(NULL) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_begins_ends_and_is_divided_by_one_separator),
        cmocka_unit_test(case_and_yo_do_not_matter),
        cmocka_unit_test(look_alikes_are_read_as_the_letter_they_stand_for),
        cmocka_unit_test(
            letters_that_a_keyboard_lacks_are_read_as_those_it_has),
        cmocka_unit_test(of_a_letter_that_is_repeated_one_is_left),
        cmocka_unit_test(capitals_in_a_hashtag_begin_words),
        cmocka_unit_test(tokens_that_hold_more_than_cyrillic_letters_are_named),
        cmocka_unit_test(each_word_is_named_by_its_first_letter),
        cmocka_unit_test(what_is_invisible_is_left_out),
        cmocka_unit_test(marks_make_letters_where_they_do),
        cmocka_unit_test(digits_stay_digits),
        cmocka_unit_test(each_letter_knows_where_it_stands),
        cmocka_unit_test(letters_of_one_script_never_look_alike),
        cmocka_unit_test(every_letter_of_the_languages_has_a_class_of_its_own),
    };
    cpu_wide_hide(true);
    int failed = cmocka_run_group_tests(tests, setup, NULL);
    cpu_wide_hide(false);
    return failed + cmocka_run_group_tests(tests, setup, NULL);
}
