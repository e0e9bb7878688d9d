#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "language/forms.h"
#include "morphology.h"

/* tests/language/russian.tsv: grammar, dictionary form, kind, forms. */
static const char list[] = SOURCE_FOLDER "/tests/language/russian.tsv";

struct tally {
    size_t forms, strangers, wrong;
};

static unsigned
kind_named(const char *name)
{
    static const struct {
        const char *name;
        unsigned kinds;
    } kinds[] = {{"plain", KIND_PLAIN},
                 {"bare", KIND_BARE},
                 {"call", KIND_CALL},
                 {"wish", KIND_WISH},
                 {"report", KIND_REPORT},
                 {"any", 0xFFFF},
                 {"none", 0}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(name, kinds[i].name) == 0)
            return kinds[i].kinds;
    fail_msg("%s is no kind of form", name);
    return 0;
}

static void
check_row(const struct morphology *morphology, char *row, struct tally *tally)
{
    const char *grammar = strtok(row, "\t\n");
    const char *lemma = strtok(NULL, "\t\n");
    const char *kind = strtok(NULL, "\t\n");
    if (!grammar || !lemma || !kind)
        fail_msg("%s: a row of less than four columns", list);
    unsigned wanted = kind_named(kind);
    for (const char *form; (form = strtok(NULL, " \n"));) {
        unsigned kinds = forms_of(morphology, grammar, lemma, form);
        bool right = wanted ? (kinds & wanted) != 0 : kinds == 0;
        tally->forms += wanted != 0;
        tally->strangers += wanted == 0;
        tally->wrong += !right;
        if (!right)
            print_error("%s %s: %s is %x, expected %s\n", grammar, lemma, form,
                        kinds, kind);
    }
}

static void
words_have_the_forms_that_are_written_and_no_others(void **state)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    const struct morphology *morphology =
        morphology_load(arena, NULL, diagnostics);
    struct tally tally = {0};
    char *row = NULL;
    size_t capacity = 0;
    FILE *file = fopen(list, "r");
    assert_non_null(morphology);
    assert_non_null(file);
    while (getline(&row, &capacity, file) > 0)
        if (row[0] != '#')
            check_row(morphology, row, &tally);
    free(row);
    fclose(file);
    assert_true(tally.forms > 2500);
    assert_true(tally.strangers > 100);
    assert_int_equal(tally.wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_the_forms_that_are_written_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
