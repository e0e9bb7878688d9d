#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding.h"

static const char dictionary[] =
    "terms:\n"
    "  - {id: apple, term: алма, category: fruit, severity: 2,"
    " variants: [alma], except: [кызыл алма, алма 漢, бир алма эки]}\n"
    "  - {id: pear, term: алмурут, category: fruit, severity: 1,"
    " morphology: prefix, forms: [алмурту], except: [алмурут, бал алмурут]}\n"
    "  - {id: plum, term: өрүк, stem: өрүг, category: fruit, severity: 1}\n"
    "  - {id: wood, term: жаңы токой, category: tree, severity: 1,"
    " morphology: prefix, only_lang: [ky, ru]}\n"
    "  - {id: number, term: '1488', category: tree, severity: 1}\n"
    "  - {id: sound, term: コーヒ, category: tree, severity: 1}\n"
    "  - {id: tajik, term: рӯз, category: tree, severity: 1}\n";

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
a_phrase_of_other_scripts_is_compared_letter_by_letter(void **state)
{
    finds(&fixture, "алма 漢", "");
    finds(&fixture, "алма 字", "apple/2/exact[алма]");
}

static void
a_phrase_covers_whole_words_in_any_disguise(void **state)
{
    finds(&fixture, "КЫЗЫЛ АЛМА", "");
    finds(&fixture, "кызыл, алма", "");
    finds(&fixture, "кызыл aлма", "");
    finds(&fixture, "акызыл алма", "apple/2/exact[алма]");
    finds(&fixture, "бир алма эки", "");
    finds(&fixture, "бир алма экинчи", "apple/2/exact[алма]");
    finds(&fixture, "бир алма", "apple/2/exact[алма]");
}

static void
the_word_alone_as_exception_leaves_its_forms(void **state)
{
    finds(&fixture, "алмурут", "");
    finds(&fixture, "алмурутту", "pear/1/inflected[алмурутту]");
    finds(&fixture, "бал алмурутту", "");
    finds(&fixture, "алмурту", "pear/1/inflected[алмурту]");
    finds(&fixture, "алмуртун", "");
}

static void
a_stem_takes_endings_and_the_word_does_not(void **state)
{
    finds(&fixture, "өрүк", "plum/1/exact[өрүк]");
    finds(&fixture, "өрүгүм өрүг",
          "plum/1/inflected[өрүгүм] plum/1/inflected[өрүг]");
    finds(&fixture, "өрүкчү", "");
}

static void
the_last_word_of_several_takes_the_ending(void **state)
{
    finds(&fixture, "жаңы токойдо", "wood/1/inflected[жаңы токойдо]");
    finds(&fixture, "жаңыча токой", "");
    finds(&fixture, "жаңы\u2011токой жаңы\u00A0токой",
          "wood/1/exact[жаңы\u2011токой] wood/1/exact[жаңы\u00A0токой]");
    finds(&fixture, "жаңы - токой жаңы\u2014токой", "");
}

static void
an_unknown_language_is_no_other_language(void **state)
{
    finds_in(&fixture, "жаңы токой", "", "wood/1/exact[жаңы токой]");
    finds_in(&fixture, "жаңы токой", "ru_KG", "wood/1/exact[жаңы токой]");
    finds_in(&fixture, "жаңы токой", "kyx", "");
    finds_in(&fixture, "жаңы токой", "k", "");
}

static void
a_variant_in_the_other_alphabet_is_no_disguise(void **state)
{
    finds(&fixture, "alma алма", "apple/2/exact[alma] apple/2/exact[алма]");
    finds(&fixture, "aлма", "apple/2/disguised[aлма]");
}

static void
styled_digits_are_the_digits(void **state)
{
    finds(&fixture, "1488 14888 l488", "number/1/exact[1488]");
    finds(&fixture, "１488", "number/1/disguised[１488]");
}

static void
letters_without_a_class_are_only_themselves(void **state)
{
    finds(&fixture, "コーヒ", "sound/1/exact[コーヒ]");
    finds(&fixture, "コカヒ コーー", "");
}

static void
capitals_of_rarer_letters_are_the_same_letters(void **state)
{
    finds(&fixture, "рӯз РӮЗ Рӯз",
          "tajik/1/exact[рӯз] tajik/1/exact[РӮЗ] tajik/1/exact[Рӯз]");
    finds(&fixture, "руз РУЗ", "tajik/1/disguised[руз] tajik/1/disguised[РУЗ]");
}

static void
text_ends_where_it_ends(void **state)
{
    finds(&fixture, "алм", "");
    finds(&fixture, "алма", "apple/2/exact[алма]");
    finds(&fixture, "кызыл алм", "");
    finds(&fixture, "\u0301алма\u0301\u200B", "apple/2/exact[алма]");
    finds(&fixture, "алмурут\u0301ту", "pear/1/inflected[алмурут\u0301ту]");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_phrase_of_other_scripts_is_compared_letter_by_letter),
        cmocka_unit_test(a_phrase_covers_whole_words_in_any_disguise),
        cmocka_unit_test(the_word_alone_as_exception_leaves_its_forms),
        cmocka_unit_test(a_stem_takes_endings_and_the_word_does_not),
        cmocka_unit_test(the_last_word_of_several_takes_the_ending),
        cmocka_unit_test(an_unknown_language_is_no_other_language),
        cmocka_unit_test(a_variant_in_the_other_alphabet_is_no_disguise),
        cmocka_unit_test(styled_digits_are_the_digits),
        cmocka_unit_test(letters_without_a_class_are_only_themselves),
        cmocka_unit_test(capitals_of_rarer_letters_are_the_same_letters),
        cmocka_unit_test(text_ends_where_it_ends),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
