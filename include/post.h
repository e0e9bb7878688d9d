/*
 * post.h - a post as karool.posts carries it (design, section 3).
 *
 * Threads: a reader belongs to one thread. Ownership: spans of a read post
 * point into the record or the reader and live until the reader's next use.
 * Errors: ERROR_RECORD with the reason a rejected record carries.
 */
#ifndef KAROOL_POST_H
#define KAROOL_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "span.h"

#define POST_SCHEMA "karool.post/1"
/* A Kafka record's value is at most so large. */
#define POST_SIZE_MAX ((size_t)900 * 1024)
/* What a reader accepts at all. */
#define POST_INPUT_MAX ((size_t)10 * 1000 * 1000)

/* Absent spans (at NULL) are null in JSON. Times are UTC texts. */
struct post {
    struct span id, version, network, source, kind, url, author_id;
    struct span created_at, edited_at, fetched_at, lang, reply_to;
    struct span likes, reposts, comments, views; /* texts of numbers */
    struct span title, text;
    bool repaired;    /* text or title held bytes that are not UTF-8 */
    bool truncated;   /* text was cut to fit */
    struct span raw;  /* JSON text; for writing only */
    struct span head; /* post_read_head(): its JSON without raw, ready to be
                         put into an event */
};

struct post_reader;

MUST_USE struct post_reader *post_reader_new(struct error *err);
void post_reader_free(struct post_reader *reader);
void post_reader_freep(struct post_reader **reader);
/* Reads a karool.post/1, or any object with at least `text`. Of two members of
 * one name the last counts. Stops at `raw` once it has seen `text`, if nothing
 * follows. Broken UTF-8 and NUL are repaired. */
MUST_USE bool post_read(struct post_reader *reader, struct span record,
                        struct post *out, struct error *err);
/* Fills in the head of the post that was read last, whose record is still
 * there. Few posts become events, so that only those pay for it. */
MUST_USE bool post_read_head(struct post_reader *reader, struct post *post,
                             struct error *err);
/* Appends the post as one JSON object, raw last. When it would be larger than
 * POST_SIZE_MAX raw goes first, then text is cut and `truncated` set. */
MUST_USE bool post_write(struct buffer *out, const struct post *post,
                         struct error *err);
/* The same, however large it becomes. */
MUST_USE bool post_write_uncut(struct buffer *out, const struct post *post,
                               struct error *err);

#endif
