#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "id_set.h"

static struct span
id_of(unsigned number)
{
    static char text[65];
    /* All in few slots, so that probes run into each other. */
    snprintf(text, sizeof(text), "%016x%016x%032x", number, number % 7, 0);
    return span_of(text);
}

static void
an_id_is_new_once(void **state)
{
    CLEANUP(id_set_freep) struct id_set *set = id_set_new();
    assert_int_equal(id_set_add(set, id_of(1)), ID_SET_NEW);
    assert_int_equal(id_set_add(set, id_of(1)), ID_SET_KNOWN);
    assert_int_equal(id_set_add(set, id_of(8)), ID_SET_NEW);
    assert_int_equal(id_set_count(set), 2);
}

static void
it_grows_and_forgets_nothing(void **state)
{
    enum { MANY = 5000 };
    CLEANUP(id_set_freep) struct id_set *set = id_set_new();
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(id_set_add(set, id_of(i)), ID_SET_NEW);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(id_set_add(set, id_of(i)), ID_SET_KNOWN);
    assert_int_equal(id_set_count(set), MANY);
    id_set_clear(set);
    assert_int_equal(id_set_add(set, id_of(3)), ID_SET_NEW);
}

/* Against a plain table, over long random runs. */
static void
an_abort_forgets_exactly_what_came_since_the_commit(void **state)
{
    enum { IDS = 3000 };
    static bool stands[IDS], pending[IDS];
    CLEANUP(id_set_freep) struct id_set *set = id_set_new();
    srand(7);
    for (unsigned turn = 0; turn < 20000; turn++) {
        unsigned i = (unsigned)rand() % IDS;
        bool known = stands[i] || pending[i];
        assert_int_equal(id_set_add(set, id_of(i)),
                         known ? ID_SET_KNOWN : ID_SET_NEW);
        pending[i] = pending[i] || !known;
        if (turn % 37)
            continue;
        bool commit = turn % 2;
        if (commit)
            id_set_commit(set);
        else
            id_set_abort(set);
        for (unsigned j = 0; j < IDS; j++) {
            stands[j] = stands[j] || (commit && pending[j]);
            pending[j] = false;
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_new_once),
        cmocka_unit_test(it_grows_and_forgets_nothing),
        cmocka_unit_test(an_abort_forgets_exactly_what_came_since_the_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
