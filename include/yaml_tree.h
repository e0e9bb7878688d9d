/*
 * yaml_tree.h - a YAML file as a tree of text, each node with its place.
 *
 * Every scalar is text: `no`, `1488`, `+1` and `~` stay what was typed; who
 * reads a key decides what it means. `plain` tells an unquoted scalar, for the
 * warnings that only make sense there. Duplicate keys, merge keys, anchors and
 * aliases are errors. Parser jargon is put into words a linguist understands
 * ("put it in single quotes").
 *
 * Threads: a tree is read by any number. Ownership: the arena's. Errors: into
 * `diagnostics`, and NULL when no tree could be made.
 */
#ifndef KAROOL_YAML_TREE_H
#define KAROOL_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diagnostics.h"
#include "span.h"

enum yaml_node_kind { YAML_NODE_SCALAR, YAML_NODE_LIST, YAML_NODE_MAP };

struct yaml_node {
    enum yaml_node_kind kind;
    bool plain;
    bool cut;  /* plain, and " #x" follows: a comment without a blank */
    bool flow; /* written as [a, b] or {a: b} */
    struct place place;
    struct span text;        /* of a scalar, NUL-terminated */
    struct yaml_node *key;   /* of a map's value: its key, a scalar */
    struct yaml_node *next;  /* next element or value */
    struct yaml_node *first; /* of a list or map */
    size_t count;
};

/* NULL: nothing could be read, and an error says why. `file` is the name to use
 * in messages; it is copied. */
MUST_USE struct yaml_node *yaml_parse(struct arena *arena, const char *file,
                                      struct span text,
                                      struct diagnostics *diagnostics);
/* Reads the file first (at most 64 MB, UTF-8 with or without BOM). */
MUST_USE struct yaml_node *yaml_load(struct arena *arena, const char *path,
                                     struct diagnostics *diagnostics);
/* The value of a key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* "libyaml 0.2.5" */
const char *yaml_library_version(void);

#endif
