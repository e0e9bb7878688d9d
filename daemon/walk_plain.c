#include "matcher_model.h"
#include "walk_found.h"

/* May something else follow than a letter, or than another letter? */
static bool
is_open(const struct walk *walk, const struct point *point, uint32_t written)
{
    if (point->depth >= WALK_LETTERS_MOST)
        return true;
    if (point->last && ((point->last >= 'a' && point->last <= 'z') ||
                        lattice_same(written, point->last)))
        return true;
    if (!point->in_endings || point->apart)
        return false;
    const struct ending_state *state = &walk->endings->states[point->node];
    return state->count && walk->endings->edges[state->first].letter <= ' ';
}

enum way
walk_plain(struct walk *walk, struct point *point)
{
    const struct lattice_letter *letter =
        lattice_letter_at(walk->text, point->offset);
    if (!letter || is_open(walk, point, letter->written))
        return WAY_OPEN;
    const struct lattice_edge *taken = NULL;
    uint32_t node = 0;
    for (unsigned i = 0; i < letter->count; i++) {
        const struct lattice_edge *edge = &letter->edges[i];
        uint32_t behind;
        if ((edge->disguises & ~walk->disguises) ||
            !walk_next(walk, point, edge->letter, &behind))
            continue;
        if (taken)
            return WAY_OPEN;
        taken = edge;
        node = behind;
    }
    if (!taken)
        return WAY_NONE;
    walk_take(walk, point, taken->letter, node);
    point->offset += taken->next;
    point->end = point->offset;
    point->apart = false;
    point->last = taken->repeats;
    point->undone.disguises |= taken->disguises;
    return WAY_TAKEN;
}
