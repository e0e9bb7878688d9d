/*
 * request.h - one question to a network (or to a file), and its answer.
 *
 * Plain data between the source interpreter, which knows what to ask, and the
 * HTTP client or the file reader, which knows how.
 */
#ifndef KAROOL_REQUEST_H
#define KAROOL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct header {
    struct span name, value;
};

enum transport { TRANSPORT_HTTP, TRANSPORT_FILE };

/* Spans live in the source until its next call. */
struct request {
    enum transport transport;
    struct span method; /* "GET" or "POST" */
    struct span url;    /* with query; for a file: its absolute path */
    struct header *headers;
    size_t header_count;
    struct span body;    /* absent: none */
    bool carries_secret; /* then never over plain HTTP */
    bool allow_http;
    bool allow_local;
    const char *user_agent, *proxy; /* or NULL */
    uint32_t timeout_ms;
    size_t max_bytes; /* of the answer; 0: 16 MB */
    /* Of a file: */
    struct span format; /* "ndjson" or "csv" */
    uint64_t offset;    /* of the uncompressed bytes */
    size_t max_records; /* 0: 1,000 */
    bool whole; /* the file does not grow: a last line without newline counts */
    struct span fingerprint; /* of the file that `offset` is of, as a response
                                named it; absent: any */
};

enum response_failure {
    RESPONSE_OK,          /* an HTTP status came, whatever it is */
    RESPONSE_UNREACHABLE, /* resolve, connect, TLS, reset, time-out */
    RESPONSE_TOO_LARGE,
    RESPONSE_TOO_SLOW,
    RESPONSE_REDIRECT, /* to another origin, or too many */
    RESPONSE_REFUSED,  /* by our own rules: private address, plain HTTP */
};

struct response {
    enum response_failure failure;
    char reason[256];       /* of a failure, for people; no secret in it */
    unsigned status;        /* HTTP; 200 for a file */
    struct header *headers; /* names in lower case */
    size_t header_count;
    struct span body;       /* for a file: a JSON array, see file_reader.h */
    int64_t received_at_ms; /* wall */
    /* Of a file: */
    uint64_t next_offset;
    bool at_end;
    bool replaced; /* the file is not the one that `offset` was of: the records
                      are those of its beginning */
    struct span fingerprint; /* names the file by its first bytes */
};

/* The value of a header (name in lower case), or absent. */
struct span response_header(const struct response *response, const char *name);

#endif
