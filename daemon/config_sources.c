#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "config_loader.h"
#include "map.h"

static const struct variable_declaration *
declaration(const struct connector *connector, struct span name)
{
    size_t count;
    const struct variable_declaration *variables =
        connector_variables(connector, &count);
    for (size_t i = 0; i < count; i++)
        if (span_is(name, variables[i].name))
            return &variables[i];
    return NULL;
}

static bool
check_url(struct config_loader *loader, const struct source_config *source,
          struct span url, struct place place)
{
    bool plain = span_starts(url, "http://");
    if (!plain && !span_starts(url, "https://")) {
        diagnostics_error(loader->diagnostics, place,
                          "'%.*s' is not a web address: it begins with "
                          "https://",
                          SPAN_ARGS(url));
        return false;
    }
    if (plain && !source->http) {
        diagnostics_error(loader->diagnostics, place,
                          "plain HTTP can be read and changed on the way: use "
                          "https://, or add 'http: allow' to this source");
        return false;
    }
    return true;
}

/* A file may come later, as one that is to be followed: no error. */
static void
look_at_file(struct config_loader *loader, const char *path, struct place place)
{
    struct stat status;
    if (!loader->options->look || !path)
        return;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        diagnostics_warning(loader->diagnostics, place,
                            "'%s' is a folder: name the files in it", path);
    else if (access(path, R_OK) != 0 && errno == EACCES)
        diagnostics_warning(loader->diagnostics, place,
                            "the file '%s' cannot be read by who runs this "
                            "command: Karool must be allowed to",
                            path);
    else if (access(path, R_OK) != 0)
        diagnostics_warning(loader->diagnostics, place,
                            "there is no file '%s': its posts come once it is "
                            "there",
                            path);
}

static struct span
read_path(struct config_loader *loader, struct span text, struct place place)
{
    while (span_starts(text, "./"))
        text = span_from(text, 2);
    const char *path = config_absolute(loader, text);
    look_at_file(loader, path, place);
    return span_of(path);
}

/* One text of a variable, checked by its declared type. */
static struct span
variable_text(struct config_loader *loader, const struct source_config *source,
              const struct variable_declaration *declared,
              const struct yaml_node *node)
{
    struct span text = span_trim(config_text(loader, node));
    switch (declared->type) {
    case VARIABLE_URL:
    case VARIABLE_URLS:
        check_url(loader, source, text, node->place);
        while (text.len && text.at[text.len - 1] == '/' &&
               declared->type == VARIABLE_URL)
            text.len--;
        break;
    case VARIABLE_PATH:
    case VARIABLE_PATHS:
        return read_path(loader, text, node->place);
    case VARIABLE_INTEGER:
        for (size_t i = 0; i < text.len; i++)
            if (!strchr("0123456789", text.at[i])) {
                diagnostics_error(loader->diagnostics, node->place,
                                  "'%s' is a whole number", declared->name);
                break;
            }
        break;
    case VARIABLE_CHOICE:
        for (size_t i = 0; declared->choices[i]; i++)
            if (span_is(text, declared->choices[i]))
                return span_of(declared->choices[i]);
        const char *near = diagnostics_nearest(text, declared->choices);
        diagnostics_error(loader->diagnostics, node->place,
                          "'%s' cannot be '%.*s'%s%s%s", declared->name,
                          SPAN_ARGS(text), near ? ": did you mean '" : "",
                          near ? near : "", near ? "'?" : "");
        break;
    default:
        break;
    }
    return (struct span){config_copy(loader, text), text.len};
}

static bool
is_list(enum variable_type type)
{
    return type == VARIABLE_LIST || type == VARIABLE_URLS ||
           type == VARIABLE_PATHS;
}

/* Two walks over the same would share one cursor. */
static bool
is_repeated(struct config_loader *loader, const struct variable *variable,
            struct span text, struct place place)
{
    for (size_t i = 0; i < variable->list.count; i++)
        if (span_equal(variable->list.items[i], text)) {
            diagnostics_warning(loader->diagnostics, place,
                                "'%.*s' stands in this list twice; once is "
                                "enough",
                                SPAN_ARGS(text));
            return true;
        }
    return false;
}

static void
read_items(struct config_loader *loader, const struct source_config *source,
           const struct variable_declaration *declared,
           const struct yaml_node *list, struct variable *variable)
{
    for (const struct yaml_node *item = list->first; item; item = item->next) {
        struct span text = variable_text(loader, source, declared, item);
        if (!is_repeated(loader, variable, text, item->place))
            variable->list.items[variable->list.count++] = text;
    }
}

static void
read_variable(struct config_loader *loader, struct source_config *source,
              const struct variable_declaration *declared,
              const struct yaml_node *node)
{
    struct variable *variable = &source->variables[source->variable_count++];
    *variable = (struct variable){
        .name = declared->name,
        .secret = declared->type == VARIABLE_SECRET,
        .place = node->place,
    };
    size_t most = node->kind == YAML_NODE_SCALAR ? 1 : node->count;
    variable->list.items =
        config_alloc(loader, (most + 1) * sizeof(struct span));
    if (!variable->list.items)
        return;
    if (variable->secret) {
        struct span value = config_secret(loader, node);
        if (value.at)
            variable->list.items[variable->list.count++] = value;
    } else if (declared->type == VARIABLE_MAP && node->kind == YAML_NODE_MAP) {
        variable->keys = config_alloc(loader, (most + 1) * sizeof(struct span));
        for (const struct yaml_node *item = node->first; variable->keys && item;
             item = item->next) {
            struct span key = item->key->text;
            variable->keys[variable->list.count] =
                (struct span){config_copy(loader, key), key.len};
            variable->list.items[variable->list.count++] =
                variable_text(loader, source, declared, item);
        }
    } else if (is_list(declared->type) && node->kind == YAML_NODE_LIST) {
        read_items(loader, source, declared, node, variable);
    } else {
        variable->list.items[variable->list.count++] =
            variable_text(loader, source, declared, node);
    }
}

static void
add_default(struct config_loader *loader, struct source_config *source,
            const struct variable_declaration *declared, struct place place)
{
    if (source_variable(source, declared->name))
        return;
    if (declared->required) {
        diagnostics_error(loader->diagnostics, place,
                          "the source '%s' needs '%s': %s", source->id,
                          declared->name, declared->help ? declared->help : "");
        return;
    }
    struct variable *variable = &source->variables[source->variable_count++];
    *variable = (struct variable){.name = declared->name, .place = place};
    if (!declared->default_text)
        return;
    variable->list.items = config_alloc(loader, sizeof(struct span));
    if (variable->list.items)
        variable->list.items[variable->list.count++] =
            span_of(declared->default_text);
}

static void
read_start(struct config_loader *loader, const struct yaml_node *node,
           struct source_config *source)
{
    struct span text = config_text(loader, node);
    if (span_is(text, "latest")) {
        source->start = START_LATEST;
    } else if (span_is(text, "beginning")) {
        source->start = START_BEGINNING;
    } else if (clock_parse_duration(text, &source->start_age_ms)) {
        source->start = START_AGE;
    } else {
        diagnostics_error(loader->diagnostics, node->place,
                          "'start' is latest, beginning, or an age such as "
                          "7d; not '%.*s'",
                          SPAN_ARGS(text));
    }
}

static void
read_connector(struct config_loader *loader, const struct yaml_node *map,
               struct source_config *source)
{
    const struct yaml_node *node = yaml_get(map, "connector");
    if (!node) {
        diagnostics_error(loader->diagnostics, map->place,
                          "this source has no 'connector'");
        return;
    }
    struct span name = config_text(loader, node);
    source->connector =
        loader->connectors ? connectors_get(loader->connectors, name) : NULL;
    if (source->connector || !loader->connectors)
        return;
    const char *near =
        diagnostics_nearest(name, connectors_names(loader->connectors));
    diagnostics_error(loader->diagnostics, node->place,
                      "no connector is called '%.*s'%s%s%s", SPAN_ARGS(name),
                      near ? ": did you mean '" : "", near ? near : "",
                      near ? "'?" : "");
}

/* "did you mean" for keys and variables alike */
static void
unknown_key(struct config_loader *loader, const struct source_config *source,
            const struct yaml_node *node)
{
    size_t count;
    const struct variable_declaration *variables =
        connector_variables(source->connector, &count);
    const char **known =
        config_alloc(loader, (count + source_key_count + 1) * sizeof(*known));
    size_t at = 0;
    for (size_t i = 0; known && i < source_key_count; i++)
        known[at++] = source_keys[i].path;
    for (size_t i = 0; known && i < count; i++)
        known[at++] = variables[i].name;
    if (known)
        config_unknown(loader, node, known);
}

static void
read_key(struct config_loader *loader, struct source_config *source,
         const struct yaml_node *node)
{
    for (size_t i = 0; i < source_key_count; i++)
        if (span_is(node->key->text, source_keys[i].path)) {
            config_value(loader, &source_keys[i], node, source);
            if (span_is(node->key->text, "start"))
                read_start(loader, node, source);
            return;
        }
}

static void
read_source(struct config_loader *loader, const struct yaml_node *map,
            struct source_config *source)
{
    *source = (struct source_config){.place = map->place,
                                     .user_agent = loader->config->user_agent,
                                     .proxy = loader->config->proxy};
    config_fallbacks(loader, source_keys, source_key_count, source);
    read_connector(loader, map, source);
    for (const struct yaml_node *node = map->first; node; node = node->next)
        read_key(loader, source, node);
    if (!source->id) {
        diagnostics_error(loader->diagnostics, map->place,
                          "this source has no 'id'");
        source->id = "";
    }
    if (!source->connector)
        return;
    size_t declared_count;
    const struct variable_declaration *declared =
        connector_variables(source->connector, &declared_count);
    source->variables = config_alloc(loader, (map->count + declared_count + 1) *
                                                 sizeof(struct variable));
    for (const struct yaml_node *node = map->first; source->variables && node;
         node = node->next) {
        const struct variable_declaration *one =
            declaration(source->connector, node->key->text);
        bool key = false;
        for (size_t i = 0; i < source_key_count; i++)
            key = key || span_is(node->key->text, source_keys[i].path);
        if (one)
            read_variable(loader, source, one, node);
        else if (!key)
            unknown_key(loader, source, node);
    }
    for (size_t i = 0; source->variables && i < declared_count; i++)
        add_default(loader, source, &declared[i], map->place);
}

/* A cursor goes on under one name. `ids`: of all sources, to their places. */
static void
check_former_names(struct config_loader *loader, const struct yaml_node *list,
                   const struct map *ids)
{
    CLEANUP(map_freep) struct map *formers = map_new();
    for (const struct yaml_node *item = list->first; formers && item;
         item = item->next) {
        const struct yaml_node *node =
            item->kind == YAML_NODE_MAP ? yaml_get(item, "renamed_from") : NULL;
        if (!node || node->kind != YAML_NODE_SCALAR)
            continue;
        const struct place *taken = map_get(ids, node->text);
        const struct place *before = map_get(formers, node->text);
        if (taken)
            diagnostics_error(loader->diagnostics, node->place,
                              "'%.*s' is a source still, in line %u: nothing "
                              "is renamed from it",
                              SPAN_ARGS(node->text), taken->line);
        else if (before)
            diagnostics_error(loader->diagnostics, node->place,
                              "a source is renamed from '%.*s' already, in "
                              "line %u",
                              SPAN_ARGS(node->text), before->line);
        else if (!map_set(formers, node->text, (void *)&node->place))
            loader->no_memory = true;
    }
    loader->no_memory = loader->no_memory || !formers;
}

void
config_sources(struct config_loader *loader, const struct yaml_node *list)
{
    struct config *config = loader->config;
    CLEANUP(map_freep) struct map *ids = map_new();
    if (list->kind != YAML_NODE_LIST) {
        diagnostics_error(loader->diagnostics, list->place,
                          "'sources' is a list, each source after '- '");
        return;
    }
    config->sources =
        config_alloc(loader, (list->count + 1) * sizeof(*config->sources));
    for (const struct yaml_node *item = list->first;
         config->sources && ids && item; item = item->next) {
        if (item->kind != YAML_NODE_MAP) {
            diagnostics_error(loader->diagnostics, item->place,
                              "a source is written as keys with values");
            continue;
        }
        struct source_config *source = &config->sources[config->source_count];
        read_source(loader, item, source);
        const struct place *first = map_get(ids, span_of(source->id));
        if (first)
            diagnostics_error(loader->diagnostics, item->place,
                              "the source id '%s' is taken in line %u",
                              source->id, first->line);
        else if (!map_set(ids, span_of(source->id), &source->place))
            loader->no_memory = true;
        bool left_out = loader->options->offline && source->connector &&
                        !connector_is_local(source->connector);
        config->source_count += !left_out;
    }
    if (ids)
        check_former_names(loader, list, ids);
}
