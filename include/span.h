/*
 * span.h - bytes with a length, owned by somebody else.
 *
 * Payloads are spans, never C strings: Kafka and curl promise no NUL.
 * `at` may be NULL only when `len` is 0; a span with `at` NULL means "absent"
 * where a header says that it may be.
 */
#ifndef KAROOL_SPAN_H
#define KAROOL_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *at;
    size_t len;
};

/* printf("%.*s", SPAN_ARGS(span)) */
#define SPAN_ARGS(span) (int)(span).len, (span).at ? (span).at : ""
#define SPAN_NONE ((struct span){NULL, 0})

static inline struct span
span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

static inline bool
span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool
span_is(struct span span, const char *text)
{
    return span_equal(span, span_of(text));
}

static inline bool
span_starts(struct span span, const char *prefix)
{
    size_t len = strlen(prefix);
    return span.len >= len && memcmp(span.at, prefix, len) == 0;
}

static inline struct span
span_from(struct span span, size_t start)
{
    return (struct span){span.at + start, span.len - start};
}

static inline bool
is_ascii_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Without ASCII blanks at either end. */
static inline struct span
span_trim(struct span span)
{
    while (span.len && is_ascii_blank(span.at[0]))
        span = span_from(span, 1);
    while (span.len && is_ascii_blank(span.at[span.len - 1]))
        span.len--;
    return span;
}

/* [from, to) of a text with at most `reach` bytes on either side. */
static inline struct span
span_around(struct span text, size_t from, size_t to, size_t reach)
{
    size_t first = from > reach ? from - reach : 0;
    size_t last = text.len - to > reach ? to + reach : text.len;
    return (struct span){text.at + first, last - first};
}

#endif
