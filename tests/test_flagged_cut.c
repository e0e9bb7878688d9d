#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flagged_cut.h"
#include "json.h"
#include "ruleset.h"
#include "screener.h"
#include "utf8.h"

static struct matcher *matcher;
static struct screener *screener;
static struct screened screened;
static struct arena *arena;
static struct buffer record;
static struct error err;

static int
make_all(void **state)
{
    struct diagnostics *diagnostics = diagnostics_new();
    matcher = ruleset_compile("data/flowers", diagnostics, &err);
    diagnostics_free(diagnostics);
    screener = screener_new(&err);
    return matcher && screener ? 0 : -1;
}

static int
free_all(void **state)
{
    screener_free(screener);
    matcher_unref(matcher);
    return 0;
}

static int
begin(void **state)
{
    arena = arena_new();
    err = (struct error){0};
    return arena ? 0 : -1;
}

static int
end(void **state)
{
    arena_free(arena);
    buffer_done(&record);
    return 0;
}

static void
repeat(const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buffer_append_text(&record, text);
}

static bool
screen(void)
{
    return screener_screen(screener, matcher, buffer_span(&record), SPAN_NONE,
                           1000, false, &screened, &err);
}

static size_t
number(const struct json *match, const char *pointer)
{
    int64_t value = -1;
    assert_true(json_int64(json_at(match, span_of(pointer)), &value));
    return (size_t)value;
}

/* Its text is what its three spans say. */
static void
assert_slice(const struct json *match, struct span field)
{
    size_t from = number(match, "/bytes/0"), to = number(match, "/bytes/1");
    struct span text = json_text(json_member(match, "text"));
    assert_true(from < to && to <= field.len);
    assert_true(span_equal(text, (struct span){field.at + from, to - from}));
    struct span before = {field.at, from}, until = {field.at, to};
    assert_int_equal(number(match, "/span/0"), utf8_count(before));
    assert_int_equal(number(match, "/span/1"), utf8_count(until));
    assert_int_equal(number(match, "/utf16/0"), utf8_utf16_count(before));
    assert_int_equal(number(match, "/utf16/1"), utf8_utf16_count(until));
}

/* Screens the record; its event fits, is valid, and says that it was cut. */
static const struct json *
cut_event(void)
{
    assert_true(screen());
    assert_true(screened.event.len + 2 * screened.post.id.len <=
                FLAGGED_SIZE_MAX);
    assert_true(utf8_clean(screened.event));
    const struct json *root = json_parse(arena, screened.event, NULL, NULL);
    assert_non_null(root);
    const struct json *post = json_member(root, "post");
    assert_true(json_member(post, "truncated")->truth);
    for (const struct json *match = json_member(root, "matches")->first; match;
         match = match->next) {
        struct span name = json_text(json_member(match, "field"));
        struct span field = json_text(
            json_member(post, span_is(name, "text") ? "text" : "title"));
        assert_slice(match, field);
        for (const struct json *part = json_member(match, "parts")->first; part;
             part = part->next)
            assert_slice(part, field);
    }
    return root;
}

static void
a_term_at_the_end_of_ten_megabytes_is_shown_in_its_place(void **state)
{
    repeat("{\"id\":\"x:1\",\"text\":\"", 1);
    repeat("😀ж слово ", 550 * 1000);
    repeat("тюльпан\"}", 1);
    assert_true(record.len > 9 * 1000 * 1000);
    const struct json *event = cut_event();
    assert_true(span_is(json_text(json_at(event, span_of("/matches/0/text"))),
                        "тюльпан"));
    struct span text = json_text(json_at(event, span_of("/post/text")));
    assert_true(text.len > 500 * 1000);
    assert_true(
        span_is(span_from(text, text.len - strlen("тюльпан")), "тюльпан"));
}

static void
a_stretch_ends_between_characters_wherever_it_ends(void **state)
{
    for (size_t shift = 0; shift < 8; shift++) {
        buffer_clear(&record);
        repeat("{\"text\":\"", 1);
        repeat("x", shift);
        repeat("😀", 300 * 1000);
        repeat(" тюльпан ", 1);
        repeat("x", shift / 2);
        repeat("😀", 300 * 1000);
        repeat("\"}", 1);
        cut_event();
    }
}

static void
of_many_matches_the_gravest_are_listed_and_all_are_counted(void **state)
{
    repeat("{\"text\":\"", 1);
    repeat("вот ромашка и нечто ", 30 * 1000);
    repeat("дарит ей тюльпан", 1);
    repeat(" вот ромашка и нечто", 30 * 1000);
    repeat("\"}", 1);
    const struct json *event = cut_event();
    assert_int_equal(json_member(event, "matches")->count, 50);
    assert_int_equal(number(event, "/severity"), 5);
    assert_int_equal(number(event, "/matches/0/severity"), 5);
    assert_int_equal(number(event, "/matches/1/severity"), 4);
    assert_int_equal(number(event, "/matches_total"), 60 * 1000 + 2);
}

/* Each match is as long as the text: together they are a hundred times it. */
static void
matches_that_are_long_do_not_multiply(void **state)
{
    repeat("{\"text\":\"", 1);
    for (int i = 0; i < 60; i++) {
        repeat("дарит ", 1);
        repeat("x", 15 * 1000);
        repeat(" тюльпан ", 1);
    }
    repeat("\"}", 1);
    const struct json *event = cut_event();
    assert_int_equal(number(event, "/matches_total"), 120);
    assert_true(span_is(json_text(json_at(event, span_of("/matches/0/entry"))),
                        "r-gift"));
}

static void
a_match_longer_than_all_leaves_the_others(void **state)
{
    repeat("{\"text\":\"дарит ", 1);
    repeat("x", 1000 * 1000);
    repeat(" тюльпан\"}", 1);
    const struct json *event = cut_event();
    assert_int_equal(json_member(event, "matches")->count, 1);
    assert_true(span_is(json_text(json_at(event, span_of("/matches/0/entry"))),
                        "t-tulip"));
    assert_int_equal(number(event, "/matches_total"), 2);
}

static void
a_title_is_cut_as_a_text_is(void **state)
{
    repeat("{\"title\":\"", 1);
    repeat("слово ", 400 * 1000);
    repeat("тюльпан\",\"text\":\"", 1);
    repeat("слово ", 400 * 1000);
    repeat("\"}", 1);
    const struct json *event = cut_event();
    assert_true(span_is(json_text(json_at(event, span_of("/matches/0/field"))),
                        "title"));
}

static void
bytes_that_grow_in_json_are_counted_as_they_grow(void **state)
{
    repeat("{\"text\":\"", 1);
    repeat("\\u0001", 140 * 1000);
    repeat(" тюльпан ", 1);
    repeat("\\u0001", 140 * 1000);
    repeat("\"}", 1);
    cut_event();
}

static void
members_of_others_and_long_ones_are_left_out(void **state)
{
    repeat("{\"id\":\"x:1\",\"version\":\"v\",\"url\":\"http://", 1);
    repeat("x", 500 * 1000);
    repeat("\",\"more\":\"", 1);
    repeat("x", 600 * 1000);
    repeat("\",\"lang\":\"ru\",\"text\":\"тюльпан\"}", 1);
    const struct json *event = cut_event();
    assert_null(json_at(event, span_of("/post/more")));
    assert_null(json_text(json_at(event, span_of("/post/url"))).at);
    const struct {
        const char *place, *text;
    } kept[] = {{"/post/id", "x:1"},
                {"/post/version", "v"},
                {"/post/lang", "ru"},
                {"/post/text", "тюльпан"}};
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        assert_true(span_is(json_text(json_at(event, span_of(kept[i].place))),
                            kept[i].text));
}

static void
an_id_counts_three_times_and_may_be_too_long(void **state)
{
    repeat("{\"text\":\"тюльпан\",\"id\":\"", 1);
    repeat("x", 250 * 1000);
    repeat("\",\"more\":\"", 1);
    repeat("x", 300 * 1000);
    repeat("\"}", 1);
    cut_event();
    buffer_clear(&record);
    repeat("{\"text\":\"тюльпан\",\"id\":\"", 1);
    repeat("x", 400 * 1000);
    repeat("\"}", 1);
    assert_false(screen());
    assert_int_equal(err.kind, ERROR_RECORD);
    assert_non_null(strstr(err.message, "its id"));
}

static void
what_cannot_be_cut_is_rejected_with_its_reason(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    repeat("x", 2000 * 1000);
    const struct match match = {
        .rule = &matcher_rules(matcher)->rules[0],
        .severity = 5,
        .extent = {{0, record.len}, {0, record.len}, {0, record.len}},
    };
    const struct match_list matches = {&match, 1, 5, 1};
    const struct post post = {.text = buffer_span(&record)};
    const struct flagged_event event = {.id = "e1",
                                        .post = &post,
                                        .matches = &matches,
                                        .rules = matcher_rules(matcher),
                                        .fingerprint = "f"};
    assert_true(flagged_cut_expected(&event));
    assert_false(flagged_cut_write(&out, &event, &err));
    assert_int_equal(err.kind, ERROR_RECORD);
    assert_non_null(strstr(err.message, "longer than 32 KB"));
    assert_int_equal(out.len, 0);
}

static void
an_event_that_fits_is_left_as_it_is(void **state)
{
    repeat("{\"id\":\"x:1\",\"more\":[1],\"text\":\"", 1);
    repeat("слово ", 70 * 1000);
    repeat("тюльпан\"}", 1);
    assert_true(screen());
    const struct json *event = json_parse(arena, screened.event, NULL, NULL);
    assert_null(json_at(event, span_of("/post/truncated")));
    assert_non_null(json_at(event, span_of("/post/more/0")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_term_at_the_end_of_ten_megabytes_is_shown_in_its_place),
        TEST(a_stretch_ends_between_characters_wherever_it_ends),
        TEST(of_many_matches_the_gravest_are_listed_and_all_are_counted),
        TEST(matches_that_are_long_do_not_multiply),
        TEST(a_match_longer_than_all_leaves_the_others),
        TEST(a_title_is_cut_as_a_text_is),
        TEST(bytes_that_grow_in_json_are_counted_as_they_grow),
        TEST(members_of_others_and_long_ones_are_left_out),
        TEST(an_id_counts_three_times_and_may_be_too_long),
        TEST(what_cannot_be_cut_is_rejected_with_its_reason),
        TEST(an_event_that_fits_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, make_all, free_all);
}
