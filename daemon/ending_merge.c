#include <stdlib.h>
#include <string.h>

#include "ending_model.h"

/* Refines classes of states until those of one class have equal edges into
 * equal classes (Moore's algorithm): a handful of rounds, since endings are
 * short. */
struct merge {
    const struct subsets *subsets;
    uint32_t *classes, *next;
    uint32_t *table; /* hash to a state of the class + 1 */
    size_t table_size;
};

static void
merge_done(struct merge *merge)
{
    free(merge->next);
    free(merge->table);
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15;
    return hash ^ hash >> 32;
}

static uint64_t
hash_of(const struct merge *merge, uint32_t number)
{
    const struct ending_state *state = &merge->subsets->states[number];
    uint64_t hash = mix(state->kinds, state->any_letter);
    hash = mix(hash, merge->classes[number]);
    for (size_t i = 0; i < state->count; i++) {
        struct letter_edge edge = merge->subsets->edges[state->first + i];
        hash = mix(hash, edge.letter);
        hash = mix(hash, merge->classes[edge.to]);
    }
    return hash;
}

static bool
alike(const struct merge *merge, uint32_t a, uint32_t b)
{
    const struct ending_state *left = &merge->subsets->states[a];
    const struct ending_state *right = &merge->subsets->states[b];
    if (left->kinds != right->kinds || left->count != right->count ||
        left->any_letter != right->any_letter ||
        merge->classes[a] != merge->classes[b])
        return false;
    const struct letter_edge *of_left = merge->subsets->edges + left->first;
    const struct letter_edge *of_right = merge->subsets->edges + right->first;
    for (size_t i = 0; i < left->count; i++)
        if (of_left[i].letter != of_right[i].letter ||
            merge->classes[of_left[i].to] != merge->classes[of_right[i].to])
            return false;
    return true;
}

/* One round; how many classes there are now. */
static size_t
refine(struct merge *merge)
{
    size_t count = 0, size = merge->table_size;
    memset(merge->table, 0, size * sizeof(*merge->table));
    for (uint32_t i = 0; i < merge->subsets->state_count; i++) {
        size_t slot = hash_of(merge, i) & (size - 1);
        while (merge->table[slot] && !alike(merge, merge->table[slot] - 1, i))
            slot = (slot + 1) & (size - 1);
        if (!merge->table[slot]) {
            merge->table[slot] = i + 1;
            merge->next[i] = (uint32_t)count++;
        } else {
            merge->next[i] = merge->next[merge->table[slot] - 1];
        }
    }
    memcpy(merge->classes, merge->next,
           merge->subsets->state_count * sizeof(*merge->classes));
    return count;
}

bool
subsets_merge(const struct subsets *subsets, uint32_t *classes,
              size_t *class_count)
{
    CLEANUP(merge_done)
    struct merge merge = {
        .subsets = subsets,
        .classes = classes,
        .table_size = 1024,
    };
    while (merge.table_size < 2 * subsets->state_count)
        merge.table_size *= 2;
    merge.next = malloc((subsets->state_count + 1) * sizeof(*merge.next));
    merge.table = malloc(merge.table_size * sizeof(*merge.table));
    if (!merge.next || !merge.table)
        return false;
    memset(classes, 0, subsets->state_count * sizeof(*classes));
    size_t before;
    *class_count = subsets->state_count ? 1 : 0;
    do {
        before = *class_count;
        *class_count = refine(&merge);
    } while (*class_count != before);
    return true;
}
