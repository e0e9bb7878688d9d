/*
 * disguise_explained.h - can the reference read what the matcher found: at the
 * same place, through the same disguises, within their limits?
 */
#ifndef KAROOL_DISGUISE_EXPLAINED_H
#define KAROOL_DISGUISE_EXPLAINED_H

#include "matcher.h"
#include "reference_reading.h"

struct disguise_tally {
    bool lenient; /* for the caller to set: the limits need not be held */
    size_t texts;
    size_t explained; /* words that were found */
    size_t unknown;   /* with too many ways to read them */
    size_t compared;  /* words that were hidden, and had to be found */
    size_t labels;    /* kinds of forms that had to be told */
    size_t of[256];   /* words compared, by what was put on them */
};

/* What is asked of one word. */
struct disguise_wanted {
    unsigned through;
    unsigned label; /* enum form_label that the form has to have, or 0 */
    /* the answers: */
    bool reached, within, labelled;
};

/* Is there a reading? `wanted` says what there is, when there is none. */
bool disguise_is_read(const struct reference_dictionary *dictionary,
                      struct reference_written *text, const struct term *term,
                      size_t first, size_t end, struct disguise_wanted *wanted,
                      struct disguise_tally *tally);
/* Does a form of these kinds have a label? */
bool disguise_form_says(unsigned kinds, unsigned label);
/* All matches in the text; of rules all parts, and with `labels` of those of
 * one part the kind that they ask for. What cannot be read is printed. */
bool disguise_explains(const struct reference_dictionary *dictionary,
                       struct reference_written *text,
                       const struct match_list *list, bool labels,
                       struct disguise_tally *tally);

#endif
