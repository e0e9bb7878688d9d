#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flagged_window.h"

/*
 * A topic in memory stands in for kafka_consumer.c: two partitions of records,
 * the first offset that is still there, the end of what is committed, and the
 * end behind open transactions, which moves up to it when they are over.
 */
enum { PARTITIONS = 2, RECORDS = 256 };

struct record {
    const char *id; /* of the event; NULL: none */
    bool replay;
    bool marker; /* of a transaction: no reader sees it */
    int64_t timestamp_ms;
};

struct fake {
    struct record records[RECORDS];
    int64_t first, end, high;
    int64_t position; /* -1: not assigned */
    bool told_end;
    unsigned ends_told;
};

static struct fake fakes[PARTITIONS];
static unsigned polls, commits_after;
static enum kafka_outcome trouble;
static unsigned trouble_count;
static char found[4096];
static bool ending_now;
static int64_t now_ms;
static struct error err;

struct kafka_consumer *
kafka_consumer_new(const struct kafka_settings *settings, const char *group,
                   const char *topic, const struct kafka_consumer_hooks *hooks,
                   struct error *problem)
{
    assert_null(group); /* nobody's partitions are taken */
    assert_string_equal(topic, "flagged");
    return (struct kafka_consumer *)fakes;
}

void
kafka_consumer_free(struct kafka_consumer *consumer, bool leave)
{
}

bool
kafka_consumer_offsets_at(struct kafka_consumer *consumer,
                          struct kafka_offset *partitions, size_t count,
                          int64_t wall_ms, int timeout_ms,
                          struct error *problem)
{
    for (size_t i = 0; i < count; i++) {
        const struct fake *fake = &fakes[partitions[i].partition];
        int64_t at = fake->first;
        while (at < fake->end && fake->records[at].timestamp_ms < wall_ms)
            at++;
        partitions[i].offset = at < fake->end ? at : KAFKA_END;
    }
    return true;
}

bool
kafka_consumer_bounds(struct kafka_consumer *consumer, int32_t partition,
                      int timeout_ms, int64_t *first, int64_t *end,
                      struct error *problem)
{
    *first = fakes[partition].first;
    *end = fakes[partition].end;
    return true;
}

bool
kafka_consumer_assign(struct kafka_consumer *consumer,
                      const struct kafka_offset *partitions, size_t count,
                      struct error *problem)
{
    for (size_t i = 0; i < count; i++) {
        struct fake *fake = &fakes[partitions[i].partition];
        assert_in_range(partitions[i].offset, fake->first, fake->end);
        fake->position = partitions[i].offset;
        fake->told_end = false;
    }
    return true;
}

enum kafka_outcome
kafka_consumer_poll(struct kafka_consumer *consumer, int timeout_ms,
                    struct kafka_message *out, struct error *problem)
{
    *out = (struct kafka_message){0};
    if (++polls == commits_after)
        for (int i = 0; i < PARTITIONS; i++)
            fakes[i].end = fakes[i].high;
    if (trouble_count) {
        trouble_count--;
        error_set(problem, ERROR_RETRY, "trouble");
        return trouble;
    }
    for (int i = 0; i < PARTITIONS; i++) {
        struct fake *fake = &fakes[i];
        while (fake->position >= 0 && fake->position < fake->end &&
               fake->records[fake->position].marker)
            fake->position++;
        out->partition = i;
        out->offset = fake->position;
        if (fake->position >= 0 && fake->position < fake->end) {
            out->handle = &fake->records[fake->position++];
            out->timestamp_ms = ((struct record *)out->handle)->timestamp_ms;
            fake->told_end = false;
            return KAFKA_OK;
        }
        if (fake->position >= 0 && !fake->told_end) {
            out->end = fake->told_end = true;
            fake->ends_told++;
            return KAFKA_OK;
        }
    }
    return KAFKA_OK;
}

int64_t
kafka_consumer_high(const struct kafka_consumer *consumer, int32_t partition)
{
    return fakes[partition].high;
}

struct span
kafka_message_header(const struct kafka_message *message, const char *name)
{
    const struct record *record = message->handle;
    if (strcmp(name, "ce_id") == 0 && record->id)
        return span_of(record->id);
    if (strcmp(name, "replay") == 0)
        return span_of(record->replay ? "true" : "false");
    return SPAN_NONE;
}

void
kafka_message_done(struct kafka_message *message)
{
}

/* ---- the window ---- */

static bool
is_ending(const void *context)
{
    return ending_now;
}

static void
note(void *context, struct span event_id, int64_t age_ms)
{
    size_t len = strlen(found);
    snprintf(found + len, sizeof(found) - len, "%.*s@%d ", SPAN_ARGS(event_id),
             (int)age_ms);
}

static void
add(int partition, const char *id, int64_t timestamp_ms, bool replay)
{
    struct fake *fake = &fakes[partition];
    fake->records[fake->end++] =
        (struct record){id, replay, false, timestamp_ms};
    fake->high = fake->end;
}

static int
setup(void **state)
{
    memset(fakes, 0, sizeof(fakes));
    for (int i = 0; i < PARTITIONS; i++)
        fakes[i].position = -1;
    polls = commits_after = trouble_count = 0;
    found[0] = '\0';
    ending_now = false;
    now_ms = 50;
    err = (struct error){0};
    return 0;
}

static bool
read_window(int64_t length_ms, int64_t most, struct kafka_offset *partitions,
            size_t count)
{
    const struct flagged_window window = {
        .topic = "flagged",
        .now_ms = now_ms,
        .length_ms = length_ms,
        .most = most,
        .ending = is_ending,
        .found = note,
    };
    return flagged_window_read(&window, partitions, count, &err);
}

static void
events_since_its_begin_are_found_and_no_replays(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    add(0, "b", 20, false);
    add(0, "c", 30, true);
    add(0, NULL, 40, false); /* of somebody else */
    add(0, "d", 50, false);
    add(1, "other", 50, false); /* not asked for */
    assert_true(read_window(30, 100, &one, 1));
    assert_string_equal(found, "b@30 d@0 ");
    assert_int_equal(one.offset, 5);
}

static void
each_partition_is_read_to_its_end(void **state)
{
    struct kafka_offset both[] = {{0, KAFKA_BEGINNING}, {1, KAFKA_BEGINNING}};
    add(0, "a", 10, false);
    add(1, "b", 10, false);
    add(1, "c", 10, false);
    assert_true(read_window(100, 100, both, 2));
    assert_string_equal(found, "a@0 b@0 c@0 ");
    assert_int_equal(both[0].offset, 1);
    assert_int_equal(both[1].offset, 2);
}

static void
no_more_are_read_than_can_be_remembered(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    char ids[30][8];
    for (int i = 0; i < 30; i++) {
        snprintf(ids[i], sizeof(ids[i]), "e%d", i);
        add(0, ids[i], i, false);
    }
    fakes[0].first = 5; /* what was before has been deleted */
    assert_true(read_window(100, 3, &one, 1));
    assert_string_equal(found, "e27@2 e28@1 e29@0 ");
}

static void
what_is_gone_is_not_asked_for(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    add(0, "b", 10, false);
    fakes[0].first = 1;
    assert_true(read_window(100, 100, &one, 1));
    assert_string_equal(found, "b@0 ");
}

static void
what_is_older_than_the_window_is_not_found(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    add(0, "b", 30, false);
    assert_true(read_window(15, 100, &one, 1));
    assert_string_equal(found, "b@0 ");
    assert_int_equal(one.offset, 2);
    assert_true(read_window(15, 100, NULL, 0));
}

static void
a_clock_of_ours_that_is_ahead_makes_no_event_old(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    now_ms = 90LL * 86400 * 1000;
    add(0, "a", 10, false);
    add(0, "b", 20, false);
    add(0, "c", 40, false);
    assert_true(read_window(25, 100, &one, 1));
    assert_string_equal(found, "b@20 c@0 ");
    /* Nor when more come to those that are known. */
    found[0] = '\0';
    add(0, "d", 45, false);
    add(0, "e", 50, false);
    assert_true(read_window(25, 100, &one, 1));
    assert_string_equal(found, "d@5 e@0 ");
}

static void
no_event_is_older_than_the_one_before_it(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    now_ms = 1010;
    add(0, "a", 1000, false);
    add(0, "b", 5, false);
    add(0, "c", 1010, false);
    assert_true(read_window(100, 100, &one, 1));
    assert_string_equal(found, "a@10 b@10 c@0 ");
}

static void
what_a_clock_that_is_behind_stamped_last_hides_nothing(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    now_ms = 1010;
    add(0, "a", 1000, false);
    add(0, "b", 5, false);
    assert_true(read_window(100, 100, &one, 1));
    assert_string_equal(found, "a@0 b@0 ");
}

static void
the_last_event_is_found_behind_any_number_of_markers(void **state)
{
    struct kafka_offset both[] = {{0, KAFKA_BEGINNING}, {1, KAFKA_BEGINNING}};
    now_ms = 90LL * 86400 * 1000;
    add(0, "a", 10, false);
    add(0, "b", 20, false);
    add(1, "c", 30, false);
    while (fakes[0].end < 200) {
        add(0, NULL, 0, false);
        fakes[0].records[fakes[0].end - 1].marker = true;
    }
    assert_true(read_window(25, 1000, both, 2));
    assert_string_equal(found, "a@10 b@0 c@0 ");
}

static void
another_time_goes_on_where_the_last_one_ended(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    assert_true(read_window(100, 100, &one, 1));
    add(0, "b", 20, false);
    found[0] = '\0';
    assert_true(read_window(100, 100, &one, 1));
    assert_string_equal(found, "b@0 ");
    assert_int_equal(one.offset, 2);
}

/* What the former owner was about to commit must not be missed. */
static void
an_open_transaction_is_waited_for(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    add(0, "open", 20, false);
    fakes[0].end = 1;
    commits_after = 40;
    assert_true(read_window(100, 100, &one, 1));
    assert_string_equal(found, "a@10 open@0 ");
    assert_true(polls >= commits_after);
    assert_int_equal(one.offset, 2);
    assert_true(fakes[0].ends_told >= 2);
}

static void
trouble_that_passes_is_passed_over_and_other_trouble_told(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    trouble = KAFKA_RETRY;
    trouble_count = 5;
    assert_true(read_window(100, 100, &one, 1));
    assert_string_equal(found, "a@0 ");
    one.offset = KAFKA_BEGINNING;
    trouble = KAFKA_RECREATE;
    trouble_count = 1;
    assert_false(read_window(100, 100, &one, 1));
    assert_string_equal(err.message, "trouble");
}

static void
it_ends_when_it_is_time(void **state)
{
    struct kafka_offset one = {0, KAFKA_BEGINNING};
    add(0, "a", 10, false);
    ending_now = true;
    assert_false(read_window(100, 100, &one, 1));
    assert_int_equal(err.kind, ERROR_RETRY);
    assert_string_equal(found, "");
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_since_its_begin_are_found_and_no_replays),
        TEST(each_partition_is_read_to_its_end),
        TEST(no_more_are_read_than_can_be_remembered),
        TEST(what_is_gone_is_not_asked_for),
        TEST(what_is_older_than_the_window_is_not_found),
        TEST(a_clock_of_ours_that_is_ahead_makes_no_event_old),
        TEST(no_event_is_older_than_the_one_before_it),
        TEST(what_a_clock_that_is_behind_stamped_last_hides_nothing),
        TEST(the_last_event_is_found_behind_any_number_of_markers),
        TEST(another_time_goes_on_where_the_last_one_ended),
        TEST(an_open_transaction_is_waited_for),
        TEST(trouble_that_passes_is_passed_over_and_other_trouble_told),
        TEST(it_ends_when_it_is_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
