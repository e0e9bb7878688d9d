/*
 * near_words.h - what the words around a form make of it.
 *
 *     near:
 *       within: 3              # words, before or behind the form
 *       call: надо пора        # a bare form beside one of these is a call
 *       wish: пусть чтобы      # what is told becomes a wish
 *       wish-next: бы да       # the same, right beside the form only
 *       not: не ни             # right before the form, or a word of call or
 * can can: могу может        # "не могу …" negative: нельзя хватит
 *
 * Two that deny make a call again ("нельзя не …"). A sentence is not left;
 * what denies does not reach over a comma, nor over a word of `call`.
 *
 * Threads: never changes once read. Ownership: the grammars' arena.
 */
#ifndef KAROOL_NEAR_WORDS_H
#define KAROOL_NEAR_WORDS_H

#include "morphology_model.h"

struct near_words;

/* NULL: an error, or no memory. */
MUST_USE struct near_words *near_words_read(struct grammar_loader *loader,
                                            const struct yaml_node *node);
/* As morphology_kinds_near(). */
unsigned near_words_kinds(const struct near_words *near, unsigned kinds,
                          struct span before, struct span after);

#endif
