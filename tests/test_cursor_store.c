#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cursor_store.h"

static struct cursor_store *store;

static int
setup(void **state)
{
    store = cursor_store_new();
    return store ? 0 : -1;
}

static int
teardown(void **state)
{
    cursor_store_free(store);
    return 0;
}

static void
put(const char *key, const char *value)
{
    struct cursor_record record = {span_of(key), span_of(value)};
    assert_true(cursor_store_put(store, &record));
}

/* "key=value " of each record of a source. */
static void
holds(const char *source, const char *expected)
{
    char text[200] = "";
    size_t len = 0;
    struct cursor_record record;
    for (size_t i = 0;
         cursor_store_record(store, span_of(source), &i, &record);)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%.*s=%.*s ",
                                SPAN_ARGS(record.key), SPAN_ARGS(record.value));
    assert_string_equal(text, expected);
}

static void
a_key_belongs_to_the_source_before_its_slash(void **state)
{
    assert_true(span_is(cursor_source(span_of("a/b/c#1")), "a"));
    assert_true(span_is(cursor_source(span_of("a")), "a"));
    assert_true(span_is(cursor_source(span_of("/b")), ""));
    assert_true(span_is(cursor_source(SPAN_NONE), ""));
}

static void
the_newest_record_of_a_key_is_kept_in_the_order_of_writing(void **state)
{
    put("a/x", "1");
    put("a/y", "2");
    put("ab/x", "3");
    holds("a", "a/x=1 a/y=2 ");
    put("a/x", "4");
    holds("a", "a/y=2 a/x=4 ");
    holds("ab", "ab/x=3 ");
    holds("b", "");
}

static void
a_tombstone_removes_and_an_empty_value_does_not(void **state)
{
    put("a/x", "1");
    put("a/y", "");
    put("a/x", NULL);
    holds("a", "a/y= ");
    put("a/z", NULL); /* of a key that is not there */
    holds("a", "a/y= ");
    put("b/x", NULL); /* of a source that is not there */
    size_t sources = 0;
    struct span id;
    for (size_t i = 0; cursor_store_source(store, &i, &id);)
        sources++;
    assert_int_equal(sources, 1);
}

static void
bytes_are_those_of_what_is_kept(void **state)
{
    put("a/x", "12345");
    assert_int_equal(cursor_store_bytes(store), 8);
    put("a/x", "1");
    assert_int_equal(cursor_store_bytes(store), 4);
    put("a/x", NULL);
    assert_int_equal(cursor_store_bytes(store), 0);
}

static void
a_partition_is_dropped_whole_and_alone(void **state)
{
    size_t kept = 0, dropped = 0, found = 0;
    char key[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof(key), "source-%d/x", i);
        put(key, "value");
        int32_t partition = cursor_partition(cursor_source(span_of(key)));
        assert_in_range(partition, 0, CURSOR_PARTITIONS - 1);
        kept += partition != 3;
        dropped += partition == 3;
    }
    assert_true(dropped > 10);
    cursor_store_drop(store, 3);
    struct span source;
    for (size_t i = 0; cursor_store_source(store, &i, &source);) {
        struct cursor_record record;
        size_t position = 0;
        assert_int_not_equal(cursor_partition(source), 3);
        assert_true(cursor_store_record(store, source, &position, &record));
        found++;
    }
    assert_int_equal(found, kept);
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        cursor_store_drop(store, i);
    assert_int_equal(cursor_store_bytes(store), 0);
    size_t position = 0;
    assert_false(cursor_store_source(store, &position, &source));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_key_belongs_to_the_source_before_its_slash),
        TEST(the_newest_record_of_a_key_is_kept_in_the_order_of_writing),
        TEST(a_tombstone_removes_and_an_empty_value_does_not),
        TEST(bytes_are_those_of_what_is_kept),
        TEST(a_partition_is_dropped_whole_and_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
