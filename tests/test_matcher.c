#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "buffer.h"
#include "matcher.h"

/* Placeholder words: fruit, colours and weather. */
static const char rules_text[] =
    "karool: rules/1\n"
    "terms:\n"
    "  - {id: apple, term: алма, category: fruit, severity: 2,"
    " except: [алма бак, алмалы]}\n"
    "  - {id: pear, term: алмурут, category: fruit, severity: 1,"
    " morphology: prefix, except: [алмурут суусу]}\n"
    "  - {id: red-apple, term: кызыл алма, category: fruit, severity: 3,"
    " variants: [кызылалма]}\n"
    "  - {id: fir, term: ёлка, forms: [ёлки], category: tree, severity: 1}\n"
    "  - {id: plain, term: сокол, category: tree, severity: 1,"
    " disguises: [invisible]}\n"
    "  - {id: wood, term: токой, category: tree, severity: 1,"
    " only_lang: [ky]}\n"
    "  - {id: latin, term: banana, category: fruit, severity: 1}\n"
    "  - {id: saying, term: 'жаз келди, гүл ачты', category: tree,"
    " severity: 1}\n"
    "  - {id: group, term: бакча, role: place}\n"
    "  - {id: group2, term: дарыя, role: place}\n"
    "  - {id: verb, term: жаап, role: rain}\n"
    "  - {id: must, term: керек, role: must}\n"
    "  - {id: not, term: эмес, role: negation}\n"
    "rules:\n"
    "  - {id: storm, category: tree, severity: 5, within: 4,"
    " when: [{role: place}, {role: rain}, {role: must}],"
    " unless: [{role: negation, after: rain, within: 1}]}\n"
    "  - {id: calm, category: tree, severity: 2, within: 2, order: as_written,"
    " same_sentence: true, when: [{role: rain}, {role: place}],"
    " unless: [{role: negation}]}\n"
    "  - {id: lift, raise: 4, within: 2,"
    " when: [{category: fruit, severity: [1, 2]}, {role: must}]}\n";

static struct matcher *matcher;
static struct scanner *scanner;

static int
setup(void **state)
{
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: fruit}\n  - {id: "
                 "tree}\n")},
        {"a.yaml", span_of(rules_text)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    if (rules)
        matcher = matcher_new(rules, diagnostics, &err);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    scanner = scanner_new(&err);
    if (!matcher || !scanner)
        fprintf(stderr, "%s%s\n", buffer_text(&report), err.message);
    return matcher && scanner ? 0 : -1;
}

static int
teardown(void **state)
{
    matcher_unref(matcher);
    scanner_free(scanner);
    return 0;
}

static void
scan(struct matcher_input *input, struct match_list *list)
{
    struct error err = {0};
    if (!matcher_scan(matcher, scanner, input, list, &err))
        fail_msg("%s", err.message);
}

/* "id/severity/form/through[slice]", the gravest first. */
static void
finds_in(const char *text, const char *lang, const char *expected)
{
    static struct matcher_input input;
    input = (struct matcher_input){.fields = {span_of(text)},
                                   .lang = span_of(lang)};
    struct match_list list;
    scan(&input, &list);
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < list.count; i++) {
        const struct match *match = &list.items[i];
        buffer_printf(&out, "%s%s/%d/%s", i ? " " : "",
                      match->term ? match->term->id : match->rule->id,
                      match->severity, match_form_name(match->form));
        for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++)
            if (match->through >> bit & 1)
                buffer_printf(&out, "/%s", disguise_name(bit));
        if (match->softened_by)
            buffer_printf(&out, "~%s", match->softened_by);
        const size_t *bytes = match->extent.bytes;
        buffer_printf(&out, "[%.*s]", (int)(bytes[1] - bytes[0]),
                      text + bytes[0]);
    }
    if (strcmp(buffer_text(&out), expected) != 0)
        fail_msg("%s\n  found: %s\nexpected: %s", text, buffer_text(&out),
                 expected);
}

static void
finds(const char *text, const char *expected)
{
    finds_in(text, "", expected);
}

static void
a_word_is_found_whole_and_in_any_case(void **state)
{
    finds("Бул алма.", "apple/2/exact[алма]");
    finds("АЛМА, АлМа!", "apple/2/exact[АЛМА] apple/2/exact[АлМа]");
    finds("алмаз жалма алма1а а-лма", "");
    finds("алма1, 1алма, алма20245", "apple/2/exact[алма]");
    finds("«алма»", "apple/2/exact[алма]");
    finds("", "");
    finds("алм", "");
    finds("Ёлка елка ЁЛКИ", "fir/1/exact[Ёлка] fir/1/exact[елка] "
                            "fir/1/inflected[ЁЛКИ]");
}

static void
a_prefix_takes_any_ending(void **state)
{
    finds("алмурут алмуруттарды",
          "pear/1/exact[алмурут] pear/1/inflected[алмуруттарды]");
}

static void
several_words_are_divided_by_blanks_or_one_hyphen(void **state)
{
    finds("кызыл  алма", "red-apple/3/exact[кызыл  алма] apple/2/exact[алма]");
    finds("кызыл-алма", "red-apple/3/exact[кызыл-алма] apple/2/exact[алма]");
    finds("кызылалма", "red-apple/3/exact[кызылалма]");
    finds("кызыл\nалма", "red-apple/3/exact[кызыл\nалма] apple/2/exact[алма]");
    finds("кызыл, алма", "apple/2/exact[алма]");
    finds("кызыл--алма", "apple/2/exact[алма]");
    finds("кызыл. алма", "apple/2/exact[алма]");
}

static void
a_mark_in_a_term_stands_for_any_mark_or_none(void **state)
{
    finds("жаз келди, гүл ачты", "saying/1/exact[жаз келди, гүл ачты]");
    finds("Жаз келди – гүл ачты!", "saying/1/exact[Жаз келди – гүл ачты]");
    finds("жаз келди гүл ачты", "saying/1/exact[жаз келди гүл ачты]");
    finds("жаз, келди гүл ачты", "");
}

static void
a_word_for_rules_alone_is_no_match_of_a_new_scanner(void **state)
{
    struct error err = {0};
    CLEANUP(scanner_freep) struct scanner *fresh = scanner_new(&err);
    const struct matcher_input input = {.fields = {span_of("бакча")}};
    struct match_list list;
    assert_true(matcher_scan(matcher, fresh, &input, &list, &err));
    assert_int_equal(list.count, 0);
}

static void
look_alikes_are_undone_and_named(void **state)
{
    finds("бул aлмa экен", "apple/2/disguised/homoglyph[aлмa]");
    finds("бул \u03b1лма", "apple/2/disguised/homoglyph[\u03b1лма]");
    finds("бул \U0001D41Aлма", "apple/2/disguised/homoglyph[\U0001D41Aлма]");
    finds("banana b\u0430nana", "latin/1/exact[banana] "
                                "latin/1/disguised/homoglyph[b\u0430nana]");
    finds("сокол cокол", "plain/1/exact[сокол]"); /* not listed */
}

static void
invisible_characters_are_undone_and_named(void **state)
{
    finds("а\u200Bл\u00ADма", "apple/2/disguised/invisible[а\u200Bл\u00ADма]");
    finds("\u200Bалма\u200B", "apple/2/exact[алма]");
    finds("а\u0301лма", "apple/2/disguised/invisible[а\u0301лма]");
    finds("a\u200Bлма", "apple/2/disguised/homoglyph/invisible[a\u200Bлма]");
    finds("е\u0308лка", "fir/1/exact[е\u0308лка]"); /* ё in two code points */
    finds("токои\u0306", "wood/1/exact[токои\u0306]");
    finds("токои\u200B\u0306", "wood/1/disguised/invisible[токои\u200B\u0306]");
}

static void
ordinary_latin_text_stays_quiet(void **state)
{
    /* "cokol" has only look-alikes of the letters of a term. */
    finds("The cokol and the banan, mail cokol@example.org", "");
    finds("https://example.org/aлма user@aлма.kg www.aлма.kg", "");
    finds("@aлма", "");
    finds("#aлма", "apple/2/disguised/homoglyph[aлма]");
}

static void
exceptions_take_a_hit_away(void **state)
{
    finds("алма бак, алма", "apple/2/exact[алма]");
    finds("алма-бак", "");
    finds("АЛМА БАК", "");
    finds("алма бакта", "apple/2/exact[алма]");
    finds("алмурут суусу алмурут суусун алмуруту",
          "pear/1/inflected[алмуруту]");
}

static void
only_lang_leaves_other_languages_alone(void **state)
{
    finds_in("токой", "ky", "wood/1/exact[токой]");
    finds_in("токой", "ky-KG", "wood/1/exact[токой]");
    finds_in("токой", "ru", "");
    finds_in("токой", "", "wood/1/exact[токой]");
}

static void
a_rule_needs_all_its_parts_close_enough(void **state)
{
    finds("бакча жаап керек", "storm/5/exact[бакча жаап керек]");
    finds("керек, эми бакча жаап", "storm/5/exact[керек, эми бакча жаап]");
    finds("бакча бир эки үч төрт беш жаап керек", "");
    finds("бакча жаап", "");
    finds("бакчa жаап кeрек", "storm/5/disguised/homoglyph[бакчa жаап кeрек]");
}

static void
order_and_sentence_are_kept_where_asked(void **state)
{
    finds("жаап бакча", "calm/2/exact[жаап бакча]");
    finds("бакча жаап", "");
    finds("жаап. Бакча", "");
    finds("жаап.\tБакча жаап!\u202FБакча", "");
    finds("жаап, бакча", "calm/2/exact[жаап, бакча]");
}

static void
the_shortest_matches_are_reported_and_none_overlaps(void **state)
{
    finds("жаап жаап бакча бакча", "calm/2/exact[жаап бакча]");
    finds("жаап бакча жаап дарыя",
          "calm/2/exact[жаап бакча] calm/2/exact[жаап дарыя]");
}

static void
unless_softens_as_the_rule_says(void **state)
{
    finds("бакча жаап эмес керек",
          "storm/2/exact~negation[бакча жаап эмес керек]");
    finds("эмес бакча жаап керек", "storm/5/exact[бакча жаап керек]");
    finds("жаап бакча эмес", "");
}

static void
a_rule_that_raises_lifts_what_it_finds(void **state)
{
    finds("алма керек", "apple/4/exact[алма]");
    finds("кызыл алма керек",
          "apple/4/exact[алма] red-apple/3/exact[кызыл алма]");
    finds("алма бир эки үч керек", "apple/2/exact[алма]");
}

static void
offsets_are_half_open_in_three_units(void **state)
{
    struct matcher_input input = {
        .fields = {span_of("😀 ө алма"), span_of("алма")}};
    struct match_list list;
    scan(&input, &list);
    assert_int_equal(list.count, 2);
    const struct extent *extent = &list.items[0].extent;
    assert_int_equal(list.items[0].field, FIELD_TEXT);
    assert_int_equal(extent->code_points[0], 4);
    assert_int_equal(extent->code_points[1], 8);
    assert_int_equal(extent->utf16[0], 5);
    assert_int_equal(extent->utf16[1], 9);
    assert_int_equal(extent->bytes[0], 8);
    assert_int_equal(extent->bytes[1], 16);
    assert_int_equal(list.items[1].field, FIELD_TITLE);
    assert_int_equal(list.severity, 2);
    assert_int_equal(list.categories, 1);
}

static void
copies_of_a_text_have_one_fingerprint(void **state)
{
    char one[33], same[33], other[33];
    struct match_list list;
    struct matcher_input input = {.fields = {span_of("Бул алма!")}};
    scan(&input, &list);
    scanner_fingerprint(scanner, one);
    input.fields[0] = span_of("бул... АЛМA");
    scan(&input, &list);
    scanner_fingerprint(scanner, same);
    input.fields[0] = span_of("бул алмалар");
    scan(&input, &list);
    scanner_fingerprint(scanner, other);
    assert_string_equal(one, same);
    assert_string_not_equal(one, other);
}

static char outcomes[256];

static void
note(void *context, const struct candidate *candidate)
{
    size_t len = strlen(outcomes);
    snprintf(outcomes + len, sizeof(outcomes) - len, "%s%s:%d", len ? " " : "",
             candidate->term ? candidate->term->id : candidate->rule->id,
             (int)candidate->outcome);
}

static void
considers(const char *text, const char *expected)
{
    struct matcher_input input = {.fields = {span_of(text)}};
    struct match_list list;
    outcomes[0] = '\0';
    scanner_trace(scanner, note, NULL);
    scan(&input, &list);
    scanner_trace(scanner, NULL, NULL);
    assert_string_equal(outcomes, expected);
}

static void
every_candidate_is_shown_with_what_became_of_it(void **state)
{
    char expected[64];
    snprintf(expected, sizeof(expected), "apple:%d", CANDIDATE_ENDING);
    considers("алмаз", expected);
    snprintf(expected, sizeof(expected), "apple:%d", CANDIDATE_EXCEPTED);
    considers("алма бак", expected);
    snprintf(expected, sizeof(expected), "plain:%d", CANDIDATE_DISGUISE_OFF);
    considers("бул cокол", expected);
    snprintf(expected, sizeof(expected), "group:%d storm:%d calm:%d",
             CANDIDATE_HELPER, CANDIDATE_INCOMPLETE, CANDIDATE_INCOMPLETE);
    considers("бакча", expected);
}

static void
a_long_text_of_nothing_but_terms_takes_linear_time(void **state)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    for (int i = 0; i < 40000; i++)
        buffer_append_text(&text, i % 3 ? "бакча алма " : "жаап ");
    struct matcher_input input = {.fields = {buffer_span(&text)}};
    struct match_list list;
    scan(&input, &list);
    assert_true(list.count > 20000);
}

static void
a_long_word_of_nothing_but_disguises_takes_linear_time(void **state)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    for (int i = 0; i < 100000; i++)
        buffer_append_text(&text, "aлма,");
    struct matcher_input input = {.fields = {buffer_span(&text)}};
    struct match_list list;
    clock_t start = clock();
    scan(&input, &list);
    assert_int_equal(list.count, 100000);
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC); /* was minutes */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_found_whole_and_in_any_case),
        cmocka_unit_test(a_prefix_takes_any_ending),
        cmocka_unit_test(several_words_are_divided_by_blanks_or_one_hyphen),
        cmocka_unit_test(a_mark_in_a_term_stands_for_any_mark_or_none),
        cmocka_unit_test(a_word_for_rules_alone_is_no_match_of_a_new_scanner),
        cmocka_unit_test(look_alikes_are_undone_and_named),
        cmocka_unit_test(invisible_characters_are_undone_and_named),
        cmocka_unit_test(ordinary_latin_text_stays_quiet),
        cmocka_unit_test(exceptions_take_a_hit_away),
        cmocka_unit_test(only_lang_leaves_other_languages_alone),
        cmocka_unit_test(a_rule_needs_all_its_parts_close_enough),
        cmocka_unit_test(order_and_sentence_are_kept_where_asked),
        cmocka_unit_test(the_shortest_matches_are_reported_and_none_overlaps),
        cmocka_unit_test(unless_softens_as_the_rule_says),
        cmocka_unit_test(a_rule_that_raises_lifts_what_it_finds),
        cmocka_unit_test(offsets_are_half_open_in_three_units),
        cmocka_unit_test(copies_of_a_text_have_one_fingerprint),
        cmocka_unit_test(every_candidate_is_shown_with_what_became_of_it),
        cmocka_unit_test(a_long_text_of_nothing_but_terms_takes_linear_time),
        cmocka_unit_test(
            a_long_word_of_nothing_but_disguises_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
