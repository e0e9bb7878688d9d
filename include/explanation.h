/*
 * explanation.h - one text explained: what it becomes, what matches in it and
 * why, what was considered and why it passed.
 *
 * Threads: one at a time. Ownership: all that an explanation points to lives
 * until the next one is made.
 */
#ifndef KAROOL_EXPLANATION_H
#define KAROOL_EXPLANATION_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buffer.h"
#include "error.h"
#include "matcher.h"

struct explainer {
    const struct matcher *matcher;
    struct scanner *scanner;
    struct arena *arena;
    /* of the text that is explained: */
    struct span text; /* repaired */
    bool repaired;
    struct match_list matches;
    struct normal_view view;
    struct candidate *candidates; /* their `detail` is in the arena */
    size_t candidate_count, candidate_capacity;
    bool failed; /* a candidate could not be kept */
};

MUST_USE bool explainer_init(struct explainer *explainer,
                             const struct matcher *matcher, struct error *err);
void explainer_done(struct explainer *explainer);
/* `lang` may be absent: unknown. */
MUST_USE bool explainer_explain(struct explainer *explainer, struct span text,
                                struct span lang, struct error *err);

/* For people; `width` columns, `colour` with escape sequences. */
void explanation_print(const struct explainer *explainer, unsigned width,
                       bool colour, struct buffer *out);
/* The text over what it is read as, and marks under what was read as another
 * letter. (explanation_view.c) */
void explanation_print_view(const struct explainer *explainer, unsigned width,
                            bool colour, struct buffer *out);
/* For programs: one JSON object and a newline. */
MUST_USE bool explanation_write_json(const struct explainer *explainer,
                                     struct buffer *out, struct error *err);

#endif
