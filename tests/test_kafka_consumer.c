#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <librdkafka/rdkafka.h>

#include "clock.h"
#include "kafka.h"
#include "kafka_client.h"

enum { POLL_MS = 50, DEADLINE_MS = 20 * 1000 };

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

/* Nobody listens there: a group that it is no member of gives no message. */
static void
a_member_that_was_fenced_hears_it_until_it_is_made_anew(void **state)
{
    struct config *config = load_demo();
    const struct kafka_settings settings = {config, "127.0.0.1:1", false};
    struct error err = {0};
    struct kafka_consumer *consumer = kafka_consumer_new_member(
        &settings, "group", "name", config->topics.posts, NULL, &err);
    assert_non_null(consumer);
    struct kafka_message message;
    assert_int_equal(kafka_consumer_poll(consumer, POLL_MS, &message, &err),
                     KAFKA_OK);
    rd_kafka_test_fatal_error(kafka_consumer_client(consumer),
                              RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
                              "another took the name");
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;
    enum kafka_outcome outcome = KAFKA_OK;
    while (outcome == KAFKA_OK && clock_monotonic_ms() < until_ms) {
        outcome = kafka_consumer_poll(consumer, POLL_MS, &message, &err);
        assert_null(message.handle);
    }
    assert_int_equal(outcome, KAFKA_RECREATE);
    /* librdkafka says so once; who was busy then must hear it too. */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(kafka_consumer_poll(consumer, POLL_MS, &message, &err),
                         KAFKA_RECREATE);
        assert_non_null(strstr(err.message, "another took the name"));
    }
    kafka_consumer_free(consumer, false);
    config_unref(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_member_that_was_fenced_hears_it_until_it_is_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
