/*
 * rule_window.h - the shortest stretches of words in which all parts of a rule
 * stand.
 *
 * Threads: any.
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

/* The next window at or after *next, in the order in which windows end; those
 * already given are not overlapped. `parts` are sorted by place. */
MUST_USE bool window_next(const struct rule *rule,
                          const struct candidate_part *parts, size_t count,
                          size_t *next, struct window *out);

#endif
