#include "http_redirect.h"

#include <string.h>

#include "http_outcome.h"

enum {
    MOVED_PERMANENTLY = 301,
    FOUND = 302,
    SEE_OTHER = 303,
    TEMPORARY_REDIRECT = 307,
    PERMANENT_REDIRECT = 308,
};

static struct span
location_of(const struct http_transfer *transfer)
{
    switch (transfer->status) {
    case MOVED_PERMANENTLY:
    case FOUND:
    case SEE_OTHER:
    case TEMPORARY_REDIRECT:
    case PERMANENT_REDIRECT:
        break;
    default:
        return SPAN_NONE;
    }
    for (size_t i = 0; i < transfer->header_count; i++)
        if (span_is(transfer->headers[i].name, "location"))
            return transfer->headers[i].value;
    return SPAN_NONE;
}

static enum http_redirect
follow(struct http_transfer *transfer, const struct http_url *next)
{
    bool repeats = transfer->status == TEMPORARY_REDIRECT ||
                   transfer->status == PERMANENT_REDIRECT;
    if (!repeats) { /* RFC 9110 15.4: a POST becomes a GET */
        transfer->request.method = span_of("GET");
        transfer->request.body = SPAN_NONE;
    }
    transfer->url = *next;
    transfer->redirects++;
    if (http_transfer_again(transfer))
        return HTTP_REDIRECT_FOLLOW;
    http_outcome_fail(transfer, RESPONSE_UNREACHABLE, "out of memory");
    return HTTP_REDIRECT_REFUSED;
}

enum http_redirect
http_redirect_take(struct http_transfer *transfer)
{
    struct span location = location_of(transfer);
    if (!location.len)
        return HTTP_REDIRECT_NONE;

    struct http_url next;
    struct error err = {0};
    if (transfer->redirects == HTTP_REDIRECTS_MAX)
        http_outcome_fail(transfer, RESPONSE_REDIRECT,
                          "more than %d redirects in a row",
                          HTTP_REDIRECTS_MAX);
    else if (!http_url_join(transfer->arena, &transfer->url, location, &next,
                            &err))
        http_outcome_fail(transfer, RESPONSE_REDIRECT,
                          "sends us to an address that we cannot follow: %s",
                          err.message);
    else if (!http_url_stays(&transfer->url, &next))
        http_outcome_fail(transfer, RESPONSE_REDIRECT,
                          "sends us elsewhere, to %s://%s:%s; if that is "
                          "right, put it into the configuration",
                          next.scheme, next.host, next.port);
    else
        return follow(transfer, &next);
    return HTTP_REDIRECT_REFUSED;
}
