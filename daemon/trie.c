#include "trie.h"

#include <stdlib.h>
#include <string.h>

void
trie_done(struct trie *trie)
{
    free(trie->nodes);
    free(trie->branches);
    free(trie->edges);
    free(trie->outputs);
    free(trie->roots);
    *trie = (struct trie){0};
}

size_t
trie_size_bytes(const struct trie *trie)
{
    return trie->node_capacity * sizeof(*trie->nodes) +
           trie->branch_capacity * sizeof(*trie->branches) +
           trie->edge_capacity * sizeof(*trie->edges) +
           trie->output_capacity * sizeof(*trie->outputs) +
           trie->root_count * sizeof(*trie->roots);
}

/* Room for `more` items behind `count`. */
static bool
reserve(void **items, size_t count, size_t more, size_t *capacity,
        size_t item_bytes)
{
    if (count + more <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity + *capacity / 2 : 1024;
    while (wanted < count + more)
        wanted *= 2;
    if (wanted > UINT32_MAX)
        return false;
    void *grown = realloc(*items, wanted * item_bytes);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

#define RESERVE(items, count, more, capacity)                                  \
    reserve((void **)&(items), count, more, &(capacity), sizeof(*(items)))

static int
compare_entries(const void *left, const void *right)
{
    const struct trie_entry *a = left, *b = right;
    if (a->root != b->root)
        return a->root < b->root ? -1 : 1;
    for (uint32_t i = 0; i < a->len && i < b->len; i++)
        if (a->letters[i] != b->letters[i])
            return a->letters[i] < b->letters[i] ? -1 : 1;
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    if (a->output.spelling != b->output.spelling)
        return a->output.spelling < b->output.spelling ? -1 : 1;
    return (a->output.state > b->output.state) -
           (a->output.state < b->output.state);
}

static bool
add_outputs(struct trie *trie, struct trie_branch *branch,
            const struct trie_entry *entries, size_t count)
{
    if (!RESERVE(trie->outputs, trie->output_count, count,
                 trie->output_capacity))
        return false;
    branch->first_output = (uint32_t)trie->output_count;
    branch->output_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        trie->outputs[trie->output_count++] = entries[i].output;
    return true;
}

static bool
same_letter(const struct trie_entry *a, const struct trie_entry *b,
            uint32_t depth)
{
    return a->letters[depth] == b->letters[depth];
}

static bool add_node(struct trie *trie, const struct trie_entry *entries,
                     size_t count, uint32_t depth, uint32_t *node);

/* Of entries that share their first `depth` letters: the first `ended` end
 * there, `children` letters follow. */
static bool
add_branch(struct trie *trie, const struct trie_entry *entries, size_t count,
           uint32_t depth, size_t ended, size_t children, uint32_t *number)
{
    if (!RESERVE(trie->branches, trie->branch_count, 1,
                 trie->branch_capacity) ||
        !RESERVE(trie->edges, trie->edge_count, children, trie->edge_capacity))
        return false;
    struct trie_branch branch = {0};
    if (!add_outputs(trie, &branch, entries, ended))
        return false;
    *number = (uint32_t)trie->branch_count++;
    branch.first_edge = (uint32_t)trie->edge_count;
    branch.edge_count = (uint32_t)children;
    trie->edge_count += children;
    uint32_t edge = branch.first_edge;
    for (size_t first = ended, last; first < count; first = last) {
        for (last = first + 1;
             last < count &&
             same_letter(&entries[first], &entries[last], depth);)
            last++;
        uint32_t child;
        if (!add_node(trie, entries + first, last - first, depth + 1, &child))
            return false;
        branch.letters |= letter_set_bit(entries[first].letters[depth]);
        trie->edges[edge++] =
            (struct letter_edge){entries[first].letters[depth], child};
    }
    trie->branches[*number] = branch;
    return true;
}

/* A node for entries that share their first `depth` letters; fills in *node.
 * Recursion is as deep as a word is long, which is limited. */
static bool
add_node(struct trie *trie, const struct trie_entry *entries, size_t count,
         uint32_t depth, uint32_t *node)
{
    if (!RESERVE(trie->nodes, trie->node_count, 1, trie->node_capacity))
        return false;
    uint32_t at = *node = (uint32_t)trie->node_count++;
    size_t ended = 0, children = 0;
    while (ended < count && entries[ended].len == depth)
        ended++;
    for (size_t i = ended; i < count; i++)
        children +=
            i == ended || !same_letter(&entries[i - 1], &entries[i], depth);
    if (ended == 0 && children == 1) {
        uint32_t next;
        trie->nodes[at] = entries[0].letters[depth];
        return add_node(trie, entries, count, depth + 1, &next);
    }
    uint32_t number = 0;
    bool ok = add_branch(trie, entries, count, depth, ended, children, &number);
    trie->nodes[at] = TRIE_BRANCH | number;
    return ok;
}

bool
trie_make(struct trie *trie, struct trie_entry *entries, size_t count,
          size_t root_count)
{
    *trie = (struct trie){0};
    if (count > 1)
        qsort(entries, count, sizeof(*entries), compare_entries);
    trie->roots = calloc(root_count + 1, sizeof(*trie->roots));
    bool ok = trie->roots != NULL;
    for (size_t first = 0, last; ok && first < count; first = last) {
        for (last = first + 1;
             last < count && entries[last].root == entries[first].root;)
            last++;
        ok = add_node(trie, entries + first, last - first, 0,
                      &trie->roots[entries[first].root]);
    }
    if (ok && count == 0)
        ok = add_node(trie, entries, 0, 0, &trie->roots[0]);
    trie->root_count = root_count;
    if (!ok)
        trie_done(trie);
    return ok;
}
