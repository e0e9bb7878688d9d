#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker.h"
#include "broker_reader.h"

/* glibc as it answers on a machine whose only interface is loopback: with
 * AI_ADDRCONFIG there is no address of either family, not even 127.0.0.1. The
 * test's own function stands before glibc's, for librdkafka too. */
static unsigned refused;

int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
            struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *,
                struct addrinfo **) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (hints && hints->ai_flags & AI_ADDRCONFIG) {
        refused++;
        return EAI_NONAME;
    }
    return real(node, service, hints, found);
}

static char folder[64];

static int
set_up(void **state)
{
    snprintf(folder, sizeof(folder), "/tmp/karool-broker-XXXXXX");
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
an_embedded_broker_is_reached_where_only_loopback_is_up(void **state)
{
    struct error err = {0};
    struct config *config = load_demo();
    struct broker *broker = broker_new(config, &err);
    assert_non_null(broker);
    assert_memory_equal(broker_address(broker), "127.0.0.1:", 10);
    struct kafka_consumer *reader =
        broker_reader_new(config, config->topics.flagged, true, &err);
    if (!reader)
        fail_msg("%s", err.message);
    assert_int_equal(refused, 0);
    kafka_consumer_free(reader, false);
    broker_free(broker);
    config_unref(config);
}

static void
a_reader_of_a_broker_that_is_gone_says_what_to_start(void **state)
{
    struct error err = {0};
    struct config *config = load_demo();
    broker_free(broker_new(config, &err));
    struct kafka_consumer *reader =
        broker_reader_new(config, config->topics.flagged, true, &err);
    assert_null(reader);
    assert_int_equal(err.kind, ERROR_RETRY);
    assert_non_null(strstr(err.message, "karool run"));
    config_unref(config);
}

static void
a_second_broker_leaves_the_address_of_the_first(void **state)
{
    struct error err = {0};
    struct config *config = load_demo();
    struct broker *first = broker_new(config, &err);
    struct broker *second = broker_new(config, &err);
    assert_non_null(first);
    assert_non_null(second);
    broker_free(second);
    struct kafka_consumer *reader =
        broker_reader_new(config, config->topics.flagged, true, &err);
    if (!reader)
        fail_msg("%s", err.message);
    kafka_consumer_free(reader, false);
    broker_free(first);
    config_unref(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_embedded_broker_is_reached_where_only_loopback_is_up, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            a_reader_of_a_broker_that_is_gone_says_what_to_start, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            a_second_broker_leaves_the_address_of_the_first, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
