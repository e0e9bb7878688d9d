#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <librdkafka/rdkafka.h>
#include <string.h>

#include "kafka_client.h"

static struct kafka_property properties[4];
static struct config config = {.properties = properties};
static const struct kafka_settings settings = {&config, "127.0.0.1:9", false};

static void
has(rd_kafka_conf_t *conf, const char *name, const char *expected)
{
    char value[256];
    size_t size = sizeof(value);
    assert_int_equal(rd_kafka_conf_get(conf, name, value, &size),
                     RD_KAFKA_CONF_OK);
    assert_string_equal(value, expected);
}

static const struct kafka_property_pair own[] = {
    {"linger.ms", "5"},
    {"compression.type", "lz4"},
    {"isolation.level", "read_committed"},
};

static void
what_the_operator_sets_is_what_counts(void **state)
{
    static const struct kafka_property set[] = {
        {"linger.ms", "77"},
        {"compression.codec", "zstd"}, /* another name of compression.type */
        {"client.id", "desk"},
        {"broker.address.family", "v6"},
    };
    memcpy(properties, set, sizeof(set));
    config.property_count = COUNT_OF(set);
    rd_kafka_conf_t *conf =
        kafka_client_conf(&settings, own, COUNT_OF(own), NULL);
    assert_non_null(conf);
    has(conf, "linger.ms", "77");
    has(conf, "compression.type", "zstd");
    has(conf, "client.id", "desk");
    has(conf, "broker.address.family", "v6");
    has(conf, "isolation.level", "read_committed");
    has(conf, "allow.auto.create.topics", "false");
    rd_kafka_conf_destroy(conf);
}

static void
without_a_word_of_his_karools_own_count(void **state)
{
    config.property_count = 0;
    rd_kafka_conf_t *conf =
        kafka_client_conf(&settings, own, COUNT_OF(own), NULL);
    assert_non_null(conf);
    has(conf, "linger.ms", "5");
    has(conf, "compression.type", "lz4");
    has(conf, "client.id", "karool");
    rd_kafka_conf_destroy(conf);
}

static void
a_property_that_there_is_not_has_a_reason(void **state)
{
    char reason[256] = "";
    struct error err = {0};
    assert_false(
        kafka_client_property_fault("linger.ms", "5", reason, sizeof(reason)));
    assert_true(kafka_client_property_fault("linger.ms", "soon", reason,
                                            sizeof(reason)));
    assert_non_null(strstr(reason, "Invalid value"));
    assert_true(
        kafka_client_property_fault("lingre", "5", reason, sizeof(reason)));
    assert_non_null(strstr(reason, "lingre"));
    properties[0] = (struct kafka_property){"lingre", "5"};
    config.property_count = 1;
    assert_null(kafka_client_conf(&settings, NULL, 0, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_operator_sets_is_what_counts),
        cmocka_unit_test(without_a_word_of_his_karools_own_count),
        cmocka_unit_test(a_property_that_there_is_not_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
