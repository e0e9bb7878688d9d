/*
 * rule_window.h - the shortest stretches of words in which all parts of a rule
 * stand.
 *
 * Windows are told in the order in which they end; of those that end at one
 * hit the shortest, and of the ways to fill that the one whose parts stand
 * nearest to its end, the first part of the rule before the second and so on.
 * No window overlaps one that was told before.
 *
 * However a text is made, the work grows with its hits alone: for each hit and
 * part that it may fill every set of other parts is looked at once or a few
 * times, 2 to the power of (parts - 1) of them; RULES_PARTS_MOST bounds that.
 *
 * Threads: any. Ownership: the arena's. Errors: false and `no_memory`.
 */
#ifndef KAROOL_RULE_WINDOW_H
#define KAROOL_RULE_WINDOW_H

#include "matcher_model.h"

#define TERM_WORDS_MOST 100 /* a spelling has 200 letters at most */

/* A hit that may fill a part. */
struct candidate_part {
    struct hit *hit;
    uint8_t part;
};

/* One hit a part, in the order of rule.when. */
struct window {
    struct hit *hits[RULES_PARTS_MOST];
};

struct part_sets;

struct window_finder {
    const struct rule *rule;
    const struct candidate_part *parts; /* sorted by place, then by part */
    size_t count;
    size_t next; /* the first candidate that is not used up */
    struct arena *arena;
    uint32_t *rows; /* of the sweep for the next end */
    struct part_sets *behind, *ahead;
    size_t behind_capacity;
    size_t steps; /* sets of parts looked at, for tests */
    bool no_memory;
};

void window_start(struct window_finder *finder, const struct rule *rule,
                  const struct candidate_part *parts, size_t count,
                  struct arena *arena);
MUST_USE bool window_next(struct window_finder *finder, struct window *out);

#endif
