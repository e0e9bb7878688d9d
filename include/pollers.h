/*
 * pollers.h - all sources of the fetch thread: which of them poll, which page
 * is whose, and who follows whom at a reload.
 *
 * Threads: the fetch thread. Private to the fetcher.
 */
#ifndef KAROOL_POLLERS_H
#define KAROOL_POLLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cursor_store.h"
#include "error.h"
#include "poller.h"

/* A source after a reload: a new poller, or the present one of this id. */
struct poller_plan {
    struct span id;
    struct poller *fresh;
};

struct pollers {
    struct poller_ground ground;
    struct poller **items; /* in the order of the configuration */
    size_t count;
    /* Replaced while a page was under way: they stay until it is settled, or
     * what it committed would be unknown to whoever comes after. */
    struct poller *leaving;
    bool partitions[CURSOR_PARTITIONS]; /* assigned to us */
    struct map *strangers; /* ids of cursors without a source, once reported */
    size_t turn;           /* who is asked first in the next round */
    int64_t clocks_ms;     /* wall minus monotonic, when last looked at; or 0 */
};

MUST_USE bool pollers_init(struct pollers *pollers, struct http_client *http,
                           struct error *err);
void pollers_done(struct pollers *pollers);
void pollers_assign(struct pollers *pollers, uint64_t epoch,
                    const bool partitions[CURSOR_PARTITIONS],
                    const struct cursor_record *records, size_t count);
/* Records of a former id that pollers wait for, read under this epoch. */
void pollers_give_former(struct pollers *pollers, uint64_t epoch,
                         const struct cursor_record *records, size_t count,
                         struct span former_id);
void pollers_revoke(struct pollers *pollers,
                    const bool partitions[CURSOR_PARTITIONS]);
void pollers_settle(struct pollers *pollers, uint64_t ticket, bool committed);
/* Takes the fresh pollers over. */
void pollers_configure(struct pollers *pollers, struct poller_plan *plans,
                       size_t count);
/* Everybody who is due asks; returns how long nobody will be, at most max. */
int pollers_ask(struct pollers *pollers, int max_ms);

#endif
