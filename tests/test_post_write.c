#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "post.h"
#include "utf8.h"

static struct buffer out;

static int
free_out(void **state)
{
    buffer_done(&out);
    return 0;
}

static struct post
usual_post(void)
{
    return (struct post){
        .id = span_of("m:1"),
        .network = span_of("m"),
        .source = span_of("s"),
        .kind = span_of("post"),
        .url = span_of("https://m.example/1"),
        .author_id = span_of("h1:9f"),
        .fetched_at = span_of("2026-11-23T10:00:04Z"),
        .likes = span_of("3"),
        .text = span_of("a \"b\"\n\U0001F600"),
        .raw = span_of("{\"x\":1}"),
    };
}

static void
members_have_the_order_of_the_design_and_raw_is_last(void **state)
{
    struct post post = usual_post();
    assert_true(post_write(&out, &post, NULL));
    assert_string_equal(
        buffer_text(&out),
        "{\"schema\":\"karool.post/1\",\"id\":\"m:1\",\"version\":null,"
        "\"network\":\"m\",\"source\":\"s\",\"kind\":\"post\","
        "\"url\":\"https://m.example/1\",\"author\":{\"id\":\"h1:9f\"},"
        "\"created_at\":null,\"edited_at\":null,"
        "\"fetched_at\":\"2026-11-23T10:00:04Z\",\"lang\":null,"
        "\"reply_to\":null,\"counts\":{\"likes\":3,\"reposts\":null,"
        "\"comments\":null,\"views\":null},\"title\":null,"
        "\"text\":\"a \\\"b\\\"\\n\U0001F600\",\"raw\":{\"x\":1}}");
}

static void
marks_stand_before_raw(void **state)
{
    struct post post = usual_post();
    post.repaired = post.truncated = true;
    assert_true(post_write(&out, &post, NULL));
    assert_non_null(strstr(buffer_text(&out),
                           ",\"repaired\":true,\"truncated\":true,\"raw\":"));
}

static void
what_is_written_is_read_back(void **state)
{
    struct post post = usual_post(), back;
    struct post_reader *reader = post_reader_new(NULL);
    assert_non_null(reader);
    assert_true(post_write(&out, &post, NULL));
    assert_true(post_read(reader, buffer_span(&out), &back, NULL));
    assert_true(span_equal(back.text, post.text));
    assert_true(span_equal(back.author_id, post.author_id));
    assert_true(span_equal(back.likes, post.likes));
    assert_null(back.views.at);
    post_reader_free(reader);
}

static char *
filled(size_t len, const char *with)
{
    char *text = malloc(len + 1);
    assert_non_null(text);
    size_t step = strlen(with);
    for (size_t i = 0; i < len; i++)
        text[i] = with[i % step];
    text[len] = '\0';
    return text;
}

static void
raw_goes_first_when_the_record_is_too_large(void **state)
{
    struct post post = usual_post();
    char *raw = filled(POST_SIZE_MAX - 100, "1");
    post.raw = span_of(raw);
    assert_true(post_write(&out, &post, NULL));
    assert_null(strstr(buffer_text(&out), "\"raw\""));
    assert_null(strstr(buffer_text(&out), "\"truncated\""));
    free(raw);
}

static void
then_text_is_cut_between_letters_and_it_is_said(void **state)
{
    struct post post = usual_post(), back;
    char *text = filled(4 * POST_SIZE_MAX, "\"\xD0\xB0\xD0\xB1");
    post.text = span_of(text);
    buffer_append_text(&out, "before");
    assert_true(post_write(&out, &post, NULL));
    struct span record = span_from(buffer_span(&out), strlen("before"));
    assert_in_range(record.len, POST_SIZE_MAX / 2, POST_SIZE_MAX);

    struct post_reader *reader = post_reader_new(NULL);
    assert_non_null(reader);
    assert_true(post_read(reader, record, &back, NULL));
    assert_true(back.truncated);
    assert_false(back.repaired);
    assert_true(utf8_clean(back.text));
    assert_memory_equal(back.text.at, text, back.text.len);
    post_reader_free(reader);
    free(text);
}

static void
a_post_too_large_without_its_text_is_refused(void **state)
{
    struct post post = usual_post();
    struct error err = {0};
    char *title = filled(POST_SIZE_MAX, "t");
    post.title = span_of(title);
    assert_false(post_write(&out, &post, &err));
    assert_int_equal(err.kind, ERROR_RECORD);
    assert_int_equal(out.len, 0);
    free(title);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, free_out)
    const struct CMUnitTest tests[] = {
        TEST(members_have_the_order_of_the_design_and_raw_is_last),
        TEST(marks_stand_before_raw),
        TEST(what_is_written_is_read_back),
        TEST(raw_goes_first_when_the_record_is_too_large),
        TEST(then_text_is_cut_between_letters_and_it_is_said),
        TEST(a_post_too_large_without_its_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
