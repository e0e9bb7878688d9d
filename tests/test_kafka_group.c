#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <librdkafka/rdkafka.h>

#include "kafka_group.h"

static bool
fences(int32_t generation, const char *noted_as, const char *member,
       const char *instance)
{
    rd_kafka_consumer_group_metadata_t *metadata =
        rd_kafka_consumer_group_metadata_new_with_genid("group", generation,
                                                        noted_as, instance);
    assert_non_null(metadata);
    bool truth = kafka_group_fences(metadata, "group", member, instance);
    rd_kafka_consumer_group_metadata_destroy(metadata);
    return truth;
}

static void
a_member_with_a_generation_is_checked_by_the_broker(void **state)
{
    assert_true(fences(0, "member-1", "member-1", NULL));
    assert_true(fences(1, "member-1", "member-1", NULL));
    assert_true(fences(INT32_MAX, "member-1", "member-1", NULL));
    assert_true(fences(7, "member-1", "member-1", "host-0"));
}

static void
generation_minus_one_is_not(void **state)
{
    assert_false(fences(-1, "member-1", "member-1", NULL));
    assert_false(fences(-1, "member-1", "member-1", "host-0"));
}

static void
who_is_no_member_is_not(void **state)
{
    assert_false(fences(7, "member-1", "", NULL));
    assert_false(fences(7, "member-1", NULL, NULL));
    assert_false(kafka_group_fences(NULL, "group", "member-1", NULL));
    /* What rd_kafka_consumer_group_metadata_new() gives: of nobody. */
    rd_kafka_consumer_group_metadata_t *apart =
        rd_kafka_consumer_group_metadata_new("group");
    assert_false(kafka_group_fences(apart, "group", "", NULL));
    rd_kafka_consumer_group_metadata_destroy(apart);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_with_a_generation_is_checked_by_the_broker),
        cmocka_unit_test(generation_minus_one_is_not),
        cmocka_unit_test(who_is_no_member_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
