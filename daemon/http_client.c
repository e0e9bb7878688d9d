#include "http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "http_outcome.h"
#include "http_redirect.h"
#include "http_transfer.h"

enum {
    CONNECTIONS_PER_HOST = 6,
    CONNECTIONS_MAX = 100,
};

struct http_client {
    CURLM *multi;
    struct http_transfer *active;  /* newest first */
    struct http_transfer *refused; /* before they were sent; oldest first */
    size_t active_count, refused_count;
};

static void
initialise_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct http_client *
http_client_new(struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise_curl);
    CLEANUP(http_client_freep)
    struct http_client *client = calloc(1, sizeof(*client));
    if (!client || !(client->multi = curl_multi_init())) {
        error_no_memory(err);
        return NULL;
    }
    curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                      (long)CONNECTIONS_PER_HOST);
    curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                      (long)CONNECTIONS_MAX);
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
                      (long)CONNECTIONS_MAX);
    return TAKE(client);
}

/* Takes a transfer out of the list that *link begins; the transfer's memory
 * is the caller's then. */
static void
take_out(struct http_client *client, struct http_transfer **link)
{
    struct http_transfer *transfer = *link;
    *link = transfer->next;
    if (transfer->easy) {
        curl_multi_remove_handle(client->multi, transfer->easy);
        client->active_count--;
    } else {
        client->refused_count--;
    }
}

static void
free_where(struct http_client *client, struct http_transfer **link,
           const void *context, bool all)
{
    while (*link) {
        struct http_transfer *transfer = *link;
        if (!all && transfer->context != context) {
            link = &transfer->next;
            continue;
        }
        take_out(client, link);
        http_transfer_free(transfer);
    }
}

void
http_client_free(struct http_client *client)
{
    if (!client)
        return;
    free_where(client, &client->active, NULL, true);
    free_where(client, &client->refused, NULL, true);
    curl_multi_cleanup(client->multi);
    free(client);
}

void
http_client_freep(struct http_client **client)
{
    http_client_free(*client);
}

bool
http_client_start(struct http_client *client, const struct request *request,
                  http_done *done, void *context, struct error *err)
{
    CLEANUP(http_transfer_freep)
    struct http_transfer *transfer =
        http_transfer_new(request, done, context, err);
    if (!transfer)
        return false;
    struct http_transfer **link = &client->active;
    if (!transfer->easy) {
        link = &client->refused;
        while (*link)
            link = &(*link)->next;
        client->refused_count++;
    } else {
        if (curl_multi_add_handle(client->multi, transfer->easy))
            return error_no_memory(err);
        client->active_count++;
    }
    transfer->next = *link;
    *link = TAKE(transfer);
    return true;
}

void
http_client_cancel(struct http_client *client, void *context)
{
    free_where(client, &client->active, context, false);
    free_where(client, &client->refused, context, false);
}

static void
call_back(struct http_client *client, struct http_transfer **link)
{
    CLEANUP(http_transfer_freep) struct http_transfer *transfer = *link;
    take_out(client, link);
    transfer->done(transfer->context, &transfer->response);
}

/* A transfer's hop ended: on to the next, or its answer is there. */
static void
end_hop(struct http_client *client, struct http_transfer *transfer,
        CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->status = (unsigned)status;
    enum http_redirect redirect = HTTP_REDIRECT_NONE;
    if (code == CURLE_OK) {
        curl_multi_remove_handle(client->multi, transfer->easy);
        redirect = http_redirect_take(transfer);
    }
    if (redirect == HTTP_REDIRECT_FOLLOW) {
        if (!curl_multi_add_handle(client->multi, transfer->easy))
            return;
        http_outcome_fail(transfer, RESPONSE_UNREACHABLE, "out of memory");
    } else if (redirect == HTTP_REDIRECT_NONE) {
        http_outcome_set(transfer, (int)code);
    }
    struct http_transfer **link = &client->active;
    while (*link != transfer)
        link = &(*link)->next;
    call_back(client, link);
}

static void
end_hops(struct http_client *client)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left))) {
        char *transfer = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        if (message->msg == CURLMSG_DONE && transfer)
            end_hop(client, (struct http_transfer *)transfer, code);
    }
}

bool
http_client_run(struct http_client *client, int timeout_ms, struct error *err)
{
    int running;
    CURLMcode code = CURLM_OK;
    size_t refused = client->refused_count;
    if (!refused)
        code = curl_multi_poll(client->multi, NULL, 0, timeout_ms, NULL);
    if (!code)
        code = curl_multi_perform(client->multi, &running);
    if (code)
        return error_set(err, ERROR_FATAL, "libcurl: %s",
                         curl_multi_strerror(code));
    end_hops(client);
    /* Only those that wait now: a callback may start more. */
    for (size_t i = refused; i > 0 && client->refused; i--)
        call_back(client, &client->refused);
    return true;
}

void
http_client_wake(struct http_client *client)
{
    curl_multi_wakeup(client->multi);
}

size_t
http_client_active(const struct http_client *client)
{
    return client->active_count + client->refused_count;
}

const char *
http_client_library_version(void)
{
    static char text[32];
    snprintf(text, sizeof(text), "libcurl %s",
             curl_version_info(CURLVERSION_NOW)->version);
    return text;
}
