#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "recent.h"

static const char *
id_of(unsigned number)
{
    static char text[65];
    /* All in few slots, so that probes run into each other. */
    snprintf(text, sizeof(text), "%016x%016x%032x", number, number % 7, 0);
    return text;
}

static void
an_id_is_new_once(void **state)
{
    CLEANUP(recent_freep) struct recent *recent = recent_new(10, 1000);
    assert_true(recent_add(recent, id_of(1), 0));
    assert_false(recent_add(recent, id_of(1), 1));
    assert_true(recent_add(recent, id_of(2), 1));
    assert_int_equal(recent_count(recent), 2);
}

static void
an_abort_forgets_what_no_transaction_carried(void **state)
{
    CLEANUP(recent_freep) struct recent *recent = recent_new(10, 1000);
    assert_true(recent_add(recent, id_of(1), 0));
    recent_commit(recent);
    assert_true(recent_add(recent, id_of(8), 0));
    assert_true(recent_add(recent, id_of(15), 0));
    recent_abort(recent);
    assert_false(recent_add(recent, id_of(1), 0));
    assert_true(recent_add(recent, id_of(8), 0));
    assert_true(recent_add(recent, id_of(15), 0));
}

static void
the_oldest_go_by_age_and_by_count(void **state)
{
    CLEANUP(recent_freep) struct recent *recent = recent_new(3, 1000);
    for (unsigned i = 0; i < 4; i++)
        assert_true(recent_add(recent, id_of(i), i));
    assert_int_equal(recent_count(recent), 3);
    assert_true(recent_add(recent, id_of(0), 5));
    assert_true(recent_add(recent, id_of(3), 2000));
    assert_int_equal(recent_count(recent), 1);
}

/* Against a plain list, over long random runs. */
static void
it_agrees_with_a_plain_list(void **state)
{
    enum { MOST = 50, IDS = 200 };
    CLEANUP(recent_freep) struct recent *recent = recent_new(MOST, 1000000);
    unsigned list[MOST], count = 0, committed = 0;
    srand(7);
    for (int step = 0; step < 200000; step++) {
        unsigned number = (unsigned)rand() % IDS, known = 0;
        for (unsigned i = 0; i < count; i++)
            known |= list[i] == number;
        assert_int_equal(recent_add(recent, id_of(number), 0), !known);
        if (!known && count == MOST) {
            for (unsigned i = 1; i < count; i++)
                list[i - 1] = list[i];
            count--;
            committed -= committed > 0;
        }
        if (!known)
            list[count++] = number;
        if (rand() % 20 == 0) {
            recent_commit(recent);
            committed = count;
        } else if (rand() % 20 == 0) {
            recent_abort(recent);
            count = committed;
        }
        assert_int_equal(recent_count(recent), count);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_new_once),
        cmocka_unit_test(an_abort_forgets_what_no_transaction_carried),
        cmocka_unit_test(the_oldest_go_by_age_and_by_count),
        cmocka_unit_test(it_agrees_with_a_plain_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
