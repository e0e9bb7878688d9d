/*
 * poller.h - one source on the fetch thread: asks when it is due, hands its
 * pages to the sink, and keeps what was committed.
 *
 * Threads: made by any thread, then the fetch thread's alone. Private to the
 * fetcher.
 */
#ifndef KAROOL_POLLER_H
#define KAROOL_POLLER_H

#include "config.h"
#include "cursor_store.h"
#include "error.h"
#include "fetcher.h"
#include "file_reader.h"
#include "http_client.h"
#include "source.h"

/* What all pollers of a fetcher share; the fetch thread's. */
struct poller_ground {
    struct http_client *http;
    struct cursor_store *cursors;
    const bool *owned; /* each partition: are its records in `cursors`? */
    fetcher_sink *sink;
    void *sink_context;
    /* Makes room for the settlement of a page, which must not be lost. */
    bool (*expect)(void *context, struct error *err);
    void *expect_context;
    uint64_t epoch;       /* of the last assignment */
    uint64_t last_ticket; /* of pages handed to the sink */
};

struct poller {
    struct poller *next; /* of those that leave: pollers.h */
    struct poller_ground *ground;
    struct config *config; /* a reference */
    const struct source_config *settings;
    struct source *source;
    struct file_reader *reader; /* once it asked for a file */
    int32_t partition;
    bool assigned;
    bool wants_former;     /* begins once the records of its former id come */
    bool asking;           /* a request is under way */
    uint64_t asked_epoch;  /* under which it was sent */
    uint64_t ticket;       /* of the page under way; 0: none */
    struct page *cursors;  /* copies of that page's cursor records */
    int64_t not_before_ms; /* wall; after a failure of our own */
    char reason[256];      /* the last one that was logged */
};

MUST_USE struct poller *poller_new(struct poller_ground *ground,
                                   struct config *config,
                                   const struct source_config *settings,
                                   const struct pseudonym *pseudonym,
                                   struct error *err);
void poller_free(struct poller *poller);
void poller_freep(struct poller **poller);
/* Its partition is ours now, its records are in ground->cursors. */
void poller_begin(struct poller *poller, int64_t now_ms);
/* The former id whose records it waits for, or NULL: their partition is of
 * another process. */
const char *poller_wanted(const struct poller *poller);
void poller_give_former(struct poller *poller,
                        const struct cursor_record *records, size_t count,
                        int64_t now_ms);
/* Its partition is not ours any more. */
void poller_stop(struct poller *poller);
/* When it wants to ask, wall ms; INT64_MAX: not before something happens. */
int64_t poller_due_ms(const struct poller *poller);
/* Asks; a file is read and its page handed over at once. */
void poller_ask(struct poller *poller, int64_t now_ms);
void poller_settle(struct poller *poller, bool committed, int64_t now_ms);

#endif
