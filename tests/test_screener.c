#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "json.h"
#include "ruleset.h"
#include "screener.h"
#include "utf8.h"

static struct matcher *matcher;
static struct screener *screener;
static struct screened screened;
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

static bool
screen(const char *record, const char *default_id)
{
    err = (struct error){0};
    return screener_screen(screener, matcher, span_of(record),
                           span_of(default_id), 1000, false, &screened, &err);
}

static void
a_clean_post_makes_no_event(void **state)
{
    assert_true(screen("{\"id\":\"1\",\"text\":\"ничего\"}", NULL));
    assert_null(screened.event.at);
    assert_int_equal(screened.matches.count, 0);
    assert_true(span_is(screened.post.id, "1"));
}

static void
a_match_makes_an_event_with_its_id(void **state)
{
    assert_true(screen("{\"id\":\"1\",\"text\":\"вот тюльпан\","
                       "\"raw\":{\"planted\":1}}",
                       NULL));
    assert_int_equal(screened.matches.count, 1);
    assert_int_equal(screened.matches.severity, 4);
    char id[FLAGGED_ID_SIZE];
    flagged_event_id(&screened.post, matcher_rules(matcher), id);
    assert_string_equal(screened.id, id);
    assert_non_null(memmem(screened.event.at, screened.event.len, id, 64));
    assert_null(memmem(screened.event.at, screened.event.len, "planted", 7));
}

static void
a_title_is_screened_too(void **state)
{
    assert_true(screen("{\"text\":\"\",\"title\":\"тюльпан\"}", NULL));
    assert_int_equal(screened.matches.count, 1);
    assert_int_equal(screened.matches.items[0].field, FIELD_TITLE);
}

static void
a_nameless_post_gets_the_default_id_in_its_event(void **state)
{
    assert_true(screen("{\"id\":{},\"text\":\"тюльпан\"}", "a\"b:7"));
    assert_true(span_is(screened.post.id, "a\"b:7"));
    struct arena *arena = arena_new();
    const struct json *root = json_parse(arena, screened.event, NULL, NULL);
    assert_true(
        span_is(json_text(json_at(root, span_of("/post/id"))), "a\"b:7"));
    assert_int_equal(json_at(root, span_of("/post"))->count, 2);
    arena_free(arena);
}

static void
a_default_id_of_any_bytes_makes_a_valid_event(void **state)
{
    assert_true(screen("{\"text\":\"тюльпан\"}", "k\xff\"\xc0"));
    assert_true(span_is(screened.post.id, "k\uFFFD\"\uFFFD"));
    struct arena *arena = arena_new();
    const struct json *root = json_parse(arena, screened.event, NULL, NULL);
    struct span id = json_text(json_at(root, span_of("/post/id")));
    assert_true(span_equal(id, screened.post.id));
    arena_free(arena);
}

static void
a_bad_record_is_rejected_and_the_next_one_screened(void **state)
{
    assert_false(screen("{\"id\":\"1\"}", NULL));
    assert_int_equal(err.kind, ERROR_RECORD);
    assert_true(screen("{\"text\":\"тюльпан\"}", NULL));
    assert_int_equal(screened.matches.count, 1);
}

static void
damaged_text_does_not_hide_a_term(void **state)
{
    assert_true(screen("{\"text\":\"\xFF\\u0000 тюльпан \\ud83d\"}", NULL));
    assert_int_equal(screened.matches.count, 1);
    assert_true(screened.post.repaired);
    assert_true(utf8_clean(screened.event));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_post_makes_no_event),
        cmocka_unit_test(a_match_makes_an_event_with_its_id),
        cmocka_unit_test(a_title_is_screened_too),
        cmocka_unit_test(a_nameless_post_gets_the_default_id_in_its_event),
        cmocka_unit_test(a_default_id_of_any_bytes_makes_a_valid_event),
        cmocka_unit_test(a_bad_record_is_rejected_and_the_next_one_screened),
        cmocka_unit_test(damaged_text_does_not_hide_a_term),
    };
    return cmocka_run_group_tests(tests, make_all, free_all);
}
