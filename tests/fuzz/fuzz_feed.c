/*
 * Whatever comes for a feed: it is refused with ERROR_RECORD, or becomes a
 * tree of the promised shape that is written and read back the same; nothing
 * in it is larger than the document allows.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "utf8.h"

static void
check_item(const struct json *item)
{
    for (const struct json *member = item->first; member;
         member = member->next) {
        bool list = span_is(member->key, "categories");
        if (member->kind != (list ? JSON_ARRAY : JSON_STRING))
            abort();
        if (!list && (member->text.len == 0 || !utf8_clean(member->text)))
            abort();
    }
}

static void
check_feed(const struct json *feed, size_t size)
{
    const struct json *items = json_member(feed, "items");
    if (!items || items->kind != JSON_ARRAY || items->count > size / 6)
        abort();
    for (const struct json *item = items->first; item; item = item->next)
        check_item(item);
}

static void
check_round_trip(struct arena *arena, const struct json *feed)
{
    CLEANUP(buffer_done) struct buffer first = {0};
    CLEANUP(buffer_done) struct buffer second = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&first);
    json_write(writer, feed);
    const struct json *again =
        json_parse(arena, buffer_span(&first), NULL, NULL);
    if (!again)
        abort();
    json_writer_reset(writer, &second);
    json_write(writer, again);
    if (!span_equal(buffer_span(&first), buffer_span(&second)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"application/rss+xml",
                                        "text/xml; charset=windows-1251",
                                        "text/xml; charset=utf-8", ""};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct error err = {0};
    const char *type = types[size % 4];
    struct json *feed =
        feed_parse(arena, (struct span){(const char *)data, size},
                   span_of(type), span_of("https://news.example/feed"), &err);
    if (!feed) {
        if (err.kind != ERROR_RECORD || !err.message[0])
            abort();
        return 0;
    }
    check_feed(feed, size);
    check_round_trip(arena, feed);
    return 0;
}
