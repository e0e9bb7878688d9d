/*
 * rules_loader.h - a dictionary while it is being read: what the files of the
 * loader share with each other.
 *
 * Threads: one. Errors: into `diagnostics`; `no_memory` is sticky.
 */
#ifndef KAROOL_RULES_LOADER_H
#define KAROOL_RULES_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diagnostics.h"
#include "map.h"
#include "rules.h"
#include "yaml_tree.h"

/* A value of a key, from YAML or from a cell. */
struct rules_value {
    struct span text;
    struct place place;
};

/* A key with its values: {"variants", […]}. Examples are the keys "flag",
 * "pass" and "clean". */
struct rules_field {
    struct span name;
    struct place place; /* of the key */
    struct rules_value *values;
    size_t count;
};

/* What a file's `defaults:` says; also what a term starts from. */
struct rules_defaults {
    const char *lang, *review, *source;
    int category, severity;
    int morphology;
    unsigned disguises;
};

struct rules_loader {
    struct rules *rules;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct map *ids;        /* id to struct place */
    struct map *role_terms; /* roles that a term has */
    struct rules_defaults defaults;
    const char *folder; /* or NULL */
    bool grammars_read; /* not before one is asked for */
    size_t category_capacity, role_capacity, term_capacity, rule_capacity,
        clean_capacity;
    bool no_memory;
};

/* rules.c */
void *rules_alloc(struct rules_loader *loader, size_t size_bytes);
const char *rules_copy(struct rules_loader *loader, struct span text);
void *rules_grow(struct rules_loader *loader, void *items, size_t count,
                 size_t *capacity, size_t item_bytes);
/* All grammars, read when they are first asked for; NULL: an error. */
const struct morphology *rules_grammars(struct rules_loader *loader);
/* Notes an id; an error when it is taken or not [a-z0-9][a-z0-9._-]*. */
void rules_note_id(struct rules_loader *loader, struct span id,
                   struct place place);
/* Bit of a role, made when it is new; RULES_ROLES_MAX when there is no room. */
unsigned rules_role(struct rules_loader *loader, struct span role,
                    struct place place);

/* rules_field.c: readers of values, with their complaints. */
MUST_USE bool rules_severity(struct rules_loader *loader,
                             const struct rules_value *value, int *severity);
MUST_USE bool rules_morphology(struct rules_loader *loader,
                               const struct rules_value *value, int *grammar);
unsigned rules_disguises(struct rules_loader *loader,
                         const struct rules_field *field);
MUST_USE bool rules_category_of(struct rules_loader *loader,
                                const struct rules_value *value, int *category);
struct text_list rules_texts(struct rules_loader *loader,
                             const struct rules_field *field);
void rules_add_examples(struct rules_loader *loader, struct example **examples,
                        size_t *count, const struct rules_field *field,
                        enum example_kind kind);
/* Warns of a word that mixes Latin and Cyrillic letters. */
void rules_check_alphabet(struct rules_loader *loader, struct span text,
                          struct place place);
/* The values of a YAML node: a scalar or a list of scalars. */
struct rules_field rules_field_of(struct rules_loader *loader,
                                  const struct yaml_node *value);
void rules_unknown_key(struct rules_loader *loader, struct span key,
                       struct place place, const char *const *known);
/* All disguises. */
unsigned rules_disguises_all(void);

/* rules_term.c */
extern const char *const rules_term_keys[];
void rules_term_read(struct rules_loader *loader,
                     const struct rules_field *fields, size_t count,
                     struct place place);
/* rules_words.c: what can be looked for, and in how many words it stands. */
struct rules_words {
    size_t letters, words;
};
struct rules_words rules_words_of(struct span text);
void rules_check_spelling(struct rules_loader *loader, struct span text,
                          struct place place);
void rules_check_exception(struct rules_loader *loader, struct span text,
                           struct place place);
/* rules_selector.c: what `when` and `unless` share. */
struct rules_value rules_value_of(struct rules_loader *loader,
                                  const struct yaml_node *node);
/* false: not one of the keys that a selector has. */
MUST_USE bool rules_selector_key(struct rules_loader *loader,
                                 const struct yaml_node *node,
                                 struct selector *selector);
void rules_selector_check(struct rules_loader *loader,
                          const struct yaml_node *map,
                          const struct selector *selector);
/* rules_rule.c */
void rules_rule_read(struct rules_loader *loader, const struct yaml_node *map);
/* rules_yaml.c, rules_tsv.c: one file each. */
void rules_read_yaml(struct rules_loader *loader, const char *file,
                     struct span text);
void rules_read_tsv(struct rules_loader *loader, const char *file,
                    struct span text);
/* rules_reach.c: whether each rule can hold, and do something. */
void rules_check_reach(struct rules_loader *loader);
/* rules_check.c: what only shows when all files are read. */
void rules_check(struct rules_loader *loader);
/* rules_digest.c */
void rules_make_digest(struct rules *rules);

#endif
