#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "lattice.h"
#include "spelt.h"
#include "utf8.h"

static int
setup(void **state)
{
    return lattice_load(NULL) ? 0 : -1;
}

static void
frequent_words_are_spelt_in_the_ways_of_many(void **state)
{
    static const char *const spellings[] = {
        "ochen", "ochen'", "chto",    "4to",     "OCHEEEEN", "kayra", "kaira",
        "tseny", "cena",   "shaar",   "bol'she", "bolshe",   "gde",   "tut",
        "Jana",  "jana",   "bishkek", "vsekh",   "vsex",     "eto"};
    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (!spells_frequent(span_of(spellings[i])))
            fail_msg("%s spells none", spellings[i]);
}

static void
what_is_spelt_as_few_would_is_no_frequent_word(void **state)
{
    static const char *const others[] = {"the", "with", "xyzzy", "tulpan",
                                         "",    "-",    "тут",   "çok"};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (spells_frequent(span_of(others[i])))
            fail_msg("%s spells one", others[i]);
}

static void
rare_words_are_known_too(void **state)
{
    assert_true(spells_known(span_of("sklonilas")));
    assert_true(spells_known(span_of("oduvanchik")));
    assert_false(spells_frequent(span_of("oduvanchik")));
    assert_false(spells_known(span_of("oduvanchikk")));
}

/* "as meant, known, another frequent, another known", each as a letter. */
static void
is_beside(const char *word, const char *meant, size_t stem,
          const char *expected)
{
    uint16_t letters[24];
    size_t len = 0;
    bool valid;
    struct span span = span_of(meant);
    for (size_t offset = 0; offset < span.len;)
        letters[len++] = (uint16_t)utf8_next(span, &offset, &valid);
    struct spelt spelt;
    spelt_beside(span_of(word), letters, len, stem, &spelt);
    char found[5] = {spelt.as_meant ? 'm' : '-', spelt.meant_known ? 'k' : '-',
                     spelt.frequent ? 'F' : '-', spelt.known ? 'K' : '-', 0};
    if (strcmp(found, expected) != 0)
        fail_msg("%s for %s: %s, not %s", word, meant, found, expected);
}

static void
a_term_is_weighed_against_other_words(void **state)
{
    is_beside("tulpan", "тюльпан", 7, "----"); /* u for ю: few do */
    is_beside("tyulpan", "тюльпан", 7, "mk--");
    is_beside("kayra", "каура", 4, "--FK");
    is_beside("vybit", "выбыт", 5, "m--K");
}

static void
another_form_of_the_term_is_no_other_word(void **state)
{
    is_beside("ochen", "очень", 4, "mk-K"); /* өчен */
    is_beside("kairady", "кайраду", 5, "----");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequent_words_are_spelt_in_the_ways_of_many),
        cmocka_unit_test(what_is_spelt_as_few_would_is_no_frequent_word),
        cmocka_unit_test(rare_words_are_known_too),
        cmocka_unit_test(a_term_is_weighed_against_other_words),
        cmocka_unit_test(another_form_of_the_term_is_no_other_word),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
