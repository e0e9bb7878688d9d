/*
 * reference_dictionary.h - the terms of rules, taken apart into stems as the
 * grammars say (morphology.h): for the reference of disguises.
 */
#ifndef KAROOL_REFERENCE_DICTIONARY_H
#define KAROOL_REFERENCE_DICTIONARY_H

#include "arena.h"
#include "rules.h"

enum { REFERENCE_WORDS_MOST = 64 };

/* A way to write a term. */
struct reference_spelling {
    const struct term *term;
    struct stem_words words;
    /* A mark stands before the word in the entry, not blanks or a hyphen. */
    bool marked[REFERENCE_WORDS_MOST];
};

struct reference_dictionary {
    struct arena *arena;
    const struct endings *endings;
    struct reference_spelling *spellings;
    size_t count;
};

/* Memory is assumed. */
struct reference_dictionary *
reference_dictionary_new(const struct rules *rules);
void reference_dictionary_free(struct reference_dictionary *dictionary);
/* The words of a term as its entry has it. */
const struct stem_words *
reference_dictionary_words(const struct reference_dictionary *dictionary,
                           const struct term *term);

#endif
