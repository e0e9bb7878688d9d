#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "buffer.h"
#include "csv.h"

/* "[cell|cell] " for each row, "!line " for a broken one. */
static void
append_rows(struct buffer *out, struct span text, bool complete)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct csv_reader reader;
    struct csv_row row;
    assert_non_null(arena);
    csv_start(&reader, text, ',');
    reader.complete = complete;
    for (;;) {
        enum csv_result result = csv_read(&reader, arena, &row);
        if (result != CSV_ROW && result != CSV_BROKEN)
            return;
        if (result == CSV_BROKEN) {
            buffer_append_text(out, "! ");
            continue;
        }
        for (size_t i = 0; i < row.count; i++)
            buffer_printf(out, "%s%.*s", i ? "|" : "[",
                          SPAN_ARGS(row.cells[i].text));
        buffer_append_text(out, "] ");
    }
}

static void
reads(const char *text, const char *expected)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    append_rows(&out, span_of(text), true);
    assert_string_equal(buffer_text(&out), expected);
}

static void
rows_are_read_as_rfc_4180_has_them(void **state)
{
    reads("a,b\nc,d\n", "[a|b] [c|d] ");
    reads("a,b\r\nc,d", "[a|b] [c|d] ");
    reads("\"a,b\",\"c\nd\",\"e\"\"f\"\n", "[a,b|c\nd|e\"f] ");
    reads("\xEF\xBB\xBF"
          "a,,\n\n\r\n,b\n",
          "[a||] [|b] ");
    reads("", "");
}

static void
a_quote_inside_of_a_cell_is_a_quote(void **state)
{
    reads("5\" pipe,a\"b\"\n1\n", "[5\" pipe|a\"b\"] [1] ");
}

static void
a_bad_quote_costs_its_line_alone(void **state)
{
    reads("a,\"b\nc,d\ne,f\n", "! [c|d] [e|f] ");
    reads("a,\"b\"x\nc,d\n", "! [c|d] ");
    reads("\"a\nb\"x,\"c\nd\n", "! ! [d] ");
}

static void
cells_know_their_place_in_code_points(void **state)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct csv_reader reader;
    struct csv_row row;
    csv_start(&reader, span_of("id,t\n\"бир\nэки\",үч,төрт\n"), ',');
    assert_int_equal(csv_read(&reader, arena, &row), CSV_ROW);
    assert_int_equal(row.cells[1].column, 4);
    assert_int_equal(csv_read(&reader, arena, &row), CSV_ROW);
    assert_int_equal(row.line, 2);
    assert_int_equal(row.cells[1].line, 3);
    assert_int_equal(row.cells[1].column, 6);
    assert_int_equal(row.cells[2].column, 9);
}

static void
an_incomplete_row_waits_for_its_rest(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    append_rows(&out, span_of("a,b\nc,d"), false);
    append_rows(&out, span_of("c,\"d\n"), false);
    assert_string_equal(buffer_text(&out), "[a|b] ");
    assert_int_equal(csv_whole_rows(span_of("a,b\nc,d"), ','), 4);
    assert_int_equal(csv_whole_rows(span_of("a,\"b\nc,d"), ','), 0);
    assert_int_equal(csv_whole_rows(span_of("5\",b\nc"), ','), 5);
    assert_int_equal(csv_whole_rows(span_of("a,\"b\"\"\nc\"\r\nd"), ','), 11);
}

/* What is read in two pieces, cut behind whole rows, is what is read at once.
 */
static void
whole_rows_are_those_that_are_read(void **state)
{
    static const char signs[] = "ab,,\"\"\n\n\r";
    uint64_t random = 7;
    for (int i = 0; i < 20000; i++) {
        char text[24];
        size_t len = 0;
        for (; len < sizeof(text) - 1; len++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[len] = signs[(random >> 33) % (sizeof(signs) - 1)];
        }
        text[len] = '\0';
        /* A row that is broken for want of its end may be whole with it. */
        size_t whole = csv_whole_rows(span_of(text), ',');
        struct span first = {text, whole};
        CLEANUP(buffer_done) struct buffer pieces = {0};
        CLEANUP(buffer_done) struct buffer at_once = {0};
        append_rows(&pieces, first, true);
        append_rows(&pieces, span_of(text + whole), true);
        append_rows(&at_once, span_of(text), true);
        if (strcmp(buffer_text(&pieces), buffer_text(&at_once)) != 0)
            fail_msg("%s\n%s\n%s", text, buffer_text(&pieces),
                     buffer_text(&at_once));
    }
}

static void
a_row_of_a_million_cells_takes_linear_time(void **state)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct csv_reader reader;
    struct csv_row row;
    for (int i = 0; i < 1000000; i++)
        buffer_append_byte(&text, ',');
    clock_t start = clock();
    csv_start(&reader, buffer_span(&text), ',');
    assert_int_equal(csv_read(&reader, arena, &row), CSV_ROW);
    assert_int_equal(row.count, 1000001);
    assert_int_equal(row.cells[1000000].column, 1000001);
    assert_true(clock() - start < 10 * CLOCKS_PER_SEC); /* was minutes */
}

static void
the_commonest_divider_of_the_header_divides(void **state)
{
    assert_int_equal(csv_delimiter(span_of("a;b;c,d")), ';');
    assert_int_equal(csv_delimiter(span_of("a\tb")), '\t');
    assert_int_equal(csv_delimiter(span_of("text")), ',');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_rfc_4180_has_them),
        cmocka_unit_test(a_quote_inside_of_a_cell_is_a_quote),
        cmocka_unit_test(a_bad_quote_costs_its_line_alone),
        cmocka_unit_test(cells_know_their_place_in_code_points),
        cmocka_unit_test(an_incomplete_row_waits_for_its_rest),
        cmocka_unit_test(whole_rows_are_those_that_are_read),
        cmocka_unit_test(a_row_of_a_million_cells_takes_linear_time),
        cmocka_unit_test(the_commonest_divider_of_the_header_divides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
