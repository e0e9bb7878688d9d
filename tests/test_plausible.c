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
    " category: tree, severity: 1}\n";

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_doubled_letter_is_undone_in_russian),
        cmocka_unit_test(a_long_vowel_is_another_word_in_kyrgyz),
        cmocka_unit_test(
            an_ordinary_word_is_itself_where_the_keyboard_has_all_letters),
        cmocka_unit_test(an_accent_on_a_letter_hides_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
