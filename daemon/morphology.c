#include "morphology.h"

#include <stdlib.h>
#include <string.h>

#include "morphology_files.h"
#include "morphology_model.h"
#include "paradigm_model.h"
#include "sha256.h"
#include "utf8.h"

/* Entries of the two grammars without a file. */
enum { ENTRY_END, ENTRY_ANY };

struct morphology {
    struct grammar *grammars;
    size_t grammar_count, grammar_capacity;
    struct endings endings;
    const uint32_t *states; /* of entries */
    char digest[SHA256_HEX_SIZE];
};

/* The ways to write a grammar; the last is NULL. */
static const struct grammar_kind *const kinds[] = {&grammar_chain,
                                                   &grammar_paradigm, NULL};

void *
grammar_alloc(struct grammar_loader *loader, size_t size_bytes)
{
    void *memory = arena_alloc(loader->arena, size_bytes);
    loader->no_memory = loader->no_memory || !memory;
    return memory;
}

void *
grammar_grow(struct grammar_loader *loader, void *items, size_t count,
             size_t *capacity, size_t item_bytes)
{
    void *grown = arena_grow(loader->arena, items, count, capacity, item_bytes);
    loader->no_memory = loader->no_memory || !grown;
    return grown;
}

const uint32_t *
grammar_letters(struct grammar_loader *loader, struct span text, size_t *len)
{
    uint32_t *letters =
        grammar_alloc(loader, (text.len + 1) * sizeof(*letters));
    *len = 0;
    for (size_t offset = 0; letters && offset < text.len;) {
        bool valid;
        letters[(*len)++] = utf8_fold(utf8_next(text, &offset, &valid));
    }
    return letters;
}

void
grammar_add(struct grammar_loader *loader, struct span id,
            const struct grammar_kind *kind, const void *data,
            struct place place)
{
    struct morphology *morphology = loader->morphology;
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (size_t i = 0; i < id.len; i++)
        if (!memchr(signs, id.at[i], sizeof(signs) - 1)) {
            diagnostics_error(loader->diagnostics, place,
                              "'%.*s' cannot be the name of a grammar: use "
                              "small Latin letters, digits and hyphens, such "
                              "as ky-noun",
                              SPAN_ARGS(id));
            return;
        }
    if (morphology_find(morphology, id) >= 0) {
        diagnostics_error(loader->diagnostics, place,
                          "the grammar '%.*s' is taken: give one of the two "
                          "another name",
                          SPAN_ARGS(id));
        return;
    }
    struct grammar *grown =
        grammar_grow(loader, morphology->grammars, morphology->grammar_count,
                     &morphology->grammar_capacity, sizeof(*grown));
    char *copy = arena_copy(loader->arena, id);
    loader->no_memory = loader->no_memory || !copy;
    if (!grown || !copy)
        return;
    morphology->grammars = grown;
    grown[morphology->grammar_count++] =
        (struct grammar){copy, kind, data, place};
}

static const struct grammar_kind *
find_kind(struct grammar_loader *loader, const struct yaml_node *node)
{
    const char *names[COUNT_OF(kinds)] = {NULL};
    for (size_t i = 0; kinds[i]; i++) {
        names[i] = kinds[i]->name;
        if (span_is(node->text, kinds[i]->name))
            return kinds[i];
    }
    const char *near = diagnostics_nearest(node->text, names);
    diagnostics_error(loader->diagnostics, node->place,
                      "no kind of grammar is called '%.*s'%s%s%s",
                      SPAN_ARGS(node->text), near ? ": did you mean '" : "",
                      near ? near : "", near ? "'?" : "");
    return NULL;
}

static void
read_file(struct grammar_loader *loader, const struct grammar_source *source)
{
    const struct yaml_node *kind = yaml_get(source->root, "kind");
    if (!kind || kind->kind != YAML_NODE_SCALAR) {
        diagnostics_error(loader->diagnostics, source->root->place,
                          "a file of grammars says its kind: chain or "
                          "paradigm");
        return;
    }
    const struct grammar_kind *found = find_kind(loader, kind);
    if (found)
        found->read(loader, source->root);
}

/* The two that need no file. */
static void
add_plain_grammars(struct grammar_loader *loader)
{
    struct place nowhere = {"", 0, 0};
    uint32_t end = ending_net_point(loader->net);
    uint32_t any = ending_net_point(loader->net);
    ending_net_end(loader->net, end, KIND_PLAIN);
    ending_net_end(loader->net, any, KIND_PLAIN);
    ending_net_any(loader->net, any);
    (void)ending_net_entry(loader->net, end);
    (void)ending_net_entry(loader->net, any);
    grammar_add(loader, span_of("exact"), NULL, NULL, nowhere);
    grammar_add(loader, span_of("prefix"), NULL, NULL, nowhere);
}

static void
write_digest(struct morphology *morphology,
             const struct grammar_sources *sources)
{
    struct sha256 sha256;
    sha256_init(&sha256);
    for (size_t i = 0; i < sources->count; i++)
        sha256_add_field(&sha256, sources->items[i].text);
    sha256_hex(&sha256, morphology->digest);
}

static const char *
last_name(const struct grammar_sources *sources)
{
    return sources->count ? sources->items[sources->count - 1].root->place.file
                          : NULL;
}

/* Reads the sources into grammars; false: no memory, or an error. */
static bool
make(struct grammar_loader *loader, const struct grammar_sources *sources)
{
    uint32_t *states = NULL;
    size_t errors = diagnostics_errors(loader->diagnostics);
    add_plain_grammars(loader);
    for (size_t i = 0; i < sources->count; i++)
        read_file(loader, &sources->items[i]);
    struct morphology *morphology = loader->morphology;
    for (size_t i = 0; i < morphology->grammar_count; i++) {
        const struct grammar *grammar = &morphology->grammars[i];
        if (grammar->kind && grammar->kind->check)
            grammar->kind->check(loader, grammar);
    }
    bool made = !loader->no_memory &&
                diagnostics_errors(loader->diagnostics) == errors &&
                ending_net_make(loader->net, loader->arena,
                                &morphology->endings, &states);
    if (!made && ending_net_too_large(loader->net))
        diagnostics_error(loader->diagnostics,
                          (struct place){last_name(sources), 0, 0},
                          "more endings than any language has: does a suffix "
                          "lead back to its own slot where it should not?");
    if (!made)
        return false;
    morphology->states = states;
    write_digest(morphology, sources);
    for (size_t i = 0; i < sources->count; i++)
        grammar_examples_check(loader, sources->items[i].root);
    return diagnostics_errors(loader->diagnostics) == errors &&
           !loader->no_memory;
}

static struct morphology *
load(struct arena *arena, const struct grammar_sources *sources,
     struct diagnostics *diagnostics)
{
    CLEANUP(ending_net_freep) struct ending_net *net = ending_net_new();
    struct grammar_loader loader = {
        .morphology = arena_alloc(arena, sizeof(struct morphology)),
        .arena = arena,
        .diagnostics = diagnostics,
        .net = net,
    };
    return loader.morphology && net && make(&loader, sources)
               ? loader.morphology
               : NULL;
}

struct morphology *
morphology_load(struct arena *arena, const char *folder,
                struct diagnostics *diagnostics)
{
    size_t errors = diagnostics_errors(diagnostics);
    struct grammar_sources sources = {0};
    struct morphology *morphology =
        grammar_sources_read(&sources, arena, folder, diagnostics)
            ? load(arena, &sources, diagnostics)
            : NULL;
    if (!morphology && diagnostics_errors(diagnostics) == errors)
        diagnostics_error(diagnostics, (struct place){folder, 0, 0},
                          "out of memory");
    return morphology;
}

struct morphology *
morphology_load_text(struct arena *arena, const char *name, struct span text,
                     struct diagnostics *diagnostics)
{
    struct grammar_sources sources = {0};
    size_t errors = diagnostics_errors(diagnostics);
    return grammar_source_read(&sources, arena, name, text, diagnostics) &&
                   diagnostics_errors(diagnostics) == errors
               ? load(arena, &sources, diagnostics)
               : NULL;
}

struct morphology *
morphology_plain(struct arena *arena)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    return diagnostics ? load(arena, &(struct grammar_sources){0}, diagnostics)
                       : NULL;
}

int
morphology_find(const struct morphology *morphology, struct span id)
{
    for (size_t i = 0; i < morphology->grammar_count; i++)
        if (span_is(id, morphology->grammars[i].id))
            return (int)i;
    return -1;
}

const struct grammar *
grammar_find(const struct morphology *morphology, struct span id)
{
    int number = morphology_find(morphology, id);
    return number >= 0 ? &morphology->grammars[number] : NULL;
}

const char *
morphology_name(const struct morphology *morphology, int grammar)
{
    return grammar >= 0 && (size_t)grammar < morphology->grammar_count
               ? morphology->grammars[grammar].id
               : NULL;
}

const struct endings *
morphology_endings(const struct morphology *morphology)
{
    return &morphology->endings;
}

const char *
morphology_digest(const struct morphology *morphology)
{
    return morphology->digest;
}

uint32_t
grammar_state(const struct morphology *morphology, uint32_t entry)
{
    return morphology->states[entry];
}

void
stem_add(struct stem_sink *sink, const uint32_t *letters, size_t len,
         uint32_t entry)
{
    /* Of a word that is all ending ("ие"): found at every place, and nowhere.
     */
    sink->empty = sink->empty || len == 0;
    if (len == 0)
        return;
    struct stem *grown =
        arena_grow(sink->arena, sink->word.stems, sink->word.count,
                   &sink->capacity, sizeof(*grown));
    uint32_t *copy = arena_alloc(sink->arena, (len + 1) * sizeof(*copy));
    if (!grown || !copy) {
        sink->no_memory = true;
        return;
    }
    memcpy(copy, letters, len * sizeof(*copy));
    sink->word.stems = grown;
    grown[sink->word.count++] = (struct stem){
        copy, (uint32_t)len, grammar_state(sink->morphology, entry)};
}

static bool
add_word(struct stem_sink *sink, const struct grammar *grammar,
         struct span_of_letters word, bool given, struct stem_word *out)
{
    bool last = sink->number + 1 == sink->word_count;
    bool prefix =
        last && grammar == &sink->morphology->grammars[GRAMMAR_PREFIX];
    if (grammar->kind)
        grammar->kind->inflect(grammar, word, given, last, sink);
    if (sink->word.count == 0 || sink->empty)
        stem_add(sink, word.letters, word.len,
                 prefix || given ? ENTRY_ANY : ENTRY_END);
    *out = sink->word;
    return !sink->no_memory;
}

/* The next word of a term, and what is left of it. */
static struct span_of_letters
next_word(struct span_of_letters *rest)
{
    while (rest->len && rest->letters[0] == ' ') {
        rest->letters++;
        rest->len--;
    }
    struct span_of_letters word = {rest->letters, 0};
    while (word.len < rest->len && word.letters[word.len] != ' ')
        word.len++;
    rest->letters += word.len;
    rest->len -= word.len;
    return word;
}

bool
morphology_stems(const struct morphology *morphology, int grammar,
                 const uint32_t *letters, size_t len, const uint32_t *stem,
                 size_t stem_len, struct arena *arena, struct stem_words *out)
{
    const struct grammar *used = &morphology->grammars[grammar];
    struct span_of_letters rest = {letters, len}, *words;
    size_t count = 0;
    while (next_word(&rest).len)
        count++;
    words = arena_alloc(arena, (count + 1) * sizeof(*words));
    *out = (struct stem_words){
        arena_alloc(arena, (count + 1) * sizeof(*out->words)), 0};
    if (!words || !out->words)
        return false;
    rest = (struct span_of_letters){letters, len};
    for (size_t i = 0; i < count; i++)
        words[i] = next_word(&rest);
    for (size_t i = 0; i < count; i++) {
        bool given = i + 1 == count && stem_len > 0;
        struct stem_sink sink = {
            .morphology = morphology,
            .arena = arena,
            .words = words,
            .word_count = count,
            .number = i,
        };
        if (!add_word(&sink, used,
                      given ? (struct span_of_letters){stem, stem_len}
                            : words[i],
                      given, &out->words[out->count++]))
            return false;
    }
    return true;
}

unsigned
morphology_kinds_near(const struct morphology *morphology, int grammar,
                      unsigned kinds_of_form, struct span before,
                      struct span after)
{
    const struct grammar *used = &morphology->grammars[grammar];
    return used->kind && used->kind->kinds_near
               ? used->kind->kinds_near(used, kinds_of_form, before, after)
               : kinds_of_form;
}
