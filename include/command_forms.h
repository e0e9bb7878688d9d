/*
 * command_forms.h - `karool explain --forms TERM`: what a term expands to,
 * grouped by what its forms say.
 *
 * TERM is an entry's id or its dictionary form; with --morphology it may be
 * any word.
 *
 * Threads: the main thread.
 */
#ifndef KAROOL_COMMAND_FORMS_H
#define KAROOL_COMMAND_FORMS_H

#include "arguments.h"
#include "error.h"

/* Writes to standard output. false: err, of kind ERROR_CONFIG when the rules
 * or the request are wrong. */
MUST_USE bool command_forms(const struct arguments *arguments,
                            struct error *err);

#endif
