/*
 * scan_tally.h - how often each entry, category and severity was found.
 *
 * Threads: each worker has its own; they are added up at the end.
 */
#ifndef KAROOL_SCAN_TALLY_H
#define KAROOL_SCAN_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "matcher.h"

struct scan_tally {
    const struct rules *rules;
    uint64_t *terms, *rule_hits; /* matches of each */
    uint64_t categories[64];     /* posts with each */
    uint64_t severities[RULES_SEVERITY_HIGHEST + 1];
    uint64_t matches;
};

MUST_USE bool scan_tally_init(struct scan_tally *tally,
                              const struct rules *rules);
void scan_tally_done(struct scan_tally *tally);
void scan_tally_count(struct scan_tally *tally,
                      const struct match_list *matches);
void scan_tally_add(struct scan_tally *tally, const struct scan_tally *more);
/* As a table: what, name, posts or matches; the frequent first. */
void scan_tally_write(const struct scan_tally *tally, struct buffer *out);

#endif
