#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "finding.h"

/* Placeholder words again. Helpers have roles alone; pear flags by itself. */
static const char dictionary[] =
    "terms:\n"
    "  - {id: here, term: бакча, role: [place, any]}\n"
    "  - {id: long, term: чоң эски бакча, role: place}\n"
    "  - {id: rain, term: жаап, role: [rain, any]}\n"
    "  - {id: snow, term: кар, role: rain}\n"
    "  - {id: must, term: керек, role: must}\n"
    "  - {id: not, term: эмес, role: negation}\n"
    "  - {id: maybe, term: балким, role: doubt}\n"
    "  - {id: said, term: деди, role: quote}\n"
    "  - {id: pear, term: алмурут, category: fruit, severity: 1}\n"
    "  - {id: apple, term: алма, category: fruit, severity: 3}\n"
    "  - {id: row, term: клумба, role: bed}\n"
    "  - {id: sow, term: сажать розы, morphology: ru-verb, role: sow}\n"
    "  - {id: both, term: анар, category: fruit, severity: 2, role: rain}\n"
    "rules:\n"
    "  - {id: near, category: tree, severity: 3, within: 2,"
    " when: [{role: place}, {role: rain}],"
    " unless: [{role: negation, within: 1}, {role: doubt, then: lower},"
    " {role: quote, before: place, within: 1}]}\n"
    "  - {id: order, category: tree, severity: 5, within: 3,"
    " order: as_written, when: [{role: rain}, {role: must}],"
    " unless: [{role: negation, after: must, within: 1}]}\n"
    "  - {id: same, category: tree, severity: 4, within: 9,"
    " same_sentence: true, when: [{role: any}, {role: any}, {role: must}]}\n"
    "  - {id: alone, category: tree, severity: 2, only_lang: [ru],"
    " when: [{id: maybe}]}\n"
    "  - {id: call, category: tree, severity: 3, within: 3,"
    " when: [{role: sow, forms: [call]}, {role: bed}]}\n"
    "  - {id: told, category: tree, severity: 1, within: 3,"
    " when: [{role: sow, forms: [report]}, {role: bed}]}\n"
    "  - {id: lift, raise: 4, within: 1,"
    " when: [{category: fruit, severity: [1, 2]}, {role: quote}],"
    " unless: [{role: negation}]}\n";

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
within_counts_the_words_between_first_and_last(void **state)
{
    finds(&fixture, "бакча бир эки жаап", "near/3/exact[бакча бир эки жаап]");
    finds(&fixture, "бакча бир эки үч жаап", "");
    finds(&fixture, "жаап-бир, эки: бакча",
          "near/3/exact[жаап-бир, эки: бакча]");
}

static void
a_part_of_several_words_is_near_by_its_end(void **state)
{
    /* "бакча" alone is as near, and shorter. */
    finds(&fixture, "чоң эски бакча кар", "near/3/exact[бакча кар]");
    finds(&fixture, "кар бир эки чоң эски бакча",
          "near/3/exact[кар бир эки чоң эски бакча]");
}

/* Whichever of its words the grammar inflects. */
static void
a_part_of_several_words_is_of_the_kind_of_its_verb(void **state)
{
    finds(&fixture, "сажайте розы, клумба",
          "call/3/inflected[сажайте розы, клумба]");
    finds(&fixture, "надо сажать розы, клумба",
          "call/3/exact[сажать розы, клумба]");
    finds(&fixture, "сажали розы, клумба",
          "told/1/inflected[сажали розы, клумба]");
    finds(&fixture, "сажают розы, клумба", "");
}

static void
one_word_fills_one_part(void **state)
{
    finds(&fixture, "бакча керек", "");
    finds(&fixture, "бакча бакча керек", "same/4/exact[бакча бакча керек]");
    finds(&fixture, "жаап керек бакча",
          "order/5/exact[жаап керек] same/4/exact[жаап керек бакча] "
          "near/3/exact[жаап керек бакча]");
}

static void
the_shortest_stretch_is_reported_and_none_overlaps(void **state)
{
    finds(&fixture, "бакча бакча кар", "near/3/exact[бакча кар]");
    finds(&fixture, "бакча кар бакча", "near/3/exact[бакча кар]");
    finds(&fixture, "бакча кар кар бакча",
          "near/3/exact[бакча кар] near/3/exact[кар бакча]");
}

static void
order_counts_only_where_it_is_asked_for(void **state)
{
    finds(&fixture, "кар керек", "order/5/exact[кар керек]");
    finds(&fixture, "керек кар", "");
    finds(&fixture, "керек кар керек", "order/5/exact[кар керек]");
}

static void
a_sentence_ends_in_a_mark_and_a_blank_or_a_line(void **state)
{
    const char both[] = "order/5/exact[%s] near/3/exact[бакча жаап]";
    finds(&fixture, "бакча жаап керек",
          "order/5/exact[жаап керек] same/4/exact[бакча жаап керек] "
          "near/3/exact[бакча жаап]");
    finds(&fixture, "бакча жаап.керек 3.5",
          "order/5/exact[жаап.керек] same/4/exact[бакча жаап.керек] "
          "near/3/exact[бакча жаап]");
    static const char *const ends[] = {". ",  "! ", "?\u00A0",
                                       "…\t", "\n", ".» "};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char text[100], match[100], expected[200];
        snprintf(text, sizeof(text), "бакча жаап%sкерек", ends[i]);
        snprintf(match, sizeof(match), "жаап%sкерек", ends[i]);
        snprintf(expected, sizeof(expected), both, match);
        finds(&fixture, text, expected);
    }
}

static void
unless_looks_where_it_says(void **state)
{
    finds(&fixture, "бакча эмес жаап", "");
    finds(&fixture, "бакча жаап бир эмес", "");
    finds(&fixture, "бакча жаап бир эки эмес", "near/3/exact[бакча жаап]");
    /* before the place, not behind it, and not before the rain alone */
    finds(&fixture, "деди бакча жаап", "");
    finds(&fixture, "бакча жаап деди", "near/3/exact[бакча жаап]");
    finds(&fixture, "деди, бир эки бакча жаап", "near/3/exact[бакча жаап]");
    /* after `must` only; from 4 on it lowers */
    finds(&fixture, "кар керек эмес", "order/2/exact~negation[кар керек]");
    finds(&fixture, "кар эмес керек", "order/5/exact[кар эмес керек]");
}

static void
dropping_goes_before_lowering(void **state)
{
    finds_in(&fixture, "балким бакча жаап", "ky",
             "near/2/exact~doubt[бакча жаап]");
    finds_in(&fixture, "балким бакча жаап эмес", "ky", "");
    finds_in(&fixture, "эмес бакча жаап балким", "ky", "");
}

static void
a_rule_of_one_part_needs_no_within(void **state)
{
    finds_in(&fixture, "балким", "ru", "alone/2/exact[балким]");
    finds_in(&fixture, "балким", "", "alone/2/exact[балким]");
    finds_in(&fixture, "балким", "ky", "");
}

static void
raising_lifts_the_words_it_selects_and_no_others(void **state)
{
    finds(&fixture, "алмурут деди", "pear/4/exact[алмурут]");
    finds(&fixture, "алма деди", "apple/3/exact[алма]"); /* severity 3 */
    finds(&fixture, "алмурут деди эмес", "pear/1/exact[алмурут]");
    finds(&fixture, "алмурут деди алмурут",
          "pear/4/exact[алмурут] pear/1/exact[алмурут]");
}

static void
a_word_with_a_category_flags_beside_its_rule(void **state)
{
    finds(&fixture, "бакча анар",
          "near/3/exact[бакча анар] both/2/exact[анар]");
    /* `unless` takes away the rule's match alone. */
    finds(&fixture, "бакча анар эмес", "both/2/exact[анар]");
}

static void
an_exception_hides_a_word_from_rules(void **state)
{
    struct finding other;
    assert_true(finding_new(
        &other, "terms:\n"
                "  - {id: here, term: бакча, role: place,"
                " except: [бала бакча]}\n"
                "  - {id: rain, term: жаап, role: rain}\n"
                "rules:\n"
                "  - {id: near, category: tree, severity: 3, within: 2,"
                " when: [{role: place}, {role: rain}]}\n"));
    finds(&other, "бакча жаап", "near/3/exact[бакча жаап]");
    finds(&other, "бала бакча жаап", "");
    finding_done(&other);
}

static void
a_long_term_before_a_far_word_is_still_near(void **state)
{
    struct finding other;
    assert_true(finding_new(
        &other, "terms:\n"
                "  - {id: whole, term: бир эки үч, role: place}\n"
                "  - {id: inner, term: эки, role: place}\n"
                "  - {id: rain, term: жаап, role: rain}\n"
                "rules:\n"
                "  - {id: near, category: tree, severity: 3, within: 1,"
                " when: [{role: place}, {role: rain}]}\n"));
    /* "эки" is two words away, "бир эки үч" one. */
    finds(&other, "бир эки үч төрт жаап", "near/3/exact[бир эки үч төрт жаап]");
    finding_done(&other);
}

static void
a_long_text_of_softened_rules_takes_linear_time(void **state)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    for (int i = 0; i < 60000; i++)
        buffer_append_text(&text, "бакча жаап эмес ");
    clock_t start = clock();
    finds(&fixture, buffer_text(&text), "");
    assert_true(clock() - start < 10 * CLOCKS_PER_SEC); /* was minutes */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_counts_the_words_between_first_and_last),
        cmocka_unit_test(a_part_of_several_words_is_near_by_its_end),
        cmocka_unit_test(a_part_of_several_words_is_of_the_kind_of_its_verb),
        cmocka_unit_test(one_word_fills_one_part),
        cmocka_unit_test(the_shortest_stretch_is_reported_and_none_overlaps),
        cmocka_unit_test(order_counts_only_where_it_is_asked_for),
        cmocka_unit_test(a_sentence_ends_in_a_mark_and_a_blank_or_a_line),
        cmocka_unit_test(unless_looks_where_it_says),
        cmocka_unit_test(dropping_goes_before_lowering),
        cmocka_unit_test(a_rule_of_one_part_needs_no_within),
        cmocka_unit_test(raising_lifts_the_words_it_selects_and_no_others),
        cmocka_unit_test(a_word_with_a_category_flags_beside_its_rule),
        cmocka_unit_test(an_exception_hides_a_word_from_rules),
        cmocka_unit_test(a_long_term_before_a_far_word_is_still_near),
        cmocka_unit_test(a_long_text_of_softened_rules_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
