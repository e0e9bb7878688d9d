#include "morphology_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

enum { GRAMMAR_FILE_MAX = 16 * 1024 * 1024 };

static bool
add_source(struct grammar_sources *sources, struct arena *arena,
           struct grammar_source source)
{
    for (size_t i = 0; i < sources->count; i++)
        if (span_equal(sources->items[i].id, source.id)) {
            sources->items[i] = source;
            return true;
        }
    struct grammar_source *grown =
        arena_grow(arena, sources->items, sources->count, &sources->capacity,
                   sizeof(*grown));
    if (!grown)
        return false;
    sources->items = grown;
    grown[sources->count++] = source;
    return true;
}

/* Reads the head of a file: its version and its id. */
bool
grammar_source_read(struct grammar_sources *sources, struct arena *arena,
                    const char *name, struct span text,
                    struct diagnostics *diagnostics)
{
    struct grammar_source source = {
        .text = text, .root = yaml_parse(arena, name, text, diagnostics)};
    if (!source.root)
        return false;
    const struct yaml_node *version = yaml_get(source.root, "karool");
    const struct yaml_node *id = yaml_get(source.root, "id");
    if (!version || !span_is(version->text, "grammar/1")) {
        diagnostics_error(diagnostics,
                          version ? version->place : source.root->place,
                          "a file of grammars opens with 'karool: grammar/1'");
        return false;
    }
    if (!id || id->kind != YAML_NODE_SCALAR || id->text.len == 0) {
        diagnostics_error(diagnostics, id ? id->place : source.root->place,
                          "a file of grammars has an id, such as 'ky'");
        return false;
    }
    source.id = id->text;
    return add_source(sources, arena, source);
}

static int
is_grammar(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && strcmp(dot, ".yaml") == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
load_source(struct grammar_sources *sources, struct arena *arena,
            const char *path, struct diagnostics *diagnostics)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    struct error err = {0};
    if (!file_load(&text, path, GRAMMAR_FILE_MAX, &err)) {
        diagnostics_error(diagnostics, (struct place){path, 0, 0}, "%s",
                          err.message);
        return false;
    }
    char *copy = arena_copy(arena, buffer_span(&text));
    return copy &&
           grammar_source_read(sources, arena, path,
                               (struct span){copy, text.len}, diagnostics);
}

static void
free_entriesp(struct dirent ***entries)
{
    free(*entries);
}

static bool
load_folder(struct grammar_sources *sources, struct arena *arena,
            const char *folder, struct diagnostics *diagnostics)
{
    CLEANUP(free_entriesp) struct dirent **entries = NULL;
    const char *path = arena_printf(arena, "%s/morphology", folder);
    int count = path ? scandir(path, &entries, is_grammar, by_name) : 0;
    if (count < 0 && errno != ENOENT)
        diagnostics_error(diagnostics, (struct place){path, 0, 0},
                          "cannot read the folder of grammars: %s",
                          strerror(errno));
    bool ok = path && (count >= 0 || errno == ENOENT);
    for (int i = 0; i < count; i++) {
        const char *file =
            arena_printf(arena, "%s/%s", path, entries[i]->d_name);
        ok = file && load_source(sources, arena, file, diagnostics) && ok;
        free(entries[i]);
    }
    return ok;
}

bool
grammar_sources_read(struct grammar_sources *sources, struct arena *arena,
                     const char *folder, struct diagnostics *diagnostics)
{
    bool ok = true;
    for (const struct grammar_file *file = grammar_files; ok && file->name;
         file++)
        ok = grammar_source_read(sources, arena, file->name, file->text,
                                 diagnostics);
    return ok && (!folder || load_folder(sources, arena, folder, diagnostics));
}
