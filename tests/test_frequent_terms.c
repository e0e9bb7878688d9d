#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buffer.h"
#include "frequent_terms.h"

static struct buffer out;

static int
clear(void **state)
{
    buffer_done(&out);
    return 0;
}

/* What is told of a dictionary of one term. */
static const char *
told(const char *term)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text, "karool: rules/1\nterms:\n  - {id: t1, term: %s}\n",
                  term);
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: plant}\n")},
        {"a.yaml", buffer_span(&text)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(diagnostics_freep)
    struct diagnostics *frequent = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    assert_non_null(rules);
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = matcher_new(rules, diagnostics, &err);
    assert_non_null(matcher);
    assert_true(frequent_terms_check(matcher, frequent, &err));
    buffer_clear(&out);
    diagnostics_write(frequent, &out, false);
    return buffer_text(&out);
}

#define FLAGS ", category: plant, severity: 1"

static void
a_prefix_of_one_or_two_frequent_letters_is_refused(void **state)
{
    assert_non_null(strstr(told("с" FLAGS ", morphology: prefix"),
                           "a.yaml:3:20: error: 'с' (t1) would flag "));
    assert_non_null(strstr(buffer_text(&out), " of 1,000 words of Russian "
                                              "text; 20 is the limit: give it "
                                              "more letters"));
    assert_non_null(strstr(told("по" FLAGS ", morphology: prefix"), "error:"));
    assert_non_null(strstr(told("не" FLAGS), "error:"));
    assert_non_null(strstr(told("the" FLAGS), "words of English text"));
}

static void
a_rarer_one_is_told(void **state)
{
    assert_non_null(strstr(told("ко" FLAGS ", morphology: prefix"),
                           "a.yaml:3:20: warning: 'ко' (t1) flags "));
}

static void
what_is_rare_is_not(void **state)
{
    assert_string_equal(told("роз" FLAGS ", morphology: prefix"), "");
    assert_string_equal(told("гүл" FLAGS ", morphology: ky-noun"), "");
    assert_string_equal(told("не роза" FLAGS), "");
    assert_string_equal(told("еж" FLAGS ", morphology: ru-noun"), "");
}

static void
a_word_for_rules_alone_may_be_frequent(void **state)
{
    assert_string_equal(told("не, role: negation"), "");
    assert_string_equal(told("с, role: x, morphology: prefix"), "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clear)
    const struct CMUnitTest tests[] = {
        TEST(a_prefix_of_one_or_two_frequent_letters_is_refused),
        TEST(a_rarer_one_is_told),
        TEST(what_is_rare_is_not),
        TEST(a_word_for_rules_alone_may_be_frequent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
