/*
 * Windows against all ways to choose hits, on random hits; and that the work
 * stays in proportion to the hits, however they lie.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rule_window.h"

#define CHANCE_SEED 20261125
#include "chance.h"

enum { HITS_MOST = 9, ROUNDS = 6000 };

struct scene {
    struct rule rule;
    struct hit *hits;
    struct candidate_part *parts;
    size_t hit_count, part_count;
};

static void
scene_done(struct scene *scene)
{
    free(scene->hits);
    free(scene->parts);
}

static void
scene_init(struct scene *scene, size_t parts, size_t hits)
{
    *scene = (struct scene){
        .rule = {.when_count = parts, .within = 100},
        .hits = calloc(hits, sizeof(*scene->hits)),
        .parts = calloc(hits * RULES_PARTS_MOST, sizeof(*scene->parts))};
    assert_non_null(scene->hits);
    assert_non_null(scene->parts);
}

/* A hit of `words` words that may fill the parts of a mask. */
static void
add_hit(struct scene *scene, uint32_t word, uint32_t words, uint32_t sentence,
        unsigned mask)
{
    struct hit *hit = &scene->hits[scene->hit_count++];
    *hit = (struct hit){
        .word = word, .word_end = word + words, .sentence = sentence};
    for (size_t i = 0; i < scene->rule.when_count; i++)
        if (mask >> i & 1)
            scene->parts[scene->part_count++] =
                (struct candidate_part){hit, (uint8_t)i};
}

static void
make_scene(struct scene *scene)
{
    scene_init(scene, 1 + chance(4), HITS_MOST);
    scene->rule.within = 1 + chance(8);
    scene->rule.as_written = chance(3) == 0;
    scene->rule.same_sentence = chance(3) == 0;
    uint32_t word = 0, sentence = 0;
    for (unsigned i = 2 + chance(HITS_MOST - 1); i > 0; i--) {
        add_hit(scene, word, chance(4) ? 1 : 1 + chance(4), sentence,
                chance(3) ? 1u << chance(4) : chance(16));
        unsigned step = chance(4);
        word += step;
        sentence += step && chance(5) == 0;
    }
}

/* --- All ways to choose --- */

struct choice {
    size_t of[RULES_PARTS_MOST]; /* candidates, by part */
};

static bool
holds(const struct scene *scene, const struct choice *choice, uint32_t used)
{
    const struct rule *rule = &scene->rule;
    uint32_t last = 0, first = UINT32_MAX, first_end = 0;
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct hit *hit = scene->parts[choice->of[i]].hit;
        if (hit->word < used)
            return false;
        for (size_t j = 0; j < i; j++) {
            const struct hit *before = scene->parts[choice->of[j]].hit;
            if ((before->word < hit->word_end &&
                 hit->word < before->word_end) ||
                (rule->as_written && before->word > hit->word) ||
                (rule->same_sentence && before->sentence != hit->sentence))
                return false;
        }
        last = hit->word > last ? hit->word : last;
        if (hit->word < first) {
            first = hit->word;
            first_end = hit->word_end;
        }
    }
    return first == last || last - first_end <= rule->within;
}

static bool
is_better(const struct choice *a, const struct choice *b, size_t parts)
{
    size_t end[2] = {0, 0}, start[2] = {SIZE_MAX, SIZE_MAX};
    const struct choice *choices[2] = {a, b};
    for (int c = 0; c < 2; c++)
        for (size_t i = 0; i < parts; i++) {
            size_t at = choices[c]->of[i];
            end[c] = at > end[c] ? at : end[c];
            start[c] = at < start[c] ? at : start[c];
        }
    if (end[0] != end[1])
        return end[0] < end[1];
    if (start[0] != start[1])
        return start[0] > start[1];
    for (size_t i = 0; i < parts; i++)
        if (a->of[i] != b->of[i])
            return a->of[i] > b->of[i];
    return false;
}

static void
try_part(const struct scene *scene, uint32_t used, size_t part,
         struct choice *now, struct choice *best, bool *found)
{
    if (part == scene->rule.when_count) {
        if (holds(scene, now, used) &&
            (!*found || is_better(now, best, part))) {
            *best = *now;
            *found = true;
        }
        return;
    }
    for (size_t i = 0; i < scene->part_count; i++) {
        if (scene->parts[i].part != part)
            continue;
        now->of[part] = i;
        try_part(scene, used, part + 1, now, best, found);
    }
}

static void
windows_are_those_of_all_choices_that_end_first(void **unused)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    size_t windows = 0;
    for (int round = 0; round < ROUNDS; round++) {
        CLEANUP(scene_done) struct scene scene;
        make_scene(&scene);
        struct window_finder finder;
        struct window window;
        uint32_t used = 0;
        arena_clear(arena);
        window_start(&finder, &scene.rule, scene.parts, scene.part_count,
                     arena);
        for (bool found = true; found;) {
            struct choice now, best;
            found = false;
            try_part(&scene, used, 0, &now, &best, &found);
            assert_int_equal(window_next(&finder, &window), found);
            for (size_t i = 0; found && i < scene.rule.when_count; i++) {
                const struct hit *hit = scene.parts[best.of[i]].hit;
                assert_ptr_equal(window.hits[i], hit);
                used = hit->word_end > used ? hit->word_end : used;
            }
            windows += found;
        }
        assert_false(finder.no_memory);
    }
    assert_true(windows > 1000);
}

/* --- However the hits lie --- */

static size_t
windows_within_bounds(struct scene *scene)
{
    enum { PASSES = 16 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct window_finder finder;
    struct window window;
    size_t windows = 0;
    window_start(&finder, &scene->rule, scene->parts, scene->part_count, arena);
    while (window_next(&finder, &window))
        windows++;
    assert_true(finder.steps <= PASSES * (scene->part_count + 1)
                                    << scene->rule.when_count);
    return windows;
}

static void
a_word_repeated_five_thousand_times_costs_its_hits_alone(void **state_unused)
{
    CLEANUP(scene_done) struct scene scene;
    scene_init(&scene, 8, 5001);
    /* Seven parts take it, the eighth is too far away. */
    add_hit(&scene, 0, 1, 0, 0x80);
    for (uint32_t i = 0; i < 5000; i++)
        add_hit(&scene, 300 + i, 1, 0, 0x7F);
    assert_int_equal(windows_within_bounds(&scene), 0);
}

static void
a_rule_that_holds_all_along_costs_its_hits_alone(void **state_unused)
{
    CLEANUP(scene_done) struct scene scene;
    scene_init(&scene, 8, 5000);
    for (uint32_t i = 0; i < 5000; i++)
        add_hit(&scene, i, 1, 0, 0xFF);
    assert_int_equal(windows_within_bounds(&scene), 625);
}

static void
six_words_for_seven_parts_cost_their_hits_alone(void **state_unused)
{
    CLEANUP(scene_done) struct scene scene;
    scene_init(&scene, 8, 7 * 700);
    for (uint32_t i = 0; i < 700; i++) {
        for (uint32_t j = 0; j < 6; j++)
            add_hit(&scene, i * 120 + j, 1, 0, 0x7F);
        add_hit(&scene, i * 120 + 6, 1, 0, 0x80);
    }
    assert_int_equal(windows_within_bounds(&scene), 0);
}

/* A part that stands far back behind many others is found: repeating a word
 * hides nothing. */
static void
a_hundred_words_between_hide_no_part(void **state_unused)
{
    CLEANUP(scene_done) struct scene scene;
    scene_init(&scene, 3, 102);
    add_hit(&scene, 0, 1, 0, 1);
    for (uint32_t i = 1; i <= 100; i++)
        add_hit(&scene, i, 1, 0, 2);
    add_hit(&scene, 101, 1, 0, 4);
    assert_int_equal(windows_within_bounds(&scene), 1);
    scene.rule.within = 99;
    assert_int_equal(windows_within_bounds(&scene), 0);
}

static void
words_that_are_spelt_out_for_ever_are_bounded(void **state_unused)
{
    CLEANUP(scene_done) struct scene scene;
    scene_init(&scene, 4, 2000);
    for (uint32_t i = 0; i < 2000; i++)
        add_hit(&scene, i, 1 + i % 7 * 150, 0, 1u << i % 4 | 2);
    (void)windows_within_bounds(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_those_of_all_choices_that_end_first),
        cmocka_unit_test(
            a_word_repeated_five_thousand_times_costs_its_hits_alone),
        cmocka_unit_test(a_rule_that_holds_all_along_costs_its_hits_alone),
        cmocka_unit_test(six_words_for_seven_parts_cost_their_hits_alone),
        cmocka_unit_test(a_hundred_words_between_hide_no_part),
        cmocka_unit_test(words_that_are_spelt_out_for_ever_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
