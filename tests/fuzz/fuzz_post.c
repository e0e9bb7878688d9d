/*
 * A record that is read: its texts are clean, its head reads the same, and
 * what is written of it reads the same. Of a name that stands twice the last
 * counts, wherever it stands.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "post.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static void
require_same(const struct post *a, const struct post *b)
{
    require(span_equal(a->id, b->id));
    require(span_equal(a->version, b->version));
    require(span_equal(a->url, b->url));
    require(span_equal(a->author_id, b->author_id));
    require(span_equal(a->lang, b->lang));
    require(span_equal(a->likes, b->likes));
    require(span_equal(a->title, b->title));
    require(!a->title.at == !b->title.at);
    require(span_equal(a->text, b->text));
    require(a->repaired == b->repaired);
}

/* A blank that only yajl knows sends the record around the known shapes. */
static void
require_like_yajl(struct post_reader *reader, struct span record, bool read,
                  const struct post *post, const struct error *err)
{
    CLEANUP(buffer_done) struct buffer odd = {0};
    struct error other_err = {0};
    struct post other;
    if (span_starts(record, "\xEF\xBB\xBF"))
        return;
    buffer_append_byte(&odd, '\f');
    buffer_append_span(&odd, record);
    require(post_read(reader, buffer_span(&odd), &other, &other_err) == read);
    require(strcmp(err->message, other_err.message) == 0);
    if (!read)
        return;
    require(post_read_head(reader, &other, NULL));
    require_same(post, &other);
    require(span_equal(post->head, other.head));
}

static void
require_last(const struct json *root, const char *name, struct span read,
             bool number)
{
    const struct json *last = NULL;
    for (const struct json *member = root->first; member; member = member->next)
        if (span_is(member->key, name))
            last = member;
    if (last && last->kind == JSON_NUMBER && !number)
        last = NULL;
    if (!last || !last->repaired)
        require(span_equal(json_text(last), read));
}

/* All of the record in a tree: nothing hides behind `raw` or a first text. */
static void
require_last_of_each(struct span record, const struct post *post)
{
    const struct json_limits limits = {.size_bytes = 16 * 1024};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *root = json_parse(arena, record, &limits, NULL);
    if (!root)
        return;
    require_last(root, "text", post->text, false);
    require_last(root, "title", post->title, false);
    require_last(root, "id", post->id, true);
    require_last(root, "version", post->version, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct post_reader *reader, *second;
    if (!reader) {
        reader = post_reader_new(NULL);
        second = post_reader_new(NULL);
        require(reader && second);
    }
    struct error err = {0};
    struct post post, again;
    struct span record = {(const char *)data, size};
    bool read = post_read(reader, record, &post, &err);
    require(!read || post_read_head(reader, &post, &err));
    require_like_yajl(second, record, read, &post, &err);
    if (!read) {
        require(err.kind == ERROR_RECORD && err.message[0]);
        return 0;
    }
    require_last_of_each(record, &post);
    require(post.text.at != NULL);
    require(utf8_clean(post.text) && utf8_clean(post.title));
    require(utf8_clean(post.id) && utf8_clean(post.head));
    require(post_read(second, post.head, &again, NULL));
    require_same(&post, &again);

    CLEANUP(buffer_done) struct buffer out = {0};
    require(post_write(&out, &post, NULL));
    require(post_read(second, buffer_span(&out), &again, NULL));
    require_same(&post, &again);
    return 0;
}
