/*
 * ending_automaton.h - many endings, written down one by one, become one
 * automaton that is walked a letter at a time.
 *
 * A grammar makes points, and joins them by letters or by nothing; several
 * edges of one letter may leave a point. An entry is a point at which stems
 * begin. ending_net_make() turns all of it into states with one edge a letter,
 * the fewest there can be.
 *
 * Threads: one. Errors: a net that has no memory remembers it, and
 * ending_net_make() fails. So does one that a grammar has let grow without
 * measure: ending_net_too_large().
 */
#ifndef KAROOL_ENDING_AUTOMATON_H
#define KAROOL_ENDING_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "morphology.h"

struct ending_net;

MUST_USE struct ending_net *ending_net_new(void);
void ending_net_free(struct ending_net *net);
void ending_net_freep(struct ending_net **net);

/* A new point. */
uint32_t ending_net_point(struct ending_net *net);
/* letter 0: nothing is read. */
void ending_net_join(struct ending_net *net, uint32_t from, uint32_t letter,
                     uint32_t to);
/* The point after `letters`; new points on the way. */
uint32_t ending_net_path(struct ending_net *net, uint32_t from,
                         const uint32_t *letters, size_t len);
/* A word may end at the point, with these kinds (enum form_kind). */
void ending_net_end(struct ending_net *net, uint32_t point, unsigned kinds);
/* Any letters may follow at the point, and it takes no other edges. */
void ending_net_any(struct ending_net *net, uint32_t point);
/* The number of an entry at the point: 0, 1, …; the same for a point that has
 * one. */
uint32_t ending_net_entry(struct ending_net *net, uint32_t point);
/* More than a million points or states: no language has so many endings. */
bool ending_net_too_large(const struct ending_net *net);
/* `states[entry]` is the state of an entry. In the arena. */
MUST_USE bool ending_net_make(struct ending_net *net, struct arena *arena,
                              struct endings *out, uint32_t **states);

#endif
