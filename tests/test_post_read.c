#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "post.h"
#include "utf8.h"

static struct post_reader *reader;
static struct post post;
static struct error err;

static int
make_reader(void **state)
{
    reader = post_reader_new(NULL);
    return reader ? 0 : -1;
}

static int
free_reader(void **state)
{
    post_reader_free(reader);
    return 0;
}

static bool
read_span(struct span record)
{
    err = (struct error){0};
    return post_read(reader, record, &post, &err) &&
           post_read_head(reader, &post, &err);
}

static bool
read_text(const char *record)
{
    return read_span(span_of(record));
}

static void
assert_span(struct span span, const char *expected)
{
    if (!expected) {
        assert_null(span.at);
        return;
    }
    assert_non_null(span.at);
    assert_int_equal(span.len, strlen(expected));
    assert_memory_equal(span.at, expected, span.len);
}

static void
assert_refused(const char *record, const char *reason)
{
    assert_false(read_text(record));
    assert_int_equal(err.kind, ERROR_RECORD);
    if (!strstr(err.message, reason))
        fail_msg("\"%s\" does not say \"%s\"", err.message, reason);
}

static void
every_member_of_a_post_is_read(void **state)
{
    assert_true(read_text(
        "{\"schema\":\"karool.post/1\",\"id\":\"m:1\",\"version\":\"v\","
        "\"network\":\"m\",\"source\":\"s\",\"kind\":\"post\",\"url\":\"u\","
        "\"author\":{\"id\":\"h1:9\"},\"created_at\":\"c\","
        "\"edited_at\":null,\"fetched_at\":\"f\",\"lang\":\"ky\","
        "\"reply_to\":null,\"counts\":{\"likes\":3,\"reposts\":0,"
        "\"comments\":1,\"views\":null},\"title\":\"t\",\"text\":\"body\","
        "\"raw\":{\"secret\":1}}"));
    assert_span(post.id, "m:1");
    assert_span(post.version, "v");
    assert_span(post.network, "m");
    assert_span(post.source, "s");
    assert_span(post.kind, "post");
    assert_span(post.url, "u");
    assert_span(post.author_id, "h1:9");
    assert_span(post.created_at, "c");
    assert_span(post.edited_at, NULL);
    assert_span(post.fetched_at, "f");
    assert_span(post.lang, "ky");
    assert_span(post.reply_to, NULL);
    assert_span(post.likes, "3");
    assert_span(post.reposts, "0");
    assert_span(post.comments, "1");
    assert_span(post.views, NULL);
    assert_span(post.title, "t");
    assert_span(post.text, "body");
    assert_false(post.repaired);
    assert_false(post.truncated);
}

static void
the_head_is_the_source_without_raw(void **state)
{
    assert_true(read_text(" {\"id\" : \"1\", \"x\":[1, {\"raw\":2}],"
                          "\"text\":\"a\" , \"raw\":{\"b\":1}}"));
    assert_span(post.head, "{\"id\" : \"1\", \"x\":[1, {\"raw\":2}],"
                           "\"text\":\"a\"}");
    assert_true(read_text("{\"text\":\"\"}"));
    assert_span(post.head, "{\"text\":\"\"}");
    assert_span(post.text, "");
}

static void
reading_stops_at_raw_once_text_was_seen(void **state)
{
    assert_true(read_text("{\"text\":\"a\",\"raw\":{{{{ anything"));
    assert_span(post.head, "{\"text\":\"a\"}");
}

static void
raw_before_text_is_passed_over(void **state)
{
    assert_true(read_text("{\"raw\":{\"text\":\"no\",\"id\":[\"no\"]},"
                          "\"id\":\"1\",\"raw\":0,\"text\":\"yes\",\"n\":1}"));
    assert_span(post.text, "yes");
    assert_span(post.id, "1");
    assert_span(post.head, "{\"id\":\"1\",\"text\":\"yes\",\"n\":1}");
}

static void
of_two_members_of_a_name_the_last_counts(void **state)
{
    assert_true(read_text("{\"text\":\"one\",\"id\":\"1\",\"text\":\"two\","
                          "\"title\":\"a\",\"version\":1,\"id\":2,"
                          "\"te\\u0078t\":\"three\",\"version\":\"v\","
                          "\"title\":null}"));
    assert_span(post.text, "three");
    assert_span(post.title, NULL);
    assert_span(post.id, "2");
    assert_span(post.version, "v");
    assert_span(post.head, "{\"id\":\"2\",\"te\\u0078t\":\"three\","
                           "\"version\":\"v\",\"title\":null}");
    assert_refused("{\"text\":\"a\",\"text\":null}", "not a string");
}

static void
so_does_what_is_in_the_last_object(void **state)
{
    assert_true(read_text("{\"author\":{\"id\":\"x\"},\"author\":{},"
                          "\"counts\":{\"likes\":2,\"views\":3},"
                          "\"counts\":{\"views\":4,\"views\":5},"
                          "\"text\":\"a\"}"));
    assert_span(post.author_id, NULL);
    assert_span(post.likes, NULL);
    assert_span(post.views, "5");
    assert_span(post.head,
                "{\"author\":{},\"counts\":{\"views\":4,\"views\":5},"
                "\"text\":\"a\"}");
    assert_true(read_text("{\"text\":\"a\",\"author\":{\"id\":\"x\"},"
                          "\"author\":7}"));
    assert_span(post.author_id, NULL);
}

static void
what_stands_behind_raw_counts_too(void **state)
{
    static const char *const raws[] = {
        "{}",   "[]",        "{\"text\":\"no\",\"a\":[{\"b\":\"}\"}]} ", "7",
        "null", "\"{\\\"\"", "[\"\\\\\",\"]\",{\"\\\"}\":[]}]\n",
    };
    for (size_t i = 0; i < COUNT_OF(raws); i++) {
        CLEANUP(buffer_done) struct buffer record = {0};
        buffer_printf(&record,
                      "{\"text\":\"one\",\"raw\" :%s,\"text\":\"two\","
                      "\"title\":\"t\",\"id\":\"1\"}",
                      raws[i]);
        assert_true(read_text(buffer_text(&record)));
        assert_span(post.text, "two");
        assert_span(post.title, "t");
        assert_span(post.id, "1");
        assert_span(post.head,
                    "{\"text\":\"two\",\"title\":\"t\",\"id\":\"1\"}");
    }
    assert_refused("{\"text\":\"a\",\"raw\":{},\"text\":\"b", "not JSON");
}

static void
a_number_that_is_an_id_keeps_its_digits_and_becomes_a_text(void **state)
{
    assert_true(read_text("{\"id\": 113000000000000000001,\"text\":\"a\"}"));
    assert_span(post.id, "113000000000000000001");
    assert_span(post.head,
                "{\"id\": \"113000000000000000001\",\"text\":\"a\"}");
}

static void
escapes_are_decoded(void **state)
{
    assert_true(read_text("{\"title\":\"\\u04e9\\\"\\\\\\/\\b\\f\\n\\r\\t\","
                          "\"te\\u0078t\":\"\\ud83d\\ude00 \\u20ac\"}"));
    assert_span(post.title, "ө\"\\/\b\f\n\r\t");
    assert_span(post.text, "😀 €");
    assert_false(post.repaired);
    assert_span(post.head, "{\"title\":\"\\u04e9\\\"\\\\\\/\\b\\f\\n\\r\\t\","
                           "\"te\\u0078t\":\"\\ud83d\\ude00 \\u20ac\"}");
}

static void
broken_utf8_is_repaired_and_said(void **state)
{
    assert_true(read_text("{\"text\":\"a\xFF\xC0\xAE\xED\xA0\x80z\"}"));
    assert_span(post.text, "a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDz");
    assert_true(post.repaired);
    assert_span(post.head, "{\"text\":\"a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDz"
                           "\",\"repaired\":true}");
}

static void
lone_surrogates_and_nul_are_repaired(void **state)
{
    assert_true(read_text("{\"text\":\"\\ude00 \\ud83d \\ud83d\\u0041 "
                          "\\u0000 \\ud83d\\ude00\"}"));
    assert_span(post.text, "\uFFFD \uFFFD \uFFFDA \uFFFD 😀");
    assert_true(post.repaired);
    assert_span(post.head, "{\"text\":\"\\ufffd \\ufffd \\ufffd\\u0041 \\ufffd "
                           "\\ud83d\\ude00\",\"repaired\":true}");
}

static void
a_raw_nul_or_control_does_not_hide_a_post(void **state)
{
    static const char record[] = "{\"text\":\"a\0b\x01\n\\\"c\"}\n";
    assert_true(read_span((struct span){record, sizeof(record) - 1}));
    assert_span(post.text, "a\uFFFD"
                           "b\x01\n\"c");
    assert_true(post.repaired);
}

static void
a_repaired_mark_is_kept_and_not_doubled(void **state)
{
    assert_true(read_text("{\"text\":\"a\",\"repaired\":true,"
                          "\"truncated\":true}"));
    assert_true(post.repaired);
    assert_true(post.truncated);
    assert_true(read_text("{\"repaired\":false,\"text\":\"\xFF\"}"));
    assert_span(post.head, "{\"text\":\"\uFFFD\",\"repaired\":true}");
}

static void
damage_elsewhere_leaves_valid_utf8_without_the_mark(void **state)
{
    assert_true(read_text("{\"x\":\"\xFF\\ud800\",\"text\":\"a\"}"));
    assert_false(post.repaired);
    assert_span(post.head, "{\"x\":\"\uFFFD\\ufffd\",\"text\":\"a\"}");
}

static void
blanks_that_only_yajl_knows_do_not_leave(void **state)
{
    assert_true(read_text("{\f\"x\":[1,\v2]\v,\f\"text\"\f:\v\"a\"\f}\v"));
    assert_span(post.head, "{\"x\":[1, 2],\"text\" : \"a\"}");
    assert_false(post.repaired);
}

static void
a_record_without_a_usable_text_is_refused(void **state)
{
    assert_refused("{}", "no \"text\"");
    assert_refused("{\"id\":\"1\",\"raw\":{\"text\":\"a\"}}", "no \"text\"");
    assert_refused("{\"text\":null}", "not a string");
    assert_refused("{\"text\":5}", "not a string");
    assert_refused("{\"text\":{\"text\":\"a\"}}", "not a string");
}

static void
what_is_not_json_is_refused_with_the_reason(void **state)
{
    assert_refused("", "not JSON");
    assert_refused("hello", "not JSON");
    assert_refused("<html>", "not JSON");
    assert_refused("{\"text\":\"a\"", "not JSON");
    assert_refused("{\"text\":\"a\"} x", "not JSON");
    assert_refused("{\"text\":\"a\\x\"}", "not JSON");
    assert_refused("{\"text\":\"a\n", "not JSON");
    assert_refused("[{\"text\":\"a\"}]", "not a JSON object");
    assert_refused("\"text\"", "not a JSON object");
    assert_refused("5", "not a JSON object");
}

static void
a_reader_goes_on_after_a_bad_record(void **state)
{
    assert_refused("{\"id\":\"1\",\"text\":\"\\u00", "not JSON");
    assert_true(read_text("{\"text\":\"b\"}"));
    assert_span(post.id, NULL);
    assert_span(post.head, "{\"text\":\"b\"}");
}

static void
a_byte_order_mark_is_ignored(void **state)
{
    assert_true(read_text("\xEF\xBB\xBF{\"text\":\"a\"}"));
    assert_span(post.text, "a");
}

static char *
nested(size_t depth, const char *before, const char *after)
{
    char *text = malloc(2 * depth + strlen(before) + strlen(after) + 1);
    assert_non_null(text);
    char *at = stpcpy(text, before);
    memset(at, '[', depth);
    memset(at + depth, ']', depth);
    strcpy(at + 2 * depth, after);
    return text;
}

static void
nesting_is_limited_before_raw_and_free_in_it(void **state)
{
    char *record = nested(10000, "{\"x\":", ",\"text\":\"a\"}");
    assert_refused(record, "nested more than");
    free(record);
    record = nested(100, "{\"x\":", ",\"text\":\"a\"}");
    assert_true(read_text(record));
    free(record);
    record = nested(10000, "{\"text\":\"a\",\"raw\":", "}");
    assert_true(read_text(record));
    assert_span(post.head, "{\"text\":\"a\"}");
    free(record);
}

static char *
huge(size_t len, const char *before, const char *after)
{
    char *text = malloc(len + strlen(before) + strlen(after) + 1);
    assert_non_null(text);
    char *at = stpcpy(text, before);
    memset(at, 'a', len);
    strcpy(at + len, after);
    return text;
}

static void
a_record_over_ten_megabytes_is_refused(void **state)
{
    char *record = huge(POST_INPUT_MAX, "{\"text\":\"", "\"}");
    assert_refused(record, "larger than 10 MB");
    free(record);
    record = huge(POST_INPUT_MAX - 100, "{\"text\":\"\\n", "\"}");
    assert_true(read_text(record));
    assert_int_equal(post.text.len, POST_INPUT_MAX - 99);
    free(record);
}

static void
names_inside_of_other_members_mean_nothing(void **state)
{
    assert_true(read_text("{\"author\":{\"x\":{\"id\":\"no\"},\"id\":\"yes\","
                          "\"text\":\"no\"},\"counts\":[1,{\"likes\":2}],"
                          "\"quote\":{\"text\":\"no\"},\"text\":\"a\"}"));
    assert_span(post.author_id, "yes");
    assert_span(post.likes, NULL);
    assert_span(post.text, "a");
}

static void
a_member_of_another_kind_is_as_good_as_absent(void **state)
{
    assert_true(read_text("{\"id\":{\"x\":1},\"title\":7,\"lang\":[\"ky\"],"
                          "\"counts\":{\"likes\":\"many\",\"views\":-1.5e3},"
                          "\"version\":12,\"text\":\"a\"}"));
    assert_span(post.id, NULL);
    assert_span(post.title, NULL);
    assert_span(post.lang, NULL);
    assert_span(post.likes, NULL);
    assert_span(post.views, "-1.5e3");
    assert_span(post.version, "12");
}

static void
a_long_escaped_text_outgrows_the_pool(void **state)
{
    char *record = huge(300000, "{\"text\":\"\\u0041", "\\n\",\"raw\":1}");
    for (int i = 0; i < 3; i++) {
        assert_true(read_text(record));
        assert_int_equal(post.text.len, 300002);
        assert_true(utf8_clean(post.text));
    }
    free(record);
}

/* What the head is made of must still be there; the post itself is, too. */
static void
the_head_may_be_asked_for_twice_or_not_at_all(void **state)
{
    static const char record[] = "{\"id\":7,\"text\":\"a\\nb\",\"raw\":{}}";
    assert_true(post_read(reader, span_of(record), &post, NULL));
    assert_true(post_read(reader, span_of(record), &post, NULL));
    assert_null(post.head.at);
    for (int i = 0; i < 2; i++) {
        assert_true(post_read_head(reader, &post, NULL));
        assert_span(post.head, "{\"id\":\"7\",\"text\":\"a\\nb\"}");
        assert_span(post.text, "a\nb");
        assert_span(post.id, "7");
    }
}

int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_reader, free_reader)
    const struct CMUnitTest tests[] = {
        TEST(every_member_of_a_post_is_read),
        TEST(the_head_is_the_source_without_raw),
        TEST(reading_stops_at_raw_once_text_was_seen),
        TEST(raw_before_text_is_passed_over),
        TEST(of_two_members_of_a_name_the_last_counts),
        TEST(so_does_what_is_in_the_last_object),
        TEST(what_stands_behind_raw_counts_too),
        TEST(a_number_that_is_an_id_keeps_its_digits_and_becomes_a_text),
        TEST(escapes_are_decoded),
        TEST(broken_utf8_is_repaired_and_said),
        TEST(lone_surrogates_and_nul_are_repaired),
        TEST(a_raw_nul_or_control_does_not_hide_a_post),
        TEST(a_repaired_mark_is_kept_and_not_doubled),
        TEST(damage_elsewhere_leaves_valid_utf8_without_the_mark),
        TEST(blanks_that_only_yajl_knows_do_not_leave),
        TEST(a_record_without_a_usable_text_is_refused),
        TEST(what_is_not_json_is_refused_with_the_reason),
        TEST(a_reader_goes_on_after_a_bad_record),
        TEST(a_byte_order_mark_is_ignored),
        TEST(nesting_is_limited_before_raw_and_free_in_it),
        TEST(a_record_over_ten_megabytes_is_refused),
        TEST(names_inside_of_other_members_mean_nothing),
        TEST(a_member_of_another_kind_is_as_good_as_absent),
        TEST(a_long_escaped_text_outgrows_the_pool),
        TEST(the_head_may_be_asked_for_twice_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
