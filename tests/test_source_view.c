#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "source_view.h"

#define NOW_MS 1800000000000

static void
says(const struct source_report *report, const char *words)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    source_view(report, NOW_MS, &out);
    assert_true(buffer_ok(&out));
    assert_string_equal(buffer_text(&out), words);
}

static void
a_source_that_polls_says_what_it_does_and_when(void **state)
{
    struct source_report report = {.state = SOURCE_WAITING,
                                   .next_ms = NOW_MS + 12000};
    says(&report, "waiting, next poll in 12 s");
    report.state = SOURCE_FETCHING;
    says(&report, "asking");
    report.state = SOURCE_COMMITTING;
    says(&report, "storing");
}

static void
trouble_comes_after_what_a_cut_line_must_not_lose(void **state)
{
    struct source_report report = {.state = SOURCE_BACKING_OFF,
                                   .next_ms = NOW_MS + 180000};
    strcpy(report.reason, "news.example: unreachable");
    says(&report, "next try in 3 min: news.example: unreachable");
    assert_true(source_troubled(&report));
}

static void
why_a_source_is_not_started_is_told_as_far_as_it_is_known(void **state)
{
    struct source_report report = {.state = SOURCE_UNASSIGNED, .parted = true};
    says(&report, "not started: Kafka has not said which process polls it");
    report.parted = false;
    says(&report, "not started: its cursor is being read");
    report.elsewhere = true;
    says(&report, "another process has it; no cursor yet");
    report.cursor_ms = NOW_MS - 12000;
    says(&report, "another process has it; its cursor is 12 s old");
    assert_false(source_troubled(&report));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_that_polls_says_what_it_does_and_when),
        cmocka_unit_test(trouble_comes_after_what_a_cut_line_must_not_lose),
        cmocka_unit_test(
            why_a_source_is_not_started_is_told_as_far_as_it_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
