/*
 * source_view.h - the state of a source in a few words for people.
 *
 * Threads: any.
 */
#ifndef KAROOL_SOURCE_VIEW_H
#define KAROOL_SOURCE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "source.h"

/* Is there something a person should know about it? */
bool source_troubled(const struct source_report *report);
/* "waiting, next poll in 12 s" or "next try in 3 min: 24.kg: unreachable" */
void source_view(const struct source_report *report, int64_t now_ms,
                 struct buffer *out);

#endif
