/*
 * lattice_rows.h - the tables of lattice_table.h as they are looked up: by the
 * first character that is written.
 *
 * Threads: lattice_rows_load() by one, before any other function.
 */
#ifndef KAROOL_LATTICE_ROWS_H
#define KAROOL_LATTICE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum {
    LATTICE_ROW_LETTERS = 4,
    LATTICE_MEANINGS = 7,
    LATTICE_NOT_SO = 0xFF, /* no way to take it */
};

/* A row of the tables, in code points: what is written, and what may be meant.
 * The disguise it is by shape and by sound, or LATTICE_NOT_SO. */
struct lattice_meaning {
    uint32_t written[LATTICE_ROW_LETTERS];
    uint32_t meant[LATTICE_MEANINGS][2];
    uint8_t len, meanings;
    uint8_t usual; /* the first meanings, which most people mean */
    uint8_t as_shape, as_sound;
};

void lattice_rows_load(void);
/* Rows that may begin with a character. */
const struct lattice_meaning *lattice_rows(uint32_t first, unsigned *count);
/* May a sign among others that divide letters stand for one, or hide one? */
bool lattice_stands_for_letter(uint32_t sign);
/* The byte behind a row whose first character stands before `offset`, or 0; is
 * anything invisible inside it? */
size_t lattice_row_end(struct span text, size_t offset,
                       const struct lattice_meaning *row, bool *hidden);
/* Few Latin letters are like others in a word of Latin letters: does one of
 * another alphabet stand beside the slice? */
bool lattice_beside_others(struct span text, size_t from, size_t end);
/* Does a letter of one byte stand alone, a sign or a blank behind it? */
bool lattice_single_apart(struct span text, size_t offset);
/* The same where the same signs or blanks stand between any two of its letters:
 * "s h" of a word that is spelt out, "s-h" of one that is divided. */
size_t lattice_row_end_apart(struct span text, size_t offset,
                             const struct lattice_meaning *row, bool *hidden);

#endif
