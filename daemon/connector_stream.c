#include "connector_loader.h"

enum { PAGES_DEFAULT = 100, TIMEOUT_DEFAULT_MS = 30000 };

static void
read_templates(struct connector_loader *loader, const struct yaml_node *map,
               struct named_templates *out)
{
    if (!loader_map(loader, map, NULL))
        return;
    /* What is said here is added to what all streams share. */
    struct named_template *items =
        loader_alloc(loader, (out->count + map->count + 1) * sizeof(*items));
    if (!items)
        return;
    for (size_t i = 0; i < out->count; i++)
        items[i] = out->items[i];
    out->items = items;
    for (const struct yaml_node *node = map->first; node; node = node->next) {
        struct named_template *item = &items[out->count++];
        item->name = (struct span){loader_copy(loader, node->key->text),
                                   node->key->text.len};
        loader_template(loader, node, &item->template);
    }
}

void
loader_request(struct connector_loader *loader, const struct yaml_node *map,
               struct request_model *out)
{
    static const char *const keys[] = {"as",          "base",    "path",
                                       "query",       "headers", "form",
                                       "conditional", "timeout", NULL};
    static const char *const kinds[] = {"json", "feed", "file", NULL};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "as")))
        out->as = loader_choice(loader, node, kinds);
    if ((node = yaml_get(map, "base")))
        loader_template(loader, node, &out->base);
    if ((node = yaml_get(map, "path")))
        loader_template(loader, node, &out->path);
    if ((node = yaml_get(map, "query")))
        read_templates(loader, node, &out->query);
    if ((node = yaml_get(map, "headers")))
        read_templates(loader, node, &out->headers);
    if ((node = yaml_get(map, "form")))
        read_templates(loader, node, &out->form);
    if ((node = yaml_get(map, "conditional")))
        out->conditional = loader_bool(loader, node);
    out->timeout_ms = out->timeout_ms ? out->timeout_ms : TIMEOUT_DEFAULT_MS;
    if ((node = yaml_get(map, "timeout")))
        out->timeout_ms = loader_duration(loader, node);
}

static void
read_targets(struct connector_loader *loader, const struct yaml_node *node,
             struct stream_model *stream)
{
    static const char *const keys[] = {"each", "values", NULL};
    const struct yaml_node *each = node;
    if (node->kind == YAML_NODE_MAP) {
        if (!loader_map(loader, node, keys))
            return;
        each = yaml_get(node, "each");
        const struct yaml_node *values = yaml_get(node, "values");
        if (values && loader_map(loader, values, NULL)) {
            stream->target_values = loader_alloc(
                loader, 2 * (values->count + 1) * sizeof(struct span));
            for (const struct yaml_node *item = values->first;
                 stream->target_values && item; item = item->next) {
                size_t at = 2 * stream->target_value_count++;
                stream->target_values[at] = item->key->text;
                stream->target_values[at + 1] = loader_text(loader, item);
            }
        }
    }
    if (!each) {
        diagnostics_error(loader->diagnostics, node->place,
                          "'each' is missing: the variable with the targets");
        return;
    }
    struct span name = loader_text(loader, each);
    for (size_t i = 0; i < loader->connector->variable_count; i++)
        if (span_is(name, loader->connector->variables[i].name))
            stream->targets = loader->connector->variables[i].name;
    if (!stream->targets)
        diagnostics_error(loader->diagnostics, each->place,
                          "no variable is called '%.*s'", SPAN_ARGS(name));
}

static void
read_paging(struct connector_loader *loader, const struct yaml_node *map,
            struct paging *out)
{
    static const char *const keys[] = {"kind", "at", "step", "pages", NULL};
    static const char *const kinds[] = {"none", "offset", "last", "token",
                                        NULL};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "kind")))
        out->kind = (enum paging_kind)loader_choice(loader, node, kinds);
    if ((node = yaml_get(map, "at")))
        out->at = loader_pointer(loader, node);
    if ((node = yaml_get(map, "step")))
        out->step = loader_number(loader, node);
    if ((node = yaml_get(map, "pages")))
        out->pages_max = loader_number(loader, node);
    if (out->kind == PAGING_OFFSET && out->step == 0)
        diagnostics_error(loader->diagnostics, map->place,
                          "paging by offset needs 'step', smaller than a page");
    if ((out->kind == PAGING_LAST || out->kind == PAGING_TOKEN) && !out->at.len)
        diagnostics_error(loader->diagnostics, map->place,
                          "this paging needs 'at': where the next page's "
                          "parameter is");
}

static void
read_cursor(struct connector_loader *loader, const struct yaml_node *map,
            struct cursor_model *out)
{
    static const char *const keys[] = {
        "kind", "key", "order", "beginning", "refresh", "pinned", NULL};
    static const char *const kinds[] = {"forward", "backward", "snapshot",
                                        "file", NULL};
    static const char *const orders[] = {"page_first", "page_last", NULL};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "kind")))
        out->kind = (enum cursor_kind)loader_choice(loader, node, kinds);
    else
        diagnostics_error(loader->diagnostics, map->place,
                          "a cursor needs its 'kind'");
    if ((node = yaml_get(map, "key")))
        out->key = loader_pointer(loader, node);
    if ((node = yaml_get(map, "order")))
        out->order = (enum cursor_order)loader_choice(loader, node, orders);
    if ((node = yaml_get(map, "beginning")))
        out->beginning = loader_text(loader, node);
    if ((node = yaml_get(map, "refresh")))
        out->refresh = loader_number(loader, node);
    if ((node = yaml_get(map, "pinned"))) {
        loader_predicate(loader, node, &out->pinned);
        out->has_pinned = true;
    }
    if (out->kind == CURSOR_FORWARD && !out->key.len)
        diagnostics_error(loader->diagnostics, map->place,
                          "a forward cursor needs 'key': the pointer to the "
                          "record's own cursor value");
}

static void
read_records(struct connector_loader *loader, const struct yaml_node *map,
             struct stream_model *stream)
{
    static const char *const keys[] = {"at", "missing", "unwrap", "drop", NULL};
    static const char *const missing[] = {"error", "empty", NULL};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "at")))
        stream->records = loader_pointer(loader, node);
    if ((node = yaml_get(map, "missing")))
        stream->records_missing_empty =
            loader_choice(loader, node, missing) == 1;
    if ((node = yaml_get(map, "unwrap")))
        stream->unwrap = loader_pointer(loader, node);
    if (!(node = yaml_get(map, "drop")))
        return;
    stream->drops =
        loader_alloc(loader, (node->count + 1) * sizeof(*stream->drops));
    for (const struct yaml_node *item = loader_first(node);
         stream->drops && item; item = loader_next(node, item))
        loader_predicate(loader, item, &stream->drops[stream->drop_count++]);
}

static void
read_lookup(struct connector_loader *loader, const struct yaml_node *map,
            struct stream_model *stream)
{
    static const char *const keys[] = {"request", "name", "at", NULL};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *request = yaml_get(map, "request");
    const struct yaml_node *name = yaml_get(map, "name");
    const struct yaml_node *at = yaml_get(map, "at");
    if (!request || !name || !at) {
        diagnostics_error(loader->diagnostics, map->place,
                          "a lookup needs 'request', 'name' and 'at'");
        return;
    }
    stream->has_lookup = true;
    loader_request(loader, request, &stream->lookup);
    stream->lookup_name = loader_text(loader, name);
    stream->lookup_at = loader_pointer(loader, at);
}

/* The harmless members of a record, of the whole connector or of a stream. */
static void
read_raw(struct connector_loader *loader, const struct yaml_node *list,
         struct stream_model *stream)
{
    stream->raw = loader_alloc(loader, (list->count + 1) * sizeof(struct span));
    for (const struct yaml_node *item = loader_first(list); stream->raw && item;
         item = loader_next(list, item)) {
        struct span pointer = loader_pointer(loader, item);
        stream->raw[stream->raw_count++] = pointer;
        if (pointer.len == 0)
            diagnostics_error(loader->diagnostics, item->place,
                              "'raw' lists members such as /tags, not the "
                              "whole record");
    }
}

static void
read_stream(struct connector_loader *loader, const struct yaml_node *map,
            struct stream_model *stream)
{
    static const char *const keys[] = {
        "targets", "request", "lookup",  "records", "paging",
        "cursor",  "map",     "columns", "raw",     NULL};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "targets")))
        read_targets(loader, node, stream);
    /* The lookup starts from the shared request, not from the stream's. */
    stream->lookup = stream->request;
    if ((node = yaml_get(map, "request")))
        loader_request(loader, node, &stream->request);
    if ((node = yaml_get(map, "lookup")))
        read_lookup(loader, node, stream);
    if ((node = yaml_get(map, "records")))
        read_records(loader, node, stream);
    if ((node = yaml_get(map, "paging")))
        read_paging(loader, node, &stream->paging);
    if ((node = yaml_get(map, "cursor")))
        read_cursor(loader, node, &stream->cursor);
    if ((node = yaml_get(map, "map")))
        loader_fields(loader, node, stream);
    if ((node = yaml_get(map, "columns")))
        stream->columns = loader_copy(loader, loader_text(loader, node));
    if ((node = yaml_get(map, "raw")))
        read_raw(loader, node, stream);
}

static void
check_stream(struct connector_loader *loader, const struct yaml_node *map,
             const struct stream_model *stream)
{
    bool file = stream->request.as == ANSWER_FILE;
    if (!stream->fields[FIELD_ID].way_count)
        diagnostics_error(loader->diagnostics, map->place,
                          "the stream '%s' maps no 'id'", stream->name);
    if (!stream->fields[FIELD_POST_TEXT].way_count)
        diagnostics_error(loader->diagnostics, map->place,
                          "the stream '%s' maps no 'text'", stream->name);
    if (!stream->request.path.count && !stream->request.base.count)
        diagnostics_error(loader->diagnostics, map->place,
                          "the stream '%s' has no request", stream->name);
    if (file != (stream->cursor.kind == CURSOR_FILE))
        diagnostics_error(loader->diagnostics, map->place,
                          "a file and a cursor of kind file go together");
}

void
loader_streams(struct connector_loader *loader, const struct yaml_node *root)
{
    struct connector *connector = loader->connector;
    const struct yaml_node *streams = yaml_get(root, "streams");
    if (!streams || streams->kind != YAML_NODE_MAP || streams->count == 0) {
        diagnostics_error(loader->diagnostics,
                          streams ? streams->place : root->place,
                          "'streams' names at least one stream");
        return;
    }
    struct stream_model shared = {.paging.pages_max = PAGES_DEFAULT};
    const struct yaml_node *node;
    if ((node = yaml_get(root, "request")))
        loader_request(loader, node, &shared.request);
    if ((node = yaml_get(root, "records")))
        read_records(loader, node, &shared);
    if ((node = yaml_get(root, "map")))
        loader_fields(loader, node, &shared);
    if ((node = yaml_get(root, "raw")))
        read_raw(loader, node, &shared);
    connector->streams = loader_alloc(loader, (streams->count + 1) *
                                                  sizeof(*connector->streams));
    connector->local = true;
    for (const struct yaml_node *item = streams->first;
         connector->streams && item; item = item->next) {
        struct stream_model *stream =
            &connector->streams[connector->stream_count++];
        *stream = shared;
        stream->name = loader_copy(loader, item->key->text);
        read_stream(loader, item, stream);
        check_stream(loader, item, stream);
        connector->local =
            connector->local && stream->request.as == ANSWER_FILE;
    }
}
