#include <stdio.h>

#include "clock.h"
#include "rejected_record.h"
#include "source_model.h"

static bool
add_rejected(struct source *source, const struct answer_item *item,
             const char *reason, int64_t now_ms, struct page *page,
             struct error *err)
{
    CLEANUP(buffer_done) struct buffer bytes = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *inner = json_writer_new(&bytes);
    if (!inner)
        return error_no_memory(err);
    json_write(inner, item->record);

    if (!buffer_ok(&bytes))
        return error_no_memory(err);
    const struct rejected_record why = {
        .stage = "ingest",
        .reason = reason,
        .source = source->settings->id,
        .post_id = item->readable ? item->post.id : SPAN_NONE,
        .bytes = buffer_span(&bytes),
        .keep = source->config->rejected_keep,
    };
    if (!rejected_write(&out, &why, now_ms, err))
        return false;
    if (!page_add(page, PAGE_REJECTED, rejected_key(why.post_id),
                  buffer_span(&out), now_ms))
        return error_no_memory(err);
    source->rejected++;
    return true;
}

/* "mastodon:https://…": an id is the whole network's, never the source's. */
static struct span
network_id(struct source *source, struct span id)
{
    char *text = arena_printf(source->answer, "%s:%.*s",
                              source->connector->network, SPAN_ARGS(id));
    return span_of(text);
}

bool
source_add_item(struct source *source, struct answer_item *item, int64_t now_ms,
                struct page *page, struct error *err)
{
    if (!item->readable)
        return add_rejected(source, item,
                            item->reason ? item->reason : "cannot be read",
                            now_ms, page, err);
    char fetched[CLOCK_TEXT_SIZE], author[PSEUDONYM_SIZE];
    struct post post = item->post;
    clock_format(now_ms, fetched);
    post.fetched_at = span_of(fetched);
    post.network = span_of(source->connector->network);
    post.source = span_of(source->settings->id);
    post.id = network_id(source, post.id);
    if (post.reply_to.len)
        post.reply_to = network_id(source, post.reply_to);
    if (!post.id.at)
        return error_no_memory(err);
    if (item->author.len) {
        pseudonym_of(source->pseudonym, post.network, item->author, author);
        post.author_id = span_of(author);
    }
    CLEANUP(buffer_done) struct buffer value = {0};
    struct error problem = {0};
    if (!post_write(&value, &post, &problem)) {
        if (problem.kind != ERROR_RECORD)
            return error_set(err, problem.kind, "%s", problem.message);
        return add_rejected(source, item, problem.message, now_ms, page, err);
    }
    if (!page_add(page, PAGE_POSTS, post.id, buffer_span(&value), now_ms))
        return error_no_memory(err);
    source->posts++;
    return true;
}
