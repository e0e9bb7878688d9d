#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lattice.h"
#include "rules.h"

/* For sure, or as one of two ways to take it. */
static bool
is_sound(const struct lattice_edge *edge)
{
    return edge->letter >= 0x0400 && edge->letter < 0x0530 &&
           (edge->as_sound == DISGUISE_TRANSLIT ||
            (edge->as_sound == 0 && edge->disguises == DISGUISE_TRANSLIT));
}

static void
every_latin_letter_has_a_cyrillic_sound(void **state)
{
    struct error err = {0};
    assert_true(lattice_load(&err));
    for (char letter = 'a'; letter <= 'z'; letter++) {
        struct lattice_place place = {0};
        bool found = false;
        lattice_at((struct span){&letter, 1}, 0, &place);
        for (unsigned i = 0; i < place.count; i++)
            found |= is_sound(&place.edges[i]);
        if (!found)
            fail_msg("%c is never read as another alphabet's", letter);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_latin_letter_has_a_cyrillic_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
