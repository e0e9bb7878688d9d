/*
 * feed_bytes.h - a feed's bytes before the XML parser sees them: which
 * encoding they are in, and what the real world writes that XML forbids.
 *
 * The encoding is that of the byte order mark, else of the Content-Type, else
 * of the XML declaration (RFC 7303), else UTF-8. A Content-Type that says
 * UTF-8 about bytes that are not loses against the declaration.
 *
 * Mended, outside of CDATA: HTML's named entities become numbers, an "&" that
 * begins no entity becomes "&amp;". Everywhere: control characters become
 * spaces, broken UTF-8 becomes U+FFFD.
 *
 * Threads: any. Private to feed.
 */
#ifndef KAROOL_FEED_BYTES_H
#define KAROOL_FEED_BYTES_H

#include <stdbool.h>

#include "buffer.h"
#include "error.h"
#include "span.h"

#define FEED_ENCODING_SIZE 40

struct feed_bytes {
    struct span text;
    char encoding[FEED_ENCODING_SIZE];
    struct buffer mended; /* what `text` points into */
};

void feed_bytes_done(struct feed_bytes *bytes);
/* ERROR_RECORD: a web page, or a tag with thousands of attributes. */
MUST_USE bool feed_bytes_prepare(struct feed_bytes *out, struct span body,
                                 struct span content_type, struct error *err);

#endif
