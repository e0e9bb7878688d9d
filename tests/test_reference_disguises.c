/*
 * The matcher against the slow reference of all eight disguises: random words
 * in disguise among ordinary ones (disguise_cases.h says what must hold).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "disguise_cases.h"

enum { TEXTS = 6000 };

/* Of [0, below): the same on every machine. */
static unsigned
chance(void *context, unsigned below)
{
    uint64_t *state = context;
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned)((*state >> 11) % below);
}

static struct disguise_cases *cases;

static int
setup(void **unused)
{
    cases = disguise_cases_new(DISGUISE_COUNT, 0);
    return 0;
}

static int
teardown(void **unused)
{
    disguise_cases_free(cases);
    return 0;
}

typedef bool compares(struct disguise_cases *cases,
                      const struct chooser *chooser,
                      struct disguise_tally *tally);

/* Of as many texts; every difference is printed. */
static void
compare_texts(compares *compare, size_t texts, struct disguise_tally *tally)
{
    uint64_t state = 20261125;
    const struct chooser chooser = {chance, &state};
    size_t differences = 0;
    for (size_t i = 0; i < texts; i++)
        differences += !compare(cases, &chooser, tally);
    assert_int_equal(differences, 0);
    assert_true(tally->unknown < tally->explained / 1000);
}

/* Words with a disguise, alone or beside others. */
static size_t
compared_with(const struct disguise_tally *tally, unsigned disguises)
{
    size_t count = 0;
    for (unsigned i = 0; i < COUNT_OF(tally->of); i++)
        count += (i & disguises) == disguises ? tally->of[i] : 0;
    return count;
}

static void
hidden_words_are_found_and_what_is_found_is_one(void **unused)
{
    /* Whether another word is meant is judged by more than is known here. */
    enum { JUDGED = DISGUISE_TRANSLIT | DISGUISE_MASK };
    struct disguise_tally tally = {0};
    compare_texts(disguise_cases_compare, TEXTS, &tally);
    /* The texts are worth comparing. */
    assert_true(tally.labels > TEXTS / 3);
    for (unsigned i = 0; i < DISGUISE_COUNT; i++) {
        assert_true(tally.of[1u << i] > TEXTS / 50);
        for (unsigned j = 0; j < i; j++)
            if (compared_with(&tally, 1u << i | 1u << j) < TEXTS / 2000 &&
                (1u << i | 1u << j) != JUDGED)
                fail_msg("too few words with %s and %s", disguise_name(i),
                         disguise_name(j));
    }
}

static void
what_is_found_where_anything_may_stand_is_one(void **unused)
{
    struct disguise_tally tally = {0};
    compare_texts(disguise_cases_explain_changed, TEXTS, &tally);
    assert_true(tally.explained > TEXTS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_words_are_found_and_what_is_found_is_one),
        cmocka_unit_test(what_is_found_where_anything_may_stand_is_one),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
