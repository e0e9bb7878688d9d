/*
 * reload.h - other rules and sources, while everything runs.
 *
 * Files are read and compiled on a thread of their own; only when all of them
 * are good is anything put in force, on the thread of reload_work(). Else the
 * old ones stay, and all errors are logged with their places. One at a time:
 * what is asked for meanwhile is one more reload after it, since the one that
 * runs may have read the files before they were saved.
 *
 * Threads: the one that made it. Ownership: a result is valid until the next
 * reload_work().
 */
#ifndef KAROOL_RELOAD_H
#define KAROOL_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "error.h"
#include "ruleset.h"

struct reload;

struct reload_setup {
    struct config *config; /* in force; a reference is taken */
    struct config_options options;
    struct ruleset *ruleset;
    /* What the command line has to say about a configuration just read, on
     * the thread of the reload; or NULL. */
    bool (*amend)(const void *context, struct config *config,
                  struct error *err);
    const void *amend_context;
    /* Puts it in force; false: all is as it was. */
    bool (*apply)(void *context, struct config *config, struct error *err);
    void *apply_context;
};

struct reload_result {
    uint64_t number; /* 1 is the first reload; 0: none yet */
    bool ok;
    uint64_t generation; /* of the rules in force */
    int64_t at_ms;       /* wall clock, when it was over */
    const char *text;    /* lines: what is wrong, or what changed */
};

MUST_USE struct reload *reload_new(const struct reload_setup *setup,
                                   struct error *err);
/* Waits for a compile that is under way. */
void reload_free(struct reload *reload);
void reload_freep(struct reload **reload);
/* The number of the reload that will see the files as they are now. */
uint64_t reload_request(struct reload *reload);
bool reload_busy(const struct reload *reload);
/* Readable when one is over: for poll(2). */
int reload_fd(const struct reload *reload);
/* Puts in force what is ready; NULL: nothing was over. */
const struct reload_result *reload_work(struct reload *reload);
const struct reload_result *reload_last(const struct reload *reload);

#endif
