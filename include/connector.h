/*
 * connector.h - a network as data: one YAML file of the connectors folder,
 * compiled (networks.md, section 3 has the primitives).
 *
 * Threads: a connector never changes once made. Ownership: freed with the
 * connector set. Errors: into `diagnostics`.
 */
#ifndef KAROOL_CONNECTOR_H
#define KAROOL_CONNECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diagnostics.h"
#include "span.h"

enum variable_type {
    VARIABLE_TEXT,
    VARIABLE_URL,
    VARIABLE_INTEGER,
    VARIABLE_PATH,   /* made absolute against the config file's folder */
    VARIABLE_CHOICE, /* one of `choices` */
    VARIABLE_SECRET,
    VARIABLE_LIST,  /* of texts */
    VARIABLE_URLS,  /* a list */
    VARIABLE_PATHS, /* a list */
    VARIABLE_MAP,   /* text to text */
};

struct variable_declaration {
    const char *name;
    enum variable_type type;
    bool required;
    const char *default_text;   /* or NULL */
    const char *const *choices; /* ends with NULL; or NULL */
    const char *help;
};

struct connector;  /* opaque: connector.c and the source interpreter */
struct connectors; /* all of a folder */

MUST_USE struct connectors *connectors_load(const char *folder,
                                            struct diagnostics *diagnostics);
/* One connector from memory: for tests and fuzzing. */
MUST_USE struct connectors *
connectors_load_text(const char *name, struct span text,
                     struct diagnostics *diagnostics);
void connectors_free(struct connectors *connectors);
const struct connector *connectors_get(const struct connectors *connectors,
                                       struct span name);
/* Names, ending with NULL, for "did you mean". */
const char *const *connectors_names(const struct connectors *connectors);
/* Reads files only: no network. */
bool connector_is_local(const struct connector *connector);
const char *connector_name(const struct connector *connector);
/* Hex; differs when what the connector does may differ: a source whose
 * connector changed starts anew at a reload. */
struct span connector_digest(const struct connector *connector);
const struct variable_declaration *
connector_variables(const struct connector *connector, size_t *count);

#endif
