/*
 * Whatever markup comes, the text is clean UTF-8; text put into markup comes
 * out as it would without any; and what came out plain stays as it is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "html_text.h"
#include "utf8.h"

static void
read_text(struct buffer *out, struct span html)
{
    struct error err = {0};
    buffer_clear(out);
    if (!html_text(out, html, &err) && err.kind != ERROR_RECORD)
        abort();
    if (!utf8_clean(buffer_span(out)))
        abort();
}

/* Characters that HTML knows and that mean nothing in it. */
static bool
plain(struct span text)
{
    if (!utf8_clean(text))
        return false;
    bool valid;
    for (size_t i = 0; i < text.len;) {
        uint32_t c = utf8_next(text, &i, &valid);
        if (c == '<' || c == '&' || c == '\r' || c == 0xFEFF || c >= 0xFFFE ||
            (c < ' ' && c != '\t' && c != '\n'))
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buffer first, second, wrapped;
    struct span input = {(const char *)data, size};
    read_text(&first, input);
    if (plain(input)) {
        buffer_clear(&wrapped);
        buffer_append_text(&wrapped, "<div><p><b>");
        buffer_append_span(&wrapped, input);
        buffer_append_text(&wrapped, "</b></p></div>");
        read_text(&second, buffer_span(&wrapped));
        if (!span_equal(buffer_span(&first), buffer_span(&second)))
            abort();
    }
    if (plain(buffer_span(&first)) &&
        (first.len == 0 || !memchr(first.bytes, '\n', first.len))) {
        read_text(&second, buffer_span(&first));
        if (!span_equal(buffer_span(&first), buffer_span(&second)))
            abort();
    }
    return 0;
}
