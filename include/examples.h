/*
 * examples.h - does every example of the rules behave?
 *
 * `flag`: its entry matches. `pass`: its entry is silent. `clean`: nothing
 * flags at all.
 *
 * Threads: any, each with its own call.
 */
#ifndef KAROOL_EXAMPLES_H
#define KAROOL_EXAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "matcher.h"

struct example_result {
    const struct example *example;
    const char *entry; /* id, or NULL for a clean list of no entry */
    bool passed;
    const char *got; /* in words: "matched by ky-eth-004", "nothing" */
};

/* Calls `report` for each example in the order of the files; sets *failed. */
MUST_USE bool examples_run(const struct matcher *matcher,
                           void (*report)(void *context,
                                          const struct example_result *),
                           void *context, size_t *failed, struct error *err);

#endif
