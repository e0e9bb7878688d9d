/*
 * event_view.h - a flagged event (karool.flagged/1) for people: drawn for a
 * terminal, or as one line for a log.
 *
 * Threads: any. What cannot be read as an event is said so in a line.
 */
#ifndef KAROOL_EVENT_VIEW_H
#define KAROOL_EVENT_VIEW_H

#include <stdbool.h>

#include "buffer.h"
#include "span.h"

/* A head line, the text with what was found marked (by colour, or by [ ]),
 * and why, in words; each line at most `width` columns. */
void event_view(struct buffer *out, struct span event_json, unsigned width,
                bool colour);
/* Severity, categories, why in words, post and event id; the words found are
 * masked, and neither text nor gloss is told. No newline. */
void event_line(struct buffer *out, struct span event_json);

#endif
