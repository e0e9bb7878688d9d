/*
 * ending_model.h - what the files of the ending automaton share: the net as it
 * is written down, and its states before equal ones are merged.
 *
 * Threads: one. Errors: false, when there is no memory.
 */
#ifndef KAROOL_ENDING_MODEL_H
#define KAROOL_ENDING_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "ending_automaton.h"

#define NO_ENTRY UINT32_MAX

struct net_point {
    uint32_t entry; /* or NO_ENTRY */
    uint16_t kinds;
    bool any_letter;
};

struct net_join {
    uint32_t from, letter, to;
};

struct ending_net {
    struct net_point *points;
    struct net_join *joins;
    uint32_t *entries; /* points */
    size_t point_count, join_count, entry_count;
    size_t point_capacity, join_capacity, entry_capacity;
    bool failed, too_large;
};

enum { NET_POINTS_MOST = 1000000, NET_JOINS_MOST = 4000000 };

/* States, one for each set of points that a text can lead to. */
struct subsets {
    struct ending_state *states;
    struct letter_edge *edges;
    size_t state_count, edge_count;
    size_t state_capacity, edge_capacity;
    bool too_large;
};

/* ending_subsets.c: `states[entry]` becomes the state of an entry. */
MUST_USE bool subsets_make(struct subsets *subsets,
                           const struct ending_net *net, uint32_t *states);
void subsets_done(struct subsets *subsets);
/* ending_merge.c: states from which the same texts lead to the same kinds get
 * one class; classes are numbered in the order of their first state. */
MUST_USE bool subsets_merge(const struct subsets *subsets, uint32_t *classes,
                            size_t *class_count);

#endif
