/*
 * recent.h - the event ids of the last hours, so that a post that comes twice
 * (two sources, an overlap) makes one event.
 *
 * Bounded: by age and by count, the oldest go first. What a transaction adds
 * stays pending until it stands; an abort forgets it.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_RECENT_H
#define KAROOL_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

struct recent;

/* `most` ids, each at most window_ms old. NULL: no memory. */
MUST_USE struct recent *recent_new(size_t most, int64_t window_ms);
void recent_free(struct recent *recent);
void recent_freep(struct recent **recent);
/* The time is that of a clock that nobody sets, or a jump would forget all.
 * false: known already, nothing changes. `hex_id`: at least 32 hex digits, of
 * which the first 32 count. */
bool recent_add(struct recent *recent, const char *hex_id, int64_t now_ms);
/* What was added since the last of these calls stays, or never was. */
void recent_commit(struct recent *recent);
void recent_abort(struct recent *recent);
size_t recent_count(const struct recent *recent);

#endif
