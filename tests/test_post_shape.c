#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "post.h"

/* A record is read by its shape or by yajl, and it is the same post. */

#define RECORDS 60000

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
    if (!post_read(reader, record, &post, &err))
        return false;
    /* What the shape let pass yajl must not refuse. */
    assert_true(post_read_head(reader, &post, &err));
    return true;
}

static void
assert_text(struct span span, const char *expected)
{
    assert_non_null(span.at);
    assert_int_equal(span.len, strlen(expected));
    assert_memory_equal(span.at, expected, span.len);
}

static void
assert_same_span(struct span a, struct span b)
{
    assert_int_equal(!a.at, !b.at);
    assert_int_equal(a.len, b.len);
    if (a.len)
        assert_memory_equal(a.at, b.at, a.len);
}

/* A blank that only yajl knows sends a record around the shapes. */
static void
assert_read_like_yajl(struct post_reader *plain, struct span record)
{
    CLEANUP(buffer_done) struct buffer odd = {0};
    struct error other_err = {0};
    struct post other;
    buffer_append_byte(&odd, '\f');
    buffer_append_span(&odd, record);
    bool read = read_span(record);
    bool other_read = post_read(plain, buffer_span(&odd), &other, &other_err) &&
                      post_read_head(plain, &other, &other_err);
    if (read != other_read)
        fail_msg("%.*s: \"%s\", but \"%s\"", SPAN_ARGS(record), err.message,
                 other_err.message);
    assert_int_equal(err.kind, other_err.kind);
    assert_string_equal(err.message, other_err.message);
    if (!read)
        return;
    const struct span *spans = (const struct span *)&post;
    const struct span *others = (const struct span *)&other;
    for (size_t i = 0; i < offsetof(struct post, repaired) / sizeof(*spans);
         i++)
        assert_same_span(spans[i], others[i]);
    assert_int_equal(post.repaired, other.repaired);
    assert_int_equal(post.truncated, other.truncated);
    assert_same_span(post.head, other.head);
}

/* A tree of all of it has no other text than the one that was read. */
static void
assert_last_text(struct span record)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = json_parse(arena, record, NULL, NULL);
    const struct json *last = NULL;
    if (!root || err.kind)
        return;
    for (const struct json *member = root->first; member; member = member->next)
        if (span_is(member->key, "text"))
            last = member;
    if (!last->repaired)
        assert_same_span(json_text(last), post.text);
}

/* xorshift64: rand_r()'s successive numbers are too much alike. */
static size_t
pick(size_t count)
{
    static uint64_t state = 20261125;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 20) % count;
}

static const char *
one_of(const char *const *texts, size_t count)
{
    return texts[pick(count)];
}
#define ONE_OF(...)                                                            \
    one_of((const char *const[]){__VA_ARGS__},                                 \
           COUNT_OF(((const char *const[]){__VA_ARGS__})))

static bool
rarely(void)
{
    return pick(24) == 0;
}

static void
put_value(struct buffer *out, unsigned depth)
{
    size_t kind = pick(12);
    if (rarely()) {
        buffer_append_text(out,
                           ONE_OF("\"\\x\"", "01", "1.", "-", "nul", "1 2",
                                  "\"a", "\"\t\"", "5\"a\"", "[1,]", "{\"a\"}",
                                  "1:2", "1-1", "2e5-3", "1e", "2a", "nulll"));
        return;
    }
    if (kind < 2 && depth < 3) {
        buffer_append_text(out, kind ? "[" : "{");
        for (size_t i = pick(4); i > 0; i--) {
            if (!kind)
                buffer_append_text(out, ONE_OF("\"id\":", "\"likes\" :",
                                               "\"raw\":", "\"text\"\n:"));
            put_value(out, depth + 1);
            buffer_append_text(out, i > 1 ? ONE_OF(",", ", ") : "");
        }
        buffer_append_text(out, kind ? "]" : "}");
        return;
    }
    buffer_append_text(
        out,
        kind < 8
            ? ONE_OF("\"\"", "\"a\"", "\"тюльпан жана роза гүлдөйт\"",
                     "\"\\n\"", "\"raw\"", "\"text\"",
                     "\"\\u0433\\u04af\\u043b \\ud83d\\ude00\"",
                     "\"a much longer text, of \\\"more\\\" than two blocks\"",
                     "\"— “three” €\"", "\"\\ud83d\"", "\"\xD0\"")
            : ONE_OF("0", "7", "12", "-1", "0.05", "1e5", "-1.5E-3", "true",
                     "false", "null", "123456789012345678901234567890"));
}

static void
put_record(struct buffer *out)
{
    buffer_append_text(out, ONE_OF("{", "{", " {", "{ ", "\t{\n"));
    for (size_t i = 1 + pick(7); i > 0; i--) {
        buffer_append_text(
            out, ONE_OF("\"text\":\"гүл\",\"x\":", "\"text\":", "\"text\" : ",
                        "\"text\"\n: ", "\"id\"\t\r:", "\"id\":", "\"title\":",
                        "\"author\":{\"id\":\"h\"},\"lang\":",
                        "\"counts\":{\"likes\":3,\"views\":null},\"x\":",
                        "\"repaired\":", "\"truncated\":true,\"url\":",
                        "\"raw\":", "\"\":", "\"тюльпан\":", "\"te\\u0078t\":",
                        "\"raw\" :{},\"x\":", "\"author\":", "\"counts\":",
                        "\"kind\":", "\"text\":\"роза\",\"raw\":"));
        put_value(out, 0);
        if (i > 1)
            buffer_append_text(out, rarely() ? ",," : ONE_OF(",", " , "));
    }
    buffer_append_text(out, rarely() ? ONE_OF("", "} x", "]", "}}", "}1")
                                     : ONE_OF("}", "}\n", " } "));
    if (rarely())
        out->bytes[pick(out->len)] =
            ONE_OF("\"", "\\", "\x01", "{", "}", ",", "1", "\xFF", ":")[0];
}

static void
records_at_random_are_read_like_yajl_reads_them(void **state)
{
    struct post_reader *plain = post_reader_new(NULL);
    size_t read = 0;
    assert_non_null(plain);
    for (int round = 0; round < RECORDS; round++) {
        CLEANUP(buffer_done) struct buffer record = {0};
        put_record(&record);
        assert_read_like_yajl(plain, buffer_span(&record));
        assert_last_text(buffer_span(&record));
        read += err.kind == ERROR_NONE;
    }
    /* Otherwise little was compared. */
    assert_in_range(read, RECORDS / 4, RECORDS * 9 / 10);
    post_reader_free(plain);
}

/* A post, and then one that differs in the one place where it must show. */
static void
a_shape_that_is_known_is_no_promise_for_the_next_record(void **state)
{
    static const char *const records[] = {
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":05,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5}\n",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5} x",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":null}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":-5.5e-3}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5e}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":[]}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":[5]}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":[\"5\"]}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5 5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":-,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\\q\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\n\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"\xFF\",\"text\":\"a\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"\\ud800\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"\\u00zz\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":7,\"likes\":5,\"raw\":0}",
        "{\"id\":1,\"text\":\"a\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":\"5\",\"raw\":0}",
        "{\"id\":\"1\",\"test\":\"a\",\"likes\":5,\"raw\":0}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5,\"rav\":0}",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5,\"raw\":",
        "{\"id\":\"1\",\"text\":\"a\",\"likes\":5",
        "{\"id\":\"1\",\"text\":\"a",
        "{\"id\":\"1\" \"text\":\"a\",\"likes\":5,\"raw\":0}",
        "{\"raw\":{\"text\":\"b\"},\"text\":\"a\",\"likes\":5}",
        "{\"raw\":{\"text\":\"b\"},\"likes\":5}",
        "{\"id\":\"raw\",\"text\":\"a\",\"likes\":5,\"raw\":0}",
        "{\"x\":{\"text\":\"b\",\"raw\":1},\"text\":\"a\",\"raw\":0}",
        "{\"x\":[\"text\",\"raw\"],\"text\":\"a\",\"raw\":0}",
        "{\"text\":\"a\",\"text\":\"b\",\"raw\":0}",
        "{\"text\":\"a\",\"id\":{\"raw\":1},\"id\":\"2\",\"raw\":0}",
    };
    struct post_reader *plain = post_reader_new(NULL);
    assert_non_null(plain);
    for (size_t i = 0; i < COUNT_OF(records); i++)
        for (size_t k = 0; k < COUNT_OF(records); k++) {
            assert_read_like_yajl(plain, span_of(records[i]));
            assert_read_like_yajl(plain, span_of(records[k]));
        }
    post_reader_free(plain);
}

static void
more_shapes_than_are_kept_are_read_all_the_same(void **state)
{
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3000; i++) {
            CLEANUP(buffer_done) struct buffer record = {0};
            char id[16];
            snprintf(id, sizeof(id), "%d", i);
            buffer_printf(&record, "{\"x%d\":[],\"id\":\"%s\",\"text\":\"%s\"}",
                          i, id, i % 2 ? "\\t" : "a");
            assert_true(read_span(buffer_span(&record)));
            assert_text(post.id, id);
            assert_text(post.text, i % 2 ? "\t" : "a");
        }
}

/* Heads that are larger than a shape, and more members than it has room for. */
static void
a_record_without_a_shape_is_read_all_the_same(void **state)
{
    CLEANUP(buffer_done) struct buffer record = {0};
    buffer_append_text(&record, "{\"tags\":[\"a\"");
    for (int i = 0; i < 5000; i++) {
        buffer_append_text(&record, i % 2 ? ",1" : ",\"a\"");
        size_t kept = record.len;
        if (i % 50 == 0 || (i > 100 && i < 150)) {
            buffer_append_text(&record, "],\"text\":\"b\",\"raw\":{}}");
            assert_true(read_span(buffer_span(&record)));
            assert_text(post.text, "b");
            assert_int_equal(post.head.len, kept + strlen("],\"text\":\"b\"}"));
        }
        record.len = kept;
    }
}

int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_reader, free_reader)
    const struct CMUnitTest tests[] = {
        TEST(records_at_random_are_read_like_yajl_reads_them),
        TEST(a_shape_that_is_known_is_no_promise_for_the_next_record),
        TEST(more_shapes_than_are_kept_are_read_all_the_same),
        TEST(a_record_without_a_shape_is_read_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
