#include "config.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "config_loader.h"
#include "sha256.h"

/* `config` comes first, so that a pointer to it is one to the owner. */
struct config_owner {
    struct config config;
    struct arena *arena;
    struct connectors *connectors;
    atomic_uint references;
};

static struct config_owner *
owner_of(struct config *config)
{
    return (struct config_owner *)config;
}

struct arena *
config_arena(struct config *config)
{
    return owner_of(config)->arena;
}

struct config *
config_ref(struct config *config)
{
    atomic_fetch_add(&owner_of(config)->references, 1);
    return config;
}

void
config_unref(struct config *config)
{
    if (!config || atomic_fetch_sub(&owner_of(config)->references, 1) != 1)
        return;
    connectors_free(owner_of(config)->connectors);
    arena_free(owner_of(config)->arena);
    free(config);
}

void
config_unrefp(struct config **config)
{
    config_unref(*config);
}

const struct source_config *
config_source(const struct config *config, struct span id)
{
    for (size_t i = 0; i < config->source_count; i++)
        if (span_is(id, config->sources[i].id))
            return &config->sources[i];
    return NULL;
}

const struct variable *
source_variable(const struct source_config *source, const char *name)
{
    for (size_t i = 0; i < source->variable_count; i++)
        if (strcmp(source->variables[i].name, name) == 0)
            return &source->variables[i];
    return NULL;
}

void *
config_alloc(struct config_loader *loader, size_t size_bytes)
{
    void *memory = arena_alloc(loader->arena, size_bytes);
    loader->no_memory = loader->no_memory || !memory;
    return memory;
}

const char *
config_copy(struct config_loader *loader, struct span text)
{
    const char *copy = arena_copy(loader->arena, text);
    loader->no_memory = loader->no_memory || !copy;
    return copy ? copy : "";
}

/* systemd's folder, else one of the person's own, else /run/karool for the
 * installed configuration: `karool reload` from a shell must find it. */
static const char *
default_directory(struct config_loader *loader, bool state)
{
    const char *campaign = loader->config->campaign;
    const char *given = getenv(state ? "STATE_DIRECTORY" : "RUNTIME_DIRECTORY");
    if (given && given[0])
        return config_copy(loader, (struct span){given, strcspn(given, ":")});
    const char *path = loader->config->path;
    bool installed = strncmp(path, KAROOL_SYSCONFDIR "/karool/",
                             strlen(KAROOL_SYSCONFDIR "/karool/")) == 0;
    const char *own = getenv(state ? "XDG_STATE_HOME" : "XDG_RUNTIME_DIR");
    const char *home = getenv("HOME");
    const char *directory = NULL;
    if (installed)
        return state ? "/var/lib/karool" : "/run/karool";
    if (own && own[0])
        directory = arena_printf(loader->arena, "%s/karool/%s", own, campaign);
    else if (home && home[0])
        directory = arena_printf(loader->arena, "%s/.local/state/karool/%s%s",
                                 home, campaign, state ? "" : "/run");
    else
        directory = arena_printf(loader->arena, "/tmp/karool-%s", campaign);
    loader->no_memory = loader->no_memory || !directory;
    return directory ? directory : "";
}

static const struct yaml_node *
get_path(const struct yaml_node *root, const char *path)
{
    const struct yaml_node *node = root;
    while (node && *path) {
        char part[64];
        size_t len = strcspn(path, ".");
        if (len >= sizeof(part))
            return NULL;
        memcpy(part, path, len);
        part[len] = '\0';
        node = yaml_get(node, part);
        path += len;
        path += *path == '.';
    }
    return node;
}

/* Keys that no row of the table begins with. `prefix` ends with a dot. */
static void
find_unknown(struct config_loader *loader, const struct yaml_node *map,
             const char *prefix)
{
    for (const struct yaml_node *node = map->first; node; node = node->next) {
        const char *path = arena_printf(loader->arena, "%s%.*s", prefix,
                                        SPAN_ARGS(node->key->text));
        if (!path)
            return;
        size_t len = strlen(path), prefix_len = strlen(prefix);
        bool leaf = false, branch = false;
        const char **known =
            config_alloc(loader, (config_key_count + 1) * sizeof(*known));
        size_t count = 0;
        for (size_t i = 0; known && i < config_key_count; i++) {
            const char *key = config_keys[i].path;
            leaf = leaf || strcmp(key, path) == 0;
            branch =
                branch || (strncmp(key, path, len) == 0 && key[len] == '.');
            if (strncmp(key, prefix, prefix_len) == 0)
                known[count++] = config_copy(
                    loader, (struct span){key + prefix_len,
                                          strcspn(key + prefix_len, ".")});
        }
        if (branch && node->kind != YAML_NODE_MAP)
            diagnostics_error(loader->diagnostics, node->place,
                              "'%s' holds keys with values", path);
        else if (branch)
            find_unknown(loader, node,
                         arena_printf(loader->arena, "%s.", path));
        else if (!leaf && known)
            config_unknown(loader, node, known);
    }
}

static void
read_roles(struct config_loader *loader, const struct yaml_node *node)
{
    struct config *config = loader->config;
    config->role_ingest = config->role_screen = !node;
    bool list = node && node->kind == YAML_NODE_LIST;
    for (const struct yaml_node *item = list ? node->first : node; item;
         item = list ? item->next : NULL) {
        struct span text = config_text(loader, item);
        config->role_ingest = config->role_ingest || span_is(text, "ingest");
        config->role_screen = config->role_screen || span_is(text, "screen");
        if (!span_is(text, "ingest") && !span_is(text, "screen"))
            diagnostics_error(loader->diagnostics, item->place,
                              "a role is ingest or screen, not '%.*s'",
                              SPAN_ARGS(text));
    }
}

static void
read_choices(struct config_loader *loader, const struct yaml_node *root)
{
    struct config *config = loader->config;
    const struct yaml_node *authors = get_path(root, "privacy.authors");
    const struct yaml_node *raw = get_path(root, "privacy.raw");
    const struct yaml_node *rejected = get_path(root, "rejected");
    config->author_pseudonyms = !authors || !span_is(authors->text, "keep");
    config->raw = raw && span_is(raw->text, "keep")   ? PRIVACY_RAW_KEEP
                  : raw && span_is(raw->text, "drop") ? PRIVACY_RAW_DROP
                                                      : PRIVACY_RAW_LISTED;
    config->rejected_keep = rejected && span_is(rejected->text, "keep");
}

static void
make_digest(struct config *config, char hex[SHA256_HEX_SIZE])
{
    struct sha256 sha256;
    sha256_init(&sha256);
    for (size_t i = 0; i < config->source_count; i++) {
        const struct source_config *source = &config->sources[i];
        sha256_add_field(&sha256, span_of(source->id));
        sha256_add_field(&sha256, span_of(connector_name(source->connector)));
        for (size_t j = 0; j < source->variable_count; j++) {
            const struct variable *variable = &source->variables[j];
            sha256_add_field(&sha256, span_of(variable->name));
            for (size_t k = 0; k < variable->list.count && !variable->secret;
                 k++)
                sha256_add_field(&sha256, variable->list.items[k]);
        }
    }
    sha256_hex(&sha256, hex);
}

static void
require(struct config_loader *loader, const struct yaml_node *root,
        const char *key, const char *advice)
{
    if (!yaml_get(root, key))
        diagnostics_error(loader->diagnostics, root->place,
                          "the key '%s' is missing: %s", key, advice);
}

static void
read_root(struct config_loader *loader, const struct yaml_node *root)
{
    struct config *config = loader->config;
    const struct yaml_node *node;
    if (!(node = yaml_get(root, "karool")) || !span_is(node->text, "config/1"))
        diagnostics_error(loader->diagnostics, node ? node->place : root->place,
                          "its first line must be 'karool: config/1'");
    require(loader, root, "campaign", "a short name, such as kg-2027");
    require(loader, root, "brokers", "write embedded, or host:port");
    config_fallbacks(loader, config_keys, config_key_count, config);
    config->campaign = "";
    find_unknown(loader, root, "");
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].type != CONFIG_SECRET &&
            (node = get_path(root, config_keys[i].path)))
            config_value(loader, &config_keys[i], node, config);
    if (!config->state_directory)
        config->state_directory = default_directory(loader, true);
    if (!config->runtime_directory)
        config->runtime_directory = default_directory(loader, false);
    if ((node = get_path(root, "privacy.key")))
        config->author_key = config_secret(loader, node);
    read_choices(loader, root);
    read_roles(loader, yaml_get(root, "roles"));
    if ((node = get_path(root, "kafka.properties")))
        config_properties(loader, node);
    if ((node = yaml_get(root, "brokers")))
        config_brokers(loader, node);
    config_topics(loader);
    loader->connectors =
        connectors_load(config->connectors, loader->diagnostics);
    if ((node = yaml_get(root, "sources")))
        config_sources(loader, node);
}

struct config *
config_load(const char *path, const struct config_options *options,
            struct diagnostics *diagnostics)
{
    struct config_owner *owner = calloc(1, sizeof(*owner));
    CLEANUP(config_unrefp)
    struct config *config = owner ? &owner->config : NULL;
    struct place whole = {path, 0, 0};
    if (owner) {
        atomic_init(&owner->references, 1);
        owner->arena = arena_new();
    }
    char *real = realpath(path, NULL);
    struct config_loader loader = {.config = config,
                                   .arena = owner ? owner->arena : NULL,
                                   .diagnostics = diagnostics,
                                   .options = options};
    if (!loader.arena) {
        free(real);
        diagnostics_error(diagnostics, whole, "out of memory");
        return NULL;
    }
    config->path = config_copy(&loader, span_of(real ? real : path));
    free(real);
    const char *slash = strrchr(config->path, '/');
    config->folder = config_copy(
        &loader,
        slash ? (struct span){config->path, (size_t)(slash - config->path)}
              : span_of("."));
    size_t errors = diagnostics_errors(diagnostics);
    const struct yaml_node *root = yaml_load(loader.arena, path, diagnostics);
    if (root && root->kind != YAML_NODE_MAP)
        diagnostics_error(diagnostics, root->place,
                          "its first line must be 'karool: config/1'");
    else if (root)
        read_root(&loader, root);
    owner->connectors = loader.connectors;
    if (loader.no_memory)
        diagnostics_error(diagnostics, whole, "out of memory");
    if (!root || diagnostics_errors(diagnostics) > errors)
        return NULL;
    char hex[SHA256_HEX_SIZE];
    make_digest(config, hex);
    config->sources_digest = span_of(config_copy(&loader, span_of(hex)));
    return TAKE(config);
}
