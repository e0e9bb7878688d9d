/*
 * json.h - JSON text to a tree, and back.
 *
 * Numbers keep their source text: ids of 64 bits never pass through a double.
 * Strings are decoded; what is not valid UTF-8 (bad bytes, lone surrogates,
 * NUL) is replaced by U+FFFD and marked `repaired`. Of two members of the same
 * name the last counts. Size and depth are limited before yajl sees them.
 *
 * Threads: a tree is read by any number. Ownership: nodes and strings live in
 * the arena. Errors: ERROR_RECORD with the byte offset.
 */
#ifndef KAROOL_JSON_H
#define KAROOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buffer.h"
#include "error.h"
#include "span.h"

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json {
    enum json_kind kind;
    bool truth;         /* of a bool */
    bool repaired;      /* of a string */
    struct span key;    /* of an object's member */
    struct span text;   /* a string's bytes, a number's source text */
    struct json *next;  /* next element or member */
    struct json *first; /* of an array or object */
    struct json *last;  /* its newest child: appending is cheap */
    size_t count;
};

struct json_limits {
    size_t size_bytes; /* 0: 10 MB */
    unsigned depth;    /* 0: 100; 120 at most: the writer's limit is 128 */
};

MUST_USE struct json *json_parse(struct arena *arena, struct span text,
                                 const struct json_limits *limits,
                                 struct error *err);
/* The member, or NULL (also when `object` is NULL or no object). */
const struct json *json_member(const struct json *object, const char *name);
/* RFC 6901 pointer ("" is the root itself), or NULL. */
const struct json *json_at(const struct json *root, struct span pointer);
/* The text of a string or number, or an absent span. */
struct span json_text(const struct json *value);
bool json_int64(const struct json *value, int64_t *out);

/* Trees can be built by hand too (feeds, CSV rows). NULL: no memory. */
MUST_USE struct json *json_new(struct arena *arena, enum json_kind kind);
MUST_USE struct json *json_new_string(struct arena *arena, struct span text);
/* Appends; key is ignored for an array, and copied. */
MUST_USE bool json_add(struct arena *arena, struct json *parent,
                       struct span key, struct json *child);

/*
 * The writer. Errors are sticky in the buffer. Keys and values alternate in an
 * object; json_raw() inserts text that is JSON already.
 */
struct json_writer;

MUST_USE struct json_writer *json_writer_new(struct buffer *out);
void json_writer_free(struct json_writer *writer);
void json_writer_freep(struct json_writer **writer);
/* Starts the next document, to the same or another buffer. */
void json_writer_reset(struct json_writer *writer, struct buffer *out);
void json_open_object(struct json_writer *writer);
void json_close_object(struct json_writer *writer);
void json_open_array(struct json_writer *writer);
void json_close_array(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);
void json_key_span(struct json_writer *writer, struct span key);
void json_string(struct json_writer *writer, struct span text);
void json_cstring(struct json_writer *writer, const char *text);
void json_string_or_null(struct json_writer *writer, struct span text);
void json_integer(struct json_writer *writer, int64_t number);
void json_number_text(struct json_writer *writer, struct span text);
void json_bool(struct json_writer *writer, bool truth);
void json_null(struct json_writer *writer);
void json_raw(struct json_writer *writer, struct span text);
void json_write(struct json_writer *writer, const struct json *value);

#endif
