/*
 * secret.h - a secret by its name: a systemd credential, else a variable of
 * the environment (NAME, then NAME in capitals), else a 0600 file.
 *
 * Threads: any. Errors: ERROR_CONFIG with where it was looked for; never with
 * the value. A value that was found is registered with redact.h.
 */
#ifndef KAROOL_SECRET_H
#define KAROOL_SECRET_H

#include <stdbool.h>

#include "buffer.h"
#include "error.h"
#include "span.h"

/* `folders` are looked through for a file NAME; they end with NULL. */
MUST_USE bool secret_find(struct buffer *value, struct span name,
                          const char *const *folders, struct error *err);

#endif
