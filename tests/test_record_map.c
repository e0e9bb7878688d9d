#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "record_map.h"

static const char network[] =
    "karool: connector/1\n"
    "vars:\n"
    "  instance: {type: url, required: true, help: the address}\n"
    "request: {base: '${var.instance}'}\n"
    "records: {at: ''}\n"
    "map:\n"
    "  id: [/uri, /id]\n"
    "  version: /edited\n"
    "  author: /author/name\n"
    "  created_at: {first: /created, do: time}\n"
    "  likes: /likes\n"
    "  text: {join: [/title, /content], do: html_text}\n"
    "raw: [/id, /author/kind, /tags]\n"
    "streams:\n"
    "  all:\n"
    "    request: {path: /all}\n"
    "    cursor: {kind: snapshot}\n";

static struct connectors *connectors;
static struct arena *arena;
static struct record_context context;

static int
setup(void **state)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    connectors = connectors_load_text("network", span_of(network), diagnostics);
    arena = arena_new();
    if (!connectors || !arena) {
        CLEANUP(buffer_done) struct buffer report = {0};
        diagnostics_write(diagnostics, &report, false);
        print_error("%s", buffer_text(&report));
        return -1;
    }
    context = (struct record_context){
        .arena = arena,
        .stream = &connectors_get(connectors, span_of("network"))->streams[0],
    };
    return 0;
}

static int
teardown(void **state)
{
    connectors_free(connectors);
    arena_free(arena);
    return 0;
}

static struct json *
record_of(const char *text)
{
    struct json *record = json_parse(arena, span_of(text), NULL, NULL);
    assert_non_null(record);
    return record;
}

static struct post
maps(const char *text)
{
    struct post post;
    struct span author;
    struct error err = {0};
    if (!record_map(&context, record_of(text), &post, &author, &err))
        fail_msg("%s: %s", text, err.message);
    return post;
}

static void
refuses(const char *text, const char *reason)
{
    struct post post;
    struct span author;
    struct error err = {0};
    assert_false(record_map(&context, record_of(text), &post, &author, &err));
    assert_int_equal(err.kind, ERROR_RECORD);
    assert_string_equal(err.message, reason);
}

static void
the_first_way_that_gives_something_counts(void **state)
{
    assert_true(
        span_is(maps("{\"uri\":\"u\",\"id\":1,\"content\":\"a\"}").id, "u"));
    assert_true(
        span_is(maps("{\"uri\":\"\",\"id\":1,\"content\":\"a\"}").id, "1"));
    assert_true(
        span_is(maps("{\"uri\":null,\"id\":1,\"content\":\"a\"}").id, "1"));
}

static void
an_id_keeps_all_its_digits(void **state)
{
    struct post post = maps("{\"id\":113000000000000000001,\"content\":\"a\"}");
    assert_true(span_is(post.id, "113000000000000000001"));
    post = maps("{\"id\":-9007199254740993,\"content\":\"a\"}");
    assert_true(span_is(post.id, "-9007199254740993"));
}

static void
what_is_no_post_is_refused_with_the_reason(void **state)
{
    refuses("[]", "a record that is no object");
    refuses("{\"content\":\"a\"}", "a record without an id");
    refuses("{\"id\":{},\"content\":\"a\"}", "a record without an id");
    refuses("{\"id\":1}", "a record without a text");
    refuses("{\"id\":1,\"content\":null}", "a record without a text");
    refuses("{\"id\":1,\"content\":[\"a\"]}", "a record without a text");
}

static void
an_empty_text_is_fine(void **state)
{
    struct post post = maps("{\"id\":1,\"content\":\"\"}");
    assert_non_null(post.text.at);
    assert_int_equal(post.text.len, 0);
}

static void
joined_texts_are_plain_and_a_blank_line_apart(void **state)
{
    struct post post = maps("{\"id\":1,\"title\":\"a &lt; b\","
                            "\"content\":\"<p>c</p><p>d</p>\"}");
    assert_true(span_is(post.text, "a < b\n\nc\nd"));
}

static void
a_count_that_is_no_number_is_none(void **state)
{
    static const char *const counts[] = {
        "\"1.2K\"", "\"many\"", "-1",   "1.5", "1e3",
        "\"007\"",  "\"\"",     "true", "[1]", "\"1234567890123456789\""};
    char text[100];
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        snprintf(text, sizeof(text),
                 "{\"id\":1,\"content\":\"a\",\"likes\":%s}", counts[i]);
        assert_null(maps(text).likes.at);
    }
    struct post post = maps("{\"id\":1,\"content\":\"a\",\"likes\":\"12\"}");
    assert_true(span_is(post.likes, "12"));
    post = maps("{\"id\":1,\"content\":\"a\",\"likes\":0}");
    assert_true(span_is(post.likes, "0"));
}

static void
a_time_that_cannot_be_read_is_none(void **state)
{
    static const char *const times[] = {"\"nan\"", "\"-nan\"", "\"inf\"",
                                        "\"\"",    "\"soon\"", "0",
                                        "1e300",   "-5",       "false"};
    char text[100];
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        snprintf(text, sizeof(text),
                 "{\"id\":1,\"content\":\"a\",\"created\":%s}", times[i]);
        assert_null(maps(text).created_at.at);
    }
    assert_true(span_starts(
        maps("{\"id\":1,\"content\":\"a\",\"created\":1700000000}").created_at,
        "2023-11-14T22:13:20"));
}

static void
raw_holds_the_listed_members_and_no_others(void **state)
{
    const struct json *record =
        record_of("{\"id\":7,\"author\":{\"kind\":\"bot\",\"name\":\"n\"},"
                  "\"secret\":1,\"tags\":[{\"a\":1}]}");
    struct span raw = record_raw(&context, record, PRIVACY_RAW_LISTED);
    assert_true(
        span_is(raw, "{\"id\":7,\"kind\":\"bot\",\"tags\":[{\"a\":1}]}"));
    assert_null(record_raw(&context, record, PRIVACY_RAW_DROP).at);
    raw = record_raw(&context, record, PRIVACY_RAW_KEEP);
    assert_true(span_starts(raw, "{\"id\":7,\"author\""));
}

static void
the_whole_record_cannot_be_listed_as_harmless(void **state)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(buffer_done) struct buffer text = {0};
    CLEANUP(buffer_done) struct buffer report = {0};
    buffer_append_text(&text, network);
    buffer_append_text(&text, "    raw: [/id, '']\n");
    assert_null(
        connectors_load_text("network", buffer_span(&text), diagnostics));
    diagnostics_write(diagnostics, &report, false);
    assert_string_equal(buffer_text(&report),
                        "network:18:16: error: 'raw' lists members such as "
                        "/tags, not the whole record\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_first_way_that_gives_something_counts),
        TEST(an_id_keeps_all_its_digits),
        TEST(what_is_no_post_is_refused_with_the_reason),
        TEST(an_empty_text_is_fine),
        TEST(joined_texts_are_plain_and_a_blank_line_apart),
        TEST(a_count_that_is_no_number_is_none),
        TEST(a_time_that_cannot_be_read_is_none),
        TEST(raw_holds_the_listed_members_and_no_others),
        TEST(the_whole_record_cannot_be_listed_as_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
