/*
 * lattice_table.h - what stands for what: Latin spellings, digits and signs.
 *
 * Threads: any.
 */
#ifndef KAROOL_LATTICE_TABLE_H
#define KAROOL_LATTICE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each of `meant` (one Cyrillic letter each; several where a blank stands
 * between them) may be written as `written`. */
struct lattice_row {
    const char *written; /* small letters, digits, signs */
    const char *meant;   /* the usual ones before a bar, if there are others */
};

extern const struct lattice_row lattice_sounds[]; /* translit */
extern const size_t lattice_sound_count;
extern const struct lattice_row lattice_shapes[]; /* leet */
extern const size_t lattice_shape_count;

/* Signs that set letters apart. */
bool lattice_sets_apart(uint32_t sign);
/* Signs that stand for letters nobody is to read. */
bool lattice_masks(uint32_t sign);
/* Those of them that ordinary text has inside words, and behind words. */
bool lattice_masks_weakly(uint32_t sign);
bool lattice_trails(uint32_t sign);
/* Pictures, between letters or for one. */
bool lattice_is_picture(uint32_t sign);
/* Signs and pictures that stand for letters; not those behind words. */
bool lattice_hides(uint32_t sign);
/* Do two of them hide letters together? In "w.*.r" the star does alone. */
bool lattice_hide_alike(uint32_t a, uint32_t b);
bool lattice_is_bracket(uint32_t sign);

#endif
