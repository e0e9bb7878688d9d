/*
 * frequent_terms.h - terms that would flag a good part of all posts.
 *
 * What a term costs an analyst is the share of running text that it flags. By
 * Zipf's law a word of a frequency list (words.h) makes up its share of
 * 1/rank; the shares of all words that a term with a category is found as add
 * up to a cost, in words of 1,000 of Kyrgyz, Russian or English text, whichever
 * is most. Terms for rules alone ("not") may be as frequent as they like.
 *
 * Threads: any. Errors: into diagnostics.
 */
#ifndef KAROOL_FREQUENT_TERMS_H
#define KAROOL_FREQUENT_TERMS_H

#include <stdbool.h>

#include "diagnostics.h"
#include "error.h"
#include "matcher.h"

/* Of 1,000 words: a post has some 30. At the limit nearly every second post is
 * flagged. */
enum { FREQUENT_HIGH = 2, FREQUENT_MOST = 20 };

/* Reads the lists only when a term is short enough to be so frequent. */
MUST_USE bool frequent_terms_check(const struct matcher *matcher,
                                   struct diagnostics *diagnostics,
                                   struct error *err);

#endif
