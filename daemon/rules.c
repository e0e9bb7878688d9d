#include "rules.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "alphabet.h"
#include "file.h"
#include "rules_loader.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

/* `rules` comes first, so that a pointer to it is one to the owner. */
struct rules_owner {
    struct rules rules;
    struct arena *arena;
    atomic_uint references;
};

static struct rules_owner *
owner_of(struct rules *rules)
{
    return (struct rules_owner *)rules;
}

struct rules *
rules_ref(struct rules *rules)
{
    atomic_fetch_add(&owner_of(rules)->references, 1);
    return rules;
}

void
rules_unref(struct rules *rules)
{
    if (!rules || atomic_fetch_sub(&owner_of(rules)->references, 1) != 1)
        return;
    arena_free(owner_of(rules)->arena);
    free(rules);
}

void
rules_unrefp(struct rules **rules)
{
    rules_unref(*rules);
}

int
rules_category(const struct rules *rules, struct span id)
{
    for (size_t i = 0; i < rules->category_count; i++)
        if (span_is(id, rules->categories[i].id))
            return (int)i;
    return RULES_NONE;
}

void *
rules_alloc(struct rules_loader *loader, size_t size_bytes)
{
    void *memory = arena_alloc(loader->arena, size_bytes);
    loader->no_memory = loader->no_memory || !memory;
    return memory;
}

const char *
rules_copy(struct rules_loader *loader, struct span text)
{
    const char *copy = arena_copy(loader->arena, text);
    loader->no_memory = loader->no_memory || !copy;
    return copy ? copy : "";
}

void *
rules_grow(struct rules_loader *loader, void *items, size_t count,
           size_t *capacity, size_t item_bytes)
{
    void *grown = arena_grow(loader->arena, items, count, capacity, item_bytes);
    loader->no_memory = loader->no_memory || !grown;
    return grown;
}

static bool
id_is_sound(struct span id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        bool inner = i > 0 && (c == '-' || c == '_' || c == '.');
        if (!inner && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return id.len > 0;
}

void
rules_note_id(struct rules_loader *loader, struct span id, struct place place)
{
    if (!id_is_sound(id)) {
        diagnostics_error(loader->diagnostics, place,
                          "'%.*s' cannot be an id: use small Latin letters, "
                          "digits and hyphens, such as ky-eth-004",
                          SPAN_ARGS(id));
        return;
    }
    const struct place *first = map_get(loader->ids, id);
    if (first) {
        diagnostics_error(loader->diagnostics, place,
                          "the id '%.*s' is taken by %s:%u: give one of the "
                          "two another id",
                          SPAN_ARGS(id), first->file, first->line);
        return;
    }
    struct place *copy = rules_alloc(loader, sizeof(*copy));
    if (copy)
        *copy = place;
    if (!copy || !map_set(loader->ids, id, copy))
        loader->no_memory = true;
}

unsigned
rules_role(struct rules_loader *loader, struct span role, struct place place)
{
    struct rules *rules = loader->rules;
    for (size_t i = 0; i < rules->role_count; i++)
        if (span_is(role, rules->roles[i]))
            return (unsigned)i;
    if (!id_is_sound(role)) {
        diagnostics_error(loader->diagnostics, place,
                          "'%.*s' cannot be a role: use small Latin letters, "
                          "digits and hyphens, such as group-name",
                          SPAN_ARGS(role));
        return RULES_ROLES_MAX;
    }
    if (rules->role_count == RULES_ROLES_MAX) {
        diagnostics_error(loader->diagnostics, place,
                          "more than %d roles: '%.*s' is one too many",
                          RULES_ROLES_MAX, SPAN_ARGS(role));
        return RULES_ROLES_MAX;
    }
    const char **roles =
        rules_grow(loader, rules->roles, rules->role_count,
                   &loader->role_capacity, sizeof(*rules->roles));
    if (!roles)
        return RULES_ROLES_MAX;
    rules->roles = roles;
    rules->roles[rules->role_count] = rules_copy(loader, role);
    return (unsigned)rules->role_count++;
}

const struct morphology *
rules_grammars(struct rules_loader *loader)
{
    if (!loader->grammars_read)
        loader->rules->morphology =
            morphology_load(loader->arena, loader->folder, loader->diagnostics);
    loader->grammars_read = true;
    return loader->rules->morphology;
}

/* A folder with grammars of its own has them checked, used or not. */
static void
read_grammars(struct rules_loader *loader, const char *folder)
{
    const char *path = arena_printf(loader->arena, "%s/morphology", folder);
    loader->no_memory = loader->no_memory || !path;
    loader->folder = folder;
    if (path && access(path, F_OK) == 0)
        (void)rules_grammars(loader);
}

static bool
ends_with(const char *name, const char *suffix)
{
    size_t len = strlen(name), suffix_len = strlen(suffix);
    return len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

static int
is_rules_file(const struct dirent *entry)
{
    const char *name = entry->d_name;
    return name[0] != '.' &&
           (ends_with(name, ".yaml") || ends_with(name, ".yml") ||
            ends_with(name, ".tsv"));
}

/* A dictionary that was saved as something else, and would be missed. */
static int
is_other_table(const struct dirent *entry)
{
    static const char *const suffixes[] = {".csv", ".xlsx", ".xls",
                                           ".ods", ".txt",  ".tab"};
    for (size_t i = 0; i < COUNT_OF(suffixes); i++)
        if (entry->d_name[0] != '.' && ends_with(entry->d_name, suffixes[i]))
            return 1;
    return 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
read_file(struct rules_loader *loader, const char *folder, const char *name)
{
    const char *path = arena_printf(loader->arena, "%s/%s", folder, name);
    CLEANUP(buffer_done) struct buffer text = {0};
    struct error err = {0};
    if (!path) {
        loader->no_memory = true;
        return;
    }
    if (!file_load(&text, path, FILE_MAX, &err)) {
        diagnostics_error(loader->diagnostics, (struct place){path, 0, 0}, "%s",
                          err.message);
        return;
    }
    if (ends_with(name, ".tsv"))
        rules_read_tsv(loader, path, buffer_span(&text));
    else
        rules_read_yaml(loader, path, buffer_span(&text));
}

static void
free_entriesp(struct dirent ***entries)
{
    free(*entries);
}

static void
warn_of_tables(struct rules_loader *loader, const char *folder)
{
    CLEANUP(free_entriesp) struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_other_table, by_name);
    for (int i = 0; i < count; i++) {
        const char *path =
            arena_printf(loader->arena, "%s/%s", folder, entries[i]->d_name);
        loader->no_memory = loader->no_memory || !path;
        diagnostics_warning(loader->diagnostics,
                            (struct place){path ? path : folder, 0, 0},
                            "is not read: in the spreadsheet choose Save as, "
                            "Text with tabs, UTF-8, and a name that ends in "
                            ".tsv");
        free(entries[i]);
    }
}

static void
read_folder(struct rules_loader *loader, const char *folder)
{
    struct place whole = {rules_copy(loader, span_of(folder)), 0, 0};
    CLEANUP(free_entriesp) struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_rules_file, by_name);
    if (count < 0) {
        diagnostics_error(loader->diagnostics, whole,
                          "cannot read the folder of rules: %s; -r DIR or the "
                          "key 'rules' names another",
                          strerror(errno));
        return;
    }
    if (count == 0)
        diagnostics_error(loader->diagnostics, whole,
                          "no .yaml and no .tsv file in it: the folder of "
                          "rules is empty");
    warn_of_tables(loader, folder);
    read_grammars(loader, folder);
    for (int pass = 0; pass < 2; pass++) /* categories first */
        for (int i = 0; i < count; i++)
            if ((strcmp(entries[i]->d_name, "categories.yaml") == 0) ==
                (pass == 0))
                read_file(loader, folder, entries[i]->d_name);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count > 0 && diagnostics_errors(loader->diagnostics) == 0 &&
        loader->rules->term_count == 0)
        diagnostics_error(loader->diagnostics, whole,
                          "no term in any file of it: there is nothing to "
                          "look for");
}

static void
read_texts(struct rules_loader *loader, const struct rules_text *texts,
           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ends_with(texts[i].name, ".tsv"))
            rules_read_tsv(loader, texts[i].name, texts[i].text);
        else
            rules_read_yaml(loader, texts[i].name, texts[i].text);
    }
}

/* From a folder, or from texts. */
static struct rules *
rules_make(const char *folder, const struct rules_text *texts, size_t count,
           struct diagnostics *diagnostics)
{
    struct rules_owner *owner = calloc(1, sizeof(*owner));
    CLEANUP(rules_unrefp) struct rules *rules = owner ? &owner->rules : NULL;
    CLEANUP(map_freep) struct map *ids = map_new();
    CLEANUP(map_freep) struct map *role_terms = map_new();
    struct rules_loader loader = {
        .rules = rules,
        .diagnostics = diagnostics,
        .ids = ids,
        .role_terms = role_terms,
    };
    if (owner) {
        atomic_init(&owner->references, 1);
        loader.arena = owner->arena = arena_new();
    }
    size_t errors_before = diagnostics_errors(diagnostics);
    if (!loader.arena || !ids || !role_terms) {
        diagnostics_error(diagnostics, (struct place){folder, 0, 0},
                          "out of memory");
        return NULL;
    }
    struct error err = {0};
    if (!alphabet_load(&err)) {
        diagnostics_error(diagnostics, (struct place){folder, 0, 0}, "%s",
                          err.message);
        return NULL;
    }
    rules->version = "";
    if (texts)
        read_texts(&loader, texts, count);
    else
        read_folder(&loader, folder);
    rules_check(&loader);
    if (!loader.grammars_read)
        rules->morphology = morphology_plain(loader.arena);
    loader.no_memory =
        loader.no_memory || (!loader.grammars_read && !rules->morphology);
    if (loader.no_memory)
        diagnostics_error(diagnostics, (struct place){folder, 0, 0},
                          "out of memory");
    if (diagnostics_errors(diagnostics) > errors_before)
        return NULL;
    rules_make_digest(rules);
    return TAKE(rules);
}

struct rules *
rules_load(const char *folder, struct diagnostics *diagnostics)
{
    return rules_make(folder, NULL, 0, diagnostics);
}

struct rules *
rules_load_texts(const struct rules_text *texts, size_t count,
                 struct diagnostics *diagnostics)
{
    return rules_make("", texts, count, diagnostics);
}
