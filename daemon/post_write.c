#include "post.h"

#include "json.h"
#include "utf8.h"

static void
write_member(struct json_writer *writer, const char *key, struct span text)
{
    json_key(writer, key);
    json_string_or_null(writer, text);
}

static void
write_number(struct json_writer *writer, const char *key, struct span number)
{
    json_key(writer, key);
    if (number.at)
        json_number_text(writer, number);
    else
        json_null(writer);
}

static void
write_counts(struct json_writer *writer, const struct post *post)
{
    json_key(writer, "counts");
    json_open_object(writer);
    write_number(writer, "likes", post->likes);
    write_number(writer, "reposts", post->reposts);
    write_number(writer, "comments", post->comments);
    write_number(writer, "views", post->views);
    json_close_object(writer);
}

/* Who, where and when: all that comes before the texts. */
static void
write_origin(struct json_writer *writer, const struct post *post)
{
    json_key(writer, "schema");
    json_cstring(writer, POST_SCHEMA);
    write_member(writer, "id", post->id);
    write_member(writer, "version", post->version);
    write_member(writer, "network", post->network);
    write_member(writer, "source", post->source);
    write_member(writer, "kind", post->kind);
    write_member(writer, "url", post->url);
    json_key(writer, "author");
    json_open_object(writer);
    write_member(writer, "id", post->author_id);
    json_close_object(writer);
    write_member(writer, "created_at", post->created_at);
    write_member(writer, "edited_at", post->edited_at);
    write_member(writer, "fetched_at", post->fetched_at);
    write_member(writer, "lang", post->lang);
    write_member(writer, "reply_to", post->reply_to);
    write_counts(writer, post);
}

static bool
write_post(struct buffer *out, const struct post *post, struct error *err)
{
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(out);
    if (!writer)
        return error_no_memory(err);
    json_open_object(writer);
    write_origin(writer, post);
    write_member(writer, "title", post->title);
    json_key(writer, "text");
    json_string(writer, post->text);
    if (post->repaired) {
        json_key(writer, "repaired");
        json_bool(writer, true);
    }
    if (post->truncated) {
        json_key(writer, "truncated");
        json_bool(writer, true);
    }
    if (post->raw.at) {
        json_key(writer, "raw");
        json_raw(writer, post->raw);
    }
    json_close_object(writer);
    return buffer_ok(out) || error_no_memory(err);
}

bool
post_write(struct buffer *out, const struct post *post, struct error *err)
{
    size_t start = out->len;
    struct post smaller = *post;
    /* Writing a text of `raw` alone that is over the limit would be wasted. */
    if (smaller.raw.len > POST_SIZE_MAX)
        smaller.raw = SPAN_NONE;
    for (;;) {
        if (!write_post(out, &smaller, err))
            return false;
        size_t size = out->len - start;
        if (size <= POST_SIZE_MAX)
            return true;
        out->len = start;
        if (smaller.raw.at) {
            smaller.raw = SPAN_NONE;
            continue;
        }
        if (smaller.text.len == 0)
            return error_set(err, ERROR_RECORD,
                             "larger than 900 KB without its text");
        /* A byte less of text is at least a byte less of JSON. */
        size_t excess = size - POST_SIZE_MAX;
        if (!smaller.truncated)
            excess += strlen(",\"truncated\":true");
        smaller.truncated = true;
        smaller.text.len =
            utf8_cut(smaller.text,
                     smaller.text.len > excess ? smaller.text.len - excess : 0);
    }
}
