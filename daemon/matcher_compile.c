#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "dictionary_cost.h"
#include "lattice.h"
#include "matcher_model.h"

enum { PATTERN_MOST = PAIR_LONG };

/* The keys of a stem's first letters, as a reading has them. */
static size_t
stem_keys(const struct trie_entry *entry, uint8_t *keys)
{
    size_t len = 0;
    for (uint32_t i = 0; i < entry->len && len < PATTERN_MOST; i++) {
        uint8_t key = alphabet_key(entry->letters[i]);
        if (len == 0 || keys[len - 1] != key)
            keys[len++] = key;
    }
    return len;
}

static int
compare_patterns(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->keys, b->keys, len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* One that begins with another is found with that. */
static void
drop_covered(struct matcher *matcher)
{
    size_t kept = 0;
    for (size_t i = 0; i < matcher->pattern_count; i++) {
        const struct pattern *pattern = &matcher->patterns[i];
        const struct pattern *last = kept ? &matcher->patterns[kept - 1] : NULL;
        if (!last || last->len > pattern->len ||
            memcmp(last->keys, pattern->keys, last->len) != 0)
            matcher->patterns[kept++] = *pattern;
    }
    matcher->pattern_count = kept;
}

static void
add_pair(struct matcher *matcher, const uint8_t *keys, size_t len)
{
    if (len < PAIR_SHORT)
        return;
    uint64_t letters = 0;
    memcpy(&letters, keys, len);
    uint32_t slot = pair_slot(letters, (unsigned)len);
    matcher->pairs[slot / 64] |= (uint64_t)1 << slot % 64;
    slot = joined_slot(keys);
    matcher->openings[slot / 64] |= (uint64_t)1 << slot % 64;
}

/* What finds the words at which stems may begin. */
static bool
make_prefilters(struct matcher *matcher)
{
    struct spellings *terms = &matcher->terms;
    uint8_t *keys =
        arena_alloc(matcher->arena,
                    terms->entry_count + 1 + terms->entry_count * PATTERN_MOST);
    matcher->patterns = arena_alloc(
        matcher->arena, (terms->entry_count + 1) * sizeof(*matcher->patterns));
    matcher->pairs = arena_alloc(matcher->arena, (1u << PAIR_BITS) / 8);
    matcher->openings =
        arena_alloc(matcher->arena, (1u << JOINED_OPENING_BITS) / 8);
    if (!keys || !matcher->patterns || !matcher->pairs || !matcher->openings)
        return false;
    for (size_t i = 0; i < terms->entry_count; i++) {
        const struct trie_entry *entry = &terms->entries[i];
        if (entry->root != 0)
            continue;
        size_t len = stem_keys(entry, keys);
        add_pair(matcher, keys, len);
        matcher->patterns[matcher->pattern_count++] =
            (struct pattern){keys, len};
        keys += len;
    }
    qsort(matcher->patterns, matcher->pattern_count, sizeof(*matcher->patterns),
          compare_patterns);
    drop_covered(matcher);
    return true;
}

static bool
make_tries(struct matcher *matcher)
{
    struct spellings *const both[] = {&matcher->terms, &matcher->phrases};
    for (size_t i = 0; i < COUNT_OF(both); i++)
        if (!trie_make(&both[i]->trie, both[i]->entries, both[i]->entry_count,
                       both[i]->root_count))
            return false;
    /* Roots were numbered while they had no nodes. */
    for (size_t i = 0; i < COUNT_OF(both); i++)
        for (size_t j = 0; j < both[i]->count; j++) {
            struct spelling *spelling = &both[i]->items[j];
            for (uint32_t k = 1; k < spelling->word_count; k++)
                spelling->roots[k] = both[i]->trie.roots[spelling->roots[k]];
        }
    return true;
}

bool
matcher_compile(struct matcher *matcher, struct diagnostics *diagnostics,
                struct error *err)
{
    const struct rules *rules = matcher->rules;
    if (!lattice_load(err))
        return false;
    matcher->index = arena_alloc(matcher->arena, (rules->term_count + 1) *
                                                     sizeof(*matcher->index));
    if (!matcher->index)
        return error_no_memory(err);
    if (!spellings_make(matcher))
        return error_no_memory(err);
    if (matcher->terms.count == 0)
        return error_set(err, ERROR_CONFIG, "no terms to look for");
    size_t errors = diagnostics_errors(diagnostics);
    if (!rule_index(matcher) || !dictionary_cost_check(matcher, diagnostics))
        return error_no_memory(err);
    if (diagnostics_errors(diagnostics) > errors)
        return error_set(err, ERROR_CONFIG, "the dictionary costs too much");
    for (size_t i = 0; i < rules->term_count; i++)
        matcher->disguises |= rules->terms[i].disguises;
    if (!make_prefilters(matcher) || !make_tries(matcher))
        return error_no_memory(err);
    matcher->database =
        database_new(matcher->patterns, matcher->pattern_count, err);
    return matcher->database != NULL;
}
