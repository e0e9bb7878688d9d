/*
 * html_text.h - markup to the text a reader sees.
 *
 * Paragraphs, list items and line breaks become newlines, other white space
 * is folded, entities are resolved, script and style are dropped. Mastodon's
 * hidden link parts (class "invisible") are left out and "ellipsis" is marked
 * by "…"; emoji images give their alt text.
 *
 * Threads: any. Errors: ERROR_RECORD.
 */
#ifndef KAROOL_HTML_TEXT_H
#define KAROOL_HTML_TEXT_H

#include "buffer.h"
#include "error.h"
#include "span.h"

MUST_USE bool html_text(struct buffer *out, struct span html,
                        struct error *err);
/* "libxml2 2.9.14" */
const char *html_text_library_version(void);

#endif
