#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "buffer.h"
#include "clock.h"
#include "file_reader.h"
#include "json.h"

static char folder[] = "/tmp/karool-file-XXXXXX";
static char path[64], other[64];
static struct file_reader *reader;
static struct response response;
static struct request request;

static int
make_folder(void **state)
{
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/archive", folder);
    snprintf(other, sizeof(other), "%s/other", folder);
    return 0;
}

static int
remove_folder(void **state)
{
    return rmdir(folder);
}

static int
setup(void **state)
{
    reader = file_reader_new(NULL);
    request = (struct request){.transport = TRANSPORT_FILE,
                               .url = span_of(path),
                               .format = span_of("ndjson")};
    return reader ? 0 : -1;
}

static int
teardown(void **state)
{
    file_reader_free(reader);
    unlink(path);
    unlink(other);
    return 0;
}

static void
write_to(const char *name, const char *mode, struct span bytes)
{
    FILE *file = fopen(name, mode);
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static void
write_file(const char *text)
{
    write_to(path, "w", span_of(text));
}

static void
append_file(const char *text)
{
    write_to(path, "a", span_of(text));
}

static void
write_gzip(struct span bytes)
{
    gzFile gz = gzopen(path, "wb");
    assert_non_null(gz);
    assert_int_equal(gzwrite(gz, bytes.at, (unsigned)bytes.len), bytes.len);
    assert_int_equal(gzclose(gz), Z_OK);
}

/* The next records; the offset moves on. */
static const char *
read_next(void)
{
    static char text[4096];
    file_reader_read(reader, &request, &response);
    if (response.failure)
        return response.reason;
    assert_true(response.body.len < sizeof(text));
    snprintf(text, sizeof(text), "%.*s", SPAN_ARGS(response.body));
    request.offset = response.next_offset;
    return text;
}

/* Everything from the offset on, in answers that are each an array. */
static size_t
count_all(void)
{
    size_t count = 0;
    for (int i = 0; i < 10000; i++) {
        file_reader_read(reader, &request, &response);
        assert_int_equal(response.failure, RESPONSE_OK);
        struct arena *arena = arena_new();
        struct json *array = json_parse(arena, response.body, NULL, NULL);
        assert_non_null(array);
        count += array->count;
        arena_free(arena);
        request.offset = response.next_offset;
        if (response.at_end)
            return count;
    }
    fail_msg("no end");
    return 0;
}

static void
lines_become_an_array(void **state)
{
    write_file("{\"text\":\"бир\"}\n\n  {\"text\":\"эки\"} \r\n");
    assert_string_equal(read_next(), "[{\"text\":\"бир\"},{\"text\":\"эки\"}]");
    assert_true(response.at_end);
    assert_int_equal(response.status, 200);
    assert_string_equal(read_next(), "[]");
}

static void
a_number_passes_unharmed(void **state)
{
    write_file("{\"id\":9007199254740993,\"x\":1.0e2,\"t\":\"\\u0431\"}\n");
    assert_string_equal(
        read_next(),
        "[{\"id\":9007199254740993,\"x\":1.0e2,\"t\":\"\\u0431\"}]");
}

static void
an_answer_holds_so_many_records_and_no_more(void **state)
{
    write_file("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    request.max_records = 2;
    assert_string_equal(read_next(), "[{\"a\":1},{\"a\":2}]");
    assert_false(response.at_end);
    assert_string_equal(read_next(), "[{\"a\":3}]");
    assert_true(response.at_end);
}

static void
an_incomplete_line_waits_for_the_rest(void **state)
{
    write_file("{\"a\":1}\n{\"a\":");
    assert_string_equal(read_next(), "[{\"a\":1}]");
    assert_true(response.at_end);
    assert_int_equal(response.next_offset, 8);
    assert_string_equal(read_next(), "[]");
    append_file("2}\n");
    assert_string_equal(read_next(), "[{\"a\":2}]");
}

static void
the_last_line_of_a_whole_file_counts(void **state)
{
    write_file("{\"a\":1}\n{\"a\":2}");
    request.whole = true;
    assert_string_equal(read_next(), "[{\"a\":1},{\"a\":2}]");
    assert_true(response.at_end);
}

static void
an_answer_can_be_asked_for_again(void **state)
{
    write_file("{\"a\":1}\n{\"a\":2}\n");
    request.max_records = 1;
    assert_string_equal(read_next(), "[{\"a\":1}]");
    request.offset = 0;
    assert_string_equal(read_next(), "[{\"a\":1}]");
    assert_string_equal(read_next(), "[{\"a\":2}]");
}

static void
another_reader_goes_on_from_an_offset(void **state)
{
    write_file("{\"a\":1}\n{\"a\":2}\n");
    request.max_records = 1;
    read_next();
    file_reader_free(reader);
    reader = file_reader_new(NULL);
    assert_string_equal(read_next(), "[{\"a\":2}]");
}

static void
unreadable_lines_are_records_with_the_reason(void **state)
{
    write_file("{\"a\":1}\n{\"a\":\n[]\n{\"a\":2}\n");
    const char *text = read_next();
    assert_non_null(strstr(text, "[{\"a\":1},{\"karool_error\":"));
    assert_non_null(strstr(text, "\"karool_line\":2}"));
    assert_non_null(strstr(text, "not a JSON object\",\"karool_line\":3}"));
    assert_non_null(strstr(text, ",{\"a\":2}]"));
}

static void
a_deep_line_spoils_no_other(void **state)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_append_text(&line, "{\"a\":");
    for (int i = 0; i < 10000; i++)
        buffer_append_byte(&line, '[');
    buffer_append_text(&line, "\n{\"b\":1}\n");
    write_file(buffer_text(&line));
    const char *text = read_next();
    assert_non_null(strstr(text, "karool_error"));
    assert_non_null(strstr(text, ",{\"b\":1}]"));
}

static void
a_line_over_the_limit_is_passed_over(void **state)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_append_text(&line, "{\"a\":1}\n{\"a\":\"");
    for (int i = 0; i < 1300 * 1000; i++)
        buffer_append_text(&line, "0123456789");
    buffer_append_text(&line, "\"}\n{\"a\":2}\n");
    write_file(buffer_text(&line));
    assert_string_equal(read_next(), "[{\"a\":1}]");
    const char *text = read_next();
    assert_non_null(strstr(text, "10 MB\",\"karool_line\":2}]"));
    assert_string_equal(read_next(), "[{\"a\":2}]");
}

static void
a_line_as_long_as_allowed_is_one_record(void **state)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_append_text(&line, "{\"a\":\"");
    for (int i = 0; i < 999 * 1000; i++)
        buffer_append_text(&line, "0123456789");
    buffer_append_text(&line, "\"}\n");
    write_file(buffer_text(&line));
    assert_int_equal(count_all(), 1);
    assert_int_equal(response.next_offset, line.len);
}

static void
rows_become_objects_by_their_header(void **state)
{
    request.format = span_of("csv");
    write_file(
        "\xEF\xBB\xBFid;text\r\n1;\"бир\n\"\"эки\"\"; үч\"\r\n2;төрт\r\n");
    assert_string_equal(read_next(),
                        "[{\"id\":\"1\",\"text\":\"бир\\n\\\"эки\\\"; үч\"},"
                        "{\"id\":\"2\",\"text\":\"төрт\"}]");
    assert_true(response.at_end);
}

static void
a_quote_that_is_never_closed_costs_its_row_alone(void **state)
{
    CLEANUP(buffer_done) struct buffer table = {0};
    buffer_append_text(&table, "id,text\n1,бир\n2,\"эки\n");
    for (int i = 0; i < 600 * 1000; i++)
        buffer_append_text(&table, "3,жаңы сап\n");
    write_file(buffer_text(&table));
    request.format = span_of("csv");
    request.whole = true;
    /* The bad row is a record that says so. */
    assert_int_equal(count_all(), 600 * 1000 + 2);
}

static void
rows_go_on_from_an_offset(void **state)
{
    request.format = span_of("csv");
    request.max_records = 1;
    write_file("id\ttext\n1\tбир\n2\tэки\n");
    assert_string_equal(read_next(), "[{\"id\":\"1\",\"text\":\"бир\"}]");
    file_reader_free(reader);
    reader = file_reader_new(NULL);
    assert_string_equal(read_next(), "[{\"id\":\"2\",\"text\":\"эки\"}]");
    append_file("3\tүч");
    assert_string_equal(read_next(), "[]");
    append_file("\n");
    assert_string_equal(read_next(), "[{\"id\":\"3\",\"text\":\"үч\"}]");
}

static void
a_table_without_rows_has_no_records(void **state)
{
    request.format = span_of("csv");
    write_file("");
    assert_string_equal(read_next(), "[]");
    append_file("id,te");
    assert_string_equal(read_next(), "[]");
    append_file("xt\n1,бир\n");
    assert_string_equal(read_next(), "[{\"id\":\"1\",\"text\":\"бир\"}]");
}

static void
broken_rows_are_records_with_the_reason(void **state)
{
    request.format = span_of("csv");
    write_file("id,text\n1,\"a\"b\n2,c,d\n3,\n4\n5,e\n");
    const char *text = read_next();
    assert_non_null(strstr(text, "quote"));
    assert_non_null(strstr(text, "\"karool_line\":2}"));
    assert_non_null(strstr(text, "more cells"));
    assert_non_null(strstr(text, "\"karool_line\":3}"));
    assert_non_null(strstr(text, "{\"id\":\"3\",\"text\":\"\"},{\"id\":\"4\"},"
                                 "{\"id\":\"5\",\"text\":\"e\"}]"));
}

static void
a_table_in_another_encoding_is_refused_with_advice(void **state)
{
    request.format = span_of("csv");
    write_file("\xE8\xE4,\xF2\n1,2\n");
    assert_non_null(strstr(read_next(), "UTF-8"));
    assert_int_equal(response.failure, RESPONSE_UNREACHABLE);
    write_to(path, "w", (struct span){"\xFF\xFEi\0d\0\n\0", 8});
    assert_non_null(strstr(read_next(), "UTF-16"));
}

static void
gzip_is_read_by_offsets_of_what_is_in_it(void **state)
{
    write_gzip(span_of("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"));
    request.max_records = 1;
    assert_string_equal(read_next(), "[{\"a\":1}]");
    assert_int_equal(request.offset, 8);
    file_reader_free(reader);
    reader = file_reader_new(NULL);
    assert_string_equal(read_next(), "[{\"a\":2}]");
    request.offset = 0;
    assert_string_equal(read_next(), "[{\"a\":1}]");
    request.offset = 16;
    assert_string_equal(read_next(), "[{\"a\":3}]");
    assert_true(response.at_end);
}

static void
a_gzip_file_that_is_cut_off_gives_what_is_there_and_says_so(void **state)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    for (int i = 0; i < 20000; i++)
        buffer_printf(&text, "{\"a\":%d}\n", i * 7919 % 10007);
    write_gzip(buffer_span(&text));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, info.st_size / 2), 0);
    size_t count = 0;
    request.max_records = 100000;
    for (int i = 0; i < 100 && !response.failure; i++) {
        file_reader_read(reader, &request, &response);
        for (size_t j = 0; j < response.body.len; j++)
            count += response.body.at[j] == '}';
        request.offset = response.next_offset;
    }
    assert_in_range(count, 1000, 19000);
    assert_non_null(strstr(response.reason, "middle of its gzip"));
}

static void
broken_gzip_is_a_failure(void **state)
{
    write_to(path, "w", (struct span){"\x1f\x8b\x08\0xxxxxxxxxxxxxxxx", 20});
    read_next();
    assert_int_equal(response.failure, RESPONSE_UNREACHABLE);
}

static void
a_file_put_in_its_place_is_read_from_the_start(void **state)
{
    write_file("{\"a\":1}\n{\"a\":2}\n");
    read_next();
    assert_false(response.replaced);
    write_to(other, "w", span_of("{\"b\":1}\n{\"b\":2}\n{\"b\":3}\n"));
    assert_int_equal(rename(other, path), 0);
    request.max_records = 1;
    assert_string_equal(read_next(), "[{\"b\":1}]");
    assert_true(response.replaced);
    assert_string_equal(read_next(), "[{\"b\":2}]");
    assert_false(response.replaced);
}

static void
a_file_that_shrank_is_read_from_the_start(void **state)
{
    write_file("{\"a\":1}\n{\"a\":2}\n");
    read_next();
    write_file("{\"b\":1}\n");
    assert_string_equal(read_next(), "[{\"b\":1}]");
    assert_true(response.replaced);

    request.offset = 1000;
    file_reader_free(reader);
    reader = file_reader_new(NULL);
    assert_string_equal(read_next(), "[{\"b\":1}]");
    assert_true(response.replaced);
}

static void
a_fingerprint_tells_another_file_after_a_restart(void **state)
{
    char name[128];
    write_file("{\"a\":1}\n");
    read_next();
    snprintf(name, sizeof(name), "%.*s", SPAN_ARGS(response.fingerprint));
    request.fingerprint = span_of(name);
    append_file("{\"a\":2}\n");
    file_reader_free(reader);
    reader = file_reader_new(NULL);
    assert_string_equal(read_next(), "[{\"a\":2}]");
    assert_false(response.replaced);

    write_file("{\"b\":1}\n{\"b\":2}\n{\"b\":3}\n");
    file_reader_free(reader);
    reader = file_reader_new(NULL);
    assert_string_equal(read_next(), "[{\"b\":1},{\"b\":2},{\"b\":3}]");
    assert_true(response.replaced);
}

static void
what_cannot_be_opened_says_why(void **state)
{
    assert_non_null(strstr(read_next(), "No such file"));
    assert_int_equal(response.failure, RESPONSE_UNREACHABLE);
    request.url = span_of(folder);
    assert_non_null(strstr(read_next(), "regular"));
    assert_int_equal(mkfifo(path, 0600), 0);
    request.url = span_of(path);
    assert_non_null(strstr(read_next(), "regular"));
    unlink(path);
    write_file("{\"a\":1}\n");
    assert_string_equal(read_next(), "[{\"a\":1}]");
}

static void
a_hundred_thousand_records_take_a_second_or_two(void **state)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    for (int i = 0; i < 100 * 1000; i++)
        buffer_printf(&text,
                      "{\"id\":%d,\"text\":\"бир эки үч төрт беш алты "
                      "жети сегиз тогуз он\",\"n\":[1,2,3]}\n",
                      i);
    write_to(path, "w", buffer_span(&text));
    int64_t start_ms = clock_monotonic_ms();
    size_t count = 0;
    do {
        file_reader_read(reader, &request, &response);
        request.offset = response.next_offset;
        for (size_t i = 0; i + 1 < response.body.len; i++)
            count += response.body.at[i] == '}';
    } while (!response.at_end);
    assert_int_equal(count, 100 * 1000);
    print_message("%d ms\n", (int)(clock_monotonic_ms() - start_ms));
    assert_true(clock_monotonic_ms() - start_ms < 20 * 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_become_an_array),
        TEST(a_number_passes_unharmed),
        TEST(an_answer_holds_so_many_records_and_no_more),
        TEST(an_incomplete_line_waits_for_the_rest),
        TEST(the_last_line_of_a_whole_file_counts),
        TEST(an_answer_can_be_asked_for_again),
        TEST(another_reader_goes_on_from_an_offset),
        TEST(unreadable_lines_are_records_with_the_reason),
        TEST(a_deep_line_spoils_no_other),
        TEST(a_line_over_the_limit_is_passed_over),
        TEST(a_line_as_long_as_allowed_is_one_record),
        TEST(rows_become_objects_by_their_header),
        TEST(a_quote_that_is_never_closed_costs_its_row_alone),
        TEST(rows_go_on_from_an_offset),
        TEST(a_table_without_rows_has_no_records),
        TEST(broken_rows_are_records_with_the_reason),
        TEST(a_table_in_another_encoding_is_refused_with_advice),
        TEST(gzip_is_read_by_offsets_of_what_is_in_it),
        TEST(a_gzip_file_that_is_cut_off_gives_what_is_there_and_says_so),
        TEST(broken_gzip_is_a_failure),
        TEST(a_file_put_in_its_place_is_read_from_the_start),
        TEST(a_file_that_shrank_is_read_from_the_start),
        TEST(a_fingerprint_tells_another_file_after_a_restart),
        TEST(what_cannot_be_opened_says_why),
        TEST(a_hundred_thousand_records_take_a_second_or_two),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
