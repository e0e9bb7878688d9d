#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ruleset.h"

#define READERS 4
#define SWAPS 200

static struct diagnostics *diagnostics;
static struct error err;
static char folder[64];

static int
set_up(void **state)
{
    diagnostics = diagnostics_new();
    err = (struct error){0};
    strcpy(folder, "/tmp/karool-ruleset-XXXXXX");
    return diagnostics && mkdtemp(folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
    char path[128];
    diagnostics_free(diagnostics);
    snprintf(path, sizeof(path), "%s/rules.yaml", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/categories.yaml", folder);
    unlink(path);
    return rmdir(folder);
}

static void
write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static struct matcher *
compile(const char *path)
{
    return ruleset_compile(path, diagnostics, &err);
}

static void
write_rules(const char *example)
{
    char text[512];
    write_file("categories.yaml", "karool: categories/1\n"
                                  "categories:\n"
                                  "  - id: c\n"
                                  "    name: {en: C, ky: C, ru: C}\n"
                                  "    description: d\n");
    snprintf(text, sizeof(text),
             "karool: rules/1\n"
             "terms:\n"
             "  - id: t\n"
             "    term: 'жасмин'\n"
             "    lang: ru\n"
             "    category: c\n"
             "    severity: 1\n"
             "    morphology: exact\n"
             "    gloss: g\n"
             "    examples: {flag: ['%s']}\n",
             example);
    write_file("rules.yaml", text);
}

static void
good_rules_compile(void **state)
{
    write_rules("вот жасмин");
    struct matcher *matcher = compile(folder);
    assert_non_null(matcher);
    assert_int_equal(diagnostics_errors(diagnostics), 0);
    assert_int_equal(matcher_rules(matcher)->term_count, 1);
    matcher_unref(matcher);
}

static void
an_example_that_does_not_behave_stops_all_with_its_place(void **state)
{
    write_rules("вот роза");
    assert_null(compile(folder));
    assert_int_equal(err.kind, ERROR_CONFIG);
    CLEANUP(buffer_done) struct buffer text = {0};
    diagnostics_write(diagnostics, &text, false);
    assert_non_null(strstr(buffer_text(&text), "rules.yaml:10:"));
    assert_non_null(strstr(buffer_text(&text), "should be flagged"));
    /* `explain` and `test` take them nevertheless. */
    struct diagnostics *others = diagnostics_new();
    struct matcher *matcher = ruleset_build(folder, others, &err);
    assert_non_null(matcher);
    matcher_unref(matcher);
    diagnostics_free(others);
}

static void
a_missing_or_empty_folder_is_an_error(void **state)
{
    assert_null(compile(folder));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_int_not_equal(diagnostics_errors(diagnostics), 0);
    assert_null(compile("/nowhere"));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static void
a_swap_raises_the_generation_and_leaves_references_whole(void **state)
{
    write_rules("жасмин");
    struct matcher *first = compile(folder), *second = compile(folder);
    assert_non_null(first);
    assert_non_null(second);
    struct ruleset *ruleset = ruleset_new(first, &err);
    assert_non_null(ruleset);
    assert_int_equal(ruleset_generation(ruleset), 1);
    struct matcher *held = ruleset_get(ruleset);
    assert_ptr_equal(held, first);
    assert_int_equal(ruleset_swap(ruleset, second), 2);
    assert_int_equal(matcher_rules(held)->term_count, 1);
    matcher_unref(held);
    held = ruleset_get(ruleset);
    assert_ptr_equal(held, second);
    matcher_unref(held);
    ruleset_free(ruleset);
}

struct sharing {
    struct ruleset *ruleset;
    atomic_bool ended;
    atomic_int wrong;
};

static void *
use_matchers(void *context)
{
    struct sharing *sharing = context;
    while (!atomic_load(&sharing->ended)) {
        struct matcher *matcher = ruleset_get(sharing->ruleset);
        if (matcher_rules(matcher)->term_count != 1)
            atomic_fetch_add(&sharing->wrong, 1);
        matcher_unref(matcher);
    }
    return NULL;
}

static void
threads_use_the_matcher_while_it_is_replaced(void **state)
{
    write_rules("жасмин");
    struct matcher *spare[2] = {compile(folder), compile(folder)};
    assert_non_null(spare[0]);
    assert_non_null(spare[1]);
    struct sharing sharing = {.ruleset =
                                  ruleset_new(matcher_ref(spare[0]), &err)};
    assert_non_null(sharing.ruleset);
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, use_matchers, &sharing), 0);
    for (int i = 1; i <= SWAPS; i++)
        assert_int_equal(
            ruleset_swap(sharing.ruleset, matcher_ref(spare[i % 2])), i + 1);
    atomic_store(&sharing.ended, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&sharing.wrong), 0);
    ruleset_free(sharing.ruleset);
    matcher_unref(spare[0]);
    matcher_unref(spare[1]);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(good_rules_compile),
        TEST(an_example_that_does_not_behave_stops_all_with_its_place),
        TEST(a_missing_or_empty_folder_is_an_error),
        TEST(a_swap_raises_the_generation_and_leaves_references_whole),
        TEST(threads_use_the_matcher_while_it_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
