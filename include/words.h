/*
 * words.h - the most frequent words of the languages around: what an ordinary
 * text is made of.
 *
 * The lists are files of rules/words, part of the program. They tell a disguise
 * from a word that happens to look like one; the dictionary is not limited by
 * them.
 *
 * Threads: any. Without memory every word counts as rare.
 */
#ifndef KAROOL_WORDS_H
#define KAROOL_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

enum words_language {
    WORDS_KYRGYZ,
    WORDS_RUSSIAN,
    WORDS_ENGLISH,
    WORDS_TURKISH,
    WORDS_UZBEK,
};
enum { WORDS_LANGUAGES = 5 };

/* "ky", …; NULL beyond the last. */
const char *words_language_name(unsigned language);
/* Every word of a list, the most frequent first, until `show` returns false. */
bool words_each(enum words_language language,
                bool (*show)(void *context, unsigned rank, struct span word),
                void *context);
/* Every word of the lists that begins with a small Cyrillic letter, in no
 * order, until `show` returns false. */
void words_beginning(uint32_t letter,
                     bool (*show)(void *context, struct span word),
                     void *context);
/* The place of a word in a list, from 1 (the most frequent); 0: it is not in
 * it. In any case of letters, ё as е. */
unsigned words_rank(enum words_language language, struct span word);
/* The best place in any list, or 0. */
unsigned words_best_rank(struct span word);
/* Is it in any list? */
bool ordinary_word(struct span word);
/* In a list of a language in Latin letters? */
bool ordinary_latin_word(struct span word);

#endif
