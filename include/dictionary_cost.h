/*
 * dictionary_cost.h - what each entry of a dictionary costs a post, counted and
 * never timed, so that every machine refuses the same.
 *
 * stems   the ways in which a term or one of its exceptions can begin: its
 *         variants, forms and phrases, by what the grammar makes of them. Each
 *         takes some 200 bytes and is compiled at each reload. A term of the
 *         starter dictionary has 4 on average, 60 at most.
 * words   of one way to write it. An exception is looked for from as many
 *         words before each hit.
 * steps   of a rule: what a post made of its words alone has to look at for
 *         each of them. A sweep looks at every set of the other parts for each
 *         part that a word may fill; and what softens is looked for around
 *         each match. Some 2 ns each: a post has 175,000 words at most, so
 *         that at the limit one rule takes less than half a second for the
 *         worst of them. Of a term: the sum of the steps of all its rules.
 *
 * Above the first limit `check` warns, above the second the dictionary is
 * refused; both name the entry with its cost.
 *
 * Threads: any. Errors: into diagnostics; false: no memory.
 */
#ifndef KAROOL_DICTIONARY_COST_H
#define KAROOL_DICTIONARY_COST_H

#include <stdbool.h>

#include "diagnostics.h"
#include "matcher.h"

enum {
    COST_STEMS_HIGH = 1000,
    COST_STEMS_MOST = 10000,
    COST_WORDS_HIGH = 12,
    COST_WORDS_MOST = 40,
    COST_RULE_STEPS_HIGH = 200,
    COST_RULE_STEPS_MOST = 1000,
    COST_TERM_STEPS_HIGH = 2000,
    COST_TERM_STEPS_MOST = 10000,
};

/* Of a matcher whose spellings and index are made. */
MUST_USE bool dictionary_cost_check(const struct matcher *matcher,
                                    struct diagnostics *diagnostics);

#endif
