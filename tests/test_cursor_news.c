#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "cursor_news.h"
#include "log.h"

static struct buffer said;
static struct cursor_news *news;
static struct config *config;
static char folder[] = "/tmp/karool-news-XXXXXX";
static struct error err;

static void
keep_line(void *context, enum log_level level, const char *line)
{
    buffer_printf(&said, "%s\n", line);
}

static struct config *
load(const char *sources)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/karool.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "karool: config/1\ncampaign: c\nbrokers: embedded\n"
            "rules: .\nconnectors: %s/config/connectors\nsources:\n%s",
            SOURCE_FOLDER, sources);
    fclose(file);
    struct diagnostics *diagnostics = diagnostics_new();
    struct config *loaded =
        config_load(path, &(struct config_options){0}, diagnostics);
    diagnostics_free(diagnostics);
    remove(path);
    assert_non_null(loaded);
    return loaded;
}

#define SOURCE(id, more)                                                       \
    "- {id: " id ", connector: archive, files: [x], every: 1s" more "}\n"

static int
setup(void **state)
{
    buffer_clear(&said);
    if (!mkdtemp(strcpy(folder, "/tmp/karool-news-XXXXXX")))
        return -1;
    config = load(SOURCE("a", "") SOURCE("b", ", renamed_from: old"));
    news = cursor_news_new(config, &err);
    log_set_hook(keep_line, NULL);
    return news ? 0 : -1;
}

static int
teardown(void **state)
{
    log_set_hook(NULL, NULL);
    cursor_news_free(news);
    config_unref(config);
    rmdir(folder);
    buffer_done(&said);
    return 0;
}

static size_t
times(const char *words)
{
    size_t count = 0;
    for (const char *at = buffer_text(&said); (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void
take(const char *key, const char *digest, const char *updated_at, bool live)
{
    CLEANUP(buffer_done) struct buffer value = {0};
    buffer_printf(&value,
                  "{\"schema\":\"karool.cursor/1\",\"sources\":\"%s\","
                  "\"updated_at\":\"%s\"}",
                  digest, updated_at);
    const struct cursor_record record = {span_of(key), buffer_span(&value)};
    cursor_news_take(news, &record, live);
}

#define NOON "2026-11-25T12:00:00Z"
#define NOON_MS 1795608000000

static const char *
own_digest(void)
{
    return config->sources_digest.at;
}

static void
another_digest_is_said_once_and_only_of_what_is_written_now(void **state)
{
    take("a/s/t", "other", NOON, false);
    take("a/s/t", own_digest(), NOON, true);
    take("a/s/t#3", "other", NOON, true);
    assert_int_equal(said.len, 0);
    for (int i = 0; i < 5; i++)
        take("a/s/t", "other", NOON, true);
    take("stranger/s/t", "other", NOON, true);
    assert_int_equal(times("has other sources in its configuration"), 1);
    take("stranger/s/t", "third", NOON, true);
    assert_int_equal(times("has other sources in its configuration"), 2);
}

static void
a_former_name_that_lives_is_said_once(void **state)
{
    take("old/s/t", own_digest(), NOON, false);
    assert_false(cursor_news_lives(news, span_of("old")));
    assert_int_equal(said.len, 0);
    take("old/s/t", own_digest(), NOON, true);
    take("old/s/t", own_digest(), NOON, true);
    assert_int_equal(times("still polls 'old', though 'b' is renamed"), 1);
    assert_true(cursor_news_lives(news, span_of("old")));
    assert_false(cursor_news_lives(news, span_of("a")));
}

static void
a_tombstone_says_nothing(void **state)
{
    const struct cursor_record record = {span_of("old/s/t"), SPAN_NONE};
    cursor_news_take(news, &record, true);
    assert_int_equal(said.len, 0);
    assert_false(cursor_news_lives(news, span_of("old")));
}

static void
what_is_taken_over_from_another_list_is_said_once(void **state)
{
    char own[256];
    snprintf(own, sizeof(own),
             "{\"sources\":\"%s\",\"updated_at\":\"" NOON "\"}", own_digest());
    const struct cursor_record records[] = {
        {span_of("a/s/t"),
         span_of("{\"sources\":\"x\",\"updated_at\":\"" NOON "\"}")},
        {span_of("a/s/t#1"),
         span_of("{\"sources\":\"y\",\"updated_at\":\"" NOON "\"}")},
        {span_of("b/s/t"), span_of(own)},
    };
    cursor_news_take_over(news, &records[2], 1);
    assert_int_equal(said.len, 0);
    cursor_news_take_over(news, records, COUNT_OF(records));
    cursor_news_take_over(news, records, COUNT_OF(records));
    assert_int_equal(times("1 of 2 cursors were written under another"), 1);
    assert_int_equal(times(NOON), 1);
    take("a/s/t", "x", NOON, true);
    assert_int_equal(times("has other sources"), 1);
}

static void
after_a_reload_the_new_list_counts(void **state)
{
    struct config *next = load(SOURCE("a", ""));
    take("a/s/t", next->sources_digest.at, NOON, true);
    assert_int_equal(times("other sources"), 1);
    cursor_news_configure(news, next);
    take("a/s/t", next->sources_digest.at, NOON, true);
    assert_int_equal(times("other sources"), 1);
    take("a/s/t", own_digest(), NOON, true);
    assert_int_equal(times("other sources"), 2);
    config_unref(next);
}

static void
fill(struct source_report reports[2])
{
    reports[0] = (struct source_report){.id = "a"};
    reports[1] = (struct source_report){.id = "b"};
    cursor_news_fill(news, reports, 2);
}

static void
sources_of_others_are_listed_with_the_age_of_their_cursor(void **state)
{
    struct source_report reports[2];
    bool ours[CURSOR_PARTITIONS] = {0};
    fill(reports);
    assert_false(reports[0].elsewhere || reports[1].elsewhere);
    assert_true(reports[0].parted && reports[1].parted);
    cursor_news_assigned(news, ours);
    take("a/s/t", own_digest(), NOON, false);
    take("a/s/u", own_digest(), "2026-11-25T11:00:00Z", false);
    fill(reports);
    assert_true(reports[0].elsewhere && reports[1].elsewhere);
    assert_int_equal(reports[0].cursor_ms, NOON_MS);
    assert_int_equal(reports[1].cursor_ms, 0);
    cursor_news_tell(news, NOON_MS + 12000);
    assert_int_equal(times("other processes have: a (its cursor is 12 s old), "
                           "b (without a cursor yet)"),
                     1);

    ours[cursor_partition(span_of("a"))] = true;
    cursor_news_assigned(news, ours);
    fill(reports);
    assert_false(reports[0].elsewhere);
    assert_int_equal(reports[0].cursor_ms, 0);
    assert_true(reports[1].elsewhere);
    assert_false(reports[0].parted || reports[1].parted);
    cursor_news_parted(news);
    fill(reports);
    assert_false(reports[0].elsewhere || reports[1].elsewhere);
    assert_true(reports[0].parted && reports[1].parted);
}

static void
who_has_all_says_nothing(void **state)
{
    bool ours[CURSOR_PARTITIONS];
    memset(ours, true, sizeof(ours));
    cursor_news_assigned(news, ours);
    cursor_news_tell(news, NOON_MS);
    assert_int_equal(said.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_digest_is_said_once_and_only_of_what_is_written_now),
        TEST(a_former_name_that_lives_is_said_once),
        TEST(a_tombstone_says_nothing),
        TEST(what_is_taken_over_from_another_list_is_said_once),
        TEST(after_a_reload_the_new_list_counts),
        TEST(sources_of_others_are_listed_with_the_age_of_their_cursor),
        TEST(who_has_all_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
