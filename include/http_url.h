/*
 * http_url.h - the parts of a URL that decide whether it may be asked.
 *
 * Threads: any. Ownership: the arena's. Errors: ERROR_CONFIG, without the
 * URL's query, which may hold a token.
 */
#ifndef KAROOL_HTTP_URL_H
#define KAROOL_HTTP_URL_H

#include <stdbool.h>

#include "arena.h"
#include "error.h"
#include "span.h"

struct http_url {
    const char *text;   /* the whole URL, normalised, without fragment */
    const char *scheme; /* "http" or "https" */
    const char *host;   /* of an address: as the address is written */
    const char *port;   /* always there */
};

/* An absolute http or https URL without user name. */
MUST_USE bool http_url_parse(struct arena *arena, struct span text,
                             struct http_url *out, struct error *err);
/* What a Location header (absolute or relative) means at `base`. */
MUST_USE bool http_url_join(struct arena *arena, const struct http_url *base,
                            struct span location, struct http_url *out,
                            struct error *err);
/* Is `to` of the same origin, or the https side of the same host? */
MUST_USE bool http_url_stays(const struct http_url *from,
                             const struct http_url *to);

#endif
