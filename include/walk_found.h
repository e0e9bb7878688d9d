/*
 * walk_found.h - a way of reading that is being walked, and what it found.
 *
 * For the files of the walk alone; walk_found.c keeps of each word the reading
 * that undoes least of those that undo the same.
 */
#ifndef KAROOL_WALK_FOUND_H
#define KAROOL_WALK_FOUND_H

#include "trie.h"
#include "walk.h"

/* How far one way of reading has come. */
struct point {
    uint32_t node; /* of the trie, or a state of the endings */
    uint32_t spelling, word;
    bool in_endings;
    bool apart;       /* a separator was skipped, a letter must follow */
    bool bad_gap;     /* words of the term are not divided as they should be */
    uint32_t offset;  /* byte to go on at */
    uint32_t end;     /* byte behind the last letter */
    uint32_t last;    /* the last letter written; 0: none */
    uint32_t divider; /* the sign in the last gap inside a word */
    uint32_t stem_end;
    uint8_t as_shape, as_sound;
    uint16_t kinds; /* of the words before this one */
    uint16_t depth; /* letters in the path, blanks included */
    struct undone undone;
};

/* `to` is the byte behind the last letter. */
void walk_add_found(struct walk *walk, const struct point *point, uint32_t to,
                    enum found_outcome outcome, unsigned kinds);

/* Has another way come to the same place as cheaply, by the same disguises?
 * What follows would be the same: without this, ways multiply with each letter
 * that can be taken twice. */
bool walk_came_before(struct walk *walk, const struct point *point);
/* Of walk_place_at(): what is not remembered. */
const struct lattice_place *walk_place_make(struct walk *walk, uint32_t offset);
/* What stands at a place; until the next call. */
static inline const struct lattice_place *
walk_place_at(struct walk *walk, uint32_t offset)
{
    unsigned slot = offset & (WALK_CACHE - 1);
    return walk->cached[slot] == offset + 1 ? &walk->cache[slot]
                                            : walk_place_make(walk, offset);
}
/* How much is undone: what costs less is likelier. */
unsigned walk_cost(const struct undone *undone);

/* walk.c: does the dictionary go on with a letter, and where to? */
bool walk_next(const struct walk *walk, const struct point *point,
               uint32_t letter, uint32_t *node);
/* One letter further, to what walk_next() said. */
void walk_take(struct walk *walk, struct point *point, uint32_t letter,
               uint32_t node);
/* Both; false: the dictionary has no such way. */
bool walk_step(struct walk *walk, struct point *point, uint32_t letter);
/* The stems that end at a point; none within an ending. */
const struct trie_output *walk_outputs(const struct walk *walk,
                                       const struct point *point,
                                       uint32_t *count);
/* Behind a letter: what ends here, and what may follow. */
void walk_arrive(struct walk *walk, struct point point);
/* Where the endings of a stem begin. */
struct point walk_behind_stem(struct point point,
                              const struct trie_output *output);

enum way {
    WAY_NONE,  /* the dictionary does not go on */
    WAY_TAKEN, /* by one letter, the only way there is */
    WAY_OPEN,  /* there may be several */
};

/* walk_plain.c: a Cyrillic letter that may be read in one way only is taken,
 * at a fraction of what it costs to look at all ways. */
enum way walk_plain(struct walk *walk, struct point *point);

/* walk_mask.c: the letters that signs may stand for are tried. */
void walk_mask(struct walk *walk, const struct point *point,
               const struct lattice_edge *mask);

/* walk_word.c: where words begin and end. */
bool walk_is_letter(uint32_t code_point);
bool walk_is_vowel(uint32_t letter);
/* Does a word end before `offset`? */
bool walk_word_ends(const struct walk *walk, size_t offset);
/* Do a few digits stand there, and end the word? */
bool walk_digits_end(const struct walk *walk, size_t offset);
/* Byte behind the last letter of the word that goes on at `offset`. */
uint32_t walk_word_end(const struct walk *walk, size_t offset);
/* The byte behind what divides two words of a term, or 0 where something else
 * than blanks or one hyphen stands; `any` takes whatever stands there. */
uint32_t walk_gap_end(const struct walk *walk, const struct point *point,
                      bool any);

#endif
