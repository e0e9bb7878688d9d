#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "broker.h"
#include "clock.h"
#include "kafka.h"
#include "kafka_prefetch.h"

enum {
    RECORDS = 70 * 1000,
    POLL_MS = 50,
    WAITS_MOST = 7,
    DEADLINE_MS = 60 * 1000,
    AWAY_MS = 20 * 1000,
};

static char folder[64];

static int
set_up(void **state)
{
    snprintf(folder, sizeof(folder), "/tmp/karool-prefetch-XXXXXX");
    return mkdtemp(folder) && !setenv("RUNTIME_DIRECTORY", folder, 1) &&
                   !setenv("STATE_DIRECTORY", folder, 1)
               ? 0
               : -1;
}

static int
tear_down(void **state)
{
    char path[96];
    snprintf(path, sizeof(path), "%s/brokers.lock", folder);
    unlink(path);
    return rmdir(folder); /* nothing else is left */
}

static struct config *
load_demo(void)
{
    const struct config_options options = {.offline = true};
    struct diagnostics *diagnostics = diagnostics_new();
    struct config *config = config_load(
        SOURCE_FOLDER "/config/demo/karool.yaml", &options, diagnostics);
    diagnostics_free(diagnostics);
    assert_non_null(config);
    return config;
}

static void
store(const struct kafka_settings *settings)
{
    /* Some 6,000 of them are what a fetch brings of a partition. */
    static const char value[100];
    struct error err = {0};
    CLEANUP(kafka_producer_freep)
    struct kafka_producer *producer =
        kafka_producer_new(settings, "none", 10000, &err);
    assert_non_null(producer);
    for (int i = 0; i < RECORDS; i++) {
        const struct kafka_record record = {
            .topic = settings->config->topics.posts,
            .partition = i % 4,
            .value = {value, sizeof(value)},
        };
        enum kafka_outcome outcome;
        do
            outcome = kafka_producer_produce(producer, &record, &err);
        while (outcome == KAFKA_RETRY);
        assert_int_equal(outcome, KAFKA_OK);
    }
    assert_int_equal(kafka_producer_flush(producer, DEADLINE_MS, &err),
                     KAFKA_OK);
}

/* How often nothing came for POLL_MS while there was more to read. */
static unsigned
read_all(struct kafka_consumer *consumer)
{
    struct error err = {0};
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;
    unsigned waits = 0;
    for (int read = 0; read < RECORDS && clock_monotonic_ms() < until_ms;) {
        struct kafka_message message;
        assert_int_equal(kafka_consumer_poll(consumer, POLL_MS, &message, &err),
                         KAFKA_OK);
        read += message.handle != NULL;
        /* Time enough for the queue to become full. */
        if (message.handle && read % 20000 == 1)
            usleep(300 * 1000);
        /* Before the first comes, the client connects. */
        waits += read && !message.handle && !message.end;
        kafka_message_done(&message);
    }
    assert_true(clock_monotonic_ms() < until_ms);
    return waits;
}

struct reading {
    struct config *config;
    struct broker *broker;
    struct kafka_settings settings;
};

static struct reading
begin(void)
{
    struct error err = {0};
    struct config *config = load_demo();
    struct broker *broker = broker_new(config, &err);
    assert_non_null(broker);
    struct reading reading = {
        config, broker, {config, broker_address(broker), true}};
    store(&reading.settings);
    return reading;
}

static void
end(struct reading *reading)
{
    broker_free(reading->broker);
    config_unref(reading->config);
}

static struct kafka_consumer *
open_consumer(const struct reading *reading)
{
    struct error err = {0};
    struct kafka_consumer *consumer = kafka_consumer_new(
        &reading->settings, NULL, reading->config->topics.posts, NULL, &err);
    assert_non_null(consumer);
    return consumer;
}

static void
go_to_beginning(struct kafka_consumer *consumer)
{
    struct error err = {0};
    struct kafka_offset partitions[4];
    for (int i = 0; i < 4; i++)
        partitions[i] = (struct kafka_offset){i, KAFKA_BEGINNING};
    assert_true(kafka_consumer_assign(consumer, partitions, 4, &err));
}

/* librdkafka alone sleeps for the rest of a second each time its queue was
 * full, a dozen polls each. */
static void
a_queue_that_was_full_is_filled_again_before_it_is_empty(void **state)
{
    struct reading reading = begin();
    assert_true(RECORDS > 4 * atoi(KAFKA_PREFETCH_RECORDS));

    struct kafka_consumer *consumer = open_consumer(&reading);
    /* A busy machine may be slow once: not each time. */
    unsigned waits = WAITS_MOST + 1;
    for (int i = 0; i < 4 && waits > WAITS_MOST; i++) {
        go_to_beginning(consumer);
        waits = read_all(consumer);
    }
    if (waits > WAITS_MOST)
        fail_msg("the consumer waited %u times for %d ms", waits, POLL_MS);
    kafka_consumer_free(consumer, false);
    end(&reading);
}

/* A request to wake it is answered after minutes, if ever. */
static void
a_broker_that_went_away_is_not_waited_for(void **state)
{
    struct error err = {0};
    struct reading reading = begin();
    struct kafka_consumer *consumer = open_consumer(&reading);
    go_to_beginning(consumer);
    struct kafka_message message = {0};
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;
    for (int read = 0; read < 1000 && clock_monotonic_ms() < until_ms;) {
        assert_int_equal(kafka_consumer_poll(consumer, POLL_MS, &message, &err),
                         KAFKA_OK);
        read += message.handle != NULL;
        kafka_message_done(&message);
    }
    usleep(500 * 1000); /* the queue is full, the broker's thread sleeps */
    broker_free(reading.broker);
    reading.broker = NULL;
    until_ms = clock_monotonic_ms() + AWAY_MS;
    int64_t more_ms = clock_monotonic_ms() + 3000; /* once it is empty */
    for (bool came = true; came || clock_monotonic_ms() < more_ms;) {
        (void)kafka_consumer_poll(consumer, POLL_MS, &message, &err);
        came = message.handle != NULL;
        kafka_message_done(&message);
    }
    kafka_consumer_free(consumer, false);
    assert_true(clock_monotonic_ms() < until_ms);
    end(&reading);
}

/* Who asks it something in the very moment waits for as long as told. */
static void
a_request_to_a_broker_that_went_away_ends_in_time(void **state)
{
    struct error err = {0};
    struct reading reading = begin();
    struct kafka_consumer *consumer = open_consumer(&reading);
    int64_t first = -1, end_at = -1;
    assert_true(
        kafka_consumer_bounds(consumer, 1, 20000, &first, &end_at, &err));
    assert_int_equal(first, 0);
    assert_int_equal(end_at, RECORDS / 4);
    broker_free(reading.broker);
    reading.broker = NULL;
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS / 4;
    for (int i = 0; i < 3; i++)
        assert_false(
            kafka_consumer_bounds(consumer, 1, 500, &first, &end_at, &err));
    assert_true(clock_monotonic_ms() < until_ms);
    kafka_consumer_free(consumer, false);
    end(&reading);
}

static int64_t
read_one(struct kafka_consumer *consumer, bool *more)
{
    struct error err = {0};
    struct kafka_message message = {0};
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;
    while (!message.handle && clock_monotonic_ms() < until_ms)
        assert_int_equal(kafka_consumer_poll(consumer, POLL_MS, &message, &err),
                         KAFKA_OK);
    assert_non_null(message.handle);
    int64_t offset = message.offset;
    *more = message.more;
    kafka_message_done(&message);
    return offset;
}

static void
the_record_held_ahead_is_forgotten_when_positions_are_set(void **state)
{
    struct error err = {0};
    struct reading reading = begin();
    struct kafka_consumer *consumer = open_consumer(&reading);
    for (int64_t from = 0; from < 3000; from += 1000) {
        const struct kafka_offset partition = {2, from};
        assert_true(kafka_consumer_assign(consumer, &partition, 1, &err));
        bool more = false;
        int64_t offset = from;
        /* Until one is held. */
        for (; offset < from + 900 && !more; offset++)
            assert_int_equal(read_one(consumer, &more), offset);
        assert_true(more);
    }
    kafka_consumer_free(consumer, false);
    end(&reading);
}

struct member {
    bool owns; /* partitions */
    int given_up;
};

static void
on_assigned(void *context, struct kafka_offset *partitions, size_t count)
{
    struct member *member = context;
    member->owns = true;
    for (size_t i = 0; i < count; i++)
        partitions[i].offset = KAFKA_BEGINNING;
}

static void
on_revoked(void *context, const struct kafka_offset *partitions, size_t count,
           bool lost)
{
    struct member *member = context;
    member->owns = false;
    member->given_up++;
}

/* Another one joins while there is always more to read. */
static void
the_record_held_ahead_goes_with_its_partition(void **state)
{
    struct error err = {0};
    struct reading reading = begin();
    struct member members[2] = {0};
    struct kafka_consumer *consumers[2] = {NULL};
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;
    int after = 0;
    for (int read = 0; after < 100 && clock_monotonic_ms() < until_ms;) {
        bool missing = !consumers[0] || (!consumers[1] && read > 100);
        struct kafka_message message;
        for (int i = 0; missing && i < 2 && i <= read; i++) {
            const struct kafka_consumer_hooks hooks = {on_assigned, on_revoked,
                                                       &members[i]};
            if (!consumers[i])
                consumers[i] = kafka_consumer_new(&reading.settings, "readers",
                                                  reading.config->topics.posts,
                                                  &hooks, &err);
            assert_non_null(consumers[i]);
        }
        assert_int_equal(kafka_consumer_poll(consumers[0], 5, &message, &err),
                         KAFKA_OK);
        assert_true(!message.handle || members[0].owns);
        read += message.handle != NULL;
        after += members[0].given_up > 0;
        kafka_message_done(&message);
        usleep(200);
    }
    assert_int_equal(after, 100);
    for (int i = 0; i < 2; i++)
        kafka_consumer_free(consumers[i], false);
    end(&reading);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_queue_that_was_full_is_filled_again_before_it_is_empty, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            a_broker_that_went_away_is_not_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_request_to_a_broker_that_went_away_ends_in_time, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            the_record_held_ahead_is_forgotten_when_positions_are_set, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            the_record_held_ahead_goes_with_its_partition, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
