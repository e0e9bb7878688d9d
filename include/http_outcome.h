/*
 * http_outcome.h - what the end of a request means, in a word for the source
 * and in words for people.
 *
 * Reasons name the host, never the query, and pass the redaction of secrets.
 *
 * Threads: one. Private to the HTTP client.
 */
#ifndef KAROOL_HTTP_OUTCOME_H
#define KAROOL_HTTP_OUTCOME_H

#include "http_transfer.h"

/* The response is a failure. */
void http_outcome_fail(struct http_transfer *transfer,
                       enum response_failure failure, const char *format, ...)
    PRINTF(3, 4);
/* The response to what libcurl says, a CURLcode. */
void http_outcome_set(struct http_transfer *transfer, int code);

#endif
