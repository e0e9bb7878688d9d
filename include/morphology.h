/*
 * morphology.h - from a dictionary form to the forms that people write.
 *
 * A grammar is data (rules/morphology/ID.yaml): which stems a dictionary form
 * has, and which endings each of them takes. The endings of all grammars are
 * one automaton, so that ten thousand forms of a term are a handful of stems
 * with a state each, and never a list. Whoever looks for a term looks for its
 * stems and walks on from their state.
 *
 * The grammars of this project are part of the program; a folder of rules may
 * hold its own under morphology/, which then replace those of the same id.
 *
 * Letters are folded code points (lower case, ё as е); ' ' is what divides
 * words, MORPHOLOGY_GLUE a place where a blank may be missing.
 *
 * Threads: never changes once made. Ownership: of the struct rules that read
 * it. Errors: into `diagnostics` while it is read.
 */
#ifndef KAROOL_MORPHOLOGY_H
#define KAROOL_MORPHOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diagnostics.h"
#include "letter_set.h"
#include "span.h"

/* Of an edge: blanks, one hyphen, or nothing at all ("өлтүрүшкерек"). */
enum { MORPHOLOGY_GLUE = 0x1F };

/* What a form says, as bits: a form is of one kind or of several at once
 * ("режь" and "режь!" look alike), and each kind may be a negative one. */
enum form_kind {
    KIND_PLAIN = 1 << 0,
    KIND_CALL = 1 << 1,
    KIND_WISH = 1 << 2,
    KIND_REPORT = 1 << 3,
    KIND_NEGATIVE_SHIFT = 4, /* KIND_CALL << 4: "do not …" */
    KIND_BARE = 1 << 8,      /* becomes a call beside certain words */
};

/* Of two words of one form: one that is merely plain says nothing about the
 * other ("сажайте розы" is a call). */
static inline unsigned
kinds_join(unsigned one, unsigned other)
{
    if (one == KIND_PLAIN || one == 0)
        return other;
    return other == KIND_PLAIN ? one : one | other;
}

/* A state with edges in the order of their letters, one edge a letter. */
struct ending_state {
    uint64_t letters; /* letter_set_bit() of each edge */
    uint32_t first;   /* into endings.edges */
    uint16_t count;
    uint16_t kinds;  /* of a word that ends here; 0: none does */
    bool any_letter; /* further letters of any kind lead back to this state */
};

struct endings {
    const struct ending_state *states;
    const struct letter_edge *edges;
    size_t state_count, edge_count;
};

/* What a word of a term may begin with, and where its endings start. */
struct stem {
    const uint32_t *letters;
    uint32_t len;
    uint32_t state;
};

/* The words of a term: each has its stems ("деревянн-" "чурк-"/"чурок"); one
 * that does not inflect has a single stem and the state that only ends. */
struct stem_word {
    struct stem *stems;
    size_t count;
};
struct stem_words {
    struct stem_word *words;
    size_t count;
};

struct morphology;

/* Grammars that are always there: the word as it stands, and with any letters
 * after it. All others have a file. */
enum { GRAMMAR_EXACT = 0, GRAMMAR_PREFIX = 1 };

/* All grammars: the program's own and those under morphology/ of a folder;
 * NULL for a folder: the program's own alone. In the arena. NULL: no memory,
 * or an error in a file. */
MUST_USE struct morphology *morphology_load(struct arena *arena,
                                            const char *folder,
                                            struct diagnostics *diagnostics);
/* The grammars of one file alone, from memory: for tests and fuzzing. */
MUST_USE struct morphology *
morphology_load_text(struct arena *arena, const char *name, struct span text,
                     struct diagnostics *diagnostics);
/* Those alone that need no file. NULL: no memory. */
MUST_USE struct morphology *morphology_plain(struct arena *arena);
/* What the files say, as a text of hexadecimal digits: part of the digest of
 * rules that use a grammar. */
const char *morphology_digest(const struct morphology *morphology);
/* The number of a grammar ("ky-noun"), or -1. */
int morphology_find(const struct morphology *morphology, struct span id);
/* NULL beyond the last. */
const char *morphology_name(const struct morphology *morphology, int grammar);
const struct endings *morphology_endings(const struct morphology *morphology);
/* The stems of a term under a grammar, in the arena. `stem`, where it has
 * letters, stands for all that the grammar would make of the last word.
 * false: no memory. */
MUST_USE bool morphology_stems(const struct morphology *morphology, int grammar,
                               const uint32_t *letters, size_t len,
                               const uint32_t *stem, size_t stem_len,
                               struct arena *arena, struct stem_words *out);
/* What the words around a form make of its kinds: "надо" makes a call of a
 * bare infinitive, "не" a negative of it. `before` and `after` are slices of
 * the text, as written, that end and begin at the form; a sentence is not
 * left. */
unsigned morphology_kinds_near(const struct morphology *morphology, int grammar,
                               unsigned kinds, struct span before,
                               struct span after);

#endif
