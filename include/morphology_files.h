/*
 * morphology_files.h - the texts of grammars: those that are part of the
 * program, and those of a folder of rules, which replace them by their id.
 *
 * Threads: one. Ownership: the arena's. Errors: into `diagnostics`.
 */
#ifndef KAROOL_MORPHOLOGY_FILES_H
#define KAROOL_MORPHOLOGY_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diagnostics.h"
#include "span.h"
#include "yaml_tree.h"

/* The program's own, by name; the last has no name. Made from
 * rules/morphology/ when the program is built. */
struct grammar_file {
    const char *name; /* "ky.yaml" */
    struct span text;
};
extern const struct grammar_file grammar_files[];

/* A file with a sound head: `id` and the version are there. */
struct grammar_source {
    struct span id;
    struct span text;
    const struct yaml_node *root;
};

struct grammar_sources {
    struct grammar_source *items;
    size_t count, capacity;
};

/* false: no memory, or an error. `folder` may be NULL. */
MUST_USE bool grammar_sources_read(struct grammar_sources *sources,
                                   struct arena *arena, const char *folder,
                                   struct diagnostics *diagnostics);

/* One text. */
MUST_USE bool grammar_source_read(struct grammar_sources *sources,
                                  struct arena *arena, const char *name,
                                  struct span text,
                                  struct diagnostics *diagnostics);

#endif
