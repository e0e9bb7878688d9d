/*
 * alphabet.h - one byte a letter: classes of code points that a reader cannot
 * or need not tell apart.
 *
 * A class holds the cases of a letter and its look-alikes in other scripts:
 * Cyrillic а, Latin a, Greek α, full-width and mathematical a. It is lossy on
 * purpose: Hyperscan finds candidates in classes, the verifier decides on the
 * original letters (alphabet_alike()). Look-alikes are Unicode's confusables
 * (UTS 39, through ICU) and a short list of those that they leave out.
 *
 * Threads: any, after alphabet_load() returned true once.
 */
#ifndef KAROOL_ALPHABET_H
#define KAROOL_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "error.h"

enum {
    LETTER_SKIPPED = 0,   /* invisible: zero-width, marks, controls, tags */
    LETTER_SEPARATOR = 1, /* no letter and no digit */
    LETTER_OTHER = 2,     /* a letter that no term is written with */
    LETTER_FIRST = 3,
};

enum script {
    SCRIPT_COMMON, /* digits and what belongs to no script */
    SCRIPT_CYRILLIC,
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_OTHER,
    SCRIPT_STYLED, /* mathematical, full-width, circled letters of any script */
};

/* The table is made once, in some milliseconds. */
MUST_USE bool alphabet_load(struct error *err);
/* Class of a code point. */
uint8_t alphabet_class(uint32_t code_point);
/* Lower case, ё as е: letters that are equal for a dictionary. */
uint32_t alphabet_fold(uint32_t code_point);
enum script alphabet_script(uint32_t code_point);
/* Of two folded code points of one class: may the first stand for the second
 * as a disguise? Letters of one script never look alike here. */
bool alphabet_alike(uint32_t written, uint32_t meant);
/* и and a combining breve are й: the letter that a mark makes of the one before
 * it, or 0. */
uint32_t alphabet_compose(uint32_t letter, uint32_t mark);
/* The class in which candidates are looked for: letters that one keyboard has
 * and another replaces (keyboard.h) are one. */
uint8_t alphabet_key(uint32_t code_point);
/* The letters that terms are written with and that a written one is of the
 * same class with: a Cyrillic and a Latin letter or a digit, itself left out.
 * Returns how many. */
unsigned alphabet_members(uint32_t written, uint32_t out[3]);
/* A Cyrillic letter that neither the languages here nor their neighbours write
 * stands for a plain one: ӧ, which is о; else 0. Of a small letter. */
uint32_t alphabet_variant(uint32_t letter);
/* The small Latin letter or the digit that a letter in another style or with a
 * mark is: 𝖗 is r; else the small letter itself. */
uint32_t alphabet_plain(uint32_t code_point);
/* A blank of any width, a tab, the end of a line. */
bool alphabet_is_blank(uint32_t code_point);
/* A lower-case letter of the class or key, for people to read. */
uint32_t alphabet_letter(uint8_t letter);
/* Keys of the code points below 0x800, for the fast path. */
const uint8_t *alphabet_table(void);
/* Of two bytes as the machine loads them (alphabet_pair()): the key of the
 * Cyrillic letter that they are or of the ASCII sign or blank that the first
 * one is; else 0. */
const uint8_t *alphabet_pairs(void);
static inline uint16_t
alphabet_pair(const void *bytes)
{
    uint16_t pair;
    memcpy(&pair, bytes, sizeof(pair));
    return pair;
}
/* "ICU 72.1" */
const char *alphabet_library_version(void);

#endif
