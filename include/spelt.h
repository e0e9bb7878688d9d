/*
 * spelt.h - which Kyrgyz and Russian words Latin letters may spell.
 *
 * For plausible.c and what it asks: a term in Latin letters is none where these
 * spell another word in a likelier way. Each letter is read as most people
 * mean it (lattice_table.h), a soft sign may be left out, digits stand for
 * letters.
 *
 * Threads: any, after lattice_load() returned true once.
 */
#ifndef KAROOL_SPELT_H
#define KAROOL_SPELT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

/* What a word of Latin letters is, beside a term that was found in it. */
struct spelt {
    bool as_meant;    /* the term is spelt as most people would */
    bool meant_known; /* and is one of the known words */
    bool frequent;    /* another word is, that ordinary text is made of */
    bool known;       /* another word is, however rare */
};

/* `meant` are the letters of the term, `stem` of them of its stem: a word that
 * begins with these is no other one. */
void spelt_beside(struct span word, const uint16_t *meant, size_t meant_len,
                  size_t stem, struct spelt *out);
/* Does it spell a frequent word of Kyrgyz or Russian? */
bool spells_frequent(struct span word);
/* Or one that we know, however rare? */
bool spells_known(struct span word);

#endif
