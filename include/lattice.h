/*
 * lattice.h - what a reader may take the characters at a place of a text for:
 * the letters that may be meant, and what may be skipped.
 *
 * Every disguise but the repeated letter is undone here and nowhere else. The
 * tables are data (lattice_table.c).
 *
 * Threads: any, after lattice_load() returned true once.
 */
#ifndef KAROOL_LATTICE_H
#define KAROOL_LATTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "letter_set.h"
#include "span.h"

enum edge_kind {
    EDGE_LETTER,  /* `letter` is meant */
    EDGE_SPACING, /* what sets letters apart */
    EDGE_BRACKET, /* a bracket or a quotation mark round letters */
    EDGE_MASK,    /* `signs` signs for one letter or several */
};

/* A Latin letter may be taken for its shape or for its sound: `as_shape` and
 * `as_sound` are what each would undo, `disguises` what is undone for sure. */
struct lattice_edge {
    uint32_t letter;  /* or the first sign of another kind */
    uint32_t also;    /* a second letter meant, or 0: x for кс */
    uint32_t next;    /* byte behind what is written */
    uint32_t repeats; /* the one letter written, which may be repeated; or 0 */
    uint8_t kind;
    uint8_t disguises;
    uint8_t as_shape, as_sound;
    uint8_t signs;
    bool weak;   /* of a mask: signs that ordinary text has inside words, too */
    bool trails; /* of a mask: signs that it has behind words */
    bool rough;  /* a sound that few people spell so */
};

enum { LATTICE_EDGES_MOST = 48 };

struct lattice_place {
    struct lattice_edge edges[LATTICE_EDGES_MOST];
    unsigned count;
    uint64_t letters; /* letter_set_bit() of each edge that means one */
    uint32_t start;   /* behind what is invisible */
    uint32_t written; /* the letter or digit that stands there, folded; or 0 */
    uint32_t end;     /* byte behind it */
    bool ends;        /* the text ends here */
    bool blank;       /* a blank stands here */
};

/* What a Cyrillic letter may be taken for: edges of one letter each, whose
 * `next` counts from where it stands. */
struct lattice_letter {
    struct lattice_edge edges[6];
    uint8_t count;
    uint32_t written;
};

MUST_USE bool lattice_load(struct error *err);
/* The likeliest edges come first. */
void lattice_at(struct span text, size_t offset, struct lattice_place *out);
/* The same where a Cyrillic letter of two bytes stands with no mark behind it,
 * for no more than the price of a look; else NULL. */
const struct lattice_letter *lattice_letter_at(struct span text, size_t offset);
/* Whether two written letters are one repeated. */
bool lattice_same(uint32_t a, uint32_t b);
/* What is invisible from `offset` on is skipped. */
size_t lattice_skip_invisible(struct span text, size_t offset);

#endif
