#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buffer.h"
#include "dictionary_cost.h"

static struct buffer out, yaml;

static int
setup(void **state)
{
    buffer_append_text(&yaml, "karool: rules/1\n");
    return 0;
}

static int
teardown(void **state)
{
    buffer_done(&out);
    buffer_done(&yaml);
    return 0;
}

/* What compiling `yaml` tells; is it refused? */
static bool
refused(void)
{
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: plant}\n")},
        {"a.yaml", buffer_span(&yaml)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    if (!rules) {
        diagnostics_write(diagnostics, &out, false);
        fail_msg("%s", buffer_text(&out));
    }
    struct matcher *matcher = matcher_new(rules, diagnostics, &err);
    matcher_unref(matcher);
    if (!matcher)
        assert_int_equal(err.kind, ERROR_CONFIG);
    diagnostics_write(diagnostics, &out, false);
    return !matcher;
}

static void
tells(const char *expected)
{
    if (!strstr(buffer_text(&out), expected))
        fail_msg("gave: %s\nexpected: %s", buffer_text(&out), expected);
}

/* A term with so many variants, each of four letters of its own. */
static void
add_variants(unsigned count)
{
    static const char *const letters[] = {"а", "б", "в", "г", "д",
                                          "е", "ж", "з", "и", "к"};
    buffer_append_text(&yaml,
                       "terms:\n  - {id: t1, term: роза, category: plant, "
                       "severity: 1, variants: [");
    for (unsigned i = 0; i < count; i++)
        buffer_printf(&yaml, "%s%s%s%s%s", i ? ", " : "",
                      letters[i / 1000 % 10], letters[i / 100 % 10],
                      letters[i / 10 % 10], letters[i % 10]);
    buffer_append_text(&yaml, "]}\n");
}

static void
ten_thousand_variants_are_refused_with_their_number(void **state)
{
    add_variants(10000);
    assert_true(refused());
    tells("a.yaml:3:20: error: t1 costs 10001 stems");
    tells("10000 is the limit: make several terms");
}

static void
two_thousand_variants_are_much(void **state)
{
    add_variants(2000);
    assert_false(refused());
    tells("a.yaml:3:20: warning: t1 costs 2001 stems");
    tells("above 10000 it is refused");
}

static void
as_many_as_a_linguist_lists_are_no_matter(void **state)
{
    add_variants(300);
    assert_false(refused());
    assert_string_equal(buffer_text(&out), "");
}

static void
add_words(const char *key, unsigned count)
{
    buffer_printf(&yaml,
                  "terms:\n  - {id: t1, term: роза, category: plant, severity: "
                  "1, %s: [роза",
                  key);
    for (unsigned i = 1; i < count; i++)
        buffer_append_text(&yaml, " гү");
    buffer_append_text(&yaml, "]}\n");
}

static void
a_term_of_sixty_words_is_refused(void **state)
{
    add_words("variants", 60);
    assert_true(refused());
    tells("error: t1 costs 60 words in one of its spellings or exceptions; 40 "
          "is the limit: a whole sentence is an example");
}

static void
an_exception_of_sixty_words_is_refused(void **state)
{
    add_words("except", 60);
    assert_true(refused());
    tells("error: t1 costs 60 words");
}

static void
a_term_of_twenty_words_is_much(void **state)
{
    add_words("forms", 20);
    assert_false(refused());
    tells("warning: t1 costs 20 words");
}

static void
add_rule(unsigned number, unsigned parts, const char *more)
{
    buffer_printf(&yaml,
                  "  - {id: r%u, category: plant, severity: 2, within: 100%s, "
                  "when: [",
                  number, more);
    for (unsigned i = 0; i < parts; i++)
        buffer_printf(&yaml, "%s{role: x}", i ? ", " : "");
    buffer_append_text(&yaml, "]}\n");
}

static void
add_terms_of_a_rule(void)
{
    buffer_append_text(&yaml, "terms:\n"
                              "  - {id: t1, term: роза, role: x}\n"
                              "  - {id: t2, term: куст, role: [y, z]}\n"
                              "rules:\n");
}

static void
eight_parts_of_one_role_are_refused(void **state)
{
    add_terms_of_a_rule();
    add_rule(1, 8, "");
    assert_true(refused());
    tells("a.yaml:6:5: error: r1 costs 1024 steps for each of its words; 1000 "
          "is the limit: give it fewer parts of one role");
}

static void
six_parts_of_one_role_are_much_together_with_what_softens(void **state)
{
    add_terms_of_a_rule();
    add_rule(1, 6, "");
    assert_false(refused());
    assert_string_equal(buffer_text(&out), "");
    buffer_clear(&yaml);
    buffer_append_text(&yaml, "karool: rules/1\n");
    add_terms_of_a_rule();
    add_rule(1, 6, ", unless: [{role: y, within: 100}, {role: z}]");
    assert_false(refused());
    tells("warning: r1 costs 292 steps"); /* 6 * 32 + 2 * 300 / 6 */
}

static void
two_parts_of_two_roles_are_no_matter(void **state)
{
    add_terms_of_a_rule();
    buffer_append_text(
        &yaml, "  - {id: r, category: plant, severity: 2, within: 100, when: "
               "[{role: x}, {role: y}], unless: [{role: z}]}\n");
    assert_false(refused());
    assert_string_equal(buffer_text(&out), "");
}

static void
a_term_in_thousands_of_rules_is_refused_with_their_sum(void **state)
{
    add_terms_of_a_rule();
    for (unsigned i = 0; i < 60; i++)
        add_rule(i, 6, "");
    assert_true(refused());
    tells("a.yaml:3:20: error: t1 costs 11520 steps in the rules that take it, "
          "wherever it stands; 10000 is the limit: join rules");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(ten_thousand_variants_are_refused_with_their_number),
        TEST(two_thousand_variants_are_much),
        TEST(as_many_as_a_linguist_lists_are_no_matter),
        TEST(a_term_of_sixty_words_is_refused),
        TEST(an_exception_of_sixty_words_is_refused),
        TEST(a_term_of_twenty_words_is_much),
        TEST(eight_parts_of_one_role_are_refused),
        TEST(six_parts_of_one_role_are_much_together_with_what_softens),
        TEST(two_parts_of_two_roles_are_no_matter),
        TEST(a_term_in_thousands_of_rules_is_refused_with_their_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
