#include "connector_loader.h"

#include "clock.h"

void *
loader_alloc(struct connector_loader *loader, size_t size_bytes)
{
    void *memory = arena_alloc(loader->arena, size_bytes);
    loader->no_memory = loader->no_memory || !memory;
    return memory;
}

const char *
loader_copy(struct connector_loader *loader, struct span text)
{
    const char *copy = arena_copy(loader->arena, text);
    loader->no_memory = loader->no_memory || !copy;
    return copy ? copy : "";
}

static struct span
key_of(const struct yaml_node *node)
{
    return node->key ? node->key->text : span_of("item");
}

struct span
loader_text(struct connector_loader *loader, const struct yaml_node *node)
{
    if (node->kind == YAML_NODE_SCALAR)
        return node->text;
    diagnostics_error(loader->diagnostics, node->place,
                      "'%.*s' takes one value", SPAN_ARGS(key_of(node)));
    return span_of("");
}

struct span
loader_pointer(struct connector_loader *loader, const struct yaml_node *node)
{
    struct span text = loader_text(loader, node);
    if (text.len && text.at[0] != '/')
        diagnostics_error(loader->diagnostics, node->place,
                          "'%.*s' is no pointer: it begins with '/' (RFC "
                          "6901), or is '' for the whole",
                          SPAN_ARGS(text));
    return text;
}

int64_t
loader_duration(struct connector_loader *loader, const struct yaml_node *node)
{
    int64_t ms = 0;
    if (!clock_parse_duration(loader_text(loader, node), &ms))
        diagnostics_error(loader->diagnostics, node->place,
                          "'%.*s' is a number with its unit, such as 30s",
                          SPAN_ARGS(key_of(node)));
    return ms;
}

unsigned
loader_number(struct connector_loader *loader, const struct yaml_node *node)
{
    struct span text = loader_text(loader, node);
    unsigned number = 0;
    bool digits = text.len > 0 && text.len < 9;
    for (size_t i = 0; digits && i < text.len; i++) {
        digits = text.at[i] >= '0' && text.at[i] <= '9';
        number = number * 10 + (unsigned)(text.at[i] - '0');
    }
    if (!digits)
        diagnostics_error(loader->diagnostics, node->place,
                          "'%.*s' is a whole number, not '%.*s'",
                          SPAN_ARGS(key_of(node)), SPAN_ARGS(text));
    return digits ? number : 0;
}

bool
loader_bool(struct connector_loader *loader, const struct yaml_node *node)
{
    struct span text = loader_text(loader, node);
    if (!span_is(text, "true") && !span_is(text, "false"))
        diagnostics_error(loader->diagnostics, node->place,
                          "'%.*s' is true or false", SPAN_ARGS(key_of(node)));
    return span_is(text, "true");
}

unsigned
loader_choice(struct connector_loader *loader, const struct yaml_node *node,
              const char *const *choices)
{
    struct span text = loader_text(loader, node);
    for (unsigned i = 0; choices[i]; i++)
        if (span_is(text, choices[i]))
            return i;
    CLEANUP(buffer_done) struct buffer all = {0};
    for (unsigned i = 0; choices[i]; i++)
        buffer_printf(&all, "%s%s", i ? ", " : "", choices[i]);
    diagnostics_error(loader->diagnostics, node->place,
                      "'%.*s' of this version is one of: %s; not '%.*s'",
                      SPAN_ARGS(key_of(node)), buffer_text(&all),
                      SPAN_ARGS(text));
    return 0;
}

bool
loader_map(struct connector_loader *loader, const struct yaml_node *node,
           const char *const *known)
{
    if (node->kind != YAML_NODE_MAP) {
        diagnostics_error(loader->diagnostics, node->place,
                          "'%.*s' holds keys with values",
                          SPAN_ARGS(key_of(node)));
        return false;
    }
    for (const struct yaml_node *value = node->first; known && value;
         value = value->next) {
        struct span key = value->key->text;
        bool found = false;
        for (size_t i = 0; known[i]; i++)
            found = found || span_is(key, known[i]);
        const char *near = found ? NULL : diagnostics_nearest(key, known);
        if (!found)
            diagnostics_error(loader->diagnostics, value->key->place,
                              "the key '%.*s' is not known%s%s%s",
                              SPAN_ARGS(key), near ? ": did you mean '" : "",
                              near ? near : "", near ? "'?" : "");
    }
    return true;
}

const struct yaml_node *
loader_first(const struct yaml_node *node)
{
    return node->kind == YAML_NODE_LIST ? node->first : node;
}

const struct yaml_node *
loader_next(const struct yaml_node *list, const struct yaml_node *item)
{
    return list->kind == YAML_NODE_LIST ? item->next : NULL;
}

void
loader_template(struct connector_loader *loader, const struct yaml_node *node,
                struct template *out)
{
    size_t errors = diagnostics_errors(loader->diagnostics);
    if (!template_compile(out, loader->arena, loader_text(loader, node),
                          node->place, loader->diagnostics) &&
        diagnostics_errors(loader->diagnostics) == errors)
        loader->no_memory = true;
}

void
loader_predicate(struct connector_loader *loader, const struct yaml_node *map,
                 struct predicate *out)
{
    static const char *const keys[] = {"at", "is", "present", NULL};
    *out = (struct predicate){.present = true};
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "at")))
        out->at = loader_pointer(loader, node);
    else
        diagnostics_error(loader->diagnostics, map->place,
                          "'at' is missing: a pointer to the value");
    if ((node = yaml_get(map, "present")))
        out->present = loader_bool(loader, node);
    if ((node = yaml_get(map, "is"))) {
        out->is = loader_alloc(loader, (node->count + 1) * sizeof(struct span));
        for (const struct yaml_node *item = loader_first(node); out->is && item;
             item = loader_next(node, item))
            out->is[out->is_count++] = loader_text(loader, item);
    }
}
