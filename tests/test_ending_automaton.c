#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "arena.h"
#include "ending_automaton.h"

static struct arena *arena;
static struct ending_net *net;
static struct endings endings;
static uint32_t *states;

static int
setup(void **state)
{
    arena = arena_new();
    net = ending_net_new();
    return !arena || !net;
}

static int
teardown(void **state)
{
    ending_net_free(net);
    arena_free(arena);
    return 0;
}

static uint32_t
path(uint32_t from, const char *text)
{
    uint32_t letters[32];
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        letters[i] = (unsigned char)text[i];
    return ending_net_path(net, from, letters, len);
}

/* The kinds of a word that is read from an entry; 0: it is none. */
static unsigned
kinds(uint32_t entry, const char *text)
{
    uint32_t at = states[entry];
    for (; *text; text++) {
        const struct ending_state *state = &endings.states[at];
        size_t i = 0;
        while (i < state->count &&
               endings.edges[state->first + i].letter != (unsigned char)*text)
            i++;
        if (i < state->count)
            at = endings.edges[state->first + i].to;
        else if (!state->any_letter)
            return 0;
    }
    return endings.states[at].kinds;
}

static void
make(void)
{
    assert_true(ending_net_make(net, arena, &endings, &states));
}

static void
paths_with_a_common_beginning_share_states(void **state)
{
    uint32_t start = ending_net_point(net);
    ending_net_end(net, path(start, "lar"), KIND_PLAIN);
    ending_net_end(net, path(start, "lardan"), KIND_PLAIN);
    ending_net_end(net, path(start, "la"), KIND_CALL);
    uint32_t entry = ending_net_entry(net, start);
    make();
    assert_int_equal(kinds(entry, "lar"), KIND_PLAIN);
    assert_int_equal(kinds(entry, "lardan"), KIND_PLAIN);
    assert_int_equal(kinds(entry, "la"), KIND_CALL);
    assert_int_equal(kinds(entry, ""), 0);
    assert_int_equal(kinds(entry, "larda"), 0);
    assert_int_equal(kinds(entry, "dan"), 0);
    assert_int_equal(endings.state_count, 7);
}

static void
paths_with_a_common_end_share_states(void **state)
{
    uint32_t start = ending_net_point(net);
    ending_net_end(net, path(start, "abcdef"), KIND_PLAIN);
    ending_net_end(net, path(start, "xbcdef"), KIND_PLAIN);
    (void)ending_net_entry(net, start);
    make();
    assert_int_equal(endings.state_count, 7);
}

static void
a_form_made_in_two_ways_has_both_kinds(void **state)
{
    uint32_t start = ending_net_point(net);
    ending_net_end(net, path(start, "a"), KIND_CALL);
    ending_net_end(net, path(start, "a"), KIND_WISH << KIND_NEGATIVE_SHIFT);
    uint32_t entry = ending_net_entry(net, start);
    make();
    assert_int_equal(kinds(entry, "a"),
                     KIND_CALL | KIND_WISH << KIND_NEGATIVE_SHIFT);
}

static void
joins_without_a_letter_are_followed_round_a_circle(void **state)
{
    uint32_t a = ending_net_point(net), b = ending_net_point(net);
    ending_net_join(net, a, 0, b);
    ending_net_join(net, b, 0, a);
    ending_net_join(net, b, 'x', a);
    ending_net_end(net, a, KIND_PLAIN);
    uint32_t entry = ending_net_entry(net, b);
    make();
    assert_int_equal(kinds(entry, ""), KIND_PLAIN);
    assert_int_equal(kinds(entry, "xxxxx"), KIND_PLAIN);
    assert_int_equal(kinds(entry, "xxy"), 0);
    assert_int_equal(endings.state_count, 1);
}

static void
any_letters_lead_back(void **state)
{
    uint32_t any = ending_net_point(net), start = ending_net_point(net);
    ending_net_any(net, any);
    ending_net_end(net, any, KIND_PLAIN);
    ending_net_join(net, start, 'x', any);
    uint32_t entry = ending_net_entry(net, start);
    make();
    assert_int_equal(kinds(entry, "xanything"), KIND_PLAIN);
    assert_int_equal(kinds(entry, "yanything"), 0);
}

static void
entries_keep_their_numbers_and_equal_ones_meet(void **state)
{
    uint32_t a = ending_net_point(net), b = ending_net_point(net);
    ending_net_end(net, path(a, "s"), KIND_PLAIN);
    ending_net_end(net, path(b, "s"), KIND_PLAIN);
    uint32_t first = ending_net_entry(net, a);
    uint32_t second = ending_net_entry(net, b);
    assert_int_equal(ending_net_entry(net, a), first);
    assert_int_not_equal(first, second);
    make();
    assert_int_equal(states[first], states[second]);
}

/* Edges are in the order of letters, one a letter, whatever was written. */
static void
edges_are_sorted_and_single(void **state)
{
    uint32_t start = ending_net_point(net);
    for (const char *letter = "zaymbza"; *letter; letter++)
        ending_net_end(net, path(start, (char[]){*letter, 'x', 0}), KIND_PLAIN);
    uint32_t entry = ending_net_entry(net, start);
    make();
    const struct ending_state *first = &endings.states[states[entry]];
    assert_int_equal(first->count, 5);
    for (size_t i = 1; i < first->count; i++)
        assert_true(endings.edges[first->first + i - 1].letter <
                    endings.edges[first->first + i].letter);
}

/* A naive walk over the net agrees with the automaton, on random nets. */
static bool
net_takes(uint32_t (*joins)[3], size_t count, uint64_t set, const char *text)
{
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < count; i++)
            if (joins[i][1] == 0 && set >> joins[i][0] & 1 &&
                !(set >> joins[i][2] & 1)) {
                set |= 1ull << joins[i][2];
                grown = true;
            }
    }
    if (!*text)
        return set >> 19 & 1;
    uint64_t next = 0;
    for (size_t i = 0; i < count; i++)
        if (set >> joins[i][0] & 1 && joins[i][1] == (unsigned char)*text)
            next |= 1ull << joins[i][2];
    return next && net_takes(joins, count, next, text + 1);
}

static void
random_nets_mean_the_same_as_their_states(void **state)
{
    uint32_t seed = 1;
    for (int round = 0; round < 300; round++) {
        struct ending_net *random = ending_net_new();
        assert_non_null(random);
        uint32_t joins[40][3];
        for (int i = 0; i < 20; i++)
            (void)ending_net_point(random);
        for (size_t i = 0; i < 40; i++) {
            for (size_t j = 0; j < 3; j++)
                joins[i][j] = (seed = seed * 1664525 + 1013904223) >> 8;
            joins[i][0] %= 20;
            joins[i][2] %= 20;
            joins[i][1] = joins[i][1] % 4 ? 'a' + joins[i][1] % 4 - 1 : 0;
            ending_net_join(random, joins[i][0], joins[i][1], joins[i][2]);
        }
        ending_net_end(random, 19, KIND_PLAIN);
        uint32_t entry = ending_net_entry(random, 0);
        bool made = ending_net_make(random, arena, &endings, &states);
        ending_net_free(random);
        assert_true(made);
        for (int word = 0; word < 200; word++) {
            char text[8] = "";
            for (int i = 0; i < word % 7; i++)
                text[i] =
                    (char)('a' +
                           ((seed = seed * 1664525 + 1013904223) >> 9) % 3);
            assert_int_equal(kinds(entry, text) != 0,
                             net_takes(joins, 40, 1, text));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(paths_with_a_common_beginning_share_states),
        TEST(paths_with_a_common_end_share_states),
        TEST(a_form_made_in_two_ways_has_both_kinds),
        TEST(joins_without_a_letter_are_followed_round_a_circle),
        TEST(any_letters_lead_back),
        TEST(entries_keep_their_numbers_and_equal_ones_meet),
        TEST(edges_are_sorted_and_single),
        TEST(random_nets_mean_the_same_as_their_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
