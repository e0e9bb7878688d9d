#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding.h"

static const char dictionary[] =
    "terms:\n"
    "  - {id: tulip, term: тюльпан, lang: ru, morphology: ru-noun,"
    " category: tree, severity: 1}\n"
    "  - {id: garden, term: бакча, lang: ky, morphology: ky-noun,"
    " category: tree, severity: 1}\n"
    "  - {id: divided, term: бөлгөн, lang: ky, category: tree, severity: 1}\n"
    "  - {id: plum, term: өрүк, lang: ky, morphology: ky-noun,"
    " category: tree, severity: 1}\n"
    "  - {id: beardless, term: безбородый, lang: ru, morphology: ru-adj,"
    " category: tree, severity: 1}\n"
    "  - {id: bag, term: сумка, lang: ru, morphology: ru-noun,"
    " category: tree, severity: 1}\n"
    "  - {id: horn, term: рожек, lang: ru, category: tree, severity: 1}\n"
    "  - {id: sheep, term: койса, lang: ky, category: tree, severity: 1}\n"
    "  - {id: blush, term: алея, lang: ru, category: tree, severity: 1}\n"
    "  - {id: lake, term: көлен, lang: ky, category: tree, severity: 1}\n"
    "  - {id: roan, term: каурый, lang: ru, morphology: ru-adj,"
    " category: tree, severity: 1}\n"
    "  - {id: taste, term: вкусить, lang: ru, morphology: ru-verb,"
    " category: tree, severity: 1}\n"
    "  - {id: letter, term: письмо, lang: ru, morphology: ru-noun,"
    " category: tree, severity: 1}\n"
    "  - {id: eaten, term: наеши, lang: ru, category: tree, severity: 1}\n"
    "  - {id: palm, term: пальмовый, lang: ru, morphology: ru-adj,"
    " category: tree, severity: 1}\n"
    "  - {id: birch, term: береза, lang: ru, morphology: ru-noun,"
    " category: tree, severity: 1}\n"
    "  - {id: compare, term: сверить, lang: ru, morphology: ru-verb,"
    " category: tree, severity: 1}\n"
    "  - {id: trala, term: траула, lang: ru, category: tree, severity: 1}\n";

static struct finding fixture;

static int
setup(void **state)
{
    return finding_new(&fixture, dictionary) ? 0 : -1;
}

static int
teardown(void **state)
{
    finding_done(&fixture);
    return 0;
}

static void
a_doubled_letter_is_undone_in_russian(void **state)
{
    finds(&fixture, "вот тюлльпан", "tulip/1/disguised[тюлльпан]");
    finds(&fixture, "вот тюльпаан", "tulip/1/disguised[тюльпаан]");
    finds(&fixture, "вот ттюльпаном", "tulip/1/disguised[ттюльпаном]");
}

static void
a_long_vowel_is_another_word_in_kyrgyz(void **state)
{
    finds(&fixture, "бакчаа", "");
    finds(&fixture, "бакчааа", "garden/1/disguised[бакчааа]");
    finds(&fixture, "бакччадан", "garden/1/disguised[бакччадан]");
}

static void
an_ordinary_word_is_itself_where_the_keyboard_has_all_letters(void **state)
{
    finds(&fixture, "орукту", "plum/1/disguised[орукту]");
    finds(&fixture, "болгон", "");
    finds(&fixture, "күндө болгондо", "");
}

static void
an_accent_on_a_letter_hides_it(void **state)
{
    finds(&fixture, "бак\u0301ча", "garden/1/disguised[бак\u0301ча]");
}

static void
a_word_that_is_known_is_no_other_word_disguised(void **state)
{
    finds(&fixture, "аллея салынды", "");
    finds(&fixture, "без бороды", "");
    finds(&fixture, "вот безбо роды", "beardless/1/disguised[безбо роды]");
    /* Without Kyrgyz letters around, with them, and beginning as a frequent
     * one does. */
    finds(&fixture, "вот бөлгон", "divided/1/disguised[бөлгон]");
    finds(&fixture, "болгондор", "");
    finds(&fixture, "он вставал с колен и не мог так", "");
    finds(&fixture, "бул колен", "lake/1/disguised[колен]");
}

static void
a_number_behind_a_word_is_not_cut_in_two(void **state)
{
    finds(&fixture, "тюльпан4024", "tulip/1/exact[тюльпан]");
    finds(&fixture, "тюльпан4", "tulip/1/disguised[тюльпан4]");
}

static void
dots_that_hide_a_frequent_word_hide_no_term(void **state)
{
    finds(&fixture, "прошли су..ки", "");
    finds(&fixture, "все с..мками увешаны", "bag/1/disguised[с..мками]");
    finds(&fixture, "все с*мки", "bag/1/disguised[с*мки]");
    finds(&fixture, "тра-ла-ла", "");
}

static void
look_alikes_that_show_a_word_leave_no_other(void **state)
{
    finds(&fixture, "из Рoccии", "");
    finds(&fixture, "вот poжек", "horn/1/disguised[poжек]");
}

static void
letters_of_any_alphabet_and_style_are_read(void **state)
{
    finds(&fixture, "вот 𝐭𝐲𝐮𝐥𝐩𝐚𝐧", "tulip/1/disguised[𝐭𝐲𝐮𝐥𝐩𝐚𝐧]");
    finds(&fixture, "вот ᴛюᴫьᴨᴀʜ", "tulip/1/disguised[ᴛюᴫьᴨᴀʜ]");
    finds(&fixture, "вот тюльпꓮн", "tulip/1/disguised[тюльпꓮн]");
    finds(&fixture, "вот тюльп𐊠н", "tulip/1/disguised[тюльп𐊠н]");
    finds(&fixture, "вот тюльпᗅн", "tulip/1/disguised[тюльпᗅн]");
    finds(&fixture, "вот рож𝛄", "");
}

static void
an_abbreviation_is_no_word_by_its_sound(void **state)
{
    finds(&fixture, "ТЮЛьpan", "tulip/1/disguised[ТЮЛьpan]");
    finds(&fixture, "ТЮЛьPAN", "");
    finds(&fixture, "бул KOICA, KOICAнын", "");
    finds(&fixture, "бул koisa", "sheep/1/disguised[koisa]");
}

static void
a_word_goes_on_behind_the_end_of_a_line(void **state)
{
    finds(&fixture, "вот тюль-\nпан", "tulip/1/disguised[тюль-\nпан]");
    finds(&fixture, "вот тюльп\nан", "tulip/1/disguised[тюльп\nан]");
    finds(&fixture, "без\nбороды", "");
}

static void
letters_apart_need_not_be_apart_alike_where_one_is_a_sign(void **state)
{
    finds(&fixture, "вот т ю л ь п @ н", "tulip/1/disguised[т ю л ь п @ н]");
    finds(&fixture, "t y u l p a n", "tulip/1/disguised[t y u l p a n]");
    finds(&fixture, "т🌷ю🌸л🌷ь🌷п🌷а🌷н", "tulip/1/disguised[т🌷ю🌸л🌷ь🌷п🌷а🌷н]");
    finds(&fixture, "вот [т]юльпан", "tulip/1/disguised[[т]юльпан]");
    finds(&fixture, "ттююллььппаанн", "tulip/1/disguised[ттююллььппаанн]");
    finds(&fixture, "вот т_ю_ю_ю_л_ь_п_а_н",
          "tulip/1/disguised[т_ю_ю_ю_л_ь_п_а_н]");
    finds(&fixture, "вот т~*~л~ь~п~а~н", "tulip/1/disguised[т~*~л~ь~п~а~н]");
    finds(&fixture, "s~h~o~r~o", "");
}

static void
latin_letters_that_spell_another_word_spell_no_term(void **state)
{
    finds(&fixture, "bul kayra ishtedi", "");
    finds(&fixture, "вот pismo", "letter/1/disguised[pismo]"); /* писмо */
    finds(&fixture, "вот kauryy", "roan/1/disguised[kauryy]");
    finds(&fixture, "bala menen vkusil kayra", "taste/1/disguised[vkusil]");
}

static void
words_that_russian_shares_with_turkish_tell_no_language(void **state)
{
    finds(&fixture, "nu i gde tut tulpany?", "tulip/1/disguised[tulpany]");
    finds(&fixture, "bir varmis bir yokmus, evvel zaman icinde tulpan", "");
}

static void
a_digit_goes_on_with_a_latin_word(void **state)
{
    finds(&fixture, "вот tulpany4", "");
    finds(&fixture, "вот tulpany42", "tulip/1/disguised[tulpany]");
}

static void
signs_that_divide_alike_hide_nothing(void **state)
{
    finds(&fixture, "тю-ь-а-н", "");
    finds(&fixture, "вот в %s и %s", "");
    finds(&fixture, "вот тю-ьпан", "tulip/1/disguised[тю-ьпан]");
}

static void
syllables_are_divided_alike_and_are_no_words(void **state)
{
    finds(&fixture, "вот тюль-па-на-ми", "tulip/1/disguised[тюль-па-на-ми]");
    finds(&fixture, "вот тюль.па.ном", "tulip/1/disguised[тюль.па.ном]");
    finds(&fixture, "вот бе ре за", "birch/1/disguised[бе ре за]");
    finds(&fixture, "вот бе ре-за", "");
    finds(&fixture, "тра ла ла", "");
    finds(&fixture, "вот бере-за", "birch/1/disguised[бере-за]");
    finds(&fixture, "вот Бере-За", "");
}

static void
dots_between_words_hide_and_divide_nothing(void **state)
{
    finds(&fixture, "вот бе..за", "birch/1/disguised[бе..за]");
    finds(&fixture, "вот бер..за", "");
    finds(&fixture, "вот бере...за", "");
    finds(&fixture, "вот бере,за", "");
    finds(&fixture, "вот б..реза", "birch/1/disguised[б..реза]");
    finds(&fixture, "вот тюл.-ан", "");
    finds(&fixture, "все с..ки", ""); /* сроки, снимки */
}

static void
a_star_hides_no_term_where_a_frequent_word_fits(void **state)
{
    finds(&fixture, "вот сум*а", ""); /* сумма */
    finds(&fixture, "вот сум*ами", "bag/1/disguised[сум*ами]");
    finds(&fixture, "вот р*жек", "horn/1/disguised[р*жек]");
    finds(&fixture, "все ал*я", ""); /* аллея, алия */
    finds(&fixture, "вот б*р*зе", "birch/1/disguised[б*р*зе]");
    finds(&fixture, "вот с*мк*ми", "bag/1/disguised[с*мк*ми]");
}

static void
a_piece_of_a_word_that_goes_on_is_none(void **state)
{
    finds(&fixture, "вот с*у*м*к*а*м", "bag/1/disguised[с*у*м*к*а*м]");
    finds(&fixture, "вот с*мка*ч*и*к", "");
    finds(&fixture, "вот м*о*с*мка", "");
    finds(&fixture, "вот с_мка_ч_и_к", "");
}

static void
a_number_hides_nothing(void **state)
{
    finds(&fixture, "раствор 0,1%-мовый", "");
    finds(&fixture, "ударения на 3, 6 и", "");
    finds(&fixture, "вот пал%мовый", "palm/1/disguised[пал%мовый]");
    finds(&fixture, "вот па%%мовый", "palm/1/disguised[па%%мовый]");
}

static void
vowels_that_endings_double_are_another_form(void **state)
{
    finds(&fixture, "вот сверяяся", "");
    finds(&fixture, "вот березее", "");
    finds(&fixture, "вот береезе", "birch/1/disguised[береезе]");
}

static void
latin_letters_among_cyrillic_ones_are_no_abbreviation(void **state)
{
    finds(&fixture, "вот ТЮЛьpan", "tulip/1/disguised[ТЮЛьpan]");
    finds(&fixture, "вот ТЮЛЬPAN", "tulip/1/disguised[ТЮЛЬPAN]");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_doubled_letter_is_undone_in_russian),
        cmocka_unit_test(a_long_vowel_is_another_word_in_kyrgyz),
        cmocka_unit_test(
            an_ordinary_word_is_itself_where_the_keyboard_has_all_letters),
        cmocka_unit_test(an_accent_on_a_letter_hides_it),
        cmocka_unit_test(a_word_that_is_known_is_no_other_word_disguised),
        cmocka_unit_test(a_number_behind_a_word_is_not_cut_in_two),
        cmocka_unit_test(dots_that_hide_a_frequent_word_hide_no_term),
        cmocka_unit_test(look_alikes_that_show_a_word_leave_no_other),
        cmocka_unit_test(letters_of_any_alphabet_and_style_are_read),
        cmocka_unit_test(an_abbreviation_is_no_word_by_its_sound),
        cmocka_unit_test(latin_letters_that_spell_another_word_spell_no_term),
        cmocka_unit_test(
            words_that_russian_shares_with_turkish_tell_no_language),
        cmocka_unit_test(a_digit_goes_on_with_a_latin_word),
        cmocka_unit_test(signs_that_divide_alike_hide_nothing),
        cmocka_unit_test(syllables_are_divided_alike_and_are_no_words),
        cmocka_unit_test(dots_between_words_hide_and_divide_nothing),
        cmocka_unit_test(a_star_hides_no_term_where_a_frequent_word_fits),
        cmocka_unit_test(a_piece_of_a_word_that_goes_on_is_none),
        cmocka_unit_test(a_number_hides_nothing),
        cmocka_unit_test(vowels_that_endings_double_are_another_form),
        cmocka_unit_test(latin_letters_among_cyrillic_ones_are_no_abbreviation),
        cmocka_unit_test(a_word_goes_on_behind_the_end_of_a_line),
        cmocka_unit_test(
            letters_apart_need_not_be_apart_alike_where_one_is_a_sign),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
