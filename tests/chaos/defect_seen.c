/*
 * A defect for the harness to find: a walk stops at what was seen before, be
 * it settled by a completed walk or not. A kill in the middle of a walk loses
 * what stood below.
 *
 * Linked with --wrap into a program of its own; no part of karool.
 */
#include "identity_ring.h"

uint32_t __real_ring_walk_of(const struct identity_ring *ring,
                             uint64_t identity);
uint32_t __wrap_ring_walk_of(const struct identity_ring *ring,
                             uint64_t identity);

uint32_t
__wrap_ring_walk_of(const struct identity_ring *ring, uint64_t identity)
{
    return __real_ring_walk_of(ring, identity) ? 1 : 0;
}
