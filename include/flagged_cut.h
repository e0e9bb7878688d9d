/*
 * flagged_cut.h - an event that would be larger than a Kafka record may be,
 * cut until it fits.
 *
 * Its post keeps the members that Karool knows, and of each text a stretch
 * around the gravest match, `truncated: true`. Spans are of what is left, and
 * only matches inside of it are listed; all are counted.
 *
 * Threads: any.
 */
#ifndef KAROOL_FLAGGED_CUT_H
#define KAROOL_FLAGGED_CUT_H

#include "flagged_event.h"

/* An event's record: its value, and twice the post's id (key, ce_subject). */
#define FLAGGED_SIZE_MAX ((size_t)900 * 1024)

/* Would it be too large? Before it is written, because 50 matches may each be
 * as long as the post; and once it is. */
MUST_USE bool flagged_cut_expected(const struct flagged_event *event);
MUST_USE bool flagged_cut_needed(const struct flagged_event *event,
                                 size_t size_bytes);
/* Appends the event, cut. ERROR_RECORD: there is no way to cut it. */
MUST_USE bool flagged_cut_write(struct buffer *out,
                                const struct flagged_event *event,
                                struct error *err);

#endif
