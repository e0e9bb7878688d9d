/*
 * id_set.h - the ids that a whole topic holds, however many those are: 24
 * bytes each.
 *
 * What was added since the last id_set_commit() is forgotten by
 * id_set_abort(). recent.h is the bounded one.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_ID_SET_H
#define KAROOL_ID_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "span.h"

struct id_set;

enum id_set_answer { ID_SET_NEW, ID_SET_KNOWN, ID_SET_NO_MEMORY };

MUST_USE struct id_set *id_set_new(void);
void id_set_free(struct id_set *set);
void id_set_freep(struct id_set **set);
/* `hex_id`: hex digits, of which the first 32 count; they are a hash's. */
MUST_USE enum id_set_answer id_set_add(struct id_set *set, struct span hex_id);
void id_set_commit(struct id_set *set);
void id_set_abort(struct id_set *set);
void id_set_clear(struct id_set *set);
size_t id_set_count(const struct id_set *set);

#endif
