/*
 * reference_search.h - how far a reading has come, for the two files that try
 * them all: reference_reading.c says where words end and what was tried before,
 * reference_moves.c takes what stands at a character.
 */
#ifndef KAROOL_REFERENCE_SEARCH_H
#define KAROOL_REFERENCE_SEARCH_H

#include "reference_reading.h"

/* All of it is compared, byte by byte: no field is smaller than another. */
struct state {
    uint32_t at;   /* character */
    uint32_t word; /* of the spelling */
    uint32_t stem, letter;
    uint32_t in_endings; /* or in the stem */
    uint32_t ending;     /* its state */
    uint32_t last;       /* letter written last */
    uint32_t run;        /* how often */
    uint32_t kinds;      /* of the words before */
    uint32_t apart;      /* in a gap: no other one may follow */
    uint32_t pending;    /* something stands there that a letter must follow */
    struct reference_reading reading;
};

struct search {
    const struct reference_question *question;
    const struct reference_spelling *spelling;
    struct state *seen; /* open addressing; `at` + 1, 0: free */
    size_t seen_count, seen_capacity;
    bool too_many, ended;
};

static inline const struct endings *
search_endings(const struct search *search)
{
    return search->question->dictionary->endings;
}

static inline const struct stem_word *
search_word(const struct search *search, const struct state *state)
{
    return &search->spelling->words.words[state->word];
}

/* Is called with each place that a state may be at. */
typedef void reference_then(struct search *search, const struct state *state,
                            const void *context);

/* Everything that may follow. */
void reference_go_on(struct search *search, const struct state *state);
/* Where a stem has ended its endings begin: the state, and that one. */
void reference_each_place(struct search *search, const struct state *state,
                          reference_then *then, const void *context);
/* A letter is meant for which nothing is written. */
void reference_unwritten(struct search *search, const struct state *state);
/* Every way to take what stands at the character. */
void reference_moves(struct search *search, const struct state *state);

#endif
