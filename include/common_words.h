/*
 * common_words.h - terms that common words are mistaken for.
 *
 * Every word of the lists (words.h) is screened alone. One that is found as a
 * disguised term, as a form of a shorter or rarer one, or as a word of another
 * language is told with its rank: the linguist puts it under `except`, or gives
 * the term other forms.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_COMMON_WORDS_H
#define KAROOL_COMMON_WORDS_H

#include <stdbool.h>

#include "diagnostics.h"
#include "error.h"
#include "matcher.h"

/* Warnings go to diagnostics, at most three a term. */
MUST_USE bool common_words_check(const struct matcher *matcher,
                                 struct diagnostics *diagnostics,
                                 struct error *err);

#endif
