#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "span.h"
#include "utf8.h"

#undef error_set
#undef error_wrap
#undef error_no_memory

/* Cuts at a code point, where vsnprintf() cut at a byte. */
static void
error_fit(char *message, size_t size, int wanted)
{
    if (wanted < 0)
        message[0] = '\0';
    else if ((size_t)wanted >= size)
        message[utf8_cut(span_of(message), size - 1)] = '\0';
}

bool
error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    if (!err)
        return false;

    /* Formatted aside: an argument may be the old message. */
    char message[sizeof(err->message)];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    error_fit(message, sizeof(message), wanted);
    err->kind = kind;
    memcpy(err->message, message, sizeof(message));
    return false;
}

bool
error_wrap(struct error *err, const char *format, ...)
{
    if (!err)
        return false;

    char context[sizeof(err->message)];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(context, sizeof(context), format, args);
    va_end(args);
    error_fit(context, sizeof(context), wanted);

    char message[2 * sizeof(err->message) + 2];
    snprintf(message, sizeof(message), "%s: %s", context, err->message);
    size_t len = utf8_cut(span_of(message), sizeof(err->message) - 1);
    memcpy(err->message, message, len);
    err->message[len] = '\0';
    return false;
}

bool
error_no_memory(struct error *err)
{
    return error_set(err, ERROR_RETRY, "out of memory");
}
