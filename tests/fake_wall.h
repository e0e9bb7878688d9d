/*
 * fake_wall.h - a network in memory that keeps the ledger of all it published:
 * the answers of VK's wall.get and of a fediverse tag timeline.
 */
#ifndef FAKE_WALL_H
#define FAKE_WALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "request.h"

#define FAKE_POSTS_MOST 20000

struct fake_post {
    char id[48];
    bool deleted, before_start;
    long edited;
};

struct fake_wall {
    struct fake_post posts[FAKE_POSTS_MOST]; /* oldest first */
    size_t published;
    size_t pinned; /* number of a post, from 1; 0: none */
    unsigned fault_every, requests;
    bool hash_ids; /* like snac2: the second, then a hash */
    struct buffer body;
};

static inline void
fake_wall_done(struct fake_wall *wall)
{
    buffer_done(&wall->body);
}

static inline void
fake_wall_publish(struct fake_wall *wall, size_t count)
{
    while (count-- > 0 && wall->published < FAKE_POSTS_MOST) {
        struct fake_post *post = &wall->posts[wall->published++];
        if (wall->hash_ids)
            snprintf(post->id, sizeof(post->id), "18000%05zu%08x",
                     wall->published / 8,
                     (unsigned)(wall->published * 2654435761u));
        else
            snprintf(post->id, sizeof(post->id), "%zu", wall->published);
    }
}

/* A post that was there before the test looks; never the newest ones, which
 * no walk may have seen yet. */
static inline void
fake_wall_delete(struct fake_wall *wall, size_t number)
{
    if (wall->published)
        wall->posts[number % wall->published].deleted = true;
}

/* The value of a parameter of the query or the form. */
static inline bool
fake_parameter(const struct request *request, const char *name, char *out,
               size_t size)
{
    CLEANUP(buffer_done) struct buffer all = {0};
    buffer_append_byte(&all, '&');
    const char *query = memchr(request->url.at, '?', request->url.len);
    if (query)
        buffer_append(&all, query + 1,
                      request->url.len - (size_t)(query + 1 - request->url.at));
    buffer_append_byte(&all, '&');
    buffer_append_span(&all, request->body);
    char wanted[64];
    snprintf(wanted, sizeof(wanted), "&%s=", name);
    const char *found = strstr(buffer_text(&all), wanted);
    if (!found)
        return false;
    found += strlen(wanted);
    snprintf(out, size, "%.*s", (int)strcspn(found, "&"), found);
    return true;
}

static inline void
fake_wall_vk(struct fake_wall *wall, const struct request *request,
             struct response *response)
{
    char text[32] = "0";
    size_t offset, skipped = 0, given = 0;
    buffer_clear(&wall->body);
    wall->requests++;
    if (wall->fault_every && wall->requests % wall->fault_every == 0) {
        response->body =
            span_of("{\"error\":{\"error_code\":6,\"error_msg\":\"Too many "
                    "requests per second\"}}");
        return;
    }
    fake_parameter(request, "offset", text, sizeof(text));
    offset = strtoul(text, NULL, 10);
    buffer_append_text(&wall->body, "{\"response\":{\"count\":1,\"items\":[");
    for (size_t i = 0; i <= wall->published && given < 100; i++) {
        /* The pinned post stands first, and in its own place too. */
        size_t number = i == 0 ? wall->pinned : wall->published - i + 1;
        if (number == 0 || wall->posts[number - 1].deleted)
            continue;
        if (skipped++ < offset)
            continue;
        buffer_printf(&wall->body,
                      "%s{\"id\":%s,\"owner_id\":-1,\"from_id\":7,\"date\":%zu,"
                      "\"text\":\"post %zu\"",
                      given++ ? "," : "", wall->posts[number - 1].id,
                      1700000000 + number, number);
        if (wall->posts[number - 1].edited)
            buffer_printf(&wall->body, ",\"edited\":%ld",
                          wall->posts[number - 1].edited);
        buffer_printf(&wall->body, "%s}", i == 0 ? ",\"is_pinned\":1" : "");
    }
    buffer_append_text(&wall->body, "]}}");
    response->body = buffer_span(&wall->body);
}

static inline void
fake_mastodon_post(struct fake_wall *wall, size_t index, bool first)
{
    buffer_printf(&wall->body,
                  "%s{\"id\":\"%s\",\"uri\":\"https://fedi.example/p/%s\","
                  "\"created_at\":\"2026-11-23T10:00:00.000Z\",\"content\":"
                  "\"<p>post %zu</p>\",\"account\":{\"acct\":\"a\"},\"reblog\":"
                  "null,\"edited_at\":null}",
                  first ? "" : ",", wall->posts[index].id,
                  wall->posts[index].id, index);
}

/* Newest first in every page; min_id gives the ones right after it, and
 * nothing when it is not known; 0 gives nothing (snac2 2.75). */
static inline void
fake_wall_mastodon(struct fake_wall *wall, const struct request *request,
                   struct response *response)
{
    enum { PAGE_POSTS_MOST = 40 };
    char id[64];
    size_t page[PAGE_POSTS_MOST], count = 0, anchor = wall->published;
    bool forward = fake_parameter(request, "min_id", id, sizeof(id));
    bool back = !forward && fake_parameter(request, "max_id", id, sizeof(id));
    bool known = !forward && !back;
    for (size_t i = 0; i < wall->published && (forward || back); i++)
        if (strcmp(wall->posts[i].id, id) == 0 && !wall->posts[i].deleted) {
            anchor = i;
            known = true;
        }
    if (forward && known) {
        for (size_t i = anchor + 1;
             i < wall->published && count < PAGE_POSTS_MOST; i++)
            if (!wall->posts[i].deleted)
                page[count++] = i;
        for (size_t i = 0; i < count / 2; i++) {
            size_t other = page[i];
            page[i] = page[count - 1 - i];
            page[count - 1 - i] = other;
        }
    } else if (known) {
        for (size_t i = anchor; i-- > 0 && count < PAGE_POSTS_MOST;)
            if (!wall->posts[i].deleted)
                page[count++] = i;
    }
    buffer_clear(&wall->body);
    buffer_append_byte(&wall->body, '[');
    for (size_t i = 0; i < count; i++)
        fake_mastodon_post(wall, page[i], i == 0);
    buffer_append_byte(&wall->body, ']');
    response->body = buffer_span(&wall->body);
}

#endif
