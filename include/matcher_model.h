/*
 * matcher_model.h - what the files of the matcher share: the compiled
 * dictionary, and the state of one scan.
 *
 * matcher.c owns both; spellings.c and matcher_compile.c make the stems and
 * what prefilters them, matcher_database.c is Hyperscan, suspects.c says at
 * which places of a text it is worth to look, walk.c finds the terms there,
 * verify.c decides, rule_index.c and rule_match.c join hits by the rules.
 */
#ifndef KAROOL_MATCHER_MODEL_H
#define KAROOL_MATCHER_MODEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "joined.h"
#include "matcher.h"
#include "normalise.h"
#include "trie.h"
#include "walk.h"

/* A way to write a term: its dictionary form, a variant, a listed form, its
 * stem; or a phrase in which it is innocent. */
struct spelling {
    const struct term *term;
    const uint32_t *letters; /* folded code points, ' ' between words */
    size_t len;
    uint32_t *roots; /* of the trie: where each word but the first begins */
    bool *marked;    /* the gap before each word holds a mark in the term */
    uint32_t word_count;
    int grammar;
    bool dictionary_form; /* else: a listed form, so at most "inflected" */
    const char *phrase;   /* as it is written in `except`; else NULL */
};

/* Terms or phrases with the tree of their stems. */
struct spellings {
    struct spelling *items;
    size_t count, capacity;
    struct trie_entry *entries; /* until the trie is made */
    size_t entry_count, entry_capacity;
    size_t root_count;
    struct trie trie;
    uint32_t word_count_most;
};

/* What Hyperscan looks for behind a separator: the keys of stems' first
 * letters. */
struct pattern {
    const uint8_t *keys;
    size_t len;
};

/* A place in a rule that a term may fill. */
struct rule_part {
    uint32_t rule;
    uint8_t part;
    bool unless; /* `part` is an index into rule.unless */
};

struct term_index {
    bool excepted; /* it has phrases */
    struct rule_part *parts;
    size_t part_count;
};

struct database;

/* The first letters of stems that two words might make together, by the hash
 * of their keys: a set of bits. */
enum {
    PAIR_BITS = 18,
    PAIR_SHORT = JOINED_OPENING, /* letters, when the first word has fewer */
    PAIR_LONG = 7,               /* or fewer than these */
};

struct matcher {
    atomic_uint references;
    uint64_t generation; /* of all matchers ever made; never comes back */
    struct rules *rules;
    struct arena *arena;
    struct spellings terms, phrases;
    struct pattern *patterns;
    size_t pattern_count;
    uint64_t *pairs;          /* 1 << PAIR_BITS bits */
    uint64_t *openings;       /* joined_slot()s of their first letters */
    unsigned disguises;       /* of any term */
    struct term_index *index; /* as many as rules->term_count */
    struct database *database;
};

/* A term found and verified. */
struct hit {
    const struct term *term;
    enum match_field field;
    uint32_t start, end;     /* letters of the reading */
    uint32_t from, to;       /* bytes of the field */
    uint32_t word, word_end; /* words of the field, [word, word_end) */
    uint32_t sentence;
    enum match_form form;
    unsigned through;
    unsigned kinds; /* enum form_kind */
    bool doubtful;  /* a blank in it divides it from a known word */
    int severity;   /* lifted by rules that raise */
    const char *raised_by;
};

/* A place in a field, in three units. */
struct extent_cursor {
    size_t bytes, code_points, utf16;
};

/* Bytes of a field at which terms may begin. */
struct places {
    uint32_t *offsets;
    size_t count, capacity;
};

struct scan {
    struct extent_cursor cursors[FIELD_COUNT];
    const struct matcher *matcher;
    const struct matcher_input *input;
    struct reading readings[FIELD_COUNT];
    struct joined joined;
    struct places places;
    struct walk walk, phrase_walk;
    struct hit *hits;
    size_t hit_count, hit_capacity;
    struct match *matches;
    size_t match_count, match_capacity;
    struct arena *arena; /* of this scan: parts, rule slots */
    void (*show)(void *context, const struct candidate *candidate);
    void *show_context;
    bool no_memory;
};

/* spellings.c: terms and exceptions become spellings and their stems. */
MUST_USE bool spellings_make(struct matcher *matcher);
void spellings_done(struct spellings *spellings);
/* matcher_compile.c */
MUST_USE bool matcher_compile(struct matcher *matcher,
                              struct diagnostics *diagnostics,
                              struct error *err);

/* matcher_database.c: Hyperscan, and its scratch. */
struct scratch;
MUST_USE struct database *database_new(const struct pattern *patterns,
                                       size_t count, struct error *err);
void database_free(struct database *database);
size_t database_size_bytes(const struct database *database);
bool database_from_cache(const struct database *database);
MUST_USE struct scratch *scratch_new(void);
void scratch_free(struct scratch *scratch);
/* Makes room for a database; `generation` names it. */
MUST_USE bool scratch_fit(struct scratch *scratch,
                          const struct database *database, uint64_t generation,
                          struct error *err);
/* Adds the places at which stems begin. */
MUST_USE bool database_scan(const struct database *database,
                            struct scratch *scratch,
                            const struct reading *reading, struct scan *scan,
                            struct error *err);
const char *database_library_version(void);

/* suspects.c: where letters may be hidden. */
void suspects_add(struct scan *scan, enum match_field field);
/* The place in the set of pairs for the first `len` keys in `letters`. */
static inline uint32_t
pair_slot(uint64_t letters, unsigned len)
{
    letters &= ~(uint64_t)0 >> (64 - 8 * len);
    return (uint32_t)((letters + len) * 0x9E3779B97F4A7C15u >>
                      (64 - PAIR_BITS));
}
void place_add(struct scan *scan, size_t offset);

/* verify.c: places of a field become hits. */
void verify_field(struct scan *scan, enum match_field field);
/* exceptions.c: the phrase that covers a hit of a term, or NULL. */
const char *excepted(struct scan *scan, enum match_field field,
                     const struct found *found, size_t from);
/* plausible.c: is a disguise likelier than ordinary text? */
bool plausible(struct span text, size_t from, const struct found *found,
               bool kyrgyz);
/* Is a blank undone behind which a word that is known stands? */
bool joins_known_word(struct span text, size_t from, const struct found *found);
/* place.c: words and sentences of hits, and extents. */
void place_words(struct scan *scan, enum match_field field, size_t first);
/* Bytes of a field to all three units; counted on from the last one asked. */
void extent_of(struct scan *scan, enum match_field field, size_t from,
               size_t to, struct extent *out);
/* rule_index.c */
MUST_USE bool rule_index(struct matcher *matcher);
/* Of a selector's `forms`: does it take a form of these kinds? */
bool selector_takes_kinds(const struct selector *selector, unsigned kinds);
/* rule_match.c: hits become matches of rules, or are lifted. */
void rule_match(struct scan *scan);
/* NULL and scan->no_memory when there is no memory. */
MUST_USE void *scan_grow(struct scan *scan, void *items, size_t count,
                         size_t *capacity, size_t item_bytes);
void scan_show(struct scan *scan, const struct candidate *candidate);
bool lang_allows(const struct text_list *only, struct span lang);

#endif
