#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diagnostics.h"
#include "redact.h"

static void
they_are_sorted_by_file_and_place(void **state)
{
    CLEANUP(diagnostics_freep) struct diagnostics *all = diagnostics_new();
    diagnostics_error(all, (struct place){"b.yaml", 9, 1}, "third");
    diagnostics_warning(all, (struct place){"a.yaml", 2, 7}, "fourth");
    diagnostics_error(all, (struct place){"b.yaml", 2, 5}, "second");
    diagnostics_error(all, (struct place){"b.yaml", 0, 0}, "first");
    CLEANUP(buffer_done) struct buffer out = {0};
    diagnostics_write(all, &out, false);
    assert_string_equal(buffer_text(&out), "b.yaml: error: first\n"
                                           "b.yaml:2:5: error: second\n"
                                           "b.yaml:9:1: error: third\n"
                                           "a.yaml:2:7: warning: fourth\n");
    assert_int_equal(diagnostics_errors(all), 3);
    assert_int_equal(diagnostics_warnings(all), 1);
}

static void
a_secret_is_not_quoted(void **state)
{
    redact_add(span_of("hunter2hunter2"));
    CLEANUP(diagnostics_freep) struct diagnostics *all = diagnostics_new();
    diagnostics_error(all, (struct place){"a", 1, 1}, "'%s' is a literal",
                      "hunter2hunter2");
    CLEANUP(buffer_done) struct buffer out = {0};
    diagnostics_write(all, &out, false);
    assert_string_equal(buffer_text(&out),
                        "a:1:1: error: '***' is a literal\n");
}

static void
a_file_is_named_once(void **state)
{
    CLEANUP(diagnostics_freep) struct diagnostics *all = diagnostics_new();
    diagnostics_error(all, (struct place){"a", 0, 0}, "%s", "a: is a folder");
    diagnostics_error(all, (struct place){"a", 1, 1}, "%s", "ab: is a word");
    CLEANUP(buffer_done) struct buffer out = {0};
    diagnostics_write(all, &out, false);
    assert_string_equal(buffer_text(&out), "a: error: is a folder\n"
                                           "a:1:1: error: ab: is a word\n");
}

static void
the_nearest_word_is_suggested_only_when_near(void **state)
{
    const char *const keys[] = {"sources", "brokers", "rules", NULL};
    assert_string_equal(diagnostics_nearest(span_of("source"), keys),
                        "sources");
    assert_string_equal(diagnostics_nearest(span_of("Borkers"), keys),
                        "brokers");
    assert_null(diagnostics_nearest(span_of("kafka"), keys));
    assert_null(diagnostics_nearest(span_of(""), keys));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_sorted_by_file_and_place),
        cmocka_unit_test(a_file_is_named_once),
        cmocka_unit_test(a_secret_is_not_quoted),
        cmocka_unit_test(the_nearest_word_is_suggested_only_when_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
