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
    DEADLINE_MS = 60 * 1000
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

/* librdkafka alone sleeps for the rest of a second each time its queue was
 * full, a dozen polls each. */
static void
a_queue_that_was_full_is_filled_again_before_it_is_empty(void **state)
{
    struct error err = {0};
    struct config *config = load_demo();
    struct broker *broker = broker_new(config, &err);
    assert_non_null(broker);
    assert_true(RECORDS > 4 * atoi(KAFKA_PREFETCH_RECORDS));
    const struct kafka_settings settings = {config, broker_address(broker),
                                            true};
    store(&settings);

    struct kafka_consumer *consumer =
        kafka_consumer_new(&settings, NULL, config->topics.posts, NULL, &err);
    assert_non_null(consumer);
    struct kafka_offset partitions[4];
    for (int i = 0; i < 4; i++)
        partitions[i] = (struct kafka_offset){i, KAFKA_BEGINNING};
    /* A busy machine may be slow once: not each time. */
    unsigned waits = WAITS_MOST + 1;
    for (int i = 0; i < 4 && waits > WAITS_MOST; i++) {
        assert_true(kafka_consumer_assign(consumer, partitions, 4, &err));
        waits = read_all(consumer);
    }
    if (waits > WAITS_MOST)
        fail_msg("the consumer waited %u times for %d ms", waits, POLL_MS);
    kafka_consumer_free(consumer, false);
    broker_free(broker);
    config_unref(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_queue_that_was_full_is_filled_again_before_it_is_empty, set_up,
            tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
