/*
 * command_rules.h - which rules a command works with, compiled.
 *
 * -r DIR, else the rules of the configuration (-c FILE, or the installed one
 * when there is one), else, for a command that teaches, the demo's.
 *
 * Threads: the main thread.
 */
#ifndef KAROOL_COMMAND_RULES_H
#define KAROOL_COMMAND_RULES_H

#include <stdbool.h>

#include "arguments.h"
#include "buffer.h"
#include "error.h"
#include "matcher.h"

enum command_rules_flag {
    RULES_DEMO = 1 << 0,        /* fall back to the demo's, say so on stderr */
    RULES_NO_EXAMPLES = 1 << 1, /* they need not behave */
};

/* Appends the folder's path. Errors of a configuration are reported on the
 * way. */
MUST_USE bool command_rules_folder(const struct arguments *arguments,
                                   unsigned flags, struct buffer *out,
                                   struct error *err);
/* Folder and compile in one; errors and warnings go to stderr. */
MUST_USE struct matcher *command_rules(const struct arguments *arguments,
                                       unsigned flags, struct error *err);

#endif
