#include "connector_loader.h"

const char *const post_field_names[POST_FIELD_COUNT + 1] = {
    "id",        "version", "kind",     "url",   "author",  "created_at",
    "edited_at", "lang",    "reply_to", "likes", "reposts", "comments",
    "views",     "title",   "text",     NULL};

/* "/pointer" or a template with holes. */
static void
read_way(struct connector_loader *loader, const struct yaml_node *node,
         struct field_way *way)
{
    struct span text = loader_text(loader, node);
    *way = (struct field_way){0};
    if (text.len && text.at[0] == '/')
        way->at = text;
    else
        loader_template(loader, node, &way->template);
}

static void
read_ways(struct connector_loader *loader, const struct yaml_node *node,
          struct field_model *field)
{
    field->ways =
        loader_alloc(loader, (node->count + 1) * sizeof(*field->ways));
    for (const struct yaml_node *item = loader_first(node); field->ways && item;
         item = loader_next(node, item))
        read_way(loader, item, &field->ways[field->way_count++]);
}

static void
read_field(struct connector_loader *loader, const struct yaml_node *node,
           struct field_model *field)
{
    static const char *const keys[] = {"first", "join", "do", NULL};
    static const char *const transforms[] = {"html_text", "unix", "time", NULL};
    if (node->kind != YAML_NODE_MAP) {
        read_ways(loader, node, field);
        return;
    }
    if (!loader_map(loader, node, keys))
        return;
    const struct yaml_node *first = yaml_get(node, "first");
    const struct yaml_node *join = yaml_get(node, "join");
    const struct yaml_node *todo = yaml_get(node, "do");
    if (!first == !join)
        diagnostics_error(loader->diagnostics, node->place,
                          "a field has either 'first' (the first that is not "
                          "empty) or 'join' (all of them)");
    else
        read_ways(loader, first ? first : join, field);
    field->join = join != NULL;
    if (!todo)
        return;
    field->transforms =
        loader_alloc(loader, (todo->count + 1) * sizeof(*field->transforms));
    for (const struct yaml_node *item = loader_first(todo);
         field->transforms && item; item = loader_next(todo, item))
        field->transforms[field->transform_count++] =
            (enum transform)loader_choice(loader, item, transforms);
}

void
loader_fields(struct connector_loader *loader, const struct yaml_node *map,
              struct stream_model *stream)
{
    if (!loader_map(loader, map, post_field_names))
        return;
    for (int i = 0; i < POST_FIELD_COUNT; i++) {
        const struct yaml_node *node = yaml_get(map, post_field_names[i]);
        if (!node)
            continue;
        stream->fields[i] = (struct field_model){0};
        read_field(loader, node, &stream->fields[i]);
    }
}
