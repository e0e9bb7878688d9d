#include "walk.h"

#include <string.h>

#include "alphabet.h"
#include "matcher_model.h"
#include "utf8.h"
#include "walk_found.h"

enum {
    STRETCHED_MOST = 200,
    REPEATS_MOST = 32,  /* letters that are written again */
    NUMBERED_LEAST = 3, /* letters of a word that a number is put to */
};

static void expand(struct walk *walk, struct point *point);

bool
walk_next(const struct walk *walk, const struct point *point, uint32_t letter,
          uint32_t *node)
{
    if (!point->in_endings) {
        *node = trie_child(&walk->spellings->trie, point->node, letter);
        return *node != 0;
    }
    const struct ending_state *state = &walk->endings->states[point->node];
    const struct letter_edge *edge =
        letter_edge_find(&walk->endings->edges[state->first], state->count,
                         state->letters, letter);
    if (edge)
        *node = edge->to;
    return edge != NULL;
}

void
walk_take(struct walk *walk, struct point *point, uint32_t letter,
          uint32_t node)
{
    walk->path[point->depth++] = letter;
    point->node = node;
    point->undone.stem += !point->in_endings;
    point->undone.letters++;
}

bool
walk_step(struct walk *walk, struct point *point, uint32_t letter)
{
    uint32_t node;
    if (point->depth >= WALK_LETTERS_MOST ||
        !walk_next(walk, point, letter, &node))
        return false;
    walk_take(walk, point, letter, node);
    return true;
}

/* The next word of the term begins behind a gap. */
static void
cross_gap(struct walk *walk, struct point point, uint32_t node, bool in_endings,
          bool any)
{
    uint32_t next = walk_gap_end(walk, &point, any);
    if (!next || point.depth >= WALK_LETTERS_MOST)
        return;
    walk->path[point.depth++] = ' ';
    point.node = node;
    point.in_endings = in_endings;
    point.offset = next;
    point.last = 0;
    expand(walk, &point);
}

/* A word may end here, by the grammar. */
static void
try_end(struct walk *walk, const struct point *point, unsigned kinds)
{
    const struct spelling *spelling = &walk->spellings->items[point->spelling];
    if (!walk_word_ends(walk, point->offset) &&
        !(point->undone.letters >= NUMBERED_LEAST &&
          walk->path[point->depth - 1] > '9' &&
          walk_digits_end(walk, point->offset))) {
        if (walk->loose)
            walk_add_found(walk, point, walk_word_end(walk, point->offset),
                           FOUND_ENDING, kinds);
        return;
    }
    kinds = kinds_join(point->kinds, kinds);
    if (point->word + 1 == spelling->word_count) {
        walk_add_found(walk, point, point->end, FOUND_WHOLE, kinds);
        return;
    }
    struct point next = *point;
    next.word++;
    next.kinds = (uint16_t)kinds;
    bool marked = spelling->marked[next.word];
    cross_gap(walk, next, spelling->roots[next.word], false, marked);
    if (!walk->loose || marked || walk_gap_end(walk, point, false))
        return;
    next.bad_gap = true;
    cross_gap(walk, next, spelling->roots[next.word], false, true);
}

/* Any letters may follow: the rest of the word is not looked at. */
static void
take_rest(struct walk *walk, const struct point *point, unsigned kinds)
{
    struct point rest = *point;
    rest.offset = rest.end = walk_word_end(walk, point->offset);
    if (rest.end > point->offset && rest.depth < WALK_LETTERS_MOST) {
        walk->path[rest.depth++] = 0; /* no dictionary form */
        try_end(walk, &rest, kinds);
    }
}

struct point
walk_behind_stem(struct point point, const struct trie_output *output)
{
    point.in_endings = true;
    point.stem_end = point.end;
    point.undone.keyed |= (point.undone.disguises & DISGUISE_KEYBOARD) != 0;
    point.node = output->state;
    point.spelling = output->spelling;
    point.word = output->word;
    return point;
}

static void
begin_endings(struct walk *walk, const struct point *stem,
              const struct trie_output *output)
{
    struct point point = walk_behind_stem(*stem, output);
    if (walk->loose && point.undone.disguises == 0 && !point.as_shape &&
        point.undone.stem >= 3 && !walk_word_ends(walk, point.offset))
        walk_add_found(walk, &point, walk_word_end(walk, point.offset),
                       FOUND_ENDING, 0);
    walk_arrive(walk, point);
}

const struct trie_output *
walk_outputs(const struct walk *walk, const struct point *point,
             uint32_t *count)
{
    *count = 0;
    return point->in_endings
               ? NULL
               : trie_outputs(&walk->spellings->trie, point->node, count);
}

/* Behind a letter: what ends here. May another one follow? */
static bool
reach(struct walk *walk, const struct point *point)
{
    if (walk->steps_here == 0 || walk_came_before(walk, point))
        return false;
    walk->steps_here--;
    if (point->in_endings) {
        const struct ending_state *state = &walk->endings->states[point->node];
        if (state->kinds)
            try_end(walk, point, state->kinds);
        if (state->any_letter)
            take_rest(walk, point, state->kinds);
        /* take_rest() does not go beyond what sets letters apart. */
        return (!state->any_letter || point->undone.apart) &&
               (state->count > 0 || point->last != 0);
    }
    const struct trie *trie = &walk->spellings->trie;
    uint32_t count;
    const struct trie_output *outputs = trie_outputs(trie, point->node, &count);
    for (uint32_t i = 0; i < count; i++)
        begin_endings(walk, point, &outputs[i]);
    return trie_letters(trie, point->node) != 0;
}

void
walk_arrive(struct walk *walk, struct point point)
{
    if (reach(walk, &point))
        expand(walk, &point);
}

/* Behind a run of one letter. */
static void
go_on_behind_run(struct walk *walk, struct point next, unsigned run)
{
    next.undone.disguises |= DISGUISE_REPEAT;
    next.undone.repeats++;
    next.undone.vowels |= run == 2 && walk_is_vowel(next.last);
    if (run > next.undone.stretched)
        next.undone.stretched = (uint8_t)run;
    next.apart = false;
    /* At a node of the trie its outputs have skipped for themselves. */
    if (next.in_endings) {
        walk_arrive(walk, next);
    } else if (walk->steps_here > 0 && !walk_came_before(walk, &next)) {
        walk->steps_here--;
        expand(walk, &next);
    }
}

/* The letter before is written again: all of it is skipped, or as far as it is
 * written with the same sign: "ррp" is р and Latin p. */
static void
skip_repeated(struct walk *walk, const struct point *point)
{
    struct point next = *point; /* with its last letter, for behind a gap */
    unsigned run = 1;
    uint32_t written = 0;
    if (point->undone.repeats == REPEATS_MOST)
        return;
    for (;;) {
        const struct lattice_place *place = walk_place_at(walk, next.offset);
        if (place->ends || !place->written ||
            !lattice_same(place->written, point->last))
            break;
        uint32_t end = place->end, letter = place->written;
        unsigned hidden = place->edges[0].disguises & DISGUISE_INVISIBLE;
        if (written && written != letter)
            go_on_behind_run(walk, next, run);
        written = letter;
        next.offset = next.end = end;
        next.undone.disguises |= (uint8_t)hidden;
        if (++run > STRETCHED_MOST)
            return; /* or a word of one letter would be read again and again */
    }
    go_on_behind_run(walk, next, run);
}

static void
take_letter(struct walk *walk, const struct point *point,
            const struct lattice_edge *edge)
{
    uint32_t behind;
    if (point->depth >= WALK_LETTERS_MOST ||
        !walk_next(walk, point, edge->letter, &behind))
        return;
    struct point next = *point;
    walk_take(walk, &next, edge->letter, behind);
    next.offset = next.end = edge->next;
    next.apart = false;
    next.last = edge->repeats;
    next.undone.disguises |= edge->disguises;
    next.as_shape |= edge->as_shape;
    next.as_sound |= edge->as_sound;
    next.undone.leet += (edge->disguises & DISGUISE_LEET) != 0;
    next.undone.rough += edge->rough;
    if (!edge->also) {
        walk_arrive(walk, next);
        return;
    }
    /* The second letter may be of the stem or already of an ending. */
    uint32_t count;
    const struct trie_output *outputs = walk_outputs(walk, &next, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct point ending = walk_behind_stem(next, &outputs[i]);
        if (walk_step(walk, &ending, edge->also))
            walk_arrive(walk, ending);
    }
    if (walk_step(walk, &next, edge->also))
        walk_arrive(walk, next);
}

static void
follow(struct walk *walk, const struct point *point,
       const struct lattice_edge *edge)
{
    struct point next = *point;
    switch ((enum edge_kind)edge->kind) {
    case EDGE_LETTER:
        take_letter(walk, point, edge);
        break;
    case EDGE_SPACING:
        if (point->apart || point->undone.letters == 0 || point->end == 0)
            break;
        next.apart = true;
        next.divider = edge->letter;
        next.undone.apart++;
        next.undone.disguises |= edge->disguises;
        next.offset = edge->next;
        expand(walk, &next);
        break;
    case EDGE_BRACKET:
        if (point->undone.letters == 0 || point->undone.brackets >= 4)
            break;
        next.undone.brackets++;
        next.undone.disguises |= edge->disguises;
        next.offset = edge->next;
        expand(walk, &next);
        break;
    case EDGE_MASK:
        walk_mask(walk, point, edge);
        break;
    }
}

/* A blank, a hyphen or nothing, where an ending has another word in it. */
static void
cross_in_ending(struct walk *walk, const struct point *point)
{
    const struct ending_state *state = &walk->endings->states[point->node];
    for (uint32_t i = 0; i < state->count; i++) {
        const struct letter_edge *edge =
            &walk->endings->edges[state->first + i];
        if (edge->letter != MORPHOLOGY_GLUE && edge->letter != ' ')
            break;
        cross_gap(walk, *point, edge->to, true, false);
        if (edge->letter != MORPHOLOGY_GLUE)
            continue;
        struct point glued = *point;
        glued.node = edge->to;
        expand(walk, &glued);
    }
}

/* The letters with which the dictionary goes on, and some that it does not. */
static uint64_t
letters_behind(const struct walk *walk, const struct point *point)
{
    return point->in_endings
               ? walk->endings->states[point->node].letters
               : trie_letters(&walk->spellings->trie, point->node);
}

/* A letter that a Latin spelling leaves out: the soft sign, the hard one. */
static void
add_unwritten(struct walk *walk, const struct point *point)
{
    static const uint32_t unwritten[] = {0x044C, 0x044A};
    if (point->last < 'a' || point->last > 'z')
        return;
    uint64_t letters = letters_behind(walk, point);
    for (size_t i = 0; i < COUNT_OF(unwritten); i++) {
        if (!(letters & letter_set_bit(unwritten[i])))
            continue;
        struct point next = *point;
        if (!walk_step(walk, &next, unwritten[i]))
            continue;
        next.undone.disguises |= DISGUISE_TRANSLIT;
        next.undone.unwritten++;
        next.last = 0;
        walk_arrive(walk, next);
    }
}

static void
expand(struct walk *walk, struct point *point)
{
    enum way way;
    while ((way = walk_plain(walk, point)) == WAY_TAKEN)
        if (!reach(walk, point))
            return;
    if (way == WAY_NONE)
        return;
    if (point->in_endings && !point->apart)
        cross_in_ending(walk, point);
    if (walk->disguises & DISGUISE_TRANSLIT)
        add_unwritten(walk, point);
    const struct lattice_place *place = walk_place_at(walk, point->offset);
    /* "w-o-o-r-d", but not the next word: "word d". */
    bool beside = !point->apart || point->undone.apart > 2 ||
                  point->undone.apart >= point->undone.letters ||
                  walk->text.at[place->start - 1] == '-';
    if (point->last && place->written && !place->ends && beside &&
        (walk->disguises & DISGUISE_REPEAT) &&
        lattice_same(place->written, point->last))
        skip_repeated(walk, point);
    uint64_t letters = letters_behind(walk, point);
    place = walk_place_at(walk, point->offset);
    for (unsigned i = 0; i < place->count && walk->steps_here; i++) {
        const struct lattice_edge *edge = &place->edges[i];
        if ((edge->kind == EDGE_LETTER &&
             !(letters & letter_set_bit(edge->letter))) ||
            (edge->disguises & ~walk->disguises))
            continue;
        struct lattice_edge taken = *edge;
        follow(walk, point, &taken);
        /* What was followed may have pushed it out of the cache. */
        place = walk_place_at(walk, point->offset);
    }
}

void
walk_from(struct walk *walk, size_t from)
{
    walk->found_count = 0;
    walk->from = (uint32_t)from;
    walk->number++;
    size_t most = walk->steps < WALK_STEPS_MOST ? walk->steps : WALK_STEPS_MOST;
    walk->steps_here = most;
    struct point start = {.node = walk->spellings->trie.roots[0],
                          .offset = (uint32_t)from};
    expand(walk, &start);
    walk->steps -= most - walk->steps_here;
}
