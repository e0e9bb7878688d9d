#include "matcher_model.h"
#include "utf8.h"
#include "walk_found.h"

/* `left` letters at most stand behind the mask; each that the dictionary has
 * is tried. */
static void
guess(struct walk *walk, const struct point *point,
      const struct lattice_edge *mask, unsigned left)
{
    if (walk->steps_here == 0 || point->undone.masked >= MASKED_MOST)
        return;
    const struct trie *trie = &walk->spellings->trie;
    const struct trie_node *node = &trie->nodes[point->node];
    const struct ending_state *state = &walk->endings->states[point->node];
    uint32_t count = point->in_endings ? state->count : node->edge_count;
    for (uint32_t i = 0; i < count && walk->steps_here; i++) {
        uint32_t letter = point->in_endings
                              ? walk->endings->edges[state->first + i].letter
                              : trie->edges[node->first_edge + i].letter;
        struct point next = *point;
        if (letter <= ' ' || !walk_step(walk, &next, letter))
            continue;
        next.undone.disguises |= DISGUISE_MASK;
        next.undone.masked++;
        next.undone.guessed = letter;
        next.undone.stem_mask += !next.in_endings;
        next.offset = next.end = mask->next;
        next.last = 0;
        next.apart = false;
        walk_arrive(walk, next);
        if (left == 1)
            continue;
        guess(walk, &next, mask, left - 1);
        const struct trie_node *behind = &trie->nodes[next.node];
        for (uint32_t j = 0; !next.in_endings && j < behind->output_count;
             j++) {
            const struct trie_output *output =
                &trie->outputs[behind->first_output + j];
            struct point ending = walk_behind_stem(next, output);
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
    /* One of those that divide all letters of a word hides none. */
    bool divides = mask->weak && mask->signs == 1 && point->undone.apart > 1;
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
