#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "partition.h"

/* The cases of Kafka's own UtilsTest.testMurmur2(). */
static void
hashes_are_those_of_the_java_client(void **state)
{
    static const struct {
        const char *key;
        int32_t hash;
    } cases[] = {
        {"21", -973932308},
        {"foobar", -790332482},
        {"a-little-bit-long-string", -985981536},
        {"a-little-bit-longer-string", -1486304829},
        {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
        {"abc", 479470107},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal((int32_t)murmur2(span_of(cases[i].key)),
                         cases[i].hash);
}

static void
the_sign_bit_is_masked_not_negated(void **state)
{
    assert_int_equal(partition_of(span_of("21"), 24),
                     (-973932308 & INT32_MAX) % 24);
    assert_int_equal(partition_of(span_of("abc"), 7), 479470107 % 7);
    assert_in_range(partition_of(SPAN_NONE, 3), 0, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_java_client),
        cmocka_unit_test(the_sign_bit_is_masked_not_negated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
