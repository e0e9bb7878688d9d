#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flagged_event.h"
#include "json.h"

static struct rules *rules;
static struct arena *arena;
static struct buffer out;

static int
load_rules(void **state)
{
    struct diagnostics *diagnostics = diagnostics_new();
    rules = rules_load("data/flowers", diagnostics);
    diagnostics_free(diagnostics);
    arena = arena_new();
    return rules && arena ? 0 : -1;
}

static int
free_rules(void **state)
{
    rules_unref(rules);
    arena_free(arena);
    buffer_done(&out);
    return 0;
}

static const struct term *
term(const char *id)
{
    for (size_t i = 0; i < rules->term_count; i++)
        if (strcmp(rules->terms[i].id, id) == 0)
            return &rules->terms[i];
    fail_msg("no term %s", id);
    return NULL;
}

static const struct extent five_to_seven = {
    .code_points = {5, 7}, .utf16 = {6, 8}, .bytes = {8, 12}};

static struct post
some_post(void)
{
    return (struct post){.id = span_of("x:1"),
                         .text = span_of("\U0001F600abcdжз"),
                         .title = span_of("title \"quoted\""),
                         .head = span_of("{\"id\":\"x:1\"}")};
}

static const struct json *
write_event(const struct post *post, const struct match *items, size_t count)
{
    const struct match_list matches = {
        .items = items, .count = count, .severity = 4, .categories = 1};
    char id[FLAGGED_ID_SIZE];
    flagged_event_id(post, rules, id);
    const struct flagged_event event = {.id = id,
                                        .post = post,
                                        .matches = &matches,
                                        .rules = rules,
                                        .fingerprint = "fp",
                                        .flagged_at_ms = 1764151205000,
                                        .replay = true};
    buffer_clear(&out);
    assert_true(flagged_event_write(&out, &event, NULL));
    const struct json *root = json_parse(arena, buffer_span(&out), NULL, NULL);
    assert_non_null(root);
    return root;
}

static void
assert_at(const struct json *root, const char *pointer, const char *expected)
{
    const struct json *value = json_at(root, span_of(pointer));
    if (!value)
        fail_msg("nothing at %s", pointer);
    struct span text = json_text(value);
    if (!span_is(text, expected))
        fail_msg("%s: %.*s, not %s", pointer, SPAN_ARGS(text), expected);
}

static void
an_event_has_the_members_of_the_design_in_their_order(void **state)
{
    static const char *const order[] = {
        "\"schema\":\"karool.flagged/1\"",
        "\"id\":\"",
        "\"flagged_at\":\"2025-11-26T10:00:05Z\"",
        "\"replay\":true",
        "\"severity\":4",
        "\"categories\":[\"flowers\"]",
        "\"matches\":[{",
        "\"entry\":\"t-tulip\"",
        "\"kind\":\"term\"",
        "\"category\":\"flowers\"",
        "\"severity\":4",
        "\"lang\":\"ru\"",
        "\"gloss\":\"a tulip\"",
        "\"review\":\"draft\"",
        "\"softened_by\":null",
        "\"field\":\"text\"",
        "\"text\":\"\xD0\xB6\xD0\xB7\"",
        "\"span\":[5,7]",
        "\"utf16\":[6,8]",
        "\"bytes\":[8,12]",
        "\"form\":\"disguised\"",
        "\"through\":[\"homoglyph\",\"invisible\"]",
        "\"parts\":[]",
        "\"matches_total\":1",
        "\"fingerprint\":\"fp\"",
        "\"post\":{\"id\":\"x:1\"}",
        "\"rules\":{\"version\":\"2026-11-23\"",
        "\"digest\":\"sha256:",
        "\"engine\":\"karool " KAROOL_VERSION "\"}",
    };
    struct post post = some_post();
    const struct match match = {
        .term = term("t-tulip"),
        .category = 0,
        .severity = 4,
        .extent = five_to_seven,
        .form = MATCH_DISGUISED,
        .through = DISGUISE_HOMOGLYPH | DISGUISE_INVISIBLE,
    };
    write_event(&post, &match, 1);
    const char *at = buffer_text(&out);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        at = strstr(at, order[i]);
        if (!at)
            fail_msg("%s is not in its place", order[i]);
        at += strlen(order[i]);
    }
    assert_string_equal(at, "");
}

static void
a_rule_names_its_parts_and_their_roles(void **state)
{
    struct match_part parts[] = {
        {.term = term("t-gives"), .role = "giver", .extent = {.bytes = {0, 5}}},
        {.term = term("t-tulip"),
         .role = "flower",
         .extent = {.bytes = {7, 13}}},
    };
    const struct match match = {
        .rule = &rules->rules[0],
        .category = 1,
        .severity = 2,
        .field = FIELD_TITLE,
        .softened_by = "negation",
        .extent = {.bytes = {0, 13}},
        .parts = parts,
        .part_count = 2,
    };
    struct post post = some_post();
    const struct json *root = write_event(&post, &match, 1);
    assert_at(root, "/matches/0/entry", "r-gift");
    assert_at(root, "/matches/0/kind", "rule");
    assert_at(root, "/matches/0/field", "title");
    assert_at(root, "/matches/0/text", "title \"quoted");
    assert_at(root, "/matches/0/softened_by", "negation");
    assert_at(root, "/matches/0/parts/0/entry", "t-gives");
    assert_at(root, "/matches/0/parts/0/role", "giver");
    assert_at(root, "/matches/0/parts/0/text", "title");
    assert_at(root, "/matches/0/parts/1/text", "quoted");
    assert_null(json_at(root, span_of("/matches/0/raised_by")));
}

static void
at_most_fifty_matches_are_listed_and_all_are_counted(void **state)
{
    struct match matches[70];
    for (int i = 0; i < 70; i++)
        matches[i] =
            (struct match){.term = term("t-daisy"), .severity = i < 60 ? 4 : 1};
    struct post post = some_post();
    const struct json *root = write_event(&post, matches, 70);
    assert_int_equal(json_at(root, span_of("/matches"))->count,
                     FLAGGED_MATCHES_MAX);
    assert_at(root, "/matches_total", "70");
    assert_at(root, "/matches/49/severity", "4");
}

static void
an_id_depends_on_post_version_and_digest(void **state)
{
    char one[FLAGGED_ID_SIZE], two[FLAGGED_ID_SIZE];
    struct post post = some_post();
    flagged_event_id(&post, rules, one);
    post.text = span_of("other");
    flagged_event_id(&post, rules, two);
    assert_string_equal(one, two);
    post.version = span_of("");
    flagged_event_id(&post, rules, two);
    assert_string_not_equal(one, two);
    post.version = SPAN_NONE;
    post.id = span_of("x:2");
    flagged_event_id(&post, rules, two);
    assert_string_not_equal(one, two);
    assert_int_equal(strlen(one), 64);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, load_rules, free_rules)
    const struct CMUnitTest tests[] = {
        TEST(an_event_has_the_members_of_the_design_in_their_order),
        TEST(a_rule_names_its_parts_and_their_roles),
        TEST(at_most_fifty_matches_are_listed_and_all_are_counted),
        TEST(an_id_depends_on_post_version_and_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
