/*
 * parts.h - a piece of text taken apart: its letters by script, its words, and
 * what stands between them.
 *
 * For plausible.c, which decides by it whether a disguise is one.
 *
 * Threads: any.
 */
#ifndef KAROOL_PARTS_H
#define KAROOL_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

struct letter_counts {
    size_t cyrillic, latin, greek, styled, other, digits, capitals, all;
    size_t digit_run; /* the longest, a repeated digit counted once */
    size_t latin_capitals;
    size_t variants;  /* Cyrillic, of other languages */
    size_t strangers; /* of another script, like a letter of these */
};

/* The runs of letters and digits of a slice. */
struct parts {
    size_t count, letters;
    size_t singles;           /* of one letter */
    size_t latin;             /* of Latin letters alone */
    size_t known;             /* words, however rare; if short, frequent ones */
    size_t short_ones;        /* of one or two */
    size_t shortest, longest; /* letters */
    size_t kinds;             /* different signs between them */
    size_t longest_gap;       /* characters */
    size_t uneven;            /* gaps that are not as the others */
    bool blanks;              /* a blank stands between them */
    bool mixed;               /* different signs do in one gap */
    bool lines;               /* the end of a line does */
    bool hyphened;            /* behind a hyphen */
    bool half_blank;          /* a blank stands in some gaps, not in others */
    bool sentence;            /* a mark, and a capital behind it */
    bool capitals;            /* one behind the first has a capital, not all */
    bool known_end;           /* the last is a word, however rare, not short */
    bool ordinary;            /* one of them is an ordinary word */
    bool small_ordinary;      /* one of three letters or fewer is, very much */
    bool word_ordinary;       /* one of three letters or more is */
    bool last_known;          /* the last is a word, or a single letter */
    bool twice;               /* one is the same as the one before */
    bool all_ordinary;        /* all of them are, if one is longer than this */
    bool unknown_end;         /* the last is no word at all, and not short */
    bool all_words;    /* the same with all of three letters of the lists */
    bool all_frequent; /* all of them are met all the time */
    bool all_known;    /* all of them are words, however rare */
};

struct letter_counts count_letters(struct span text);
/* The next run of letters and digits from *at on. */
bool next_word(struct span text, size_t *at, struct span *word);
void parts_read(struct span text, struct parts *out);
/* The same of runs of letters alone. */
void parts_read_letters(struct span text, struct parts *out);
/* Single letters, divided by blanks or other signs, go on before or behind: two
 * of them, or one where the word has few letters. */
bool spelt_further(struct span text, size_t from, size_t to, size_t letters,
                   bool blanks);

#endif
