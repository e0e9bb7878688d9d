#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "known_words.h"

static void
words_of_four_languages_are_known(void **state)
{
    static const char *const words[] = {
        "окууну", "калаасында", "түнкү",   "Болгондор", "учащихся",
        "АЛЛЕЯ",  "коррупция",  "запятых", "Ёлка",      "flowers",
        "Kyrgyz", "çiçekler",   "country", "кезинде"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (!known_word(span_of(words[i])))
            fail_msg("%s is not known", words[i]);
}

/* One in 7,000 is, by chance. */
static void
what_is_no_word_is_not(void **state)
{
    static const char *const others[] = {
        "",         "кол",   "тюлльпан", "көбллөк", "qwrtzp",
        "ромашшка", "нарро", "чымм",     "0123",    "лерибиз"};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (known_word(span_of(others[i])))
            fail_msg("%s is known", others[i]);
}

/* "көбөлөк", "өлтүрүш" on a Russian keyboard. */
static void
what_a_poorer_keyboard_makes_of_a_word_is_none(void **state)
{
    static const char *const poor[] = {"коболок", "олтуруш", "жузум",
                                       "олтургуло"};
    for (size_t i = 0; i < COUNT_OF(poor); i++)
        if (known_word(span_of(poor[i])))
            fail_msg("%s is known", poor[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_four_languages_are_known),
        cmocka_unit_test(what_is_no_word_is_not),
        cmocka_unit_test(what_a_poorer_keyboard_makes_of_a_word_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
