/*
 * event_headers.h - the Kafka headers of a flagged event: CloudEvents 1.0 in
 * binary mode, and what a consumer filters by without parsing.
 *
 * Threads: any. Ownership: header values point into the struct, the screened
 * post and the rules.
 */
#ifndef KAROOL_EVENT_HEADERS_H
#define KAROOL_EVENT_HEADERS_H

#include "buffer.h"
#include "clock.h"
#include "error.h"
#include "kafka.h"
#include "screener.h"

#define FLAGGED_DATASCHEMA "urn:karool:schema:flagged-1"

struct event_headers {
    struct kafka_header items[12];
    size_t count;
    char time[CLOCK_TEXT_SIZE];
    char severity[2];
    struct buffer source, categories;
};

void event_headers_done(struct event_headers *headers);
MUST_USE bool event_headers_make(struct event_headers *headers,
                                 const char *campaign,
                                 const struct screened *screened,
                                 const struct rules *rules, bool replay,
                                 struct error *err);

#endif
