#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#include <cmocka.h>

#include "alphabet.h"
#include "cleanup.h"

static int
setup(void **state)
{
    return alphabet_load(NULL) ? 0 : -1;
}

static void
both_cases_of_a_letter_have_one_class(void **state)
{
    for (uint32_t c = 0; c < 0x110000; c++)
        if (alphabet_class(c) != LETTER_SKIPPED &&
            alphabet_class(alphabet_fold(c)) != alphabet_class(c))
            fail_msg("U+%04X is of class %u, U+%04X of %u", c,
                     alphabet_class(c), alphabet_fold(c),
                     alphabet_class(alphabet_fold(c)));
}

static void
letters_of_one_script_never_share_a_class(void **state)
{
    static const uint32_t alphabets[][2] = {{'a', 'z'}, {0x0430, 0x052F}};
    for (size_t i = 0; i < COUNT_OF(alphabets); i++)
        for (uint32_t a = alphabets[i][0]; a <= alphabets[i][1]; a++)
            for (uint32_t b = a + 1; b <= alphabets[i][1]; b++)
                if (alphabet_fold(a) == a && alphabet_fold(b) == b &&
                    alphabet_class(a) >= LETTER_FIRST &&
                    alphabet_class(a) == alphabet_class(b))
                    fail_msg("U+%04X and U+%04X are one", a, b);
}

static void
look_alikes_share_a_class(void **state)
{
    static const char32_t *const alike[] = {
        U"аaαａ𝐚", U"еeｅ", U"оoοｏ", U"рpρ", U"сcｃ", U"хxχ",
        U"уy",     U"кkκ",  U"нh",    U"тt",  U"вb",   U"мm",
        U"пn",     U"иu",   U"шw",    U"өθø", U"үγ",   U"ңŋ"};
    for (size_t i = 0; i < COUNT_OF(alike); i++)
        for (size_t j = 1; alike[i][j]; j++) {
            uint32_t meant = alike[i][0];
            uint32_t written = alphabet_fold(alike[i][j]);
            if (alphabet_class(meant) != alphabet_class(written) ||
                !alphabet_alike(written, meant))
                fail_msg("U+%04X is not like U+%04X", written, meant);
        }
}

/* By Unicode's names where there is neither decomposition nor confusable. */
static void
letters_with_marks_and_frames_are_those_within(void **state)
{
    static const char32_t *const alike[] = {U"bɓƃ", U"a🅰🅐", U"kƙ"};
    for (size_t i = 0; i < COUNT_OF(alike); i++)
        for (size_t j = 1; alike[i][j]; j++)
            assert_int_equal(alphabet_class(alike[i][0]),
                             alphabet_class(alphabet_fold(alike[i][j])));
}

static void
letters_of_other_languages_stand_for_plain_ones(void **state)
{
    static const char32_t variants[][2] = {
        {U'ҽ', U'е'}, {U'ӧ', U'о'}, {U'ҝ', U'к'}, {U'ӂ', U'ж'}, {U'ѝ', U'и'},
        {U'ѳ', U'ө'}, {U'ԥ', U'п'}, {U'ґ', U'г'}, {U'ҙ', U'з'}, {U'ӈ', U'н'}};
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        assert_int_equal(alphabet_variant(variants[i][0]), variants[i][1]);
        assert_int_equal(alphabet_key(variants[i][0]),
                         alphabet_key(variants[i][1]));
    }
    /* Letters of this language and of its neighbours are themselves. */
    static const char32_t own[] = U"абвгдежзийклмнопрстуфхцчшщъыьэюяөүңқғұіўҳ";
    for (size_t i = 0; own[i]; i++)
        assert_int_equal(alphabet_variant(own[i]), 0);
}

static void
letters_in_another_style_have_a_plain_one(void **state)
{
    assert_int_equal(alphabet_plain(0x1D597), 'r'); /* Fraktur */
    assert_int_equal(alphabet_plain(0xFF12), '2');
    assert_int_equal(alphabet_plain(0x0101), 'a'); /* with a macron */
    assert_int_equal(alphabet_plain(0x0416), 0x0436);
    assert_int_equal(alphabet_plain('R'), 'r');
}

static void
marks_are_part_of_a_cyrillic_letter(void **state)
{
    assert_int_not_equal(alphabet_class(0x0457), alphabet_class('l')); /* ї */
    assert_int_not_equal(alphabet_class(0x0457), alphabet_class('i'));
    assert_int_equal(alphabet_class(0x04CF), alphabet_class('l')); /* ӏ */
}

static void
digits_stand_for_no_letter(void **state)
{
    for (uint32_t digit = '0'; digit <= '9'; digit++)
        for (uint32_t c = 'A'; c < 0x1800; c++)
            if (c != 0xB2 && c != 0xB3 && c != 0xB9) /* small and raised */
                assert_int_not_equal(alphabet_class(c), alphabet_class(digit));
    assert_int_equal(alphabet_class(0xFF18), alphabet_class('8'));
    assert_int_equal(alphabet_class(0x1D7D6), alphabet_class('8'));
    assert_true(alphabet_alike(0xFF18, '8'));
}

static void
letters_of_no_class_are_like_nothing(void **state)
{
    /* A long sound mark of no script and a letter of the Georgian one. */
    assert_int_equal(alphabet_class(0x30FC), LETTER_OTHER);
    assert_int_equal(alphabet_class(0x10D0), LETTER_OTHER);
    assert_false(alphabet_alike(0x30FC, 0x10D0));
    assert_false(alphabet_alike(0x10D0, 0x30FC));
    assert_false(alphabet_alike(0xFE8D, 0x0628)); /* Arabic, another shape */
}

static void
what_shows_nothing_is_skipped(void **state)
{
    static const uint32_t invisible[] = {
        0x0001, 0x001F, 0x007F, 0x0090, 0x00AD,  0x0301, 0x034F,
        0x115F, 0x180E, 0x200B, 0x200D, 0x202E,  0x2060, 0x2066,
        0x20DD, 0x3164, 0xFE0F, 0xFEFF, 0xE0061, 0xE0100};
    for (size_t i = 0; i < COUNT_OF(invisible); i++)
        assert_int_equal(alphabet_class(invisible[i]), LETTER_SKIPPED);
    static const uint32_t separators[] = {
        0, '\n', ' ', '-', '_', 0x00A0, 0x0085, 0x2014, 0xFFFD, 0x1F600};
    for (size_t i = 0; i < COUNT_OF(separators); i++)
        assert_int_equal(alphabet_class(separators[i]), LETTER_SEPARATOR);
}

static void
a_mark_makes_a_letter_of_few_letters(void **state)
{
    assert_int_equal(alphabet_compose(0x0438, 0x0306), 0x0439); /* й */
    assert_int_equal(alphabet_compose(0x0435, 0x0308), 0x0435); /* ё is е */
    assert_int_equal(alphabet_compose(0x0430, 0x0301), 0); /* a stress mark */
    assert_int_equal(alphabet_fold(0x0401), 0x0435);
    assert_int_equal(alphabet_fold(0x0419), 0x0439);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_cases_of_a_letter_have_one_class),
        cmocka_unit_test(letters_of_one_script_never_share_a_class),
        cmocka_unit_test(look_alikes_share_a_class),
        cmocka_unit_test(letters_with_marks_and_frames_are_those_within),
        cmocka_unit_test(letters_of_other_languages_stand_for_plain_ones),
        cmocka_unit_test(letters_in_another_style_have_a_plain_one),
        cmocka_unit_test(marks_are_part_of_a_cyrillic_letter),
        cmocka_unit_test(digits_stand_for_no_letter),
        cmocka_unit_test(letters_of_no_class_are_like_nothing),
        cmocka_unit_test(what_shows_nothing_is_skipped),
        cmocka_unit_test(a_mark_makes_a_letter_of_few_letters),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
