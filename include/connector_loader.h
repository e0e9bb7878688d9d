/*
 * connector_loader.h - a connector while its file is being read.
 *
 * Threads: one. Errors: into `diagnostics`; `no_memory` is sticky.
 */
#ifndef KAROOL_CONNECTOR_LOADER_H
#define KAROOL_CONNECTOR_LOADER_H

#include "arena.h"
#include "connector_model.h"
#include "diagnostics.h"
#include "yaml_tree.h"

struct connector_loader {
    struct connector *connector;
    struct arena *arena;
    struct diagnostics *diagnostics;
    bool no_memory;
};

void *loader_alloc(struct connector_loader *loader, size_t size_bytes);
const char *loader_copy(struct connector_loader *loader, struct span text);
/* The text of a scalar; an error and "" for anything else. */
struct span loader_text(struct connector_loader *loader,
                        const struct yaml_node *node);
/* The same as an RFC 6901 pointer. */
struct span loader_pointer(struct connector_loader *loader,
                           const struct yaml_node *node);
int64_t loader_duration(struct connector_loader *loader,
                        const struct yaml_node *node);
unsigned loader_number(struct connector_loader *loader,
                       const struct yaml_node *node);
bool loader_bool(struct connector_loader *loader, const struct yaml_node *node);
/* The index of a scalar among `choices` (ending with NULL), or 0 with an
 * error. */
unsigned loader_choice(struct connector_loader *loader,
                       const struct yaml_node *node,
                       const char *const *choices);
/* An error for each key of a map that is not known; false: no map. */
MUST_USE bool loader_map(struct connector_loader *loader,
                         const struct yaml_node *node,
                         const char *const *known);
/* A scalar is a list of one. */
const struct yaml_node *loader_first(const struct yaml_node *node);
const struct yaml_node *loader_next(const struct yaml_node *list,
                                    const struct yaml_node *item);
void loader_predicate(struct connector_loader *loader,
                      const struct yaml_node *map, struct predicate *out);
void loader_template(struct connector_loader *loader,
                     const struct yaml_node *node, struct template *out);

/* connector_stream.c */
void loader_request(struct connector_loader *loader,
                    const struct yaml_node *map, struct request_model *out);
void loader_streams(struct connector_loader *loader,
                    const struct yaml_node *root);
/* connector_errors.c */
void loader_errors(struct connector_loader *loader,
                   const struct yaml_node *list);
/* connector_fields.c */
void loader_fields(struct connector_loader *loader, const struct yaml_node *map,
                   struct stream_model *stream);

#endif
