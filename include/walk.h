/*
 * walk.h - which terms begin at a place of a text, under all disguises at once.
 *
 * From the place on, each way to read what is written (lattice.h) is followed
 * as far as the stems of the dictionary go, and behind a stem as far as its
 * endings go. What reaches the end of a word is found.
 *
 * However a text is made, a place costs no more than WALK_STEPS_MOST steps.
 *
 * Threads: one at a time. Ownership: walk_done() frees.
 */
#ifndef KAROOL_WALK_H
#define KAROOL_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lattice.h"
#include "span.h"

enum {
    WALK_STEPS_MOST = 4000,
    WALK_LETTERS_MOST = 320,
    WALK_CACHE = 32, /* places of the lattice that are kept; a power of two */
    WALK_SEEN_BITS = 10,
    MASKED_MOST = 6,
    MEANT_MOST = 24,
};

enum found_outcome {
    FOUND_WHOLE,  /* from one end of the word to the other */
    FOUND_ENDING, /* a stem, and an ending that is no form of it */
    FOUND_GAP,    /* something else than blanks or a hyphen between words */
};

/* What had to be undone, counted: whether it is likely is decided by these. */
struct undone {
    uint8_t disguises;
    uint8_t letters;   /* meant, all words together */
    uint8_t masked;    /* of them nobody can read */
    uint8_t stem;      /* letters of the stem */
    uint8_t stem_mask; /* of them masked */
    uint8_t leet;      /* letters that a digit or a sign stands for */
    uint8_t apart;     /* gaps inside words */
    uint8_t brackets;
    uint8_t stretched; /* the longest run of one repeated letter */
    uint8_t repeats;   /* how many runs */
    uint8_t rough;     /* letters that few people spell so */
    uint8_t unwritten; /* signs that a Latin spelling left out */
    bool vowels;       /* one of them of a vowel that is written twice */
    bool weak;   /* a sign that is common in ordinary text hides letters */
    bool strong; /* a sign that is not does */
    bool begins; /* the first letter is hidden */
    bool keyed;  /* letters of the stem are of another keyboard */
};

struct found {
    uint32_t spelling;
    uint32_t to;       /* byte behind the last letter */
    uint32_t stem_end; /* byte behind the stem of the last word */
    enum found_outcome outcome;
    uint16_t kinds;
    bool dictionary_form; /* no ending, no other stem */
    bool refused;         /* needs a disguise that its term does not allow */
    uint8_t meant_len;    /* 0: not disguised, too long, or several words */
    uint16_t meant[MEANT_MOST]; /* the letters of the form that is meant */
    struct undone undone;
};

struct spellings;
struct endings;

/* Where a walk has been, by the hash of the place. */
struct walk_seen {
    uint64_t key;
    uint32_t walk; /* its number */
    uint16_t cost;
    uint8_t masked;
};

struct walk {
    /* for the caller to set: */
    const struct spellings *spellings;
    const struct endings *endings;
    struct span text;
    unsigned disguises; /* which may be undone */
    bool loose;   /* for people: what is not whole, or refused, is found, too */
    size_t steps; /* left for the whole text */
    /* what was found: */
    struct found *found;
    size_t found_count, found_capacity;
    bool no_memory;
    /* of this walk alone: */
    uint32_t from, number;
    size_t steps_here;
    struct walk_seen seen[1 << WALK_SEEN_BITS];
    uint32_t path[WALK_LETTERS_MOST];
    struct lattice_place cache[WALK_CACHE];
    uint32_t cached[WALK_CACHE]; /* offset + 1 */
};

void walk_done(struct walk *walk);
/* Another text begins: nothing is remembered. */
void walk_reset(struct walk *walk, struct span text, size_t steps);
/* Fills `found` with what begins at `from`. */
void walk_from(struct walk *walk, size_t from);

#endif
