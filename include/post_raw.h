/*
 * post_raw.h - may the reading of a post stop at `raw`?
 *
 * What is in `raw` is not examined; but a member behind it counts as any other
 * does, or a text could hide there. So its end is looked for: brackets are
 * counted, outside of strings, which costs a tenth of parsing it.
 *
 * Threads: any.
 */
#ifndef KAROOL_POST_RAW_H
#define KAROOL_POST_RAW_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "span.h"

/* Does no member follow `raw`, whose name ends at `offset`? True also of a
 * `raw` without an end. */
MUST_USE bool post_raw_is_last(struct span record, size_t offset);

#endif
