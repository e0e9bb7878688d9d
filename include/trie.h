/*
 * trie.h - words that begin alike, letter by letter: the stems of a dictionary.
 *
 * A forest: each root is a node of its own, root 0 the first words of all
 * terms, the others the later words of one term each.
 *
 * Threads: never changes once made. Ownership: trie_done() frees.
 */
#ifndef KAROOL_TRIE_H
#define KAROOL_TRIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "letter_set.h"

/* What ends at a node: word number `word` of a spelling, whose endings begin
 * at `state`. */
struct trie_output {
    uint32_t spelling;
    uint32_t word;
    uint32_t state;
};

/* Nodes stand in the order of a walk that goes down first, so that the first
 * node behind a node is the next one. Most have nothing else: then a node is
 * the letter that leads to it, and a word is read from a line or two of the
 * cache. Else it is TRIE_BRANCH and the number of a branch. */
#define TRIE_BRANCH 0x80000000u

struct trie_branch {
    uint64_t letters;                /* letter_set_bit() of each edge */
    uint32_t first_edge, edge_count; /* in the order of their letters */
    uint32_t first_output, output_count;
};

struct trie {
    uint32_t *nodes;
    size_t node_count, node_capacity;
    struct trie_branch *branches;
    size_t branch_count, branch_capacity;
    struct letter_edge *edges;
    size_t edge_count, edge_capacity;
    struct trie_output *outputs;
    size_t output_count, output_capacity;
    uint32_t *roots; /* nodes */
    size_t root_count;
};

/* One word to put in. */
struct trie_entry {
    uint32_t root;
    uint32_t len;
    const uint32_t *letters;
    struct trie_output output;
};

/* Sorts the entries. Each of the roots has at least one. */
MUST_USE bool trie_make(struct trie *trie, struct trie_entry *entries,
                        size_t count, size_t root_count);
void trie_done(struct trie *trie);
size_t trie_size_bytes(const struct trie *trie);

/* NULL: the node is a letter. */
static inline const struct trie_branch *
trie_branch_of(const struct trie *trie, uint32_t node)
{
    uint32_t at = trie->nodes[node];
    return at & TRIE_BRANCH ? &trie->branches[at & ~TRIE_BRANCH] : NULL;
}

/* The node behind a letter; 0, which is the first root, when there is none. */
static inline uint32_t
trie_child(const struct trie *trie, uint32_t node, uint32_t letter)
{
    const struct trie_branch *branch = trie_branch_of(trie, node);
    if (!branch)
        return trie->nodes[node] == letter ? node + 1 : 0;
    const struct letter_edge *edge =
        letter_edge_find(&trie->edges[branch->first_edge], branch->edge_count,
                         branch->letters, letter);
    return edge ? edge->to : 0;
}

/* The letters behind a node, and some others; 0: it has none. */
static inline uint64_t
trie_letters(const struct trie *trie, uint32_t node)
{
    const struct trie_branch *branch = trie_branch_of(trie, node);
    return branch ? branch->letters : letter_set_bit(trie->nodes[node]);
}

/* Letter number `number` behind a node; 0: it has no more. */
static inline uint32_t
trie_letter(const struct trie *trie, uint32_t node, uint32_t number)
{
    const struct trie_branch *branch = trie_branch_of(trie, node);
    if (!branch)
        return number == 0 ? trie->nodes[node] : 0;
    return number < branch->edge_count
               ? trie->edges[branch->first_edge + number].letter
               : 0;
}

/* What ends at a node. */
static inline const struct trie_output *
trie_outputs(const struct trie *trie, uint32_t node, uint32_t *count)
{
    const struct trie_branch *branch = trie_branch_of(trie, node);
    *count = branch ? branch->output_count : 0;
    return branch ? &trie->outputs[branch->first_output] : NULL;
}

#endif
