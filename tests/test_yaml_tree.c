#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "yaml_tree.h"

static struct arena *arena;
static struct diagnostics *diagnostics;
static struct buffer report;

static int
setup(void **state)
{
    arena = arena_new();
    diagnostics = diagnostics_new();
    return arena && diagnostics ? 0 : -1;
}

static int
teardown(void **state)
{
    arena_free(arena);
    diagnostics_free(diagnostics);
    buffer_done(&report);
    return 0;
}

static struct yaml_node *
parse(const char *text)
{
    return yaml_parse(arena, "f.yaml", span_of(text), diagnostics);
}

static void
complains(const char *text, const char *place_and_words)
{
    parse(text);
    buffer_clear(&report);
    diagnostics_write(diagnostics, &report, false);
    if (!strstr(buffer_text(&report), place_and_words))
        fail_msg("%s\ngave: %s\nexpected: %s", text, buffer_text(&report),
                 place_and_words);
}

static void
every_scalar_is_the_text_that_was_typed(void **state)
{
    const char *values[] = {"no", "1488", "+1", "~", "0x1F", "1e3", "null"};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        CLEANUP(buffer_done) struct buffer text = {0};
        buffer_printf(&text, "k: %s\n", values[i]);
        const struct yaml_node *value =
            yaml_get(parse(buffer_text(&text)), "k");
        assert_non_null(value);
        assert_true(span_is(value->text, values[i]));
        assert_true(value->plain);
    }
    assert_int_equal(diagnostics_errors(diagnostics), 0);
}

static void
nodes_know_their_place_in_code_points(void **state)
{
    const struct yaml_node *root =
        parse("\xEF\xBB\xBF# бир\nтерм: [эки, 'үч']\nn:\n  - {a: 1}\n");
    assert_non_null(root);
    const struct yaml_node *list = yaml_get(root, "терм");
    assert_int_equal(list->kind, YAML_NODE_LIST);
    assert_true(list->flow);
    assert_int_equal(list->count, 2);
    const struct yaml_node *second = list->first->next;
    assert_true(span_is(second->text, "үч"));
    assert_false(second->plain);
    assert_int_equal(second->place.line, 2);
    assert_int_equal(second->place.column, 13);
    const struct yaml_node *inner = yaml_get(root, "n")->first;
    assert_true(span_is(yaml_get(inner, "a")->text, "1"));
    assert_int_equal(yaml_get(inner, "a")->key->place.column, 6);
}

static void
complaints_are_words_a_linguist_understands(void **state)
{
    complains("a: @x\n", "f.yaml:1:4: error: this sign cannot start a value");
    complains("a: `x\n", "put the value in single quotes");
    complains("a: b: c\n", "f.yaml:1:5: error: a second ': '");
    complains("a: 'b\nc: d\n", "f.yaml:1:4: error: a quote that is opened");
    complains("a: \"\\q\"\n", "backslash starts an escape");
    complains("a: [b, c\nd: e\n", "closing ] is missing");
    complains("a:\n\t- b\n", "a tab");
    complains("a: %x\n", "cannot start a value");
    complains("%x: y\n", "starts with %");
    complains("a: !x\n", "type tag");
    complains("a: *x\n", "'*x' is an alias");
    complains("a: &x y\n", "'&x' is an anchor");
    complains("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: error: 'a' stands twice; "
                                    "the first one is in line 1");
    complains("<<: x\n", "merge keys");
    complains("{a: b}: c\n", "a key is a word");
    complains("a: 1\n---\nb: 2\n", "second document");
    complains("", "f.yaml:1:1: error: the file is empty or holds no keys");
    complains("\xEF\xBB\xBF# nothing\n", "the file is empty");
}

static void
other_encodings_are_refused_with_advice(void **state)
{
    complains("a: \xEF\xF0\xE8\n", "f.yaml:1:4: error: not UTF-8 (windows-12");
    complains("\xFF\xFE"
              "a",
              "UTF-16");
}

static void
several_faults_are_reported_in_one_go(void **state)
{
    parse("a: 1\na: 2\nb: &x 3\nc: *x\n");
    assert_int_equal(diagnostics_errors(diagnostics), 3);
}

static void
nesting_is_limited(void **state)
{
    CLEANUP(buffer_done) struct buffer deep = {0};
    for (int i = 0; i < 100; i++)
        buffer_append_byte(&deep, '[');
    complains(buffer_text(&deep), "nested deeper");
}

static void
a_missing_file_says_so(void **state)
{
    assert_null(yaml_load(arena, "/nonexistent/x.yaml", diagnostics));
    diagnostics_write(diagnostics, &report, false);
    assert_string_equal(buffer_text(&report),
                        "/nonexistent/x.yaml: error: cannot open it: No such "
                        "file or directory\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_scalar_is_the_text_that_was_typed),
        TEST(nodes_know_their_place_in_code_points),
        TEST(complaints_are_words_a_linguist_understands),
        TEST(other_encodings_are_refused_with_advice),
        TEST(several_faults_are_reported_in_one_go),
        TEST(nesting_is_limited),
        TEST(a_missing_file_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
