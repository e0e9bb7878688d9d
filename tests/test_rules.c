#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "buffer.h"
#include "rules.h"

#define CATEGORIES                                                             \
    "karool: categories/1\n"                                                   \
    "categories:\n"                                                            \
    "  - id: fruit\n"                                                          \
    "    name: {en: Fruit, ky: Жемиш, ru: Фрукты}\n"                \
    "    description: x\n"
#define HEAD "karool: rules/1\n"

static struct diagnostics *diagnostics;
static struct buffer report;

static int
setup(void **state)
{
    diagnostics = diagnostics_new();
    return diagnostics ? 0 : -1;
}

static int
teardown(void **state)
{
    diagnostics_free(diagnostics);
    buffer_done(&report);
    return 0;
}

static struct rules *
load(const char *name, const char *text)
{
    diagnostics_free(diagnostics);
    diagnostics = diagnostics_new();
    const struct rules_text texts[] = {{"categories.yaml", span_of(CATEGORIES)},
                                       {name, span_of(text)}};
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    buffer_clear(&report);
    diagnostics_write(diagnostics, &report, false);
    return rules;
}

static void
complains(const char *name, const char *text, const char *words)
{
    struct rules *rules = load(name, text);
    rules_unref(rules);
    if (!strstr(buffer_text(&report), words))
        fail_msg("%s\ngave: %s\nexpected: %s", text, buffer_text(&report),
                 words);
}

static struct rules *
loads(const char *name, const char *text)
{
    struct rules *rules = load(name, text);
    if (!rules || report.len)
        fail_msg("%s\ngave: %s", text, buffer_text(&report));
    return rules;
}

#define TERM(rest)                                                             \
    HEAD "terms:\n  - {id: t1, term: алма, category: fruit, severity: 2" rest  \
         "}\n"

static void
a_term_keeps_all_that_was_written(void **state)
{
    CLEANUP(rules_unrefp)
    struct rules *rules = loads(
        "a.yaml", HEAD "version: 'v1'\n"
                       "defaults: {lang: ky, morphology: prefix, severity: 3}\n"
                       "terms:\n"
                       "  - id: ky-fru-001\n"
                       "    term: 'кызыл алма'\n"
                       "    category: fruit\n"
                       "    role: [red, round]\n"
                       "    gloss: apple\n"
                       "    variants: ['кызылалма']\n"
                       "    except: ['кызыл алма багы']\n"
                       "    disguises: [homoglyph]\n"
                       "    review: confirmed\n"
                       "    examples:\n"
                       "      flag: ['Кызыл алма, жаңы.']\n"
                       "      pass: ['Көк алма.']\n");
    assert_string_equal(rules->version, "v1");
    assert_int_equal(rules->term_count, 1);
    const struct term *term = &rules->terms[0];
    assert_string_equal(term->id, "ky-fru-001");
    assert_string_equal(term->lang, "ky");
    assert_true(span_is(term->text, "кызыл алма"));
    assert_int_equal(term->severity, 3);
    assert_int_equal(term->category, 0);
    assert_int_equal(term->roles, 3);
    assert_string_equal(rules->roles[1], "round");
    assert_int_equal(term->morphology, GRAMMAR_PREFIX);
    assert_int_equal(term->disguises, DISGUISE_HOMOGLYPH);
    assert_true(span_is(term->variants.items[0], "кызылалма"));
    assert_int_equal(term->example_count, 2);
    assert_int_equal(term->examples[1].kind, EXAMPLE_PASS);
    assert_int_equal(term->examples[0].place.line, 15);
    assert_string_equal(term->review, "confirmed");
    assert_true(strncmp(rules->digest, "sha256:", 7) == 0);
}

static void
a_spreadsheet_row_is_a_term(void **state)
{
    CLEANUP(rules_unrefp)
    struct rules *rules =
        loads("a.tsv", "\xEF\xBB\xBFid\tterm\tcategory\tseverity\tvariants\t"
                       "gloss\tflag\r\n"
                       "t1\tалма\tfruit\t2\tалмасы| алмага\t\"a \"\"red\"\" "
                       "one\"\tБул алма.\r\n"
                       "\t\t\t\t\t\t\r\n");
    const struct term *term = &rules->terms[0];
    assert_int_equal(rules->term_count, 1);
    assert_int_equal(term->variants.count, 2);
    assert_true(span_is(term->variants.items[1], "алмага"));
    assert_string_equal(term->gloss, "a \"red\" one");
    assert_int_equal(term->place.line, 2);
    assert_true(span_is(term->examples[0].text, "Бул алма."));
}

static void
a_rule_names_its_parts_and_what_softens_it(void **state)
{
    CLEANUP(rules_unrefp)
    struct rules *rules =
        loads("a.yaml",
              HEAD "rules:\n"
                   "  - id: r1\n"
                   "    category: fruit\n"
                   "    severity: 5\n"
                   "    within: 6\n"
                   "    unless:\n"
                   "      - {role: no, after: verb, within: 2}\n"
                   "      - {role: no, then: drop}\n"
                   "    when:\n"
                   "      - role: group\n"
                   "      - {role: verb}\n"
                   "  - {id: r2, raise: 3, within: 3, when: [{category: fruit, "
                   "severity: [1, 2]}, {id: t3}]}\n"
                   "terms:\n"
                   "  - {id: t1, term: ал, role: group}\n"
                   "  - {id: t2, term: бу, role: verb}\n"
                   "  - {id: t3, term: эч, role: no}\n"
                   "  - {id: t4, term: алма, category: fruit, severity: 1}\n");
    const struct rule *rule = &rules->rules[0];
    assert_int_equal(rule->when_count, 2);
    assert_int_equal(rule->unless_count, 2);
    assert_int_equal(rule->unless[0].where, UNLESS_AFTER);
    assert_int_equal(rule->unless[0].part, 1);
    assert_int_equal(rule->unless[0].within, 2);
    assert_int_equal(rule->unless[0].effect, UNLESS_LOWER);
    assert_int_equal(rule->unless[1].effect, UNLESS_DROP);
    assert_int_equal(rule->unless[1].part, RULES_NONE);
    assert_int_equal(rules->rules[1].raise, 3);
    assert_int_equal(rules->rules[1].when[0].severities, 1 << 1 | 1 << 2);
    assert_string_equal(rules->rules[1].when[1].id, "t3");
}

static void
faults_of_terms_are_told_with_their_place(void **state)
{
    complains("a.yaml", TERM(", glos: x"),
              "a.yaml:3:56: error: the key 'glos' is not known: did you mean "
              "'gloss'?");
    complains("a.yaml", TERM(", morphology: ky-nuon"),
              "no morphology is called 'ky-nuon'");
    complains("a.yaml", TERM(", morphology: prefx"), "did you mean 'prefix'?");
    complains("a.yaml", TERM(", disguises: [homoglif]"),
              "did you mean 'homoglyph'?");
    complains("a.yaml", TERM(", variants: ['aлмa']"),
              "mixes alphabets: the 'a' in it is a Latin letter");
    complains("a.yaml", TERM("}\n  - {id: t1, term: б, role: x"),
              "the id 't1' is taken by a.yaml:3");
    complains("a.yaml", HEAD "terms: [{id: t, term: а}]\n",
              "neither a category nor a role");
    complains("a.yaml", HEAD "terms: [{id: t, term: а, category: fruit}]\n",
              "no severity");
    complains("a.yaml",
              HEAD "terms: [{id: t, term: а, category: frut, severity: 9}]\n",
              "did you mean 'fruit'?");
    complains("a.yaml",
              HEAD "terms: [{id: t, term: а, category: fruit, severity: 9}]\n",
              "a digit from 1 (watch) to 5");
    complains("a.yaml", HEAD "terms: [{id: Т, term: а, role: x}]\n",
              "cannot be an id");
    complains("a.yaml", HEAD "terms:\n  - id: t\n    term: #сөз\n    role: x\n",
              "is a comment and is not read");
    complains("a.yaml", HEAD "terms:\n  - id: t\n    term: #сөз\n    role: x\n",
              "has no 'term'");
    complains("a.yaml", HEAD "terms: [{id: t, term: @x, role: x}]\n",
              "put the value in single quotes");
    complains("a.yaml",
              HEAD "terms:\n  - id: t\n    term: а\n    role: x\n"
                   "    examples: {flag: [Бул жерде, ооба бул жерде]}\n",
              "split by a comma");
}

static void
words_that_yaml_takes_for_something_else_stay_words(void **state)
{
    const char *words[] = {"no", "1488", "+15", "null", "1e3"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        CLEANUP(buffer_done) struct buffer text = {0};
        buffer_printf(&text, HEAD "terms: [{id: t, term: %s, role: x}]\n",
                      words[i]);
        CLEANUP(rules_unrefp)
        struct rules *rules = loads("a.yaml", buffer_text(&text));
        assert_true(span_is(rules->terms[0].text, words[i]));
    }
}

#define RULE(rest)                                                               \
    HEAD "terms: [{id: t1, term: а, role: one}, {id: t2, term: б, role: two}]" \
         "\nrules:\n  - {id: r" rest "}\n"
#define WHEN ", when: [{role: one}, {role: two}]"

static void
faults_of_rules_are_told(void **state)
{
    complains("a.yaml", RULE(", category: fruit, severity: 2" WHEN),
              "has no 'within'");
    complains("a.yaml", RULE(", category: fruit, severity: 2, within: 3"),
              "has no 'when'");
    complains("a.yaml", RULE(", within: 3" WHEN), "needs a category and");
    complains("a.yaml",
              RULE(", raise: 3, category: fruit, severity: 2, within: 3" WHEN),
              "not both");
    complains("a.yaml",
              RULE(", raise: 3, within: 3, when: [{role: on}, {role: two}]"),
              "no term has the role 'on': did you mean 'one'?");
    complains("a.yaml", RULE(", raise: 3, within: 0" WHEN),
              "a number of words from 1");
    complains("a.yaml",
              RULE(", raise: 3, within: 1, when: [{role: one}, {role: two}, "
                   "{role: one}, {role: two}]"),
              "at least 2 words stand between the first and the last of these "
              "4 parts, 1 may: the rule would never hold; write 'within: 2' or "
              "more");
    complains("a.yaml",
              RULE(", raise: 3, within: 3" WHEN
                   ", unless: [{role: two, after: three}]"),
              "no part of this rule is called 'three'");
    complains("a.yaml",
              RULE(", raise: 3, within: 3, when: [{id: t9}, "
                   "{role: one}]"),
              "no term has the id 't9'");
    complains("a.yaml", RULE(", raise: 3, within: 3, ordr: any" WHEN),
              "did you mean 'order'?");
    complains("a.yaml", RULE(", raise: 3, within: 3, order: some" WHEN),
              "any or as_written");
    complains("a.yaml",
              RULE(", raise: 3, within: 3, when: [{role: one, forms: [cal]}, "
                   "{role: two}]"),
              "forms are call, wish, report, plain and negative");
}

#define LONG_TERMS                                                                   \
    HEAD "terms:\n"                                                                  \
         "  - {id: a, term: бир эки үч, role: three}\n"                      \
         "  - {id: b, term: кызыл алма, role: [two, mixed]}\n"              \
         "  - {id: c, term: алма, role: [one, mixed]}\n"                         \
         "  - {id: d, term: ак алма, variants: [акалма], role: glued}\n" \
         "  - {id: e, term: көк алма, category: fruit, severity: 3}\n"        \
         "rules:\n  - {id: r, within: 1, "

static void
a_rule_whose_parts_need_more_words_than_it_allows_never_holds(void **state)
{
    /* The two longest parts stand outside, wherever they are written. */
    complains("a.yaml",
              LONG_TERMS "raise: 3, when: [{role: two}, {role: three}, {role: "
                         "two}]}\n",
              "a.yaml:9:21: error: at least 2 words stand between the first "
              "and the last of these 3 parts, 1 may");
    complains("a.yaml",
              LONG_TERMS "category: fruit, severity: 2, order: as_written, "
                         "when: [{role: one}, {role: three}, {role: one}]}\n",
              "write 'within: 3' or more");
    complains("a.yaml",
              LONG_TERMS "category: fruit, severity: 2, when: [{id: b}, {id: "
                         "a}, {id: b}]}\n",
              "at least 2 words");
    /* The shortest word of a role counts, and the shortest way to write it. */
    const char *holds[] = {
        "when: [{role: one}, {role: three}, {role: one}]",
        "order: as_written, when: [{role: two}, {role: one}, {role: three}]",
        "when: [{role: mixed}, {role: three}, {role: two}]",
        "when: [{role: two}, {role: glued}, {role: two}]",
        "when: [{role: three}, {role: three}]",
        "when: [{role: three}]",
    };
    for (size_t i = 0; i < COUNT_OF(holds); i++) {
        CLEANUP(buffer_done) struct buffer text = {0};
        buffer_printf(&text, LONG_TERMS "category: fruit, severity: 2, %s}\n",
                      holds[i]);
        CLEANUP(rules_unrefp)
        struct rules *rules = loads("a.yaml", buffer_text(&text));
        assert_int_equal(rules->rule_count, 1);
    }
}

static void
a_rule_that_takes_nothing_or_lifts_nothing_is_told(void **state)
{
    complains("a.yaml",
              LONG_TERMS "raise: 4, when: [{category: fruit, severity: [1, "
                         "2]}, {role: one}]}\n",
              "a.yaml:9:41: warning: no term has the category 'fruit' and such "
              "a severity: the rule never holds");
    complains("a.yaml", LONG_TERMS "raise: 4, when: [{role: one}]}\n",
              "warning: no part of this rule takes a term that has a category");
    complains("a.yaml", LONG_TERMS "raise: 3, when: [{category: fruit}]}\n",
              "warning: all that this rule takes is of severity 3 already: it "
              "lifts nothing to 3");
    complains("a.yaml",
              LONG_TERMS "raise: 4, when: [{category: fruit}], unless: "
                         "[{category: fruit, severity: 5}]}\n",
              "and such a severity: this 'unless' never applies");
    CLEANUP(rules_unrefp)
    struct rules *rules =
        loads("a.yaml",
              LONG_TERMS "raise: 4, when: [{category: fruit}, {role: one}]}\n");
    assert_int_equal(rules->rules[0].raise, 4);
}

static void
what_cannot_be_looked_for_is_told_where_it_stands(void **state)
{
    complains("a.yaml", TERM(", variants: [алча, '—']"),
              "a.yaml:3:73: error: '—' has neither letters nor digits");
    complains("a.yaml", TERM(", forms: ['\u0301\u200B.']"),
              "has neither letters nor digits");
    complains("a.yaml", TERM(", variants: [я]"),
              "a.yaml:3:67: warning: 'я' is a single letter or digit");
    complains("a.yaml", TERM(", except: ['!!!']"),
              "a.yaml:3:65: warning: the exception '!!!' has neither letters");
    complains("a.tsv",
              "id\tterm\tcategory\tseverity\tvariants\n"
              "t\tалма\tfruit\t2\tалча| ... |ө\n",
              "a.tsv:2:22: error: '...' has neither letters nor digits");
    complains("a.tsv",
              "id\tterm\tcategory\tseverity\tvariants\n"
              "t\tалма\tfruit\t2\tалча| ... |ө\n",
              "a.tsv:2:27: warning: 'ө' is a single letter");
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_append_text(&text, HEAD "terms: [{id: t, role: x, term: 'а");
    for (int i = 0; i < 100; i++)
        buffer_append_text(&text, " а");
    buffer_append_text(&text, "'}]\n");
    complains("a.yaml", buffer_text(&text), "has more than 200 letters");
}

static void
faults_of_spreadsheets_are_told(void **state)
{
    complains("a.tsv", "id\tterm\trole\nt1\t\xE0\xEB\xEC\xE0\tx\n",
              "a.tsv:2:4: error: not UTF-8 (windows-1251?): in the "
              "spreadsheet");
    complains("a.tsv", "id,term,role\n", "no column is called 'term'");
    complains("a.tsv", "id\tterm\trole\tkategory\n", "did you mean 'category'");
    complains("a.tsv", "id\tterm\tterm\n", "stands twice");
    complains("a.tsv", "id\tterm\trole\nt1\tа\tx\ty\n",
              "a.tsv:2:8: error: this row has more cells");
    complains("a.tsv", "id\tterm\trole\nt1\t\"а\tx\nt2\tб\tx\n",
              "a.tsv:2:1: error: a quote");
    complains("a.tsv", "id\tterm\tcategory\tseverity\nt1\tа\tfruit\tbad\n",
              "a.tsv:2:12: error: severity is a digit");
    complains("a.tsv", "", "the file is empty");
}

static void
all_faults_come_in_one_go(void **state)
{
    assert_null(load("a.yaml", HEAD "terms:\n"
                                    "  - {id: t1, trm: а, role: x}\n"
                                    "  - {id: t1, term: б, category: y}\n"
                                    "rules:\n  - {id: r1}\n"));
    assert_true(diagnostics_errors(diagnostics) >= 6);
}

static void
the_digest_covers_meaning_and_nothing_else(void **state)
{
    CLEANUP(rules_unrefp) struct rules *one = loads("a.yaml", TERM(""));
    CLEANUP(rules_unrefp)
    struct rules *same = loads("b.yaml", TERM(", gloss: x, source: y, review: "
                                              "confirmed"));
    assert_string_equal(one->digest, same->digest);
    const char *others[] = {TERM(", variants: [алмы]"), TERM(", role: x"),
                            TERM(", except: [кызыл алма]"),
                            TERM(", disguises: [invisible]"),
                            TERM(", morphology: prefix")};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        CLEANUP(rules_unrefp) struct rules *other = loads("a.yaml", others[i]);
        assert_string_not_equal(one->digest, other->digest);
    }
}

static void
a_folder_is_read_in_name_order_and_an_empty_one_is_refused(void **state)
{
    char folder[] = "/tmp/karool-rules-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_null(rules_load(folder, diagnostics));
    diagnostics_write(diagnostics, &report, false);
    assert_non_null(
        strstr(buffer_text(&report), "the folder of rules is empty"));
    assert_null(rules_load("/nonexistent", diagnostics));
    rmdir(folder);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_term_keeps_all_that_was_written),
        TEST(a_spreadsheet_row_is_a_term),
        TEST(a_rule_names_its_parts_and_what_softens_it),
        TEST(faults_of_terms_are_told_with_their_place),
        TEST(words_that_yaml_takes_for_something_else_stay_words),
        TEST(faults_of_rules_are_told),
        TEST(a_rule_whose_parts_need_more_words_than_it_allows_never_holds),
        TEST(a_rule_that_takes_nothing_or_lifts_nothing_is_told),
        TEST(what_cannot_be_looked_for_is_told_where_it_stands),
        TEST(faults_of_spreadsheets_are_told),
        TEST(all_faults_come_in_one_go),
        TEST(the_digest_covers_meaning_and_nothing_else),
        TEST(a_folder_is_read_in_name_order_and_an_empty_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
