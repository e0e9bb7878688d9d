/*
 * buffer.h - bytes that grow.
 *
 * Appending never has to be checked one by one: when memory runs out the
 * buffer remembers it, drops what comes after, and buffer_ok() says so once at
 * the end. A zeroed struct is an empty buffer.
 *
 * Threads: one at a time. Ownership: buffer_done() frees; buffer_take() hands
 * the bytes on (free() them).
 */
#ifndef KAROOL_BUFFER_H
#define KAROOL_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "span.h"

struct buffer {
    char *bytes; /* followed by a NUL that is not counted, once non-NULL */
    size_t len;
    size_t capacity;
    bool failed;
};

void buffer_done(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* len 0, memory kept, not failed */
void buffer_append(struct buffer *buffer, const void *bytes, size_t len);
void buffer_append_span(struct buffer *buffer, struct span span);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF(2, 3);
void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
    PRINTF(2, 0);
/* Room for `len` more bytes at the end, to be counted in by the caller with
 * buffer->len += n; NULL when there is no memory. */
MUST_USE char *buffer_reserve(struct buffer *buffer, size_t len);
/* Removes the first `len` bytes. */
void buffer_consume(struct buffer *buffer, size_t len);
MUST_USE bool buffer_ok(const struct buffer *buffer);
struct span buffer_span(const struct buffer *buffer);
/* The text, NUL-terminated, "" when empty; valid until the next change. */
const char *buffer_text(const struct buffer *buffer);
/* The bytes, NUL-terminated, now the caller's; NULL when failed. */
MUST_USE char *buffer_take(struct buffer *buffer);

#endif
