/*
 * word_files.h - the lists of rules/words, as they are in the files.
 *
 * For words.c alone.
 */
#ifndef KAROOL_WORD_FILES_H
#define KAROOL_WORD_FILES_H

#include "words.h"

struct word_file {
    const char *language;
    const char *text, *end;
};

extern const struct word_file word_files[WORDS_LANGUAGES];

#endif
