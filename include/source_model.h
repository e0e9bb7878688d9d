/*
 * source_model.h - a source at work, as its files share it.
 *
 * source.c is the life of a source and its schedule; source_walks.c makes its
 * walks; source_request.c asks; source_answer.c judges an answer;
 * source_step.c moves a walk on; source_page.c makes records; source_cursor.c
 * writes and reads cursor records; source_pacing.c decides on waiting.
 */
#ifndef KAROOL_SOURCE_MODEL_H
#define KAROOL_SOURCE_MODEL_H

#include "arena.h"
#include "connector_model.h"
#include "identity_ring.h"
#include "record_map.h"
#include "source.h"

#define WALK_TEXT_SIZE 1024

/* What a settled page makes true; copied before a page is made, so that a page
 * that was not committed leaves no trace. */
struct walk_state {
    char cursor[WALK_TEXT_SIZE]; /* "" before the first walk ended */
    char etag[256], last_modified[64];
    uint32_t walk;    /* the one under way, or the last one */
    uint32_t settled; /* the last completed one; 0: none yet */
    int64_t floor_ms; /* what is older was never wanted; 0: all is */
    /* Of the walk under way, not written: a restart begins it anew. */
    bool walking;
    char page[WALK_TEXT_SIZE]; /* parameter of the next page; "" the first */
    char top[WALK_TEXT_SIZE];  /* key of the first record of its first page */
    unsigned pages, restarts, fresh;         /* posts new in this walk */
    uint64_t previous[RING_SLOT_IDENTITIES]; /* identities of the last page */
    size_t previous_count;
};

/* One stream for one target. */
struct walk {
    const struct stream_model *stream;
    struct span target, value;
    char *key; /* source/stream/target */
    char fingerprint[17];
    struct identity_ring *ring;
    struct walk_state now, before;
    bool known;   /* there is a cursor record */
    bool renamed; /* its records are under the old id: all are written anew */
    struct span moved_to; /* id under which it goes on, says a record */
    bool more;            /* after this page, ask again at once */
    unsigned polls;
    char lookup[WALK_TEXT_SIZE];
};

struct source {
    struct config *config;
    const struct source_config *settings;
    const struct connector *connector;
    const struct pseudonym *pseudonym;
    struct walk *walks;
    size_t walk_count, current;
    struct arena *arena;  /* of the source's life */
    struct arena *answer; /* of one answer */
    struct buffer url, body, text;
    struct header headers[32];
    size_t header_count;
    bool secret_used;

    enum source_state state;
    bool looking_up;
    int64_t due_ms, round_ms, asked_ms;
    unsigned failures_in_row;
    uint64_t random; /* of the jitter */
    char reason[256];
    int64_t last_success_ms;
    uint64_t requests, posts, updates, rejected, gaps, failures;
};

/* What a page of an answer holds, mapped. */
struct answer_item {
    const struct json *record;
    struct post post;
    struct span author;
    uint64_t identity;
    bool readable; /* else: `reason`, and `identity` is that of a fault */
    bool pinned;
    const char *reason;
    int64_t created_ms; /* 0: not known */
    struct span key;    /* forward cursors */
};

struct answer {
    struct json *root;
    struct answer_item *items;
    size_t count;
    struct span etag, last_modified;
    uint64_t next_offset;
    bool at_end, replaced;
};

/* source_walks.c */
MUST_USE bool source_make_walks(struct source *source, struct error *err);
/* source_request.c */
struct span source_hole(void *context, const struct template_part *part);
MUST_USE bool source_build_request(struct source *source, struct request *out,
                                   struct error *err);
/* source_answer.c: true: an answer with records; false: planned already. */
MUST_USE bool source_judge(struct source *source,
                           const struct response *response, int64_t now_ms,
                           struct answer *out);
/* source_step.c: decides what of the answer is new and where the walk stands
 * afterwards; fills `page` (may stay empty). false: no memory, or ERROR_RECORD
 * when the network makes no progress. */
MUST_USE bool source_step(struct source *source, struct walk *walk,
                          struct answer *answer, int64_t now_ms,
                          struct page *page, struct error *err);
/* The next poll of a walk: from the top, or on from the cursor? */
void source_walk_begin(struct walk *walk);
/* source_page.c */
MUST_USE bool source_add_item(struct source *source, struct answer_item *item,
                              int64_t now_ms, struct page *page,
                              struct error *err);
/* source_cursor.c: the walk's records, where they changed. */
MUST_USE bool source_add_cursor(struct source *source, struct walk *walk,
                                int64_t now_ms, struct page *page,
                                struct error *err);
/* `former`: it stands under the id from which the source was renamed. */
MUST_USE bool source_read_cursor(struct source *source, struct walk *walk,
                                 bool former, struct span suffix,
                                 struct span value, struct error *err);
/* source_pacing.c */
void source_fail(struct source *source, int64_t now_ms, int64_t wait_ms,
                 const char *format, ...) PRINTF(4, 5);
void source_stop_for_person(struct source *source, int64_t now_ms,
                            const char *format, ...) PRINTF(3, 4);
/* What Retry-After and the rate-limit headers ask for; 0: nothing. */
int64_t source_asked_wait(const struct source *source,
                          const struct response *response, int64_t now_ms);
/* A share of `ms`, between 80 and 120 %. */
int64_t source_jitter(struct source *source, int64_t ms);
void source_report_gap(struct source *source, const struct walk *walk,
                       const char *what);
/* source.c: this walk's poll ended well; on to the next, or wait. */
void source_walk_done(struct source *source, int64_t now_ms);

#endif
