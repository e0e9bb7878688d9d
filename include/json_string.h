/*
 * json_string.h - the inside of a JSON string, between its quotes, as it
 * stands in the source: decoded, or mended without decoding.
 *
 * yajl lets broken UTF-8 pass, makes "?" or nonsense of lone surrogates, and
 * refuses a raw control character (which would be a way to hide a post from
 * screening), so that texts from outside are decoded here. Whatever is not a
 * Unicode character, and NUL, becomes U+FFFD: the same ones in both functions.
 *
 * Threads: any.
 */
#ifndef KAROOL_JSON_STRING_H
#define KAROOL_JSON_STRING_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "span.h"

/* Nothing to repair: clean UTF-8, no escape of a lone surrogate or NUL, no
 * control character that JSON does not know. Also right for a JSON text. */
bool json_string_sound(struct span source);
/* The length of the string whose inside `source` begins with, up to its
 * closing quote, and whether it has escapes. JSON_STRING_NONE: it has no end,
 * is not sound, or yajl would refuse it. */
#define JSON_STRING_NONE SIZE_MAX
size_t json_string_len(struct span source, bool *escaped);
/* Appends the characters that `source`, correct by its grammar, stands for;
 * true when something was replaced. */
bool json_string_decode(struct buffer *out, struct span source);
/* Appends `source`, a string's inside or a whole JSON text, with what is not
 * sound replaced. */
void json_string_mend(struct buffer *out, struct span source);
/* Appends a JSON text with the raw control characters inside of its strings
 * escaped, NUL as U+FFFD. */
void json_string_escape_controls(struct buffer *out, struct span source);
/* Appends text as the inside of a JSON string. Only what JSON's grammar wants
 * is escaped: broken UTF-8 stays broken. */
void json_string_encode(struct buffer *out, struct span text);

#endif
