/*
 * error.h - what went wrong, and what the caller does next.
 *
 * A function that can fail takes `struct error *err` last and sets it exactly
 * when it fails. The kind is the caller's next move. Context is added on the
 * way up with error_wrap(); an error is logged once, where it stops.
 *
 * Threads: an error belongs to whoever placed it. err may be NULL: dropped.
 * Messages are UTF-8, cut at a code point to fit, and hold no secret: what
 * comes from outside passes redact_text() before it is printed.
 */
#ifndef KAROOL_ERROR_H
#define KAROOL_ERROR_H

#include <stdbool.h>

#include "cleanup.h"

enum error_kind {
    ERROR_NONE,
    ERROR_RETRY,  /* back off and try again */
    ERROR_RECORD, /* skip this record, say why, go on */
    ERROR_CONFIG, /* keep the old file; a person must mend it */
    ERROR_FATAL,  /* shut down in order */
};

struct error {
    enum error_kind kind;
    char message[1024];
};

/* Both return false, so that a bool function can `return error_set(...)`. */
bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
    PRINTF(3, 4);
/* Puts "<format>: " before the message; the kind stays. */
bool error_wrap(struct error *err, const char *format, ...) PRINTF(2, 3);
/* ERROR_RETRY, "out of memory". Every allocation is checked and ends here. */
bool error_no_memory(struct error *err);

/* Analyzers see one file at a time: this tells them that the three return
 * false. */
static inline bool
error_false(bool told)
{
    (void)told;
    return false;
}
#define error_set(...) error_false(error_set(__VA_ARGS__))
#define error_wrap(...) error_false(error_wrap(__VA_ARGS__))
#define error_no_memory(err) error_false(error_no_memory(err))

#endif
