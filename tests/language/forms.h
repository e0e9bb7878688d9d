/*
 * forms.h - words, walked through the stems and endings of a grammar, as the
 * matcher does it, but without disguises: for tests and the language report.
 *
 * Threads: one.
 */
#ifndef FORMS_H
#define FORMS_H

#include "arena.h"
#include "morphology.h"
#include "span.h"

/* Folded letters of a text; `len` of them. NULL: no memory. */
uint32_t *forms_letters(struct arena *arena, struct span text, size_t *len);
/* The kinds (enum form_kind) of a text as a form of the words; 0: none. */
unsigned forms_kinds(const struct endings *endings,
                     const struct stem_words *words, const uint32_t *letters,
                     size_t len);
/* The same for a dictionary form; 0 as well when there is no memory. */
unsigned forms_of(const struct morphology *morphology, const char *grammar,
                  const char *lemma, const char *form);

#endif
