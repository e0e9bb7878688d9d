#include "post.h"

#include "json.h"
#include "utf8.h"

/* A cut text is at most so many bytes shorter than it could be. */
#define CUT_STEP 1024

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

bool
post_write_uncut(struct buffer *out, const struct post *post, struct error *err)
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

/* Writes the post; what is too large is taken away again. */
static bool
write_if_fits(struct buffer *out, const struct post *post, bool *fits,
              struct error *err)
{
    size_t start = out->len;
    if (!post_write_uncut(out, post, err))
        return false;
    *fits = out->len - start <= POST_SIZE_MAX;
    if (!*fits)
        out->len = start;
    return true;
}

/* How much text fits is found by halving: what a byte becomes in JSON is the
 * writer's to know, and such posts are rare. */
static bool
write_cut(struct buffer *out, struct post *post, struct error *err)
{
    struct span whole = post->text;
    size_t start = out->len;
    size_t good = 0,
           bad = whole.len < POST_SIZE_MAX ? whole.len : POST_SIZE_MAX;
    bool fits;
    post->truncated = true;
    while (bad - good > CUT_STEP) {
        post->text.len = utf8_cut(whole, good + (bad - good) / 2);
        if (!write_if_fits(out, post, &fits, err))
            return false;
        out->len = start;
        if (fits)
            good += (bad - good) / 2;
        else
            bad = good + (bad - good) / 2;
    }
    post->text.len = utf8_cut(whole, good);
    if (!write_if_fits(out, post, &fits, err))
        return false;
    return fits ||
           error_set(err, ERROR_RECORD, "larger than 900 KB without its text");
}

bool
post_write(struct buffer *out, const struct post *post, struct error *err)
{
    struct post smaller = *post;
    bool fits = false;
    if (smaller.raw.len <= POST_SIZE_MAX &&
        !write_if_fits(out, &smaller, &fits, err))
        return false;
    if (fits)
        return true;
    smaller.raw = SPAN_NONE;
    if (!write_if_fits(out, &smaller, &fits, err))
        return false;
    return fits || write_cut(out, &smaller, err);
}
