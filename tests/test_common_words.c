#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buffer.h"
#include "common_words.h"

/* What is warned of in a dictionary of these terms, as text. */
static void
warnings_of(const char *terms, struct buffer *out)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text, "karool: rules/1\nterms:\n%s", terms);
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: tree}\n")},
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
    assert_int_equal(diagnostics_warnings(diagnostics), 0);
    assert_true(common_words_check(matcher, diagnostics, &err));
    assert_int_equal(diagnostics_errors(diagnostics), 0);
    diagnostics_write(diagnostics, out, false);
}

static void
a_form_of_a_short_term_that_is_commoner_than_it_is_told(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    warnings_of("  - {id: meat, term: эт, lang: ky, morphology: ky-noun,"
                " category: tree, severity: 1}\n",
                &out);
    assert_non_null(strstr(buffer_text(&out), "'эти'"));
    assert_non_null(strstr(buffer_text(&out), "common Russian words"));
    assert_non_null(strstr(buffer_text(&out), "a.yaml:3:"));
}

static void
what_is_excepted_is_not_told(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    warnings_of("  - {id: meat, term: эт, lang: ky, morphology: ky-noun,"
                " category: tree, severity: 1, except: [эти]}\n",
                &out);
    assert_null(strstr(buffer_text(&out), "'эти'"));
}

static void
a_long_word_and_its_own_forms_are_no_surprise(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    warnings_of("  - {id: town, term: шаар, lang: ky, morphology: ky-noun,"
                " category: tree, severity: 1}\n"
                "  - {id: paper, term: документ, lang: ru, morphology: ru-noun,"
                " category: tree, severity: 1}\n",
                &out);
    assert_string_equal(buffer_text(&out), "");
}

static void
no_term_is_told_more_than_three_times(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    warnings_of("  - {id: start, term: баш, lang: ky, morphology: prefix,"
                " category: tree, severity: 1}\n",
                &out);
    size_t count = 0;
    for (const char *at = buffer_text(&out); (at = strstr(at, "warning:"));
         at++)
        count++;
    assert_int_equal(count, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_form_of_a_short_term_that_is_commoner_than_it_is_told),
        cmocka_unit_test(what_is_excepted_is_not_told),
        cmocka_unit_test(a_long_word_and_its_own_forms_are_no_surprise),
        cmocka_unit_test(no_term_is_told_more_than_three_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
