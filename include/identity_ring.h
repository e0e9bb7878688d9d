/*
 * identity_ring.h - which posts of a walk are known already, in records small
 * enough to commit with every page.
 *
 * An identity is 8 bytes of a hash over id and version. The ring has slots, a
 * record each, of up to RING_SLOT_IDENTITIES; the oldest one is overwritten.
 * Each identity remembers the walk that saw it, so that a walk may stop only at
 * what an earlier, completed walk has settled (networks.md, finding 1).
 *
 * Threads: one.
 */
#ifndef KAROOL_IDENTITY_RING_H
#define KAROOL_IDENTITY_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "json.h"
#include "span.h"

/* Of a network's walk. */
#define RING_SLOTS 40
/* Of a file: copies in it may be far apart. A million lines: 24 MB, once there
 * are so many, and as much again for their records. */
#define RING_FILE_SLOTS 10000
#define RING_SLOT_IDENTITIES 100
/* A walk may add so many: the next one must know where this one began. */
#define RING_WALK_MOST 3000

struct identity_ring;

uint64_t identity_of(struct span id, struct span version);

/* With memory as it is needed. */
MUST_USE struct identity_ring *ring_new(unsigned slot_count);
void ring_free(struct identity_ring *ring);
void ring_freep(struct identity_ring **ring);
void ring_clear(struct identity_ring *ring);
bool ring_empty(const struct identity_ring *ring);
/* The walk that saw an identity (from 1), or 0: not known. */
uint32_t ring_walk_of(const struct identity_ring *ring, uint64_t identity);
/* Adds; the slot it went to is to be written by ring_write(). false: a commit
 * cannot hold more, or there is no memory. */
MUST_USE bool ring_add(struct identity_ring *ring, uint64_t identity,
                       uint32_t walk);
/* How many were seen by a walk after that one. */
size_t ring_count_after(const struct identity_ring *ring, uint32_t walk);
/* A known identity that will soon be forgotten is remembered for longer, as far
 * as one commit can: what is always in sight (a pinned post) is never new. */
void ring_renew(struct identity_ring *ring, uint64_t identity);
/* Drops what was added since the last ring_commit(). */
void ring_abort(struct identity_ring *ring);
void ring_commit(struct identity_ring *ring);
/* Slots changed since the last commit: for (size_t i = 0; ring_changed(ring,
 * &i, &slot);) */
bool ring_changed(const struct identity_ring *ring, size_t *position,
                  unsigned *slot);
/* Slots that hold something, in the same way. */
bool ring_used(const struct identity_ring *ring, size_t *position,
               unsigned *slot);
/* The members of a slot's record, into an open JSON object. */
void ring_write(const struct identity_ring *ring, unsigned slot,
                struct json_writer *writer);
/* A slot's record as it was written. */
MUST_USE bool ring_read(struct identity_ring *ring, unsigned slot,
                        const struct json *record, struct error *err);

#endif
