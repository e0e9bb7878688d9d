/*
 * known_words.h - is something a word at all, however rare?
 *
 * Half a million words of Kyrgyz and Russian, and the more frequent ones of
 * English and Turkish, as two sets (Bloom filters: one in 7,000 that is
 * no word counts as one) that are part of the program;
 * rules/words/make_known.py writes them and says where the words are from. For
 * what is so frequent that ordinary text is made of it ask words.h.
 *
 * Threads: any.
 */
#ifndef KAROOL_KNOWN_WORDS_H
#define KAROOL_KNOWN_WORDS_H

#include <stdbool.h>

#include "span.h"

/* Of four letters or more, in any case, ё as е. */
bool known_word(struct span word);

#endif
