#include "http_url.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

static void
free_handle(CURLU **handle)
{
    curl_url_cleanup(*handle);
}

static void
free_text(char **text)
{
    curl_free(*text);
}

static bool
set_url(CURLU *handle, struct arena *arena, struct span text, struct error *err)
{
    if (memchr(text.at, '\0', text.len))
        return error_set(err, ERROR_CONFIG, "the URL holds a NUL");
    char *copy = arena_copy(arena, text);
    if (!copy)
        return error_no_memory(err);
    /* A space in a path is what servers of the real world send. */
    CURLUcode code = curl_url_set(handle, CURLUPART_URL, copy,
                                  CURLU_ALLOW_SPACE | CURLU_URLENCODE);
    if (code != CURLUE_OK)
        return error_set(err, ERROR_CONFIG, "not a usable URL: %s",
                         curl_url_strerror(code));
    return true;
}

static const char *
get_part(CURLU *handle, struct arena *arena, CURLUPart part)
{
    CLEANUP(free_text) char *text = NULL;
    if (curl_url_get(handle, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return NULL;
    return arena_copy(arena, span_of(text));
}

static bool
take_parts(CURLU *handle, struct arena *arena, struct http_url *out,
           struct error *err)
{
    CLEANUP(free_text) char *user = NULL;
    if (curl_url_get(handle, CURLUPART_USER, &user, 0) == CURLUE_OK)
        return error_set(err, ERROR_CONFIG,
                         "a URL with a user name in it is not used");
    if (curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0) != CURLUE_OK)
        return error_no_memory(err);
    *out = (struct http_url){
        .text = get_part(handle, arena, CURLUPART_URL),
        .scheme = get_part(handle, arena, CURLUPART_SCHEME),
        .host = get_part(handle, arena, CURLUPART_HOST),
        .port = get_part(handle, arena, CURLUPART_PORT),
    };
    if (!out->scheme ||
        (strcmp(out->scheme, "http") != 0 && strcmp(out->scheme, "https") != 0))
        return error_set(err, ERROR_CONFIG,
                         "only http and https are spoken, not %s",
                         out->scheme ? out->scheme : "this URL");
    if (!out->text || !out->host || !out->port)
        return error_no_memory(err);
    return true;
}

bool
http_url_parse(struct arena *arena, struct span text, struct http_url *out,
               struct error *err)
{
    CLEANUP(free_handle) CURLU *handle = curl_url();
    if (!handle)
        return error_no_memory(err);
    return set_url(handle, arena, text, err) &&
           take_parts(handle, arena, out, err);
}

bool
http_url_join(struct arena *arena, const struct http_url *base,
              struct span location, struct http_url *out, struct error *err)
{
    CLEANUP(free_handle) CURLU *handle = curl_url();
    if (!handle)
        return error_no_memory(err);
    return set_url(handle, arena, span_of(base->text), err) &&
           set_url(handle, arena, location, err) &&
           take_parts(handle, arena, out, err);
}

bool
http_url_stays(const struct http_url *from, const struct http_url *to)
{
    if (strcasecmp(from->host, to->host) != 0)
        return false;
    if (strcmp(from->scheme, to->scheme) == 0)
        return strcmp(from->port, to->port) == 0;
    return strcmp(from->scheme, "http") == 0 && strcmp(from->port, "80") == 0 &&
           strcmp(to->port, "443") == 0;
}
