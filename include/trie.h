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

struct trie_node {
    uint64_t letters;                /* letter_set_bit() of each edge */
    uint32_t first_edge, edge_count; /* in the order of their letters */
    uint32_t first_output, output_count;
};

struct trie {
    struct trie_node *nodes;
    size_t node_count, node_capacity;
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

/* The node behind a letter; 0, which is the first root, when there is none. */
static inline uint32_t
trie_child(const struct trie *trie, uint32_t node, uint32_t letter)
{
    const struct trie_node *at = &trie->nodes[node];
    const struct letter_edge *edge = letter_edge_find(
        &trie->edges[at->first_edge], at->edge_count, at->letters, letter);
    return edge ? edge->to : 0;
}

#endif
