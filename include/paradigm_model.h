/*
 * paradigm_model.h - a grammar of kind `paradigm`: which stems a dictionary
 * form has by its last letters, and which endings each stem takes.
 *
 *     letters:   {K: гкх}                  a capital is any one of these
 *     changes:   {M: {д: ж, ст: щ}}        M is as it was, M' what it becomes
 *     endings:   {masc: 0 а у ом}          sets of endings, by name
 *     paradigms: [{form: -Mить, stems: {-M'-: first, -M-: rest}}]
 *
 * A row of `paradigms` fits when one of its forms does: '-' is what comes
 * before, '=' a prefix of the grammar's list or nothing, all other letters
 * are themselves. The first row that fits is taken, and beside it every row of
 * `besides`. `only` and `except` narrow a row to words, or from them.
 *
 * An ending is letters; 0 is none; +NAME goes on with another set; (ся) may be
 * there or not, and must be when the dictionary form ends in it (`reflexive`);
 * it never is in words `without-reflexive`.
 * A set with kinds is a map: {report: л ла, plain bare: ть}.
 *
 * Threads: one while it is read; nothing changes afterwards. Ownership: the
 * grammars' arena.
 */
#ifndef KAROOL_PARADIGM_MODEL_H
#define KAROOL_PARADIGM_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "morphology_model.h"
#include "near_words.h"
#include "yaml_tree.h"

enum {
    PARADIGM_WORD_MAX = 64,
    PARADIGM_CAPTURE_MAX = 8,
    PARADIGM_CLASSES = 26
};

struct letter_list {
    struct span_of_letters *items;
    size_t count, capacity;
};

struct letter_change {
    struct span_of_letters from;
    struct letter_list to;
};

/* What a capital stands for: one of the letters, or one of the changes. */
struct letter_class {
    struct span_of_letters letters;
    struct letter_change *changes; /* the longest first */
    size_t change_count, change_capacity;
};

enum pattern_start { PATTERN_WHOLE, PATTERN_ANYTHING, PATTERN_PREFIX };

struct pattern {
    enum pattern_start start;
    struct span_of_letters signs; /* behind the '-' or '=' */
};

struct pattern_list {
    struct pattern *items;
    size_t count, capacity;
};

/* How a word fits a pattern. */
struct pattern_match {
    struct span_of_letters head; /* what '-' or '=' stands for */
    struct {
        uint32_t name;
        struct span_of_letters letters;
        const struct letter_change *change; /* or NULL */
    } captures[PARADIGM_CAPTURE_MAX];       /* the last capital first */
    size_t count;
};

/* What stands in brackets: may be there, must, or never is. */
enum ending_brackets {
    BRACKETS_MAY,
    BRACKETS_MUST,
    BRACKETS_NEVER,
    BRACKETS_WAYS
};

struct paradigm_stem {
    struct span_of_letters signs;    /* without the last '-' */
    uint32_t entries[BRACKETS_WAYS]; /* by enum ending_brackets */
};

struct paradigm_row {
    struct pattern_list forms;
    struct letter_list only, except; /* "-тель" is any word that ends so */
    struct paradigm_stem *stems;
    size_t stem_count, stem_capacity;
};

struct paradigm_rows {
    struct paradigm_row *items;
    size_t count, capacity;
};

/* Terms of several words: see paradigm_phrase.c. */
struct paradigm_phrase {
    struct pattern_list head, before, behind;
    struct letter_list fixed;
    struct span by; /* the grammar of words that agree; empty: none do */
    struct place by_place;
};

struct paradigm {
    struct letter_class classes[PARADIGM_CLASSES];
    struct letter_list prefixes, reflexive, without_reflexive;
    struct paradigm_rows rows, besides;
    struct paradigm_phrase phrase;
    uint32_t given[BRACKETS_WAYS]; /* the entry of a stem that an entry names;
                                      or none */
    bool takes_given;
    const struct near_words *near; /* or NULL */
};

/* A paradigm while it is read. */
struct paradigm_loader {
    struct grammar_loader *grammar;
    struct paradigm *paradigm;
    const struct yaml_node *endings;
    struct ending_set *sets; /* that have a point */
    size_t set_count, set_capacity;
};

/* --- paradigm_pattern.c: letters, patterns, words ------------------------ */

/* The letters of a text, folded but for the capitals A to Z. */
struct span_of_letters paradigm_letters(struct grammar_loader *loader,
                                        struct span text);
/* Adds each of the words of a text, between blanks. */
void paradigm_words(struct grammar_loader *loader, struct span text,
                    struct letter_list *out);
struct pattern pattern_read(struct grammar_loader *loader, struct span text);
bool pattern_fits(const struct paradigm *paradigm,
                  const struct pattern *pattern, struct span_of_letters word,
                  struct pattern_match *match);
/* Does a list hold the word, bare or behind one or two prefixes? */
bool paradigm_list_has(const struct paradigm *paradigm,
                       const struct letter_list *list,
                       struct span_of_letters word);
bool letters_end(struct span_of_letters word, struct span_of_letters tail);

/* The first pattern of a list that a word fits. */
bool pattern_list_fits(const struct paradigm *paradigm,
                       const struct pattern_list *list,
                       struct span_of_letters word,
                       struct pattern_match *match);

/* --- paradigm_phrase.c ---------------------------------------------------- */

/* The grammar by which a word of a term inflects: this one, that of the words
 * that agree, or NULL: it stands as it is. */
const struct grammar *phrase_grammar(const struct grammar *grammar,
                                     const struct stem_sink *sink);
/* An error when `by` names no such grammar. */
void phrase_check(struct grammar_loader *loader, const struct grammar *grammar);

/* --- paradigm_endings.c --------------------------------------------------- */

/* The entries of the sets that a text names. */
void paradigm_entries(struct paradigm_loader *loader,
                      const struct yaml_node *names,
                      uint32_t entries[BRACKETS_WAYS]);

/* --- paradigm_read.c ------------------------------------------------------ */

void paradigm_read(struct grammar_loader *loader, const struct yaml_node *root);

extern const struct grammar_kind grammar_paradigm; /* morphology_paradigm.c */

#endif
