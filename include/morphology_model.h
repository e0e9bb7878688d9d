/*
 * morphology_model.h - grammars while their files are read, and what the two
 * ways to write one have in common.
 *
 * A file of grammars (rules/morphology/NAME.yaml) opens with
 *
 *     karool: grammar/1
 *     id: ky                # a file of the same id replaces this one
 *     kind: chain           # or paradigm
 *
 * and what follows is its kind's own: `chain` (morphology_chain.c) hangs
 * suffixes one behind the other, `paradigm` (morphology_paradigm.c) lists
 * endings by class of word. A file makes one grammar or several, which share
 * what they can ("ru-noun", "ru-adj", "ru-verb" of ru.yaml).
 *
 * While it reads, a kind adds its grammars with grammar_add(), and their
 * endings to `net`: points, joined by letters (ending_automaton.h). Where a
 * stem's endings begin it asks for an entry, ending_net_entry(net, point), and
 * keeps that number. When all files are read the net becomes states, and
 * grammar_state() tells the state of an entry: so a stem gets its `state`.
 *
 * Threads: one while reading; afterwards nothing changes. Ownership: the
 * arena's. Errors: into `diagnostics`, with the place in the YAML file;
 * `no_memory` is sticky.
 */
#ifndef KAROOL_MORPHOLOGY_MODEL_H
#define KAROOL_MORPHOLOGY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diagnostics.h"
#include "ending_automaton.h"
#include "morphology.h"
#include "span.h"
#include "yaml_tree.h"

struct grammar;

struct grammar_loader {
    struct morphology *morphology;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct ending_net *net;
    bool no_memory;
};

struct span_of_letters {
    const uint32_t *letters;
    size_t len;
};

/* A word that is being inflected: where its stems go. */
struct stem_sink {
    const struct morphology *morphology;
    struct arena *arena;
    struct stem_word word;
    size_t capacity;
    bool no_memory;
    bool empty; /* a stem would have had no letters */
    /* All words of the term, as the entry has them, and which of them this
     * one is: in some languages they agree. */
    const struct span_of_letters *words;
    size_t word_count, number;
};

/* One of the two ways to write a grammar. */
struct grammar_kind {
    const char *name; /* what stands behind `kind:` */
    /* Reads a whole file: `root` is its map, whose karool, id and kind are
     * read already. */
    void (*read)(struct grammar_loader *loader, const struct yaml_node *root);
    /* Adds the stems of one word of a term by stem_add(): its dictionary form
     * or, with `given`, the stem that the entry names for it. `last`: it is
     * the term's last word; the others come first, and one that gets no stem
     * stands as it is. */
    void (*inflect)(const struct grammar *grammar, struct span_of_letters word,
                    bool given, bool last, struct stem_sink *sink);
    /* As morphology_kinds_near(); NULL: kinds are what they are. */
    unsigned (*kinds_near)(const struct grammar *grammar, unsigned kinds,
                           struct span before, struct span after);
    /* What only shows when all grammars are read; or NULL. */
    void (*check)(struct grammar_loader *loader, const struct grammar *grammar);
};

struct grammar {
    const char *id; /* "ky-noun" */
    const struct grammar_kind *kind;
    const void *data; /* the kind's own */
    struct place place;
};

extern const struct grammar_kind grammar_chain; /* morphology_chain.c */

/* Adds a grammar; an error at `place` when its id is taken or no id. */
void grammar_add(struct grammar_loader *loader, struct span id,
                 const struct grammar_kind *kind, const void *data,
                 struct place place);
/* Zeroed memory that lives as long as the grammars; NULL sets no_memory. */
void *grammar_alloc(struct grammar_loader *loader, size_t size_bytes);
/* arena_grow() on that memory. */
void *grammar_grow(struct grammar_loader *loader, void *items, size_t count,
                   size_t *capacity, size_t item_bytes);
/* Letters of a text in the file, folded as stems and texts are: lower case, ё
 * as е. NULL sets no_memory. */
const uint32_t *grammar_letters(struct grammar_loader *loader, struct span text,
                                size_t *len);
/* A grammar by its id, or NULL. */
const struct grammar *grammar_find(const struct morphology *morphology,
                                   struct span id);
/* Adds a stem whose endings begin at an entry. Letters are copied. One without
 * letters is none: the word stands beside the others as it is. */
void stem_add(struct stem_sink *sink, const uint32_t *letters, size_t len,
              uint32_t entry);
/* morphology_examples.c: the key `examples` of a file, by grammar and word:
 *     ky-verb: {кес: {call: 'кескиле, кесүү керек', none: кесме}}
 * Every example that does not behave is an error. */
void grammar_examples_check(struct grammar_loader *loader,
                            const struct yaml_node *root);
/* The state of an entry, once all files are read. */
uint32_t grammar_state(const struct morphology *morphology, uint32_t entry);

#endif
