#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buffer.h"
#include "dictionary_check.h"

static struct buffer out;

static int
clear(void **state)
{
    buffer_done(&out);
    return 0;
}

/* What is warned of in a dictionary of these terms and rules, as text. */
static const char *
warnings_of(const char *body)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text, "karool: rules/1\nterms:\n%s", body);
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: plant}\n")},
        {"a.yaml", buffer_span(&text)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    assert_non_null(rules);
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = matcher_new(rules, diagnostics, &err);
    assert_non_null(matcher);
    assert_true(dictionary_check(matcher, diagnostics, &err));
    assert_int_equal(diagnostics_errors(diagnostics), 0);
    buffer_clear(&out);
    diagnostics_write(diagnostics, &out, false);
    return buffer_text(&out);
}

static void
warns(const char *body, const char *expected)
{
    if (!strstr(warnings_of(body), expected))
        fail_msg("%s\ngave: %s\nexpected: %s", body, buffer_text(&out),
                 expected);
}

static void
is_silent(const char *body)
{
    if (*warnings_of(body))
        fail_msg("%s\ngave: %s", body, buffer_text(&out));
}

#define FLAGS ", category: plant, severity: 2"
#define TERM(text, more) "  - {id: t1, lang: ru, term: " text FLAGS more "}\n"

static void
an_exception_in_which_the_term_is_not_found_is_told(void **state)
{
    warns(TERM("роза", ", except: [белая лилия]"),
          "a.yaml:3:75: warning: the exception 'белая лилия' never applies: no "
          "form of 'роза' is found in it");
    /* Its first word stands there, the term does not. */
    warns(TERM("белая роза", ", except: [белая лилия]"), "never applies");
    warns(TERM("роза", ", except: [роза ветров, розарий]"), "'розарий' never");
    warns(TERM("кызыл роза", ", except: [кызыл]"), "'кызыл' never applies");
    /* An exact term has no other forms. */
    warns(TERM("роза", ", except: [розы ветров]"), "'розы ветров' never");
}

static void
an_exception_that_holds_a_form_is_not_told(void **state)
{
    is_silent(TERM("роза", ", except: [роза ветров, 'Чайная роза']"));
    is_silent(TERM("роза", ", morphology: ru-noun, except: [розы ветров]"));
    is_silent(TERM("роз", ", morphology: prefix, except: [розарий]"));
    is_silent(TERM("роза", ", forms: [розам], except: [розам ветров]"));
    is_silent(TERM("роза", ", variants: [рооза], except: [рооза ветров]"));
    is_silent(TERM("кызыл роза", ", except: [кызыл роза бак]"));
    /* A word that is only taken for the term in a disguise. */
    is_silent("  - {id: t1, lang: ky, term: көлкө" FLAGS
              ", except: [колко]}\n");
}

static void
a_term_that_is_a_form_of_another_is_told_with_that(void **state)
{
    warns(TERM("роза",
               ", morphology: ru-noun") "  - {id: t2, term: розами" FLAGS "}\n",
          "a.yaml:4:20: warning: 'розами' is a form of 'роза' (t1, a.yaml:3), "
          "too, and is found as both");
    warns(TERM("роза", ", morphology: ru-noun") "  - {id: t2, term: куст, "
                                                "variants: [розу]" FLAGS "}\n",
          "a.yaml:4:37: warning: 'розу' is a form of 'роза' (t1");
    warns("  - {id: t2, term: куст, forms: [Розу]" FLAGS
          "}\n" TERM("роза", ", morphology: ru-noun"),
          "a.yaml:3:34: warning: 'Розу' is a form of 'роза' (t1, a.yaml:4)");
    warns(TERM("роза", "") "  - {id: t2, term: РОЗА" FLAGS "}\n",
          "a.yaml:4:20: warning: 'РОЗА' is the term 'роза' (t1, a.yaml:3)");
    warns(TERM("роз", ", morphology: prefix") "  - {id: t2, term: розарий" FLAGS
                                              "}\n",
          "'розарий' is a form of 'роз'");
    warns("  - {id: t1, lang: ru, term: роза, role: x, morphology: ru-noun}\n"
          "  - {id: t2, lang: ru, term: розу, role: x}\n",
          "'розу' is a form of 'роза'");
}

static size_t
count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        count++;
    return count;
}

static void
two_terms_are_told_of_once(void **state)
{
    const char *text =
        warnings_of(TERM("роза", "") "  - {id: t2, term: роза" FLAGS "}\n");
    assert_int_equal(count_of(text, "warning:"), 1);
    text = warnings_of(
        TERM("роза", ", morphology: ru-noun") "  - {id: t2, term: розы, forms: "
                                              "[розу, розам]" FLAGS "}\n");
    assert_int_equal(count_of(text, "warning:"), 1);
}

static void
terms_that_serve_different_ends_may_share_forms(void **state)
{
    /* The plural flags alone, the rest is there for rules. */
    is_silent("  - {id: t1, lang: ru, term: роза, role: x, morphology: "
              "ru-noun}\n"
              "  - {id: t2, lang: ru, term: розы" FLAGS "}\n");
    /* One word of two languages, each with its own forms. */
    is_silent("  - {id: t1, lang: ru, term: куст, role: x, morphology: "
              "ru-noun}\n"
              "  - {id: t2, lang: ky, term: куст, role: x, morphology: "
              "ky-noun}\n");
    is_silent(TERM("роза", ", morphology: ru-noun") "  - {id: t2, term: "
                                                    "лилия" FLAGS "}\n");
}

#define RULE(when)                                                             \
    "rules:\n  - {id: r, category: plant, severity: 2, within: 3, when: "      \
    "[" when ", {role: y}]}\n"
#define Y "  - {id: y, term: куст, role: y}\n"

static void
a_part_that_wants_forms_which_its_terms_do_not_have_is_told(void **state)
{
    warns("  - {id: t1, term: роза, role: x, morphology: ru-noun}\n" Y RULE(
              "{role: x, forms: [call]}"),
          "a.yaml:6:61: warning: none of the terms of 'x' has such forms");
    warns("  - {id: t1, term: сажать, role: x}\n" Y RULE(
              "{role: x, forms: [report, negative]}"),
          "none of the terms of 'x' has such forms");
    is_silent(
        "  - {id: t1, term: сажать, role: x, morphology: ru-verb}\n" Y RULE(
            "{role: x, forms: [call]}"));
    is_silent("  - {id: t1, term: отур, role: x, morphology: ky-verb}\n" Y RULE(
        "{role: x, forms: [report]}"));
    is_silent("  - {id: t1, term: роза, role: x}\n" Y RULE(
        "{role: x, forms: [call, plain]}"));
    /* One of them that has is enough. */
    is_silent(
        "  - {id: t1, term: роза, role: x}\n"
        "  - {id: t2, term: сажать, role: x, morphology: ru-verb}\n" Y RULE(
            "{role: x, forms: [call]}"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clear)
    const struct CMUnitTest tests[] = {
        TEST(an_exception_in_which_the_term_is_not_found_is_told),
        TEST(an_exception_that_holds_a_form_is_not_told),
        TEST(a_term_that_is_a_form_of_another_is_told_with_that),
        TEST(two_terms_are_told_of_once),
        TEST(terms_that_serve_different_ends_may_share_forms),
        TEST(a_part_that_wants_forms_which_its_terms_do_not_have_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
