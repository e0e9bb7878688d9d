/*
 * reference_rules.h - what the words found in one field do together, by trying
 * every choice of words for the parts of each rule.
 */
#ifndef KAROOL_REFERENCE_RULES_H
#define KAROOL_REFERENCE_RULES_H

#include "matcher.h"
#include "reference_text.h"

/* A term found in words [word, word_end) of the field. */
struct reference_hit {
    const struct term *term;
    size_t word, word_end;
    size_t first, end; /* characters */
    enum match_form form;
    unsigned through;
    int severity;
};

struct reference_matches {
    struct match *items;
    size_t count;
};

/* One field of a text. */
struct reference {
    const struct rules *rules;
    const struct matcher_input *input;
    enum match_field field;
    struct reference_text text;
    struct reference_hit *found; /* by word, then term */
    size_t count;
    struct reference_matches *matches;
};

bool reference_lang_is_wanted(const struct text_list *only, struct span lang);
/* Adds the matches of terms and rules. */
void reference_rules_apply(struct reference *reference);

#endif
