#include <stdlib.h>

#include "clock.h"
#include "config_loader.h"
#include "secret.h"

struct span
config_text(struct config_loader *loader, const struct yaml_node *node)
{
    if (node->kind == YAML_NODE_SCALAR)
        return node->text;
    diagnostics_error(loader->diagnostics, node->place,
                      "'%.*s' takes one value, not a %s",
                      SPAN_ARGS(node->key ? node->key->text : span_of("item")),
                      node->kind == YAML_NODE_LIST ? "list" : "map");
    return span_of("");
}

const char *
config_absolute(struct config_loader *loader, struct span path)
{
    if (path.len && path.at[0] == '/')
        return config_copy(loader, path);
    const char *joined = arena_printf(loader->arena, "%s/%.*s",
                                      loader->config->folder, SPAN_ARGS(path));
    loader->no_memory = loader->no_memory || !joined;
    return joined ? joined : "";
}

struct span
config_secret(struct config_loader *loader, const struct yaml_node *node)
{
    const struct yaml_node *name = yaml_get(node, "secret");
    if (!name || node->count != 1 || name->kind != YAML_NODE_SCALAR) {
        diagnostics_error(loader->diagnostics, node->place,
                          "a secret is never written here: write {secret: "
                          "NAME} and keep the value in a credential, the "
                          "environment or a 0600 file");
        return SPAN_NONE;
    }
    const char *const folders[] = {loader->config->folder,
                                   loader->config->state_directory, NULL};
    CLEANUP(buffer_done) struct buffer value = {0};
    struct error err = {0};
    if (!secret_find(&value, name->text, folders, &err)) {
        if (loader->options->secrets)
            diagnostics_error(loader->diagnostics, name->place, "%s",
                              err.message);
        else
            diagnostics_warning(loader->diagnostics, name->place, "%s",
                                err.message);
        return SPAN_NONE;
    }
    return (struct span){config_copy(loader, buffer_span(&value)), value.len};
}

void
config_unknown(struct config_loader *loader, const struct yaml_node *node,
               const char *const *known)
{
    struct span name = node->key ? node->key->text : span_of("");
    struct place place = node->key ? node->key->place : node->place;
    const char *near = diagnostics_nearest(name, known);
    diagnostics_error(loader->diagnostics, place,
                      "the key '%.*s' is not known%s%s%s", SPAN_ARGS(name),
                      near ? ": did you mean '" : "", near ? near : "",
                      near ? "'?" : "");
}

static bool
name_is_sound(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool inner = i > 0 && (c == '-' || c == '_' || c == '.');
        if (!inner && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return name.len > 0 && name.len <= 100;
}

static bool
is_choice(const char *choices, struct span text)
{
    while (*choices) {
        size_t len = strcspn(choices, " ");
        if (text.len == len && memcmp(text.at, choices, len) == 0)
            return true;
        choices += len;
        choices += *choices == ' ';
    }
    return false;
}

/* The complaint about a value, or NULL when it was put into its place. */
static const char *
put_number(const struct config_key *key, struct span text, unsigned *out)
{
    unsigned long number = 0;
    bool digits = text.len > 0 && text.len < 10;
    for (size_t i = 0; digits && i < text.len; i++) {
        digits = text.at[i] >= '0' && text.at[i] <= '9';
        number = number * 10 + (unsigned long)(text.at[i] - '0');
    }
    if (!digits || number < key->least || number > key->most)
        return "a whole number within its limits";
    *out = (unsigned)number;
    return NULL;
}

static const char *
put_truth(struct span text, bool *out)
{
    *out = span_is(text, "true") || span_is(text, "yes");
    return *out || span_is(text, "false") || span_is(text, "no")
               ? NULL
               : "true or false";
}

static const char *
put_value(struct config_loader *loader, const struct config_key *key,
          struct span text, void *place)
{
    switch (key->type) {
    case CONFIG_TEXT:
        *(const char **)place = config_copy(loader, text);
        return text.len ? NULL : "a text";
    case CONFIG_NAME:
        *(const char **)place = config_copy(loader, text);
        return name_is_sound(text)
                   ? NULL
                   : "small Latin letters, digits, hyphens (such as kg-2027)";
    case CONFIG_PATH:
        *(const char **)place = config_absolute(loader, text);
        return text.len ? NULL : "a path";
    case CONFIG_CHOICE:
        /* Choices without a place of their own are read by config.c. */
        if (key->offset)
            *(const char **)place = config_copy(loader, text);
        return is_choice(key->choices, text) ? NULL : key->choices;
    case CONFIG_BOOL:
        return put_truth(text, place);
    case CONFIG_ALLOW:
        *(bool *)place = span_is(text, "allow");
        return *(bool *)place ? NULL : "'allow', or leave the key out";
    case CONFIG_NUMBER:
        return put_number(key, text, place);
    case CONFIG_DURATION:
        return clock_parse_duration(text, place)
                   ? NULL
                   : "a number with its unit: 500ms, 30s, 5m, 2h, 7d";
    case CONFIG_SECRET:
    case CONFIG_OTHER:
        break;
    }
    return NULL;
}

void
config_value(struct config_loader *loader, const struct config_key *key,
             const struct yaml_node *node, void *base)
{
    void *place = (char *)base + key->offset;
    if (key->type == CONFIG_OTHER)
        return;
    if (key->type == CONFIG_SECRET) {
        *(struct span *)place = config_secret(loader, node);
        return;
    }
    if (node->kind != YAML_NODE_SCALAR) {
        (void)config_text(loader, node);
        return;
    }
    if (node->cut)
        diagnostics_warning(loader->diagnostics, node->place,
                            "what follows ' #' is a comment and is not read: "
                            "put the value in single quotes if it belongs");
    const char *expected = put_value(loader, key, node->text, place);
    if (expected && key->type == CONFIG_CHOICE)
        diagnostics_error(loader->diagnostics, node->place,
                          "'%s' is one of: %s; not '%.*s'", key->path, expected,
                          SPAN_ARGS(node->text));
    else if (expected && key->type == CONFIG_NUMBER)
        diagnostics_error(loader->diagnostics, node->place,
                          "'%s' is a whole number from %u to %u, not '%.*s'",
                          key->path, key->least, key->most,
                          SPAN_ARGS(node->text));
    else if (expected)
        diagnostics_error(loader->diagnostics, node->place,
                          "'%s' is %s; not '%.*s'", key->path, expected,
                          SPAN_ARGS(node->text));
}

void
config_fallbacks(struct config_loader *loader, const struct config_key *keys,
                 size_t count, void *base)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i].fallback && keys[i].type != CONFIG_SECRET &&
            keys[i].type != CONFIG_OTHER)
            put_value(loader, &keys[i], span_of(keys[i].fallback),
                      (char *)base + keys[i].offset);
}
