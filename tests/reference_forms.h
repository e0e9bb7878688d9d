/*
 * reference_forms.h - inflected words, letter by letter in the obvious way: for
 * the reference matcher. What a grammar makes of a term it takes from
 * morphology.h, stems and endings; how they meet a text is its own.
 */
#ifndef KAROOL_REFERENCE_FORMS_H
#define KAROOL_REFERENCE_FORMS_H

#include "morphology.h"
#include "reference_text.h"

/* A form that stands in a text in whole words. */
struct reference_form {
    size_t behind; /* letter behind its last */
    size_t words;
    unsigned through;
    enum reference_script imitated;
    bool dictionary; /* letter for letter as the entry has it */
};

struct reference_form_search {
    const struct reference_text *text;
    const struct endings *endings;
    const struct stem_words *words;
    const struct reference_text *spelling; /* as the entry has it */
    bool by_look;                          /* looks count, not letters */
    void (*found)(void *context, const struct reference_form *form);
    void *context;
};

/* Every form that begins at a word. */
void reference_forms(const struct reference_form_search *search, size_t word);
/* Letters of a text with a blank between words, as morphology_stems() wants
 * them; the caller frees them. */
uint32_t *reference_folded(const struct reference_text *text, size_t *len);

#endif
