/*
 * disguise_maker.h - words put into disguises, as those who hide do: for the
 * tests that compare the matcher with its reference.
 *
 * Every choice is asked for, so that a random number or the bytes of a fuzzer
 * make it. What is made is readable within the limits of rules/README.md.
 */
#ifndef KAROOL_DISGUISE_MAKER_H
#define KAROOL_DISGUISE_MAKER_H

#include "buffer.h"
#include "morphology.h"
#include "rules.h"

enum { DISGUISED_LETTERS_MOST = 40 };

struct chooser {
    unsigned (*choose)(void *context, unsigned below); /* of [0, below) */
    void *context;
};

/* A letter of a word, and what is written for it. */
struct disguised_letter {
    uint32_t meant; /* ' ' between words */
    uint32_t shown; /* a letter of the same alphabet, or 0: something else */
    char text[64];
    unsigned through;
    bool hidden; /* a sign that nobody can read */
    bool signs;  /* what is written is no letter */
};

struct disguised_word {
    struct disguised_letter letters[DISGUISED_LETTERS_MOST + 1];
    size_t len;
    size_t word_count;
    bool weak;      /* a letter is behind a sign that ordinary text has, too */
    unsigned kinds; /* of the form: enum form_kind */
};

unsigned chosen(const struct chooser *chooser, unsigned below);
/* A form of a term, at random: false where it becomes too long. */
bool disguise_form(const struct chooser *chooser, const struct endings *endings,
                   const struct stem_words *words, struct disguised_word *out);
/* Puts on those of the wanted disguises that the word has room for, and writes
 * it. Returns those that it now has. */
unsigned disguise_make(const struct chooser *chooser, unsigned wanted,
                       struct disguised_word *word, struct buffer *out);

/* disguise_letters.c: other letters, digits and signs for letters. */
void disguise_keyboard(const struct chooser *chooser,
                       struct disguised_word *word);
void disguise_homoglyph(const struct chooser *chooser,
                        struct disguised_word *word);
void disguise_translit(const struct chooser *chooser,
                       struct disguised_word *word);
void disguise_leet(const struct chooser *chooser, struct disguised_word *word);
/* Is it neither the first nor the last letter of a word, and are letters on
 * both sides? */
bool disguise_is_inside(const struct disguised_word *word, size_t letter);
void disguise_write(struct disguised_letter *letter, uint32_t point,
                    unsigned through);

#endif
