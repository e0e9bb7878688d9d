/*
 * file.h - a whole file at once.
 *
 * Threads: any. Errors: ERROR_CONFIG with the path and what to do.
 */
#ifndef KAROOL_FILE_H
#define KAROOL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "error.h"

/* Appends the file's bytes; a file larger than max_bytes is refused, and so is
 * what is no regular file (a pipe would wait for ever). */
MUST_USE bool file_load(struct buffer *out, const char *path, size_t max_bytes,
                        struct error *err);
/* Replaces a file: written aside, synced, renamed. The mode is that of the new
 * file. */
MUST_USE bool file_replace(const char *path, struct span bytes, unsigned mode,
                           struct error *err);
/* Makes a folder and those above it, 0750. */
MUST_USE bool file_make_folder(const char *path, struct error *err);

#endif
