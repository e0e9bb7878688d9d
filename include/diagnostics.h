/*
 * diagnostics.h - all that is wrong with the files, each with its place.
 *
 * A loader adds what it finds and goes on, so that a person mends everything
 * in one go. Messages are sentences that say what to do. Sorted by file (in
 * order of first mention), line and column when printed.
 *
 * Threads: one at a time. `place.file` is copied.
 */
#ifndef KAROOL_DIAGNOSTICS_H
#define KAROOL_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "cleanup.h"
#include "span.h"

/* line and column count from 1, columns in code points; line 0: the file as a
 * whole. The file name is owned by whoever parsed the file (its arena). */
struct place {
    const char *file;
    unsigned line;
    unsigned column;
};

enum diagnostic_level { DIAGNOSTIC_ERROR, DIAGNOSTIC_WARNING };

struct diagnostics;

MUST_USE struct diagnostics *diagnostics_new(void);
void diagnostics_free(struct diagnostics *diagnostics);
void diagnostics_freep(struct diagnostics **diagnostics);
void diagnostics_error(struct diagnostics *diagnostics, struct place place,
                       const char *format, ...) PRINTF(3, 4);
void diagnostics_warning(struct diagnostics *diagnostics, struct place place,
                         const char *format, ...) PRINTF(3, 4);
size_t diagnostics_errors(const struct diagnostics *diagnostics);
size_t diagnostics_warnings(const struct diagnostics *diagnostics);
/* "file:line:column: error: message\n" for each; secrets removed. With colour,
 * the level is coloured. */
void diagnostics_write(const struct diagnostics *diagnostics,
                       struct buffer *out, bool colour);
/* The candidate nearest to a mistyped word, or NULL when none is near (more
 * than a third of the letters differ). Candidates end with NULL. */
const char *diagnostics_nearest(struct span word,
                                const char *const *candidates);

#endif
