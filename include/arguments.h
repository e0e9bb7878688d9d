/*
 * arguments.h - what stands after a command's name, read by its declared table
 * of options: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, `--` ends them,
 * `-` alone is an operand. --help and -h are known to every table.
 *
 * Threads: one at a time. Ownership: values point into argv. Errors:
 * ERROR_CONFIG, a sentence for the person who typed it.
 */
#ifndef KAROOL_ARGUMENTS_H
#define KAROOL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct option {
    const char *name;    /* without dashes; NULL ends the table */
    char letter;         /* or 0 */
    const char *value;   /* "FILE": takes a value; NULL: a switch */
    const char *choices; /* "ndjson csv text": the only values; or NULL */
    const char *help;    /* one line, without a full stop */
};

struct argument {
    const struct option *option;
    const char *value; /* NULL for a switch */
};

struct arguments {
    struct argument *items; /* in the order typed */
    size_t count;
    const char **operands;
    size_t operand_count;
    bool help;
};

/* argv[0] is the first argument, not the program. */
MUST_USE bool arguments_parse(struct arguments *out,
                              const struct option *options, int argc,
                              char **argv, struct error *err);
void arguments_done(struct arguments *arguments);
bool arguments_has(const struct arguments *arguments, const char *name);
/* The last one given, or NULL. */
const char *arguments_value(const struct arguments *arguments,
                            const char *name);
/* The next value of an option that may be repeated, from *position on:
 * for (size_t i = 0; (value = arguments_next(arguments, "category", &i));) */
const char *arguments_next(const struct arguments *arguments, const char *name,
                           size_t *position);
/* A whole number within limits; *out is `fallback` when it was not given. */
MUST_USE bool arguments_number(const struct arguments *arguments,
                               const char *name, int64_t lowest,
                               int64_t highest, int64_t fallback, int64_t *out,
                               struct error *err);

#endif
