#include "buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUFFER_FIRST = 256 };

void
buffer_done(struct buffer *buffer)
{
    if (!buffer)
        return;
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

void
buffer_clear(struct buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = false;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

char *
buffer_reserve(struct buffer *buffer, size_t len)
{
    if (buffer->failed)
        return NULL;

    if (len > SIZE_MAX / 4 - buffer->len) {
        buffer->failed = true;
        return NULL;
    }
    size_t wanted = buffer->len + len + 1;
    if (wanted > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_FIRST;
        while (capacity < wanted)
            capacity *= 2;
        char *bytes = realloc(buffer->bytes, capacity);
        if (!bytes) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = bytes;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->len;
}

void
buffer_append(struct buffer *buffer, const void *bytes, size_t len)
{
    char *end = buffer_reserve(buffer, len);
    if (!end)
        return;
    if (len)
        memcpy(end, bytes, len);
    end[len] = '\0';
    buffer->len += len;
}

void
buffer_append_span(struct buffer *buffer, struct span span)
{
    buffer_append(buffer, span.at, span.len);
}

void
buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void
buffer_append_byte(struct buffer *buffer, char byte)
{
    buffer_append(buffer, &byte, 1);
}

void
buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buffer_vprintf(buffer, format, args);
    va_end(args);
}

void
buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *end = len < 0 ? NULL : buffer_reserve(buffer, (size_t)len);
    if (end) {
        vsnprintf(end, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    } else {
        buffer->failed = true;
    }
    va_end(again);
}

void
buffer_consume(struct buffer *buffer, size_t len)
{
    if (len == 0)
        return;
    buffer->len -= len;
    memmove(buffer->bytes, buffer->bytes + len, buffer->len);
    buffer->bytes[buffer->len] = '\0';
}

bool
buffer_ok(const struct buffer *buffer)
{
    return !buffer->failed;
}

struct span
buffer_span(const struct buffer *buffer)
{
    return (struct span){buffer->bytes ? buffer->bytes : "", buffer->len};
}

const char *
buffer_text(const struct buffer *buffer)
{
    /* Reserved but not yet counted bytes may have overwritten the NUL. */
    if (!buffer->bytes)
        return "";
    buffer->bytes[buffer->len] = '\0';
    return buffer->bytes;
}

char *
buffer_take(struct buffer *buffer)
{
    if (!buffer_reserve(buffer, 0)) {
        buffer_done(buffer);
        return NULL;
    }
    char *bytes = buffer->bytes;
    bytes[buffer->len] = '\0';
    *buffer = (struct buffer){0};
    return bytes;
}
