/*
 * http_client.h - many HTTP requests at once on one thread.
 *
 * TLS is verified, only http and https are spoken, redirects stay within the
 * origin, answers are limited in time, size and speed. Private and loopback
 * addresses are refused after name resolution, unless the request allows them.
 *
 * Threads: one, except http_client_wake(). Ownership: the request is copied;
 * the response lives during the callback.
 */
#ifndef KAROOL_HTTP_CLIENT_H
#define KAROOL_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "request.h"

struct http_client;

typedef void http_done(void *context, const struct response *response);

MUST_USE struct http_client *http_client_new(struct error *err);
void http_client_free(struct http_client *client);
void http_client_freep(struct http_client **client);
/* `done` is called exactly once from http_client_run(), also for requests
 * that are refused at once. Not called when cancelled or freed. */
MUST_USE bool http_client_start(struct http_client *client,
                                const struct request *request, http_done *done,
                                void *context, struct error *err);
/* Ends every request of this context without calling back. */
void http_client_cancel(struct http_client *client, void *context);
/* Works for at most timeout_ms, or until woken. */
MUST_USE bool http_client_run(struct http_client *client, int timeout_ms,
                              struct error *err);
/* Makes a waiting http_client_run() return; from any thread. */
void http_client_wake(struct http_client *client);
size_t http_client_active(const struct http_client *client);
/* "libcurl 7.88.1" */
const char *http_client_library_version(void);

#endif
