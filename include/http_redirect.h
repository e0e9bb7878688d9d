/*
 * http_redirect.h - where an answer sends us, and whether we go there.
 *
 * Only within the origin, or to the https side of the same host, and only a
 * few times: a secret never follows elsewhere.
 *
 * Threads: one. Private to the HTTP client.
 */
#ifndef KAROOL_HTTP_REDIRECT_H
#define KAROOL_HTTP_REDIRECT_H

#include "http_transfer.h"

enum http_redirect {
    HTTP_REDIRECT_NONE,
    HTTP_REDIRECT_FOLLOW,  /* the transfer is ready to be sent again */
    HTTP_REDIRECT_REFUSED, /* its response says why */
};

MUST_USE enum http_redirect http_redirect_take(struct http_transfer *transfer);

#endif
