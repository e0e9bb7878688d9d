/*
 * record_map.h - a network's record becomes a post, as its connector says.
 *
 * Threads: any. Ownership: spans of the post point into the record or the
 * arena. Errors: ERROR_RECORD with the field.
 */
#ifndef KAROOL_RECORD_MAP_H
#define KAROOL_RECORD_MAP_H

#include "arena.h"
#include "config.h"
#include "connector_model.h"
#include "error.h"
#include "json.h"
#include "post.h"

struct record_context {
    struct arena *arena;
    const struct stream_model *stream;
    const struct source_config *source;
    const struct variable *columns; /* or NULL */
    template_lookup *lookup;        /* of the source; holes of the record are
                                       looked up here */
    void *lookup_context;
};

/* Fills what the network says: not network, source, author hash, fetched_at.
 * *author is the native author, or absent. false: post->id alone is filled,
 * when the record has one. */
MUST_USE bool record_map(const struct record_context *context,
                         const struct json *record, struct post *post,
                         struct span *author, struct error *err);
bool predicate_holds(const struct predicate *predicate,
                     const struct json *value);
/* A JSON object with the harmless members, or absent. */
struct span record_raw(const struct record_context *context,
                       const struct json *record, enum privacy_raw privacy);

#endif
