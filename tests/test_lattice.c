#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lattice.h"
#include "lattice_known.h"
#include "rules.h"

#define CHANCE_SEED 20261129
#include "chance.h"

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

static bool
same_edge(const struct lattice_edge *a, const struct lattice_edge *b)
{
    return a->letter == b->letter && a->also == b->also && a->next == b->next &&
           a->repeats == b->repeats && a->kind == b->kind &&
           a->disguises == b->disguises && a->as_shape == b->as_shape &&
           a->as_sound == b->as_sound && a->signs == b->signs &&
           a->weak == b->weak && a->trails == b->trails && a->rough == b->rough;
}

static void
expect_same(struct span text, size_t offset)
{
    struct lattice_place known, read;
    if (!lattice_known_at(text, offset, &known))
        return;
    lattice_read_at(text, offset, &read);
    bool same = known.count == read.count && known.letters == read.letters &&
                known.start == read.start && known.written == read.written &&
                known.end == read.end && known.ends == read.ends &&
                known.blank == read.blank;
    for (unsigned i = 0; same && i < read.count; i++)
        same = same_edge(&known.edges[i], &read.edges[i]);
    if (!same)
        fail_msg("'%.*s' at byte %zu", (int)text.len, text.at, offset);
}

/* Latin letters of both cases above all, and what makes something else of
 * them: marks, digits, signs, blanks, letters of other alphabets. */
static void
what_is_known_beforehand_is_what_the_text_says(void **state)
{
    static const char *const others[] = {
        "0",      "3",      "'",      "-",      " ",      "  ",
        ".",      "|",      "\u0301", "*",      "\u0430", "\u044c",
        "\u0448", "\u200b", "\u03b1", "\u0131", "\u00f6"};
    struct error err = {0};
    assert_true(lattice_load(&err));
    for (unsigned round = 0; round < 200000; round++) {
        char text[64];
        size_t len = 0;
        for (unsigned i = chance(7) + 1; i > 0; i--) {
            const char *other = others[chance(COUNT_OF(others))];
            if (chance(6)) {
                text[len++] = "aAhHsScCyYuUoOnNgGzZjJieIktdb"[chance(29)];
                continue;
            }
            memcpy(text + len, other, strlen(other));
            len += strlen(other);
        }
        for (size_t at = 0; at < len; at++)
            if (((unsigned char)text[at] & 0xC0) != 0x80)
                expect_same((struct span){text, len}, at);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_latin_letter_has_a_cyrillic_sound),
        cmocka_unit_test(what_is_known_beforehand_is_what_the_text_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
