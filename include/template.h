/*
 * template.h - "${var.instance}/api/${target|path}": text with holes, compiled
 * once.
 *
 * Holes: var.NAME, target, target.value, cursor, page, lookup.NAME, and
 * r:/pointer (of the record at hand). A filter after | : path and query
 * percent-encode. A template with an empty hole expands to nothing: this alone
 * makes parameters optional.
 *
 * Threads: a compiled template never changes. Ownership: the arena's.
 */
#ifndef KAROOL_TEMPLATE_H
#define KAROOL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buffer.h"
#include "diagnostics.h"
#include "span.h"

enum hole {
    HOLE_TEXT, /* no hole: the text itself */
    HOLE_VARIABLE,
    HOLE_TARGET,
    HOLE_TARGET_VALUE,
    HOLE_CURSOR,
    HOLE_PAGE,
    HOLE_LOOKUP,
    HOLE_RECORD,
};

enum template_filter { FILTER_NONE, FILTER_ENCODE };

struct template_part {
    enum hole hole;
    enum template_filter filter;
    struct span text; /* the text, or the hole's name or pointer */
};

struct template
{
    struct template_part *parts;
    size_t count;
};

/* Faults go to diagnostics, at `place`. */
MUST_USE bool template_compile(struct template *out, struct arena *arena,
                               struct span text, struct place place,
                               struct diagnostics *diagnostics);
/* Looks a hole up; an absent span is empty. */
typedef struct span template_lookup(void *context,
                                    const struct template_part *part);
/* Appends; false when a hole was empty: what was appended is to be dropped.
 * With `encode`, every hole is percent-encoded. */
bool template_expand(const struct template *template, struct buffer *out,
                     bool encode, template_lookup *lookup, void *context);
/* RFC 3986 percent-encoding of all but unreserved characters. */
void percent_encode(struct buffer *out, struct span text);

#endif
