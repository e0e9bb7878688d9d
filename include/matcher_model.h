/*
 * matcher_model.h - what the files of the matcher share: the compiled
 * dictionary, and the state of one scan.
 *
 * matcher.c owns both; matcher_compile.c makes spellings and patterns,
 * matcher_database.c is Hyperscan, verify.c decides candidates, rule_index.c
 * and rule_match.c join hits by the rules.
 */
#ifndef KAROOL_MATCHER_MODEL_H
#define KAROOL_MATCHER_MODEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "matcher.h"
#include "normalise.h"

/* A way to write a term: its dictionary form, a variant, a form, its stem. */
struct spelling {
    const struct term *term;
    uint32_t *letters; /* folded code points; ' ' between words, MARKED_GAP
                          where the term itself has a mark there */
    uint8_t *folded;   /* the same in classes, without outer separators */
    size_t len;
    bool dictionary_form; /* else: a listed form, so at most "inflected" */
    bool any_ending;      /* letters may follow */
};

/* Spellings with the same classes are found by one pattern. */
struct pattern {
    const uint8_t *folded;
    size_t len;
    uint32_t first, count; /* into matcher.spellings */
};

/* A phrase in which a term is innocent: in classes, and in letters for the
 * class that is none. */
struct phrase {
    uint8_t *folded;
    uint32_t *letters;
    size_t len;
    const char *text;
};

/* A place in a rule that a term may fill. */
struct rule_part {
    uint32_t rule;
    uint8_t part;
    bool unless; /* `part` is an index into rule.unless */
};

struct term_index {
    struct phrase *phrases;
    size_t phrase_count;
    struct rule_part *parts;
    size_t part_count;
};

struct database;

struct matcher {
    atomic_uint references;
    uint64_t generation; /* of all matchers ever made; never comes back */
    struct rules *rules;
    struct arena *arena;
    struct spelling *spellings;
    size_t spelling_count, spelling_capacity;
    struct pattern *patterns;
    size_t pattern_count;
    struct term_index *terms; /* as many as rules->term_count */
    struct database *database;
};

/* Where Hyperscan saw a pattern end: one behind its last letter. */
struct raw_hit {
    uint32_t pattern;
    uint32_t end;
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
    int severity; /* lifted by rules that raise */
    const char *raised_by;
};

/* A place in a field, in three units. */
struct extent_cursor {
    size_t bytes, code_points, utf16;
};

struct scan {
    struct extent_cursor cursors[FIELD_COUNT];
    const struct matcher *matcher;
    const struct matcher_input *input;
    struct reading readings[FIELD_COUNT];
    struct raw_hit *raw;
    size_t raw_count, raw_capacity;
    struct hit *hits;
    size_t hit_count, hit_capacity;
    struct match *matches;
    size_t match_count, match_capacity;
    struct arena *arena; /* of this scan: parts, rule slots */
    void (*show)(void *context, const struct candidate *candidate);
    void *show_context;
    bool no_memory;
};

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
MUST_USE struct scratch *scratch_new(void);
void scratch_free(struct scratch *scratch);
/* Makes room for a database; `generation` names it. */
MUST_USE bool scratch_fit(struct scratch *scratch,
                          const struct database *database, uint64_t generation,
                          struct error *err);
/* Appends to scan->raw. */
MUST_USE bool database_scan(const struct database *database,
                            struct scratch *scratch,
                            const struct reading *reading, struct scan *scan,
                            struct error *err);
const char *database_library_version(void);

/* verify.c: raw hits of a field become hits. */
void verify_field(struct scan *scan, enum match_field field);
/* through.c: which disguises lie between what is written and what is meant.
 * false: the letters are others after all. */
struct through {
    unsigned disguises;
    size_t end;       /* byte behind the last letter */
    bool gap_refused; /* something else than blanks or a hyphen between words */
};
/* Words of a term are divided by blanks or by one hyphen; where the term itself
 * is written with a mark ("one, two"), by anything but letters. */
enum { MARKED_GAP = ',' };
bool gap_is_plain(struct span gap);
MUST_USE bool through_between(struct span text, const struct reading *reading,
                              uint32_t start, const struct spelling *spelling,
                              struct through *out);
/* plausible.c: is a disguise likelier than ordinary text? */
bool plausible(struct span text, size_t from, size_t to, unsigned disguises);
/* place.c: words and sentences of hits, and extents. */
void place_words(struct scan *scan, enum match_field field, size_t first);
/* Bytes of a field to all three units; counted on from the last one asked. */
void extent_of(struct scan *scan, enum match_field field, size_t from,
               size_t to, struct extent *out);
/* rule_index.c */
MUST_USE bool rule_index(struct matcher *matcher);
/* rule_match.c: hits become matches of rules, or are lifted. */
void rule_match(struct scan *scan);
/* NULL and scan->no_memory when there is no memory. */
MUST_USE void *scan_grow(struct scan *scan, void *items, size_t count,
                         size_t *capacity, size_t item_bytes);
void scan_show(struct scan *scan, const struct candidate *candidate);
bool lang_allows(const struct text_list *only, struct span lang);

#endif
