#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding.h"

static const char dictionary[] =
    "terms:\n"
    "  - {id: ky, term: жаз, morphology: ky-verb, role: write}\n"
    "  - {id: ru, term: писать, morphology: ru-verb, role: write}\n"
    "  - {id: who, term: мугалим, morphology: ky-noun, role: who}\n"
    "  - {id: not, term: эмес, role: negation}\n"
    "  - {id: word, term: кат, role: letter}\n"
    "rules:\n"
    "  - {id: call, category: fruit, severity: 5, within: 6,"
    " when: [{role: who}, {role: write, forms: [call]}],"
    " unless: [{role: negation, after: write, within: 2}]}\n"
    "  - {id: neg, category: fruit, severity: 1, within: 6,"
    " when: [{role: who}, {role: write, forms: [negative]}]}\n"
    "  - {id: yes, category: fruit, severity: 2, within: 6,"
    " when: [{role: who}, {role: write}]}\n"
    "  - {id: plain, category: tree, severity: 3, within: 2,"
    " when: [{role: letter, forms: [plain]}]}\n";

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
a_part_takes_the_forms_that_its_rule_names(void **state)
{
    finds(&fixture, "мугалим жазгыла",
          "call/5/inflected[мугалим жазгыла] "
          "yes/2/inflected[мугалим жазгыла]");
    finds(&fixture, "мугалим жазыш керек",
          "call/5/inflected[мугалим жазыш керек] "
          "yes/2/inflected[мугалим жазыш керек]");
    finds(&fixture, "мугалим жазды", "yes/2/inflected[мугалим жазды]");
    finds(&fixture, "мугалим пишите",
          "call/5/inflected[мугалим пишите] yes/2/inflected[мугалим пишите]");
    finds(&fixture, "мугалим писал", "yes/2/inflected[мугалим писал]");
}

static void
forms_that_say_no_are_taken_only_where_asked(void **state)
{
    finds(&fixture, "мугалим жазба", "neg/1/inflected[мугалим жазба]");
    finds(&fixture, "мугалим жазбаш керек",
          "neg/1/inflected[мугалим жазбаш керек]");
    finds(&fixture, "мугалим не писал", "neg/1/inflected[мугалим не писал]");
}

static void
a_negation_before_does_not_soften_what_comes_after_it(void **state)
{
    finds(&fixture, "мугалим адам эмес, жазыш керек",
          "call/5/inflected[мугалим адам эмес, жазыш керек] "
          "yes/2/inflected[мугалим адам эмес, жазыш керек]");
}

static void
words_around_say_whether_a_form_is_a_call(void **state)
{
    finds(&fixture, "мугалим надо писать",
          "call/5/exact[мугалим надо писать] yes/2/exact[мугалим надо писать]");
}

static void
a_call_is_one_in_disguise(void **state)
{
    finds(&fixture, "мугалим жaзыш к*рек",
          "call/5/disguised[мугалим жaзыш к*рек] "
          "yes/2/disguised[мугалим жaзыш к*рек]");
}

static void
a_word_without_grammar_is_plain(void **state)
{
    finds(&fixture, "кат", "plain/3/exact[кат]");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_takes_the_forms_that_its_rule_names),
        cmocka_unit_test(forms_that_say_no_are_taken_only_where_asked),
        cmocka_unit_test(a_negation_before_does_not_soften_what_comes_after_it),
        cmocka_unit_test(words_around_say_whether_a_form_is_a_call),
        cmocka_unit_test(a_call_is_one_in_disguise),
        cmocka_unit_test(a_word_without_grammar_is_plain),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
