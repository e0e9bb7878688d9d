/*
 * flagged_event.h - what karool.flagged carries (design, section 4).
 *
 * Threads: any. Errors: ERROR_RETRY without memory.
 */
#ifndef KAROOL_FLAGGED_EVENT_H
#define KAROOL_FLAGGED_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "matcher.h"
#include "post.h"

#define FLAGGED_SCHEMA "karool.flagged/1"
#define FLAGGED_ID_SIZE 65
#define FLAGGED_MATCHES_MAX 50

/* Hex SHA-256 over post id, version and rules digest, each with its length. */
void flagged_event_id(const struct post *post, const struct rules *rules,
                      char out[FLAGGED_ID_SIZE]);
struct flagged_event {
    const char *id; /* flagged_event_id() */
    const struct post *post;
    const struct match_list *matches;
    size_t unlisted; /* more matches, of what was cut off (flagged_cut.h) */
    const struct rules *rules;
    const char *fingerprint;
    int64_t flagged_at_ms;
    bool replay;
};
MUST_USE bool flagged_event_write(struct buffer *out,
                                  const struct flagged_event *event,
                                  struct error *err);
/* The members severity, categories, matches and matches_total into an object
 * that is open; needs `post`, `matches` and `rules` of the event. */
struct json_writer;
void flagged_event_write_matches(struct json_writer *writer,
                                 const struct flagged_event *event);

#endif
