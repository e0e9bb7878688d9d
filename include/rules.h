/*
 * rules.h - the dictionary as data: categories, terms, rules and their
 * examples, read from a folder (design, section 5).
 *
 * rules_load() reads every .yaml and .tsv of the folder in name order, with
 * categories.yaml first, and grammars from its morphology/, and checks all that
 * can be checked without a matcher. Whether the examples behave is checked by
 * examples_run() (examples.h).
 *
 * Threads: a struct rules never changes once made. Ownership: reference
 * counted; all that it points to lives as long as it. Errors: into
 * `diagnostics`, and NULL.
 */
#ifndef KAROOL_RULES_H
#define KAROOL_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diagnostics.h"
#include "morphology.h"
#include "span.h"
#include "text_list.h"

#define RULES_NONE (-1)
#define RULES_SEVERITY_LOWEST 1
#define RULES_SEVERITY_HIGHEST 5
/* Roles are bits of a mask. */
#define RULES_ROLES_MAX 64
/* Parts of a rule: bits of a mask, too. */
#define RULES_PARTS_MOST 8
/* Of a way to write a term. */
#define RULES_LETTERS_MOST 200

/* The disguises that can be undone, as bits. Names: disguise_name(). */
enum disguise {
    DISGUISE_HOMOGLYPH = 1 << 0,
    DISGUISE_KEYBOARD = 1 << 1,
    DISGUISE_TRANSLIT = 1 << 2,
    DISGUISE_LEET = 1 << 3,
    DISGUISE_REPEAT = 1 << 4,
    DISGUISE_SPACING = 1 << 5,
    DISGUISE_MASK = 1 << 6,
    DISGUISE_INVISIBLE = 1 << 7,
};
#define DISGUISE_COUNT 8
/* "homoglyph" for bit 0 and so on; NULL beyond. */
const char *disguise_name(unsigned bit);
/* For people: "look-alike letters". */
const char *disguise_phrase(unsigned bit);

/* The kinds of a verb's forms, as bits; terms without grammar are FORM_PLAIN.
 */
enum form_label {
    FORM_PLAIN = 1 << 0,
    FORM_CALL = 1 << 1,
    FORM_WISH = 1 << 2,
    FORM_REPORT = 1 << 3,
    FORM_NEGATIVE = 1 << 4,
};

struct category {
    const char *id; /* [a-z0-9-]+ */
    const char *name_en, *name_ky, *name_ru;
    const char *description;
    struct place place;
};

enum example_kind {
    EXAMPLE_FLAG,  /* its entry matches */
    EXAMPLE_PASS,  /* its entry is silent */
    EXAMPLE_CLEAN, /* nothing flags at all */
};

struct example {
    enum example_kind kind;
    struct span text;
    struct place place;
};

struct term {
    const char *id;
    struct span text; /* the dictionary form */
    const char *lang; /* "ky", "ru", "en", … */
    const char *gloss;
    const char *source;
    const char *review; /* "draft" or "confirmed" */
    int category;       /* index into rules.categories, or RULES_NONE */
    uint64_t roles;     /* bit i: rules.roles[i] */
    int severity;       /* 1 to 5; 0 for a term without category */
    int morphology;     /* the number of a grammar: morphology_name() */
    struct text_list variants, except, forms;
    struct span stem;   /* absent unless given */
    unsigned disguises; /* enum disguise */
    struct text_list only_lang;
    struct example *examples;
    size_t example_count;
    struct place place, text_place; /* of the entry, and of `text` */
};

enum selector_kind {
    SELECT_ROLE,     /* any term with one of the roles in `mask` */
    SELECT_CATEGORY, /* any match of one of the categories in `mask` */
    SELECT_ID,       /* the entry `id` */
};

/* What one item of `when:` or `unless:` takes. */
struct selector {
    enum selector_kind kind;
    uint64_t mask; /* roles or categories, by kind */
    const char *id;
    unsigned severities; /* bit s: severity s is taken; 0: any */
    unsigned forms;      /* enum form_label; 0: every form not NEGATIVE */
    const char *name;    /* for events and messages: the role or id */
    struct place place;
};

enum unless_where { UNLESS_NEAR, UNLESS_BEFORE, UNLESS_AFTER };
enum unless_effect { UNLESS_DROP, UNLESS_LOWER };

struct unless {
    struct selector selector;
    enum unless_where where;
    int part;        /* index into rule.when that it stands before or after;
                        RULES_NONE: any part (UNLESS_NEAR) */
    unsigned within; /* words between */
    enum unless_effect effect;
};

struct rule {
    const char *id;
    const char *lang;
    const char *gloss;
    const char *source;
    const char *review;
    int category;    /* RULES_NONE for a rule that raises */
    int severity;    /* of the match it makes */
    int raise;       /* or: the severity to which it lifts its matches; 0 */
    unsigned within; /* at most so many words between first and last part */
    struct place within_place;
    bool as_written; /* the order of `when` is the order of words */
    bool same_sentence;
    struct selector *when;
    size_t when_count;
    struct unless *unless;
    size_t unless_count;
    struct text_list only_lang;
    struct example *examples;
    size_t example_count;
    struct place place;
};

struct rules {
    const char *version; /* of the last file that names one, "" if none */
    struct category *categories;
    size_t category_count;
    const char **roles;
    size_t role_count;
    struct term *terms;
    size_t term_count;
    struct rule *rules;
    size_t rule_count;
    struct example *clean; /* examples that belong to no entry: kind CLEAN */
    size_t clean_count;
    const struct morphology *morphology;
    /* "sha256:…": over what the matcher makes of it (id, text, category, roles,
     * severity, …; not gloss, source, review, examples) and MATCHER_REVISION.
     */
    char digest[72];
};

/* Rises with every change of the matcher that changes what is flagged. */
#define MATCHER_REVISION 4

MUST_USE struct rules *rules_load(const char *folder,
                                  struct diagnostics *diagnostics);
/* The same from texts in memory, in this order: for tests and fuzzing. */
struct rules_text {
    const char *name; /* ends in .yaml or .tsv */
    struct span text;
};
MUST_USE struct rules *rules_load_texts(const struct rules_text *texts,
                                        size_t count,
                                        struct diagnostics *diagnostics);
struct rules *rules_ref(struct rules *rules);
void rules_unref(struct rules *rules);
void rules_unrefp(struct rules **rules);
/* The index of a category id, or RULES_NONE. */
int rules_category(const struct rules *rules, struct span id);

#endif
