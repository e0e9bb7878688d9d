/*
 * post_members.h - where the members of a post stand in their record: the
 * streaming half of post_read(), which stops at `raw` where nothing follows it.
 *
 * Threads: one at a time. Ownership: results live until the next use. Errors:
 * ERROR_RECORD.
 */
#ifndef KAROOL_POST_MEMBERS_H
#define KAROOL_POST_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "post_head.h"
#include "span.h"

/* In the order in which post_write() has them. */
enum post_member_id {
    MEMBER_SCHEMA,
    MEMBER_ID,
    MEMBER_VERSION,
    MEMBER_NETWORK,
    MEMBER_SOURCE,
    MEMBER_KIND,
    MEMBER_URL,
    MEMBER_AUTHOR,
    MEMBER_CREATED_AT,
    MEMBER_EDITED_AT,
    MEMBER_FETCHED_AT,
    MEMBER_LANG,
    MEMBER_REPLY_TO,
    MEMBER_COUNTS,
    MEMBER_TITLE,
    MEMBER_TEXT,
    MEMBER_REPAIRED,
    MEMBER_TRUNCATED,
    MEMBER_RAW,
    MEMBER_AUTHOR_ID, /* from here on: inside author and counts */
    MEMBER_LIKES,
    MEMBER_REPOSTS,
    MEMBER_COMMENTS,
    MEMBER_VIEWS,
    MEMBER_OTHER,
};

enum post_value_kind {
    VALUE_ABSENT,
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_TRUE,
    VALUE_OTHER,
};

/* A scalar as it stands in the record, with its quotes. Small, because all of
 * them are cleared for each record. */
struct post_value {
    uint8_t kind;        /* enum post_value_kind */
    bool escaped;        /* a text with backslashes */
    uint32_t start, len; /* in the record */
};

struct post_members;

MUST_USE struct post_members *post_members_new(struct error *err);
void post_members_free(struct post_members *members);
void post_members_freep(struct post_members **members);
/* Of two members of one name the last counts, as for most readers of JSON. */
MUST_USE bool post_members_find(struct post_members *members,
                                struct span record, struct error *err);
const struct post_value *post_members_value(const struct post_members *members,
                                            enum post_member_id id);
/* All members but raw, to be made into the post's head. */
struct post_head *post_members_head(struct post_members *members);
/* "yajl 2.1.0" */
const char *post_members_library_version(void);

#endif
