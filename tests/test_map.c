#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "map.h"

static void
what_was_set_is_found_until_it_is_removed(void **state)
{
    CLEANUP(map_freep) struct map *map = map_new();
    static int values[5000];
    char key[16];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5000; i++) {
            snprintf(key, sizeof(key), "key-%d", i);
            assert_true(map_set(map, span_of(key), &values[i]));
        }
        assert_int_equal(map_count(map), 5000);
        for (int i = 0; i < 5000; i += 2) {
            snprintf(key, sizeof(key), "key-%d", i);
            assert_true(map_remove(map, span_of(key)));
            assert_false(map_remove(map, span_of(key)));
        }
        for (int i = 0; i < 5000; i++) {
            snprintf(key, sizeof(key), "key-%d", i);
            assert_ptr_equal(map_get(map, span_of(key)),
                             i % 2 ? &values[i] : NULL);
        }
    }
}

static void
iteration_keeps_the_order_of_insertion(void **state)
{
    CLEANUP(map_freep) struct map *map = map_new();
    const char *keys[] = {"b", "a", "", "c"};
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_true(map_set(map, span_of(keys[i]), (void *)keys[i]));
    assert_true(map_remove(map, span_of("a")));
    assert_true(map_set(map, span_of("a"), (void *)keys[1]));

    const char *expected[] = {"b", "", "c", "a"};
    struct span key;
    void *value;
    size_t count = 0;
    for (size_t i = 0; map_next(map, &i, &key, &value); count++)
        assert_true(span_is(key, expected[count]));
    assert_int_equal(count, 4);
}

static void
an_empty_map_has_nothing(void **state)
{
    CLEANUP(map_freep) struct map *map = map_new();
    assert_null(map_get(map, span_of("a")));
    assert_false(map_has(map, span_of("")));
    assert_false(map_remove(map, span_of("a")));
}

static void
setting_and_removing_one_key_for_ever_does_not_grow_it(void **state)
{
    CLEANUP(map_freep) struct map *map = map_new();
    char key[16];
    for (int i = 0; i < 100000; i++) {
        snprintf(key, sizeof(key), "%d", i);
        assert_true(map_set(map, span_of(key), map));
        assert_true(map_remove(map, span_of(key)));
    }
    assert_int_equal(map_count(map), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set_is_found_until_it_is_removed),
        cmocka_unit_test(iteration_keeps_the_order_of_insertion),
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(
            setting_and_removing_one_key_for_ever_does_not_grow_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
