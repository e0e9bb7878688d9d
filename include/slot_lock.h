/*
 * slot_lock.h - a number that no other process on this host has: the end of a
 * transactional id, so that a restart takes up its predecessor's and aborts
 * what that left open at once.
 *
 * Threads: any. Ownership: the slot is held until slot_free(), or until the
 * process ends, however it ends.
 */
#ifndef KAROOL_SLOT_LOCK_H
#define KAROOL_SLOT_LOCK_H

#include "config.h"
#include "error.h"

struct slot_lock;

/* `role` is "ingest" or "screen". */
MUST_USE struct slot_lock *slot_take(const struct config *config,
                                     const char *role, struct error *err);
void slot_free(struct slot_lock *slot);
void slot_freep(struct slot_lock **slot);
/* <campaign>-<role>-<host>-<folder>-<slot>: the folder as a few hex digits */
const char *slot_transactional_id(const struct slot_lock *slot);

#endif
