/*
 * fetcher.h - the thread that polls all sources this process owns.
 *
 * It drives each source (source.h) with the HTTP client and the file reader,
 * and hands every page to the sink. Nothing here knows Kafka.
 *
 * Threads: every function may be called from any thread; the sink is called
 * on the fetch thread. Ownership: pages are the sink's.
 */
#ifndef KAROOL_FETCHER_H
#define KAROOL_FETCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "cursor_store.h"
#include "error.h"
#include "page.h"
#include "source.h"

struct fetcher;

/* Takes the page over. Must not block. */
typedef void fetcher_sink(void *context, struct page *page);

MUST_USE struct fetcher *fetcher_new(struct config *config, fetcher_sink *sink,
                                     void *context, struct error *err);
/* Stops the thread first. */
void fetcher_free(struct fetcher *fetcher);
void fetcher_freep(struct fetcher **fetcher);
/* All records of the cursor partitions just assigned, oldest first; every
 * source whose partition (cursor_partition()) is in `partitions` starts to
 * poll. Records of keys without a source are reported once. */
MUST_USE bool fetcher_assign(struct fetcher *fetcher, uint64_t epoch,
                             const int32_t *partitions, size_t partition_count,
                             const struct cursor_record *records, size_t count,
                             struct error *err);
/* A source that was renamed, and whose former cursor may be in a partition of
 * another process, waits for it: its former id, or NULL. The text lives as
 * long as the fetcher. */
const char *fetcher_wanted_former(struct fetcher *fetcher);
/* All records of that id, oldest first; none: the source begins as its `start`
 * says. */
MUST_USE bool fetcher_give_former(struct fetcher *fetcher, uint64_t epoch,
                                  struct span former_id,
                                  const struct cursor_record *records,
                                  size_t count, struct error *err);
/* Those partitions are lost: their sources stop, and what is kept of them is
 * forgotten. A page that is on its way to the sink at that moment still
 * arrives: its epoch tells. */
void fetcher_revoke(struct fetcher *fetcher, const int32_t *partitions,
                    size_t partition_count);
/* The page of this ticket was committed, or was not. */
void fetcher_settled(struct fetcher *fetcher, uint64_t ticket, bool committed);
/* Back-pressure: no new request while held. */
void fetcher_hold(struct fetcher *fetcher, bool held);
/* After a reload: sources that stay keep their state. The new sources of
 * partitions already assigned begin with the records kept for them. An error
 * in any of them changes nothing. One call at a time. */
MUST_USE bool fetcher_configure(struct fetcher *fetcher, struct config *config,
                                struct error *err);
/* Copies the reports of all sources, in the order of the configuration;
 * returns how many there are. Their texts live as long as the fetcher. */
size_t fetcher_reports(struct fetcher *fetcher, struct source_report *out,
                       size_t max);

#endif
