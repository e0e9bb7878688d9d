/*
 * post_head.h - the members of a post as they stand in their record, and the
 * post without `raw` made from them: copied when nothing has to change.
 *
 * Threads: one at a time. Ownership: what is made lives until the next use.
 */
#ifndef KAROOL_POST_HEAD_H
#define KAROOL_POST_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "span.h"

/* One member: "key": value, as offsets of the record. */
struct post_member {
    uint32_t start, value, end;
    bool drop;        /* raw, or not the last of a name that counts once */
    bool quote;       /* a number that becomes a text: the id */
    bool is_repaired; /* `repaired`: dropped when it is written anew */
};

struct post_head {
    struct post_member *members;
    size_t count, capacity;
    bool rewrite; /* a member is not to be copied as it stands */
    struct buffer out;
};

void post_head_done(struct post_head *head);
void post_head_clear(struct post_head *head);
MUST_USE bool post_head_add(struct post_head *head, struct post_member member,
                            struct error *err);
/* The member that was added as number `place` is left out. */
void post_head_drop(struct post_head *head, size_t place);
/* The members as one object. `repaired` adds that member. */
MUST_USE bool post_head_make(struct post_head *head, struct span record,
                             bool sound, bool repaired, struct span *out,
                             struct error *err);

#endif
