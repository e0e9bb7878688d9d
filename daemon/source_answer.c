#include "clock.h"
#include "feed.h"
#include "source_model.h"

static bool
rule_applies(const struct error_rule *rule, const struct response *response,
             const struct json *root)
{
    bool status = rule->status_count == 0;
    for (size_t i = 0; i < rule->status_count; i++)
        status = status || rule->statuses[i] == response->status;
    return status &&
           (!rule->has_when || (root && predicate_holds(&rule->when, root)));
}

static void
apply_rule(struct source *source, const struct error_rule *rule,
           const struct response *response, const struct json *root,
           int64_t now_ms)
{
    struct walk *walk = &source->walks[source->current];
    struct span words = json_text(json_at(root, rule->say_at));
    if (!rule->say_at.len)
        words = SPAN_NONE;
    const char *say = rule->say ? rule->say : "the network refused";
    int64_t wait_ms = source_asked_wait(source, response, now_ms);
    if (rule->wait_ms > wait_ms)
        wait_ms = rule->wait_ms;
    switch (rule->action) {
    case ACTION_RETRY:
    case ACTION_THROTTLE:
        source_fail(source, now_ms, wait_ms, "%s%s%.*s (HTTP %u)", say,
                    words.len ? ": " : "", SPAN_ARGS(words), response->status);
        return;
    case ACTION_STOP:
        source_stop_for_person(source, now_ms, "%s%s%.*s (HTTP %u)", say,
                               words.len ? ": " : "", SPAN_ARGS(words),
                               response->status);
        return;
    case ACTION_NOTHING_NEW:
        source_walk_done(source, now_ms);
        return;
    case ACTION_RESET:
        walk->now.cursor[0] = '\0';
        walk->now.walking = false;
        source_report_gap(source, walk, "the network forgot the cursor");
        source_fail(source, now_ms, wait_ms, "%s: beginning anew", say);
        return;
    }
}

static void
refuse_status(struct source *source, const struct response *response,
              int64_t now_ms)
{
    int64_t wait_ms = source_asked_wait(source, response, now_ms);
    unsigned status = response->status;
    if (status == 429)
        source_fail(source, now_ms, wait_ms, "too many requests (HTTP 429)");
    else if (status == 401 || status == 403)
        source_stop_for_person(
            source, now_ms, "not allowed (HTTP %u): check the token", status);
    else if (status == 404 || status == 410)
        source_stop_for_person(
            source, now_ms, "not there (HTTP %u): check the address", status);
    else if (status >= 500)
        source_fail(source, now_ms, wait_ms, "the server fails (HTTP %u)",
                    status);
    else
        source_fail(source, now_ms, wait_ms, "unexpected answer (HTTP %u)",
                    status);
}

static struct json *
parse_body(struct source *source, const struct request_model *model,
           const struct response *response, struct error *err)
{
    if (model->as == ANSWER_FEED)
        return feed_parse(source->answer, response->body,
                          response_header(response, "content-type"),
                          buffer_span(&source->url), err);
    const struct json_limits limits = {.size_bytes = 64 * 1024 * 1024};
    return json_parse(source->answer, response->body, &limits, err);
}

static bool
looks_like_html(struct span body)
{
    struct span start = span_trim(body);
    return span_starts(start, "<!DOCTYPE html") ||
           span_starts(start, "<!doctype html") || span_starts(start, "<html");
}

/* The connector's rules come first, for every status: networks put errors under
 * HTTP 200 (networks.md, finding 4). */
static bool
passes(struct source *source, const struct response *response,
       struct json *root, const struct error *problem, int64_t now_ms)
{
    const struct connector *connector = source->connector;
    for (size_t i = 0; i < connector->error_count; i++)
        if (rule_applies(&connector->errors[i], response, root)) {
            apply_rule(source, &connector->errors[i], response, root, now_ms);
            return false;
        }
    if (response->status < 200 || response->status > 299) {
        refuse_status(source, response, now_ms);
        return false;
    }
    if (root)
        return true;
    if (looks_like_html(response->body))
        source_fail(source, now_ms, 0,
                    "a web page (HTML) instead of data: is the address right?");
    else
        source_fail(source, now_ms, 0, "the answer cannot be read: %s",
                    problem->message);
    return false;
}

static void
take_lookup(struct source *source, const struct json *root, int64_t now_ms)
{
    struct walk *walk = &source->walks[source->current];
    struct span text = json_text(json_at(root, walk->stream->lookup_at));
    source->looking_up = false;
    if (text.len == 0 || text.len >= sizeof(walk->lookup)) {
        source_fail(source, now_ms, 0, "'%.*s' was not found",
                    SPAN_ARGS(walk->target));
        return;
    }
    memcpy(walk->lookup, text.at, text.len);
    walk->lookup[text.len] = '\0';
    source->state = SOURCE_WAITING;
    source->due_ms = now_ms + source->connector->spacing_ms;
}

/* So that it is told once, and not at each poll. By its id, where it has one:
 * its counts may change. */
static uint64_t
unreadable_identity(const struct answer_item *item)
{
    CLEANUP(buffer_done) struct buffer bytes = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&bytes);
    if (item->post.id.len == 0 && writer)
        json_write(writer, item->record);
    return identity_of(item->post.id.len ? item->post.id : buffer_span(&bytes),
                       span_of(item->reason ? item->reason : ""));
}

static void
map_item(struct source *source, const struct stream_model *stream,
         const struct json *record, struct answer_item *item)
{
    const struct json *inner = json_at(record, stream->unwrap);
    const struct cursor_model *cursor = &stream->cursor;
    *item = (struct answer_item){.record = record};
    item->key =
        cursor->key.len ? json_text(json_at(record, cursor->key)) : SPAN_NONE;
    item->pinned =
        cursor->has_pinned && predicate_holds(&cursor->pinned, record);
    if (stream->unwrap.len && inner && inner->kind == JSON_OBJECT)
        item->record = inner;
    const struct json *unreadable = json_member(record, "karool_error");
    if (stream->cursor.kind == CURSOR_FILE && unreadable) {
        item->reason = json_text(unreadable).at;
        return;
    }
    const char *columns = stream->columns;
    struct record_context context = {
        .arena = source->answer,
        .stream = stream,
        .source = source->settings,
        .columns = columns ? source_variable(source->settings, columns) : NULL,
        .lookup = source_hole,
        .lookup_context = source,
    };
    struct error err = {0};
    item->readable =
        record_map(&context, item->record, &item->post, &item->author, &err);
    if (!item->readable) {
        item->reason = arena_copy(source->answer, span_of(err.message));
        item->identity = unreadable_identity(item);
        return;
    }
    item->post.raw = record_raw(&context, item->record, source->config->raw);
    item->identity = identity_of(item->post.id, item->post.version);
    if (!clock_parse_iso8601(item->post.created_at, &item->created_ms))
        item->created_ms = 0;
}

static bool
dropped(const struct stream_model *stream, const struct json *record)
{
    for (size_t i = 0; i < stream->drop_count; i++)
        if (predicate_holds(&stream->drops[i], record))
            return true;
    return false;
}

static bool
take_records(struct source *source, const struct stream_model *stream,
             struct answer *out, int64_t now_ms)
{
    const struct json *list = json_at(out->root, stream->records);
    if (!list || list->kind != JSON_ARRAY) {
        bool missing = !list || list->kind == JSON_NULL;
        if (missing && stream->records_missing_empty)
            return true;
        source_fail(source, now_ms, 0,
                    "the answer has no list of records at '%.*s'",
                    SPAN_ARGS(stream->records));
        return false;
    }
    out->items =
        arena_alloc(source->answer, (list->count + 1) * sizeof(*out->items));
    if (!out->items) {
        source_fail(source, now_ms, 0, "out of memory");
        return false;
    }
    for (const struct json *record = list->first; record; record = record->next)
        if (!dropped(stream, record))
            map_item(source, stream, record, &out->items[out->count++]);
    return true;
}

bool
source_judge(struct source *source, const struct response *response,
             int64_t now_ms, struct answer *out)
{
    struct walk *walk = &source->walks[source->current];
    const struct request_model *model =
        source->looking_up ? &walk->stream->lookup : &walk->stream->request;
    *out = (struct answer){0};
    arena_clear(source->answer);
    if (response->failure != RESPONSE_OK) {
        source_fail(source, now_ms, 0, "%s", response->reason);
        return false;
    }
    if (response->status == 304) {
        source_walk_done(source, now_ms);
        return false;
    }
    struct error problem = {0};
    out->root = parse_body(source, model, response, &problem);
    if (!passes(source, response, out->root, &problem, now_ms))
        return false;
    if (source->looking_up) {
        take_lookup(source, out->root, now_ms);
        return false;
    }
    out->etag = response_header(response, "etag");
    out->last_modified = response_header(response, "last-modified");
    out->next_offset = response->next_offset;
    out->at_end = response->at_end;
    out->replaced = response->replaced;
    return take_records(source, walk->stream, out, now_ms);
}
