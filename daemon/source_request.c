#include "source_model.h"

static struct span
variable_text(struct source *source, struct span name)
{
    for (size_t i = 0; i < source->settings->variable_count; i++) {
        const struct variable *variable = &source->settings->variables[i];
        if (!span_is(name, variable->name) || variable->list.count == 0)
            continue;
        source->secret_used = source->secret_used || variable->secret;
        return variable->list.items[0];
    }
    return SPAN_NONE;
}

struct span
source_hole(void *context, const struct template_part *part)
{
    struct source *source = context;
    struct walk *walk = &source->walks[source->current];
    switch (part->hole) {
    case HOLE_VARIABLE:
        return variable_text(source, part->text);
    case HOLE_TARGET:
        return walk->target;
    case HOLE_TARGET_VALUE:
        return walk->value;
    case HOLE_CURSOR:
        /* A walk from the top goes by pages, not by the cursor. */
        return walk->now.walking ? SPAN_NONE : span_of(walk->now.cursor);
    case HOLE_PAGE:
        return walk->now.walking ? span_of(walk->now.page) : SPAN_NONE;
    case HOLE_LOOKUP:
        return span_of(walk->lookup);
    default:
        return SPAN_NONE;
    }
}

/* "name=value&…" of all whose holes are filled. */
static void
append_pairs(struct source *source, const struct named_templates *pairs,
             struct buffer *out, const char *before)
{
    for (size_t i = 0; i < pairs->count; i++) {
        size_t len = out->len;
        buffer_append_text(out, before);
        percent_encode(out, pairs->items[i].name);
        buffer_append_byte(out, '=');
        if (template_expand(&pairs->items[i].template, out, true, source_hole,
                            source))
            before = "&";
        else
            out->len = len;
    }
}

static bool
add_header(struct source *source, const char *name, struct span value)
{
    char *copy = arena_copy(source->answer, value);
    if (!copy || source->header_count == COUNT_OF(source->headers))
        return false;
    source->headers[source->header_count++] =
        (struct header){span_of(name), {copy, value.len}};
    return true;
}

static bool
build_headers(struct source *source, const struct request_model *model)
{
    source->header_count = 0;
    for (size_t i = 0; i < model->headers.count; i++) {
        buffer_clear(&source->text);
        if (!template_expand(&model->headers.items[i].template, &source->text,
                             false, source_hole, source))
            continue;
        if (!buffer_ok(&source->text) ||
            !add_header(source, model->headers.items[i].name.at,
                        buffer_span(&source->text)))
            return false;
    }
    const struct walk_state *state = &source->walks[source->current].now;
    if (!model->conditional || source->looking_up)
        return true;
    return (!state->etag[0] ||
            add_header(source, "If-None-Match", span_of(state->etag))) &&
           (!state->last_modified[0] ||
            add_header(source, "If-Modified-Since",
                       span_of(state->last_modified)));
}

static struct span
file_format(const struct source *source, struct span path)
{
    const struct variable *format = source_variable(source->settings, "format");
    if (format && format->list.count && !span_is(format->list.items[0], "auto"))
        return format->list.items[0];
    /* "posts.csv.gz" */
    if (path.len > 3 && memcmp(path.at + path.len - 3, ".gz", 3) == 0)
        path.len -= 3;
    bool csv =
        path.len > 4 && (memcmp(path.at + path.len - 4, ".csv", 4) == 0 ||
                         memcmp(path.at + path.len - 4, ".tsv", 4) == 0);
    return span_of(csv ? "csv" : "ndjson");
}

static void
build_file(struct source *source, struct request *out)
{
    const struct walk *walk = &source->walks[source->current];
    const struct variable *follow = source_variable(source->settings, "follow");
    uint64_t offset = 0;
    for (const char *digit = walk->now.cursor; *digit; digit++)
        offset = offset * 10 + (uint64_t)(*digit - '0');
    out->transport = TRANSPORT_FILE;
    out->format = file_format(source, out->url);
    out->offset = offset;
    out->max_records = 500;
    out->whole = !follow || follow->list.count == 0 ||
                 !span_is(follow->list.items[0], "true");
}

bool
source_build_request(struct source *source, struct request *out,
                     struct error *err)
{
    const struct walk *walk = &source->walks[source->current];
    const struct request_model *model =
        source->looking_up ? &walk->stream->lookup : &walk->stream->request;
    source->secret_used = false;
    arena_clear(source->answer);
    buffer_clear(&source->url);
    buffer_clear(&source->body);
    template_expand(&model->base, &source->url, false, source_hole, source);
    template_expand(&model->path, &source->url, false, source_hole, source);
    append_pairs(source, &model->query, &source->url, "?");
    append_pairs(source, &model->form, &source->body, "");
    bool form = model->form.count > 0;
    if (!build_headers(source, model) || !buffer_ok(&source->url) ||
        !buffer_ok(&source->body) ||
        (form && !add_header(source, "Content-Type",
                             span_of("application/x-www-form-urlencoded"))))
        return error_no_memory(err);
    *out = (struct request){
        .transport = TRANSPORT_HTTP,
        .method = span_of(form ? "POST" : "GET"),
        .url = buffer_span(&source->url),
        .headers = source->headers,
        .header_count = source->header_count,
        .body = form ? buffer_span(&source->body) : SPAN_NONE,
        .carries_secret = source->secret_used,
        .allow_http = source->settings->http,
        .allow_local = source->settings->local,
        .user_agent = source->settings->user_agent,
        .proxy = source->settings->proxy,
        .timeout_ms = (uint32_t)model->timeout_ms,
    };
    if (model->as == ANSWER_FILE)
        build_file(source, out);
    return true;
}
