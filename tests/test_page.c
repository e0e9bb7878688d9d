#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "page.h"

static void
records_are_copied_and_counted(void **state)
{
    char key[] = "mastodon:1", value[] = "{}", source[] = "s";
    CLEANUP(page_freep) struct page *page = page_new(source);
    assert_non_null(page);
    assert_true(page_add(page, PAGE_POSTS, span_of(key), span_of(value), 7));
    assert_true(page_add(page, PAGE_CURSORS, span_of("s/a/b"), SPAN_NONE, 8));
    memset(key, 'x', sizeof(key) - 1);
    memset(value, 'x', sizeof(value) - 1);
    source[0] = 'x';

    assert_int_equal(page_count(page), 2);
    assert_int_equal(page_posts(page), 1);
    assert_int_equal(page_bytes(page), 10 + 2 + 5);
    assert_string_equal(page_source(page), "s");
    const struct page_record *record = page_record(page, 0);
    assert_int_equal(record->topic, PAGE_POSTS);
    assert_true(span_is(record->key, "mastodon:1"));
    assert_true(span_is(record->value, "{}"));
    assert_int_equal(record->timestamp_ms, 7);
}

static void
a_tombstone_is_not_an_empty_value(void **state)
{
    CLEANUP(page_freep) struct page *page = page_new("s");
    assert_non_null(page);
    assert_true(page_add(page, PAGE_CURSORS, span_of("k"), SPAN_NONE, 0));
    assert_true(page_add(page, PAGE_CURSORS, span_of("k"), span_of(""), 0));
    assert_null(page_record(page, 0)->value.at);
    assert_non_null(page_record(page, 1)->value.at);
}

static void
a_page_holds_many_records(void **state)
{
    CLEANUP(page_freep) struct page *page = page_new("s");
    assert_non_null(page);
    char key[16];
    for (int i = 0; i < 3000; i++) {
        snprintf(key, sizeof(key), "%d", i);
        assert_true(
            page_add(page, PAGE_REJECTED, span_of(key), span_of("v"), i));
    }
    assert_true(span_is(page_record(page, 0)->key, "0"));
    assert_true(span_is(page_record(page, 2999)->key, "2999"));
    assert_int_equal(page_posts(page), 0);
}

static void
a_stamp_names_ticket_and_epoch(void **state)
{
    CLEANUP(page_freep) struct page *page = page_new("s");
    assert_non_null(page);
    page_stamp(page, 12, 34);
    assert_int_equal(page_ticket(page), 12);
    assert_int_equal(page_epoch(page), 34);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_copied_and_counted),
        cmocka_unit_test(a_tombstone_is_not_an_empty_value),
        cmocka_unit_test(a_page_holds_many_records),
        cmocka_unit_test(a_stamp_names_ticket_and_epoch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
