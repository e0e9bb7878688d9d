/*
 * reference_text.h - a text as letters and words, straight from its code
 * points: what is a letter, what is invisible, what looks like what.
 */
#ifndef KAROOL_REFERENCE_TEXT_H
#define KAROOL_REFERENCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum reference_kind {
    REFERENCE_UNKNOWN,
    REFERENCE_LETTER,
    REFERENCE_INVISIBLE,
    REFERENCE_BLANK,
    REFERENCE_HYPHEN,
    REFERENCE_OTHER,
};

enum reference_script {
    REFERENCE_NO_SCRIPT,
    REFERENCE_CYRILLIC,
    REFERENCE_LATIN,
    REFERENCE_GREEK,
    REFERENCE_HAN,
    REFERENCE_STYLED,
};

struct reference_character {
    uint32_t code_point;
    enum reference_kind kind;
    enum reference_script script;
    size_t byte, utf16; /* where it begins */
};

struct reference_letter {
    uint32_t letter; /* lower case, ё as е, with a mark that makes a letter */
    uint32_t look;   /* what it looks like: a Latin letter where there is one */
    enum reference_script script;
    size_t first, end;    /* characters, [first, end) */
    bool hidden;          /* something invisible inside it */
    bool begins_word;     /* a separator stands before it */
    bool begins_sentence; /* so does the end of a sentence */
};

struct reference_text {
    struct span bytes;
    struct reference_character *characters; /* and one behind the last */
    size_t character_count;
    struct reference_letter *letters;
    size_t letter_count;
    size_t *words;     /* the first letter of each, and the count of letters */
    size_t *sentences; /* of each word: its number */
    size_t word_count;
};

void reference_text_read(struct reference_text *text, struct span bytes);
void reference_text_done(struct reference_text *text);
/* Is it another letter than in lower case? */
bool reference_looks_like(const struct reference_letter *written,
                          const struct reference_letter *meant);
bool reference_is_capital(uint32_t code_point);
/* A letter by itself, as a term has it. */
struct reference_letter reference_letter_of(uint32_t code_point);
/* Does a word of three letters or more end before the letter, but for a number
 * of up to four digits behind it? */
bool reference_number_follows(const struct reference_text *text, size_t letter,
                              size_t letters);
/* Blanks, or one hyphen, between two characters; invisible ones aside. */
bool reference_gap_divides_words(const struct reference_text *text, size_t from,
                                 size_t to);
/* One may stand for the other as a disguise. */
bool reference_alike(const struct reference_letter *written,
                     const struct reference_letter *meant);

#endif
