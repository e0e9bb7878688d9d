/*
 * ruleset.h - the matcher in force, and its replacement while workers run.
 *
 * A reload compiles the new dictionary first and swaps it in only when that
 * worked, so a bad rules file never leaves the daemon without one.
 *
 * Threads: every function may be called from any thread.
 * Ownership: ruleset_get() returns a reference; matcher_unref() drops it.
 */
#ifndef KAROOL_RULESET_H
#define KAROOL_RULESET_H

#include <stdint.h>

#include "diagnostics.h"
#include "error.h"
#include "matcher.h"

struct ruleset;

/* Loads, compiles, runs the examples: all or nothing. The very code that
 * `check`, the start and a reload use. */
MUST_USE struct matcher *ruleset_compile(const char *folder,
                                         struct diagnostics *diagnostics,
                                         struct error *err);
/* The same without running the examples: for `explain` and `test`, which are
 * there to mend them. */
MUST_USE struct matcher *ruleset_build(const char *folder,
                                       struct diagnostics *diagnostics,
                                       struct error *err);

MUST_USE struct ruleset *ruleset_new(struct matcher *matcher,
                                     struct error *err);
void ruleset_free(struct ruleset *ruleset);
void ruleset_freep(struct ruleset **ruleset);
MUST_USE struct matcher *ruleset_get(struct ruleset *ruleset);
/* Takes the matcher over; returns the new generation. */
uint64_t ruleset_swap(struct ruleset *ruleset, struct matcher *next);
uint64_t ruleset_generation(struct ruleset *ruleset);

#endif
