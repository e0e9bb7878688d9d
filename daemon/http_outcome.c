#include "http_outcome.h"

#include <curl/curl.h>
#include <stdio.h>

#include "clock.h"
#include "redact.h"
#include "utf8.h"

/* Error texts of libcurl end without a full stop, some begin with a capital. */
static const char *
trouble_of(const struct http_transfer *transfer, CURLcode code)
{
    return transfer->trouble[0] ? transfer->trouble : curl_easy_strerror(code);
}

void
http_outcome_fail(struct http_transfer *transfer, enum response_failure failure,
                  const char *format, ...)
{
    CLEANUP(buffer_done) struct buffer reason = {0};
    if (transfer->url.host)
        buffer_printf(&reason, "%s: ", transfer->url.host);
    va_list args;
    va_start(args, format);
    buffer_vprintf(&reason, format, args);
    va_end(args);
    redact_text(&reason);

    struct response *response = &transfer->response;
    *response = (struct response){.failure = failure,
                                  .received_at_ms = clock_wall_ms()};
    size_t len = utf8_cut(buffer_span(&reason), sizeof(response->reason) - 1);
    snprintf(response->reason, sizeof(response->reason), "%.*s", (int)len,
             buffer_text(&reason));
}

static void
succeed(struct http_transfer *transfer)
{
    transfer->response = (struct response){
        .failure = RESPONSE_OK,
        .status = transfer->status,
        .headers = transfer->headers,
        .header_count = transfer->header_count,
        .body = buffer_span(&transfer->body),
        .received_at_ms = clock_wall_ms(),
    };
}

static void
fail_cut(struct http_transfer *transfer)
{
    if (transfer->cut == HTTP_CUT_HEADERS)
        http_outcome_fail(transfer, RESPONSE_TOO_LARGE,
                          "headers of more than %zu bytes", HTTP_HEADERS_MAX);
    else
        http_outcome_fail(transfer, RESPONSE_TOO_LARGE,
                          "an answer of more than %zu bytes",
                          transfer->request.max_bytes);
}

static void
fail_timeout(struct http_transfer *transfer, CURLcode code)
{
    if (transfer->header_bytes > 0)
        http_outcome_fail(transfer, RESPONSE_TOO_SLOW,
                          "the answer came too slowly (%s)",
                          trouble_of(transfer, code));
    else
        http_outcome_fail(transfer, RESPONSE_UNREACHABLE,
                          "unreachable: no answer in time (%s)",
                          trouble_of(transfer, code));
}

static void
fail_to_reach(struct http_transfer *transfer, CURLcode code)
{
    if (transfer->body.failed)
        http_outcome_fail(transfer, RESPONSE_UNREACHABLE, "out of memory");
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        http_outcome_fail(transfer, RESPONSE_UNREACHABLE,
                          "unreachable: no such name, or no internet");
    else
        http_outcome_fail(transfer, RESPONSE_UNREACHABLE, "unreachable: %s",
                          trouble_of(transfer, code));
}

void
http_outcome_set(struct http_transfer *transfer, int curl_code)
{
    CURLcode code = (CURLcode)curl_code;
    if (code == CURLE_OK && !transfer->body.failed) {
        succeed(transfer);
        return;
    }
    if (transfer->cut != HTTP_CUT_NOT) {
        fail_cut(transfer);
        return;
    }
    if (transfer->refused) {
        http_outcome_fail(transfer, RESPONSE_REFUSED,
                          "%s is a private or local address; if it is meant, "
                          "set `local: true` for this source",
                          transfer->refused_address);
        return;
    }
    switch (code) {
    case CURLE_FILESIZE_EXCEEDED:
        fail_cut(transfer);
        return;
    case CURLE_OPERATION_TIMEDOUT:
        fail_timeout(transfer, code);
        return;
    default:
        fail_to_reach(transfer, code);
    }
}
