/*
 * reference_written.h - what the characters of a text may stand for, looked up
 * in the tables one row after the other: for the reference of disguises.
 *
 * What looks like what (alphabet.h), what a keyboard lacks (keyboard.h), Latin
 * spellings, digits and signs (lattice_table.h) are data that it shares with
 * the daemon; how they are put together is its own.
 */
#ifndef KAROOL_REFERENCE_WRITTEN_H
#define KAROOL_REFERENCE_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

/* One way to take the characters from one on. */
struct reference_meaning {
    uint32_t letters[2]; /* meant; the second may be 0 */
    uint32_t last;       /* written last, that may be written again; or 0 */
    unsigned through;
    size_t end; /* character behind */
};

struct reference_meanings {
    struct reference_meaning *items;
    size_t count;
    bool made;
};

struct reference_written {
    struct span bytes;
    uint32_t *points;
    size_t *offsets; /* byte of each, and of the end */
    size_t count;
    struct reference_meanings *meanings; /* of each; made when asked for */
};

/* A letter with the mark that makes another one of it. */
struct reference_mark {
    uint32_t letter;
    size_t end;
    bool hidden; /* something else that is invisible stands between */
};

/* Valid UTF-8; memory is assumed. */
void reference_written_read(struct reference_written *text, struct span bytes);
void reference_written_done(struct reference_written *text);

bool reference_is_letter(const struct reference_written *text, size_t at);
bool reference_is_hidden(const struct reference_written *text, size_t at);
struct reference_mark reference_marked(const struct reference_written *text,
                                       size_t at);
/* May one be the other one, written again? */
bool reference_same(uint32_t a, uint32_t b);
/* Is there no letter before, or behind, that the word would go on with? */
bool reference_begins_at(const struct reference_written *text, size_t at);
bool reference_ends_at(const struct reference_written *text, size_t at);
/* All ways to take what stands at a character, which is not invisible. */
const struct reference_meanings *
reference_meanings_at(struct reference_written *text, size_t at);

#endif
