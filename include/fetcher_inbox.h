/*
 * fetcher_inbox.h - what other threads tell the fetch thread, in order.
 *
 * Threads: any. Ownership: an order is the inbox's from fetcher_inbox_put()
 * until fetcher_inbox_take(). Private to the fetcher.
 */
#ifndef KAROOL_FETCHER_INBOX_H
#define KAROOL_FETCHER_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "cursor_store.h"
#include "error.h"
#include "pollers.h"

enum fetcher_order_kind {
    FETCHER_ASSIGN,
    FETCHER_FORMER,
    FETCHER_REVOKE,
    FETCHER_SETTLED,
    FETCHER_CONFIGURE,
};

struct fetcher_order {
    enum fetcher_order_kind kind;
    struct fetcher_order *next;
    struct arena *arena; /* of records and plans, or NULL */
    uint64_t epoch;
    bool partitions[CURSOR_PARTITIONS];
    struct cursor_record *records;
    size_t record_count;
    struct span former_id; /* whose they are */
    struct poller_plan *plans;
    size_t plan_count;
    uint64_t ticket;
    bool committed;
};

struct fetcher_inbox;

MUST_USE struct fetcher_inbox *fetcher_inbox_new(struct error *err);
void fetcher_inbox_free(struct fetcher_inbox *inbox);
/* With an arena. */
MUST_USE struct fetcher_order *fetcher_order_new(enum fetcher_order_kind kind,
                                                 struct error *err);
void fetcher_order_free(struct fetcher_order *order);
void fetcher_order_freep(struct fetcher_order **order);
void fetcher_order_partitions(struct fetcher_order *order,
                              const int32_t *partitions, size_t count);
MUST_USE bool fetcher_order_records(struct fetcher_order *order,
                                    const struct cursor_record *records,
                                    size_t count, struct error *err);
void fetcher_inbox_put(struct fetcher_inbox *inbox,
                       struct fetcher_order *order);
/* The oldest, or NULL. */
MUST_USE struct fetcher_order *fetcher_inbox_take(struct fetcher_inbox *inbox);
/* Makes an order without an arena ahead of its time: a settlement or a
 * revocation must not get lost because there is no memory left. */
MUST_USE bool fetcher_inbox_expect(struct fetcher_inbox *inbox,
                                   struct error *err);
/* One that was made so; NULL: more were asked for than expected. */
MUST_USE struct fetcher_order *
fetcher_inbox_expected(struct fetcher_inbox *inbox,
                       enum fetcher_order_kind kind);

#endif
