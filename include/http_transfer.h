/*
 * http_transfer.h - one request on its way: what libcurl is told about it,
 * what it hands back, and what that means.
 *
 * Threads: one. Private to the HTTP client.
 */
#ifndef KAROOL_HTTP_TRANSFER_H
#define KAROOL_HTTP_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buffer.h"
#include "http_address.h"
#include "http_client.h"
#include "http_url.h"

#define HTTP_TIMEOUT_MS 30000
#define HTTP_BODY_MAX ((size_t)16 * 1024 * 1024)
#define HTTP_HEADERS_MAX ((size_t)64 * 1024)
#define HTTP_REDIRECTS_MAX 5

enum http_cut { HTTP_CUT_NOT, HTTP_CUT_BODY, HTTP_CUT_HEADERS };

struct http_transfer {
    struct http_transfer *next;
    http_done *done;
    void *context;
    struct arena *arena;    /* copies of the request, and the headers */
    struct request request; /* spans and texts are the arena's */
    struct http_url url;    /* of the present hop */
    void *easy;             /* CURL *; NULL: refused before it was sent */
    void *header_list;      /* struct curl_slist * */
    unsigned redirects;
    int64_t deadline_ms; /* monotonic, over all hops */
    /* What came back in the present hop: */
    unsigned status;
    struct header *headers;
    size_t header_count, header_capacity;
    size_t header_bytes;
    bool body_began;
    struct buffer body;
    enum http_cut cut;
    bool refused; /* its address, named in refused_address */
    char refused_address[HTTP_ADDRESS_TEXT_SIZE];
    char trouble[256]; /* CURLOPT_ERRORBUFFER */
    struct response response;
};

/* A copy of the request, checked against our own rules; what they refuse has
 * no easy handle but a response. */
MUST_USE struct http_transfer *http_transfer_new(const struct request *request,
                                                 http_done *done, void *context,
                                                 struct error *err);
void http_transfer_free(struct http_transfer *transfer);
void http_transfer_freep(struct http_transfer **transfer);
/* Ready for another hop, to transfer->url. false: no memory. */
MUST_USE bool http_transfer_again(struct http_transfer *transfer);

#endif
