/*
 * form_list.h - the forms of a term, for people: the shortest of each kind,
 * and how many there are.
 *
 * Threads: any. Ownership: the arena's. Errors: false, no memory.
 */
#ifndef KAROOL_FORM_LIST_H
#define KAROOL_FORM_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "morphology.h"
#include "span.h"

/* Kinds that a form can have, each negative or not, and KIND_BARE. */
#define FORM_GROUPS 9
/* Endings of more letters are not counted: chains can go on for ever. */
enum { FORM_LONGEST = 12 };

struct form_group {
    unsigned kind; /* one of enum form_kind */
    bool negative;
    const char **shortest; /* in the order of their length */
    size_t shortest_count;
    double count; /* with endings of FORM_LONGEST letters at most */
};

struct form_list {
    struct form_group groups[FORM_GROUPS];
    double count;
    bool any_letter; /* forms may go on with any letters */
};

/* Of the last word; those before it stand as `before` has them. */
MUST_USE bool form_list_make(const struct morphology *morphology,
                             const struct stem_word *word, struct span before,
                             size_t per_group, struct arena *arena,
                             struct form_list *out);
/* The letters of a term, folded as morphology_stems() wants them; NULL: no
 * memory. */
MUST_USE const uint32_t *form_letters(struct arena *arena, struct span text,
                                      size_t *len);
/* "call", "wish", …; "bare" for KIND_BARE. */
const char *form_kind_name(unsigned kind);

#endif
