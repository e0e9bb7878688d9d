#include "http_transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "http_outcome.h"

#define USER_AGENT "karool/" KAROOL_VERSION

enum {
    CONNECT_TIMEOUT_MS = 10 * 1000,
    /* Slower than this for so long: whoever drips bytes holds a connection. */
    LOW_SPEED_BYTES = 64,
    LOW_SPEED_S = 15,
    HEADER_COUNT_MAX = 256,
};

/* --- What libcurl calls --- */

static size_t
on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t len = size * count;
    transfer->body_began = true;
    if (len > transfer->request.max_bytes - transfer->body.len) {
        transfer->cut = HTTP_CUT_BODY;
        return 0;
    }
    buffer_append(&transfer->body, bytes, len);
    return transfer->body.failed ? 0 : len;
}

static bool
add_header(struct http_transfer *transfer, struct span name, struct span value)
{
    struct header *headers =
        arena_grow(transfer->arena, transfer->headers, transfer->header_count,
                   &transfer->header_capacity, sizeof(*headers));
    char *name_copy = arena_copy(transfer->arena, name);
    char *value_copy = arena_copy(transfer->arena, value);
    if (!headers || !name_copy || !value_copy)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name_copy[i] >= 'A' && name_copy[i] <= 'Z')
            name_copy[i] = (char)(name_copy[i] - 'A' + 'a');
    transfer->headers = headers;
    headers[transfer->header_count++] =
        (struct header){{name_copy, name.len}, {value_copy, value.len}};
    return true;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    struct span line = {bytes, size * count};
    size_t taken = line.len;
    transfer->header_bytes += line.len;
    if (transfer->header_bytes > HTTP_HEADERS_MAX ||
        transfer->header_count == HEADER_COUNT_MAX) {
        transfer->cut = HTTP_CUT_HEADERS;
        return 0;
    }
    if (span_starts(line, "HTTP/")) { /* anew after a 100 Continue */
        transfer->header_count = 0;
        return taken;
    }
    const char *colon = memchr(line.at, ':', line.len);
    if (!colon || transfer->body_began) /* a trailer: nobody asked for one */
        return taken;
    size_t name_len = (size_t)(colon - line.at);
    struct span name = span_trim((struct span){line.at, name_len});
    struct span value = span_trim(span_from(line, name_len + 1));
    return add_header(transfer, name, value) ? taken : 0;
}

static bool
allowed(struct http_transfer *transfer, const struct sockaddr *address)
{
    /* Through a proxy the address is the proxy's; the operator chose it. */
    if (transfer->request.allow_local || transfer->request.proxy ||
        http_address_public(address))
        return true;
    transfer->refused = true;
    http_address_format(address, transfer->refused_address);
    return false;
}

/* The address is the one that is connected to: a name that resolves to
 * something else a moment later changes nothing. */
static curl_socket_t
on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    if (!allowed(context, &address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/* A connection that another source opened, which may do more, is used again
 * without on_socket(). */
static int
on_connected(void *context, char *ip, char *local_ip, int port, int local_port)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
    if (inet_pton(AF_INET, ip, &v4->sin_addr) == 1)
        address.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, ip, &v6->sin6_addr) == 1)
        address.ss_family = AF_INET6;
    return allowed(context, (const struct sockaddr *)&address)
               ? CURL_PREREQFUNC_OK
               : CURL_PREREQFUNC_ABORT;
}

/* --- What libcurl is told --- */

static bool
set_limits(CURL *easy, struct http_transfer *transfer)
{
    const struct request *request = &transfer->request;
    long left_ms = (long)(transfer->deadline_ms - clock_monotonic_ms());
    return !curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                             left_ms > 0 ? left_ms : 1L) &&
           !curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                             (long)CONNECT_TIMEOUT_MS) &&
           !curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT,
                             (long)LOW_SPEED_BYTES) &&
           !curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_S) &&
           !curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                             (curl_off_t)request->max_bytes);
}

static bool
set_callbacks(CURL *easy, struct http_transfer *transfer)
{
    return !curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) &&
           !curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) &&
           !curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) &&
           !curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket) &&
           !curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer) &&
           !curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected) &&
           !curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer) &&
           !curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->trouble);
}

static bool
set_manners(CURL *easy, const struct request *request)
{
    const char *agent = request->user_agent ? request->user_agent : USER_AGENT;
    /* The environment's proxy is not ours: `proxy` is a setting. */
    const char *proxy = request->proxy ? request->proxy : "";
    /* Other authorities than the system's, as for OpenSSL and curl(1). */
    const char *authorities = getenv("SSL_CERT_FILE");
    /* QUICK_EXIT: do not wait for a resolver that hangs; its thread ends by
     * itself. */
    return !curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) &&
           !curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
           !curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) &&
           !curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "") &&
           !curl_easy_setopt(easy, CURLOPT_USERAGENT, agent) &&
           !curl_easy_setopt(easy, CURLOPT_PROXY, proxy) &&
           (!authorities ||
            !curl_easy_setopt(easy, CURLOPT_CAINFO, authorities));
}

static bool
set_question(CURL *easy, struct http_transfer *transfer)
{
    const struct request *request = &transfer->request;
    if (curl_easy_setopt(easy, CURLOPT_URL, transfer->url.text) ||
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->header_list))
        return false;
    if (!span_is(request->method, "POST"))
        return !curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return !curl_easy_setopt(easy, CURLOPT_POST, 1L) &&
           !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             (curl_off_t)request->body.len) &&
           !curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                             request->body.at ? request->body.at : "");
}

static bool
add_line(struct http_transfer *transfer, const char *line)
{
    struct curl_slist *list = curl_slist_append(transfer->header_list, line);
    if (list)
        transfer->header_list = list;
    return list != NULL;
}

static bool
make_easy(struct http_transfer *transfer, struct error *err)
{
    const struct request *request = &transfer->request;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *header = &request->headers[i];
        CLEANUP(buffer_done) struct buffer line = {0};
        buffer_append_span(&line, header->name);
        buffer_append_text(&line, header->value.len ? ": " : ";");
        buffer_append_span(&line, header->value);
        if (!buffer_ok(&line) || !add_line(transfer, buffer_text(&line)))
            return error_no_memory(err);
    }
    /* No "Expect: 100-continue", which costs a second at many servers. */
    if (!add_line(transfer, "Expect:"))
        return error_no_memory(err);
    transfer->easy = curl_easy_init();
    if (!transfer->easy || !set_limits(transfer->easy, transfer) ||
        !set_callbacks(transfer->easy, transfer) ||
        !set_manners(transfer->easy, request) ||
        !set_question(transfer->easy, transfer))
        return error_no_memory(err);
    return true;
}

/* --- One request --- */

/* Why we do not send it there, or NULL. */
static const char *
our_objection(const struct http_transfer *transfer)
{
    const struct request *request = &transfer->request;
    bool plain = strcmp(transfer->url.scheme, "http") == 0;
    if (plain && request->carries_secret)
        return "a secret is never sent over plain HTTP; use https";
    if (plain && !request->allow_http)
        return "plain HTTP is not allowed; use https, or set `http: allow` "
               "for this source";
    if (request->proxy && !request->allow_local &&
        http_address_text_local(transfer->url.host))
        return "a private or local address; if it is meant, set "
               "`local: true` for this source";
    return NULL;
}

static bool
has_line_break(struct span text)
{
    return text.len &&
           (memchr(text.at, '\n', text.len) ||
            memchr(text.at, '\r', text.len) || memchr(text.at, '\0', text.len));
}

static bool
copy_text(struct arena *arena, const char **text)
{
    if (!*text)
        return true;
    *text = arena_copy(arena, span_of(*text));
    return *text != NULL;
}

static bool
copy_span(struct arena *arena, struct span *span)
{
    if (!span->at)
        return true;
    span->at = arena_copy(arena, *span);
    return span->at != NULL;
}

static bool
copy_request(struct http_transfer *transfer, const struct request *request)
{
    struct arena *arena = transfer->arena;
    struct request *copy = &transfer->request;
    *copy = *request;
    bool proxied = request->proxy && request->proxy[0];
    copy->proxy = proxied ? request->proxy : NULL;
    copy->headers =
        arena_alloc(arena, (request->header_count + 1) * sizeof(struct header));
    bool copied = copy->headers && copy_span(arena, &copy->method) &&
                  copy_span(arena, &copy->body) &&
                  copy_text(arena, &copy->user_agent) &&
                  copy_text(arena, &copy->proxy);
    for (size_t i = 0; copied && i < request->header_count; i++) {
        copy->headers[i] = request->headers[i];
        copied = copy_span(arena, &copy->headers[i].name) &&
                 copy_span(arena, &copy->headers[i].value);
    }
    if (copy->max_bytes == 0)
        copy->max_bytes = HTTP_BODY_MAX;
    if (copy->timeout_ms == 0)
        copy->timeout_ms = HTTP_TIMEOUT_MS;
    return copied;
}

/* false: refused, and the response says why. */
static bool
check(struct http_transfer *transfer, struct span url)
{
    struct error err = {0};
    const char *objection = NULL;
    if (!http_url_parse(transfer->arena, url, &transfer->url, &err))
        objection = err.message;
    else
        objection = our_objection(transfer);
    const struct request *request = &transfer->request;
    for (size_t i = 0; !objection && i < request->header_count; i++)
        if (has_line_break(request->headers[i].name) ||
            has_line_break(request->headers[i].value))
            objection = "a request header holds a line break";
    if (objection)
        http_outcome_fail(transfer, RESPONSE_REFUSED, "%s", objection);
    return !objection;
}

struct http_transfer *
http_transfer_new(const struct request *request, http_done *done, void *context,
                  struct error *err)
{
    CLEANUP(http_transfer_freep)
    struct http_transfer *transfer = calloc(1, sizeof(*transfer));
    if (!transfer || !(transfer->arena = arena_new()) ||
        !copy_request(transfer, request)) {
        error_no_memory(err);
        return NULL;
    }
    transfer->done = done;
    transfer->context = context;
    transfer->deadline_ms = clock_monotonic_ms() + transfer->request.timeout_ms;
    if (check(transfer, request->url) && !make_easy(transfer, err))
        return NULL;
    return TAKE(transfer);
}

bool
http_transfer_again(struct http_transfer *transfer)
{
    transfer->status = 0;
    transfer->header_count = transfer->header_bytes = 0;
    transfer->body_began = false;
    transfer->trouble[0] = '\0';
    buffer_clear(&transfer->body);
    return set_limits(transfer->easy, transfer) &&
           set_question(transfer->easy, transfer);
}

void
http_transfer_free(struct http_transfer *transfer)
{
    if (!transfer)
        return;
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->header_list);
    buffer_done(&transfer->body);
    arena_free(transfer->arena);
    free(transfer);
}

void
http_transfer_freep(struct http_transfer **transfer)
{
    http_transfer_free(*transfer);
}
