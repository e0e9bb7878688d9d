/*
 * connector_model.h - a network's description, compiled: what connector*.c
 * reads and the source interpreter runs.
 *
 * Threads: never changes once made. Ownership: the connector set's arena.
 */
#ifndef KAROOL_CONNECTOR_MODEL_H
#define KAROOL_CONNECTOR_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connector.h"
#include "span.h"
#include "template.h"

struct named_template {
    struct span name;
    struct template template;
};

struct named_templates {
    struct named_template *items;
    size_t count;
};

struct request_model {
    enum { ANSWER_JSON, ANSWER_FEED, ANSWER_FILE } as;
    struct template base, path; /* url = base + path */
    struct named_templates query, headers, form;
    bool conditional; /* If-None-Match, If-Modified-Since */
    int64_t timeout_ms;
};

/* Does a value at a pointer satisfy something? */
struct predicate {
    struct span at;
    struct span *is; /* one of these; none: present */
    size_t is_count;
    bool present; /* is it to be present, or absent? */
};

enum error_action {
    ACTION_RETRY,       /* back off */
    ACTION_THROTTLE,    /* wait as long as the network says, or `wait` */
    ACTION_STOP,        /* a person must do something; tried again hourly */
    ACTION_NOTHING_NEW, /* an empty page */
    ACTION_RESET,       /* the cursor is not valid any more: begin anew */
};

struct error_rule {
    unsigned *statuses;
    size_t status_count;
    struct predicate when;
    bool has_when;
    enum error_action action;
    int64_t wait_ms;
    const char *say;    /* what a person can do; or NULL */
    struct span say_at; /* pointer to the network's own words */
};

enum paging_kind { PAGING_NONE, PAGING_OFFSET, PAGING_LAST, PAGING_TOKEN };

struct paging {
    enum paging_kind kind;
    struct span at;     /* pointer: of the last record, or of the answer */
    unsigned step;      /* of an offset */
    unsigned pages_max; /* in one walk; reaching it is a gap */
};

enum cursor_kind {
    CURSOR_FORWARD,  /* the server goes on after the cursor */
    CURSOR_BACKWARD, /* newest first: walk to what an earlier walk settled */
    CURSOR_SNAPSHOT, /* no order to trust */
    CURSOR_FILE,     /* an offset */
};

enum cursor_order { ORDER_PAGE_FIRST, ORDER_PAGE_LAST };

struct cursor_model {
    enum cursor_kind kind;
    enum cursor_order order;
    struct span key;         /* pointer on a record; forward only */
    struct span beginning;   /* the cursor before everything; or absent */
    unsigned refresh;        /* every n-th poll looks without the cursor */
    struct predicate pinned; /* not counted for stopping */
    bool has_pinned;
};

enum transform {
    TRANSFORM_HTML,
    TRANSFORM_UNIX,
    TRANSFORM_TIME, /* ISO 8601, RFC 822 or Unix seconds */
};

/* The first of several ways that gives something. */
struct field_way {
    struct span at; /* pointer; absent: the template */
    struct template template;
};

struct field_model {
    struct field_way *ways;
    size_t way_count;
    bool join; /* all of them, with a blank line between */
    enum transform *transforms;
    size_t transform_count;
};

enum post_field {
    FIELD_ID,
    FIELD_VERSION,
    FIELD_KIND,
    FIELD_URL,
    FIELD_AUTHOR,
    FIELD_CREATED,
    FIELD_EDITED,
    FIELD_LANG,
    FIELD_REPLY,
    FIELD_LIKES,
    FIELD_REPOSTS,
    FIELD_COMMENTS,
    FIELD_VIEWS,
    FIELD_POST_TITLE,
    FIELD_POST_TEXT,
    POST_FIELD_COUNT,
};
extern const char *const post_field_names[POST_FIELD_COUNT + 1];

struct stream_model {
    const char *name;
    const char *targets;        /* a variable; NULL: one target, "" */
    struct span *target_values; /* pairs: item, value */
    size_t target_value_count;
    struct request_model request;
    bool has_lookup;
    struct request_model lookup;
    struct span lookup_name, lookup_at;
    struct span records; /* pointer to the array */
    bool records_missing_empty;
    struct span unwrap; /* pointer to a record inside, taken when it is there */
    struct predicate *drops;
    size_t drop_count;
    struct paging paging;
    struct cursor_model cursor;
    struct field_model fields[POST_FIELD_COUNT];
    const char *columns; /* variable: post field to column */
    struct span *raw;    /* pointers to harmless members */
    size_t raw_count;
};

struct connector {
    const char *name;
    const char *network;
    struct span digest;
    bool local;
    struct variable_declaration *variables;
    size_t variable_count;
    int64_t spacing_ms; /* between two requests of a source */
    const char *remaining_header, *reset_header;
    enum { RESET_AUTO, RESET_EPOCH, RESET_SECONDS, RESET_ISO8601 } reset_as;
    struct error_rule *errors;
    size_t error_count;
    struct stream_model *streams;
    size_t stream_count;
};

#endif
