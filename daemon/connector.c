#include "connector.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "connector_loader.h"
#include "file.h"
#include "map.h"
#include "sha256.h"

enum { FILE_MAX = 1024 * 1024 };

struct connectors {
    struct arena *arena;
    struct map *by_name;
    const char **names;
};

void
connectors_free(struct connectors *connectors)
{
    if (!connectors)
        return;
    map_free(connectors->by_name);
    arena_free(connectors->arena);
    free(connectors);
}

static void
read_variable(struct connector_loader *loader, const struct yaml_node *node,
              struct variable_declaration *out)
{
    static const char *const keys[] = {"type",    "required", "default",
                                       "choices", "help",     NULL};
    static const char *const types[] = {"text",   "url",    "integer", "path",
                                        "choice", "secret", "list",    "urls",
                                        "paths",  "map",    NULL};
    static const enum variable_type kinds[] = {
        VARIABLE_TEXT,   VARIABLE_URL,    VARIABLE_INTEGER, VARIABLE_PATH,
        VARIABLE_CHOICE, VARIABLE_SECRET, VARIABLE_LIST,    VARIABLE_URLS,
        VARIABLE_PATHS,  VARIABLE_MAP};
    *out = (struct variable_declaration){
        .name = loader_copy(loader, node->key->text)};
    if (!loader_map(loader, node, keys))
        return;
    const struct yaml_node *value;
    if ((value = yaml_get(node, "type")))
        out->type = kinds[loader_choice(loader, value, types)];
    if ((value = yaml_get(node, "required")))
        out->required = loader_bool(loader, value);
    if ((value = yaml_get(node, "default")))
        out->default_text = loader_copy(loader, loader_text(loader, value));
    if ((value = yaml_get(node, "help")))
        out->help = loader_copy(loader, loader_text(loader, value));
    if ((value = yaml_get(node, "choices"))) {
        const char **choices =
            loader_alloc(loader, (value->count + 2) * sizeof(*choices));
        size_t count = 0;
        for (const struct yaml_node *item = loader_first(value);
             choices && item; item = loader_next(value, item))
            choices[count++] = loader_copy(loader, loader_text(loader, item));
        out->choices = choices;
    }
    if (out->type == VARIABLE_CHOICE && !out->choices)
        diagnostics_error(loader->diagnostics, node->place,
                          "a choice needs 'choices'");
}

static void
read_variables(struct connector_loader *loader, const struct yaml_node *map)
{
    struct connector *connector = loader->connector;
    if (!loader_map(loader, map, NULL))
        return;
    connector->variables =
        loader_alloc(loader, (map->count + 1) * sizeof(*connector->variables));
    for (const struct yaml_node *node = map->first;
         connector->variables && node; node = node->next)
        read_variable(loader, node,
                      &connector->variables[connector->variable_count++]);
}

static void
read_limits(struct connector_loader *loader, const struct yaml_node *map)
{
    static const char *const keys[] = {"spacing", "remaining", "reset",
                                       "reset_as", NULL};
    static const char *const kinds[] = {"auto", "epoch", "seconds", "iso8601",
                                        NULL};
    struct connector *connector = loader->connector;
    if (!loader_map(loader, map, keys))
        return;
    const struct yaml_node *node;
    if ((node = yaml_get(map, "spacing")))
        connector->spacing_ms = loader_duration(loader, node);
    if ((node = yaml_get(map, "remaining")))
        connector->remaining_header =
            loader_copy(loader, loader_text(loader, node));
    if ((node = yaml_get(map, "reset")))
        connector->reset_header =
            loader_copy(loader, loader_text(loader, node));
    if ((node = yaml_get(map, "reset_as")))
        connector->reset_as = loader_choice(loader, node, kinds);
}

static void
read_connector(struct connector_loader *loader, const struct yaml_node *root)
{
    static const char *const keys[] = {
        "karool", "network", "help", "vars", "request", "records",
        "limits", "errors",  "map",  "raw",  "streams", NULL};
    if (!loader_map(loader, root, keys))
        return;
    const struct yaml_node *node = yaml_get(root, "karool");
    if (!node || !span_is(node->text, "connector/1"))
        diagnostics_error(loader->diagnostics, node ? node->place : root->place,
                          "its first line must be 'karool: connector/1'");
    loader->connector->network = loader->connector->name;
    if ((node = yaml_get(root, "network")))
        loader->connector->network =
            loader_copy(loader, loader_text(loader, node));
    if ((node = yaml_get(root, "vars")))
        read_variables(loader, node);
    if ((node = yaml_get(root, "limits")))
        read_limits(loader, node);
    if ((node = yaml_get(root, "errors")))
        loader_errors(loader, node);
    loader_streams(loader, root);
}

/* NULL when there were errors. */
static struct connector *
load_text(struct arena *arena, const char *file, struct span name,
          struct span text, struct diagnostics *diagnostics)
{
    size_t errors = diagnostics_errors(diagnostics);
    struct connector_loader loader = {.arena = arena,
                                      .diagnostics = diagnostics};
    loader.connector = loader_alloc(&loader, sizeof(*loader.connector));
    struct yaml_node *root = yaml_parse(arena, file, text, diagnostics);
    if (root && loader.connector) {
        loader.connector->name = loader_copy(&loader, name);
        read_connector(&loader, root);
        struct sha256 sha256;
        char hex[SHA256_HEX_SIZE];
        sha256_init(&sha256);
        sha256_add(&sha256, text);
        sha256_hex(&sha256, hex);
        loader.connector->digest = span_of(loader_copy(&loader, span_of(hex)));
    }
    if (loader.no_memory)
        diagnostics_error(diagnostics, (struct place){file, 0, 0},
                          "out of memory");
    bool good = root && diagnostics_errors(diagnostics) == errors;
    return good ? loader.connector : NULL;
}

static struct connectors *
connectors_new(void)
{
    struct connectors *connectors = calloc(1, sizeof(*connectors));
    if (!connectors)
        return NULL;
    connectors->arena = arena_new();
    connectors->by_name = map_new();
    if (!connectors->arena || !connectors->by_name) {
        connectors_free(connectors);
        return NULL;
    }
    return connectors;
}

static int
is_connector_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && strcmp(dot, ".yaml") == 0;
}

static bool
load_file(struct connectors *connectors, const char *folder, const char *name,
          struct diagnostics *diagnostics)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    const char *path = arena_printf(connectors->arena, "%s/%s", folder, name);
    struct span stem = {name, strlen(name) - strlen(".yaml")};
    struct error err = {0};
    if (!path)
        return false;
    if (!file_load(&text, path, FILE_MAX, &err)) {
        diagnostics_error(diagnostics, (struct place){path, 0, 0}, "%s",
                          err.message);
        return true;
    }
    struct connector *connector = load_text(connectors->arena, path, stem,
                                            buffer_span(&text), diagnostics);
    return !connector || map_set(connectors->by_name, stem, connector);
}

static bool
note_names(struct connectors *connectors)
{
    size_t count = 0;
    connectors->names =
        arena_alloc(connectors->arena,
                    (map_count(connectors->by_name) + 1) * sizeof(char *));
    if (!connectors->names)
        return false;
    struct span name;
    for (size_t i = 0; map_next(connectors->by_name, &i, &name, NULL);)
        connectors->names[count++] = name.at;
    return true;
}

struct connectors *
connectors_load(const char *folder, struct diagnostics *diagnostics)
{
    struct place whole = {folder, 0, 0};
    struct dirent **entries = NULL;
    struct connectors *connectors = connectors_new();
    int count = scandir(folder, &entries, is_connector_file, alphasort);
    if (count < 0)
        diagnostics_error(diagnostics, whole,
                          "cannot read the folder of connectors: %s; the key "
                          "'connectors' names another",
                          strerror(errno));
    bool ok = connectors && count >= 0;
    for (int i = 0; i < count; i++) {
        ok = ok &&
             load_file(connectors, folder, entries[i]->d_name, diagnostics);
        free(entries[i]);
    }
    free(entries);
    ok = ok && note_names(connectors);
    if (!ok && count >= 0)
        diagnostics_error(diagnostics, whole, "out of memory");
    if (!ok) {
        connectors_free(connectors);
        return NULL;
    }
    return connectors;
}

struct connectors *
connectors_load_text(const char *name, struct span text,
                     struct diagnostics *diagnostics)
{
    struct connectors *connectors = connectors_new();
    if (!connectors)
        return NULL;
    struct connector *connector =
        load_text(connectors->arena, name, span_of(name), text, diagnostics);
    if (!connector || !map_set(connectors->by_name, span_of(name), connector) ||
        !note_names(connectors)) {
        connectors_free(connectors);
        return NULL;
    }
    return connectors;
}

const struct connector *
connectors_get(const struct connectors *connectors, struct span name)
{
    return map_get(connectors->by_name, name);
}

const char *const *
connectors_names(const struct connectors *connectors)
{
    return connectors->names;
}

const char *
connector_name(const struct connector *connector)
{
    return connector->name;
}

bool
connector_is_local(const struct connector *connector)
{
    return connector->local;
}

struct span
connector_digest(const struct connector *connector)
{
    return connector->digest;
}

const struct variable_declaration *
connector_variables(const struct connector *connector, size_t *count)
{
    *count = connector->variable_count;
    return connector->variables;
}
