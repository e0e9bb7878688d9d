#include "matcher_model.h"
#include "utf8.h"
#include "walk_found.h"

/* Letter number `number` with which the dictionary goes on, or 0. */
static uint32_t
letter_behind(const struct walk *walk, const struct point *point,
              uint32_t number)
{
    if (!point->in_endings)
        return trie_letter(&walk->spellings->trie, point->node, number);
    const struct ending_state *state = &walk->endings->states[point->node];
    return number < state->count
               ? walk->endings->edges[state->first + number].letter
               : 0;
}

/* `left` letters at most stand behind the mask; each that the dictionary has
 * is tried. */
static void
guess(struct walk *walk, const struct point *point,
      const struct lattice_edge *mask, unsigned left)
{
    if (walk->steps_here == 0 || point->undone.masked >= MASKED_MOST)
        return;
    for (uint32_t i = 0; walk->steps_here; i++) {
        uint32_t letter = letter_behind(walk, point, i);
        struct point next = *point;
        if (letter == 0)
            break;
        if (letter <= ' ' || !walk_step(walk, &next, letter))
            continue;
        next.undone.disguises |= DISGUISE_MASK;
        next.undone.masked++;
        next.undone.stem_mask += !next.in_endings;
        next.offset = next.end = mask->next;
        next.last = 0;
        next.apart = false;
        walk_arrive(walk, next);
        if (left == 1)
            continue;
        guess(walk, &next, mask, left - 1);
        uint32_t ended;
        const struct trie_output *outputs = walk_outputs(walk, &next, &ended);
        for (uint32_t j = 0; j < ended; j++) {
            struct point ending = walk_behind_stem(next, &outputs[j]);
            guess(walk, &ending, mask, left - 1);
        }
    }
}

/* Signs at the end of a word are punctuation, unless nothing else is likely. */
static bool
hides_letters(const struct walk *walk, const struct point *point,
              const struct lattice_edge *mask)
{
    size_t at = mask->next;
    bool valid;
    return !mask->trails ||
           (point->undone.letters > 0 && at < walk->text.len &&
            walk_is_letter(utf8_next(walk->text, &at, &valid)));
}

void
walk_mask(struct walk *walk, const struct point *point,
          const struct lattice_edge *mask)
{
    struct point next = *point;
    bool begins = point->undone.letters == 0;
    /* What divides the letters of a word hides none. */
    bool divides = mask->signs == 1 && point->undone.apart > 1 &&
                   mask->letter == point->divider;
    if (!hides_letters(walk, point, mask) || (begins && mask->signs > 1) ||
        divides)
        return;
    next.undone.disguises |= mask->disguises;
    next.undone.weak |= mask->weak;
    next.undone.strong |= !mask->trails;
    next.undone.begins |= begins;
    /* A star may be several letters; a dot is hardly more than one. */
    unsigned most = begins            ? mask->signs
                    : mask->weak      ? mask->signs + 1u
                    : mask->signs > 3 ? mask->signs
                                      : 3;
    guess(walk, &next, mask, most);
}
