#include <stdlib.h>
#include <string.h>

#include "chain_model.h"

/* A stem that a word has besides those of the tables. */
struct chain_word {
    struct span_of_letters word, stem;
    uint32_t entry;
};

struct chain_words {
    struct chain_word *items;
    size_t count, capacity;
};

struct chain_grammar {
    const struct chain_sounds *sounds;
    uint32_t *entries; /* by context and mode, or NO_STEM */
    struct chain_words words;
    const uint32_t *dropped; /* letters lost at the end of a word */
    size_t dropped_count;
    /* Rows that a word without a vowel is read with. */
    uint8_t unvoiced[CHAIN_ROWS];
    size_t unvoiced_count;
};

#define NO_STEM UINT32_MAX

static size_t
index_of(struct chain_context context, int mode)
{
    size_t index = context.vowel;
    index = index * CHAIN_CLASSES + context.last;
    index = index * 4 + 2 * context.after_vowel + context.several;
    return index * CHAIN_MODES + (size_t)mode;
}

enum { INDEX_COUNT = CHAIN_ROWS * CHAIN_CLASSES * 4 * CHAIN_MODES };

/* The entries of all words that end in these letters. */
static void
add_entries(struct chain_builder *builder, struct chain_grammar *grammar,
            size_t slot, const uint32_t *letters, size_t len)
{
    const struct chain_sounds *sounds = &builder->chain->sounds;
    struct chain_context context = chain_context_of(sounds, NULL, letters, len);
    for (int mode = 0; mode < CHAIN_MODES; mode++) {
        uint32_t changed[16],
            *entry = &grammar->entries[index_of(context, mode)];
        struct chain_context after = context;
        if (*entry == NO_STEM && chain_change(sounds, mode, letters, len,
                                              changed, &after) != SIZE_MAX)
            *entry = ending_net_entry(builder->loader->net,
                                      chain_point(builder, slot, after, mode));
    }
}

/* A letter that is no vowel, for words that end in two consonants. */
static uint32_t
some_consonant(const struct chain_sounds *sounds)
{
    for (size_t i = 0; i < sounds->class_count; i++)
        if (!sound_is_vowel(sounds, sounds->class_letters[i]))
            return sounds->class_letters[i];
    return ' ';
}

static void
add_all_entries(struct chain_builder *builder, struct chain_grammar *grammar,
                size_t slot)
{
    const struct chain_sounds *sounds = &builder->chain->sounds;
    uint32_t other = some_consonant(sounds);
    for (size_t i = 0; i < sounds->vowel_rows; i++)
        for (size_t j = 0; j < sounds->class_count; j++) {
            uint32_t vowel = sounds->vowels[i].letters[0];
            uint32_t last = sounds->class_letters[j];
            add_entries(builder, grammar, slot, (uint32_t[]){vowel, last}, 2);
            add_entries(builder, grammar, slot,
                        (uint32_t[]){vowel, other, last}, 3);
            add_entries(builder, grammar, slot,
                        (uint32_t[]){vowel, vowel, last}, 3);
            add_entries(builder, grammar, slot,
                        (uint32_t[]){vowel, vowel, other, last}, 4);
        }
}

static void
add_word(struct grammar_loader *loader, struct chain_words *words,
         struct span word, const uint32_t *stem, size_t stem_len,
         uint32_t entry)
{
    struct chain_word *grown = grammar_grow(loader, words->items, words->count,
                                            &words->capacity, sizeof(*grown));
    if (!grown)
        return;
    words->items = grown;
    struct chain_word *item = &grown[words->count++];
    item->word.letters = grammar_letters(loader, word, &item->word.len);
    item->stem = (struct span_of_letters){stem, stem_len};
    item->entry = entry;
}

/* "бала: балдар plural", "мурун: мурд vowel": a stem, and the slot behind it
 * or that a vowel follows. */
static void
read_word(struct chain_builder *builder, struct chain_grammar *grammar,
          size_t start, const struct yaml_node *node, struct span text)
{
    struct grammar_loader *loader = builder->loader;
    const struct chain_sounds *sounds = &builder->chain->sounds;
    const char *blank = memchr(text.at, ' ', text.len);
    size_t stem_len, word_len;
    struct span stem = {text.at, blank ? (size_t)(blank - text.at) : text.len};
    struct span name = span_trim(span_from(text, stem.len));
    size_t slot = chain_slot_find(builder->chain, name);
    bool vowel = span_is(name, "vowel");
    if (!vowel && slot == SIZE_MAX) {
        chain_no_slot(loader, builder->chain, name, node->place);
        return;
    }
    const uint32_t *letters = grammar_letters(loader, stem, &stem_len);
    const uint32_t *word = grammar_letters(loader, node->key->text, &word_len);
    if (!letters || !word)
        return;
    if (vowel) {
        struct chain_context context =
            chain_context_of(sounds, NULL, word, word_len);
        uint32_t point = chain_point(builder, start, context, MODE_VOWEL);
        add_word(loader, &grammar->words, node->key->text, letters, stem_len,
                 ending_net_entry(loader->net, point));
        return;
    }
    for (int mode = 0; mode < CHAIN_MODES; mode++) {
        struct chain_context after =
            chain_context_of(sounds, NULL, letters, stem_len);
        uint32_t *changed =
            grammar_alloc(loader, (stem_len + 4) * sizeof(*changed));
        size_t len = changed ? chain_change(sounds, mode, letters, stem_len,
                                            changed, &after)
                             : SIZE_MAX;
        if (len == SIZE_MAX)
            continue;
        uint32_t point = chain_point(builder, slot, after, mode);
        add_word(loader, &grammar->words, node->key->text, changed, len,
                 ending_net_entry(loader->net, point));
    }
}

static void
read_words(struct chain_builder *builder, struct chain_grammar *grammar,
           size_t start, const struct yaml_node *root)
{
    const struct yaml_node *words = yaml_get(root, "words");
    for (const struct yaml_node *node =
             words && words->kind == YAML_NODE_MAP ? words->first : NULL;
         node; node = node->next) {
        if (node->kind == YAML_NODE_SCALAR)
            read_word(builder, grammar, start, node, node->text);
        for (const struct yaml_node *item =
                 node->kind == YAML_NODE_LIST ? node->first : NULL;
             item; item = item->next)
            read_word(builder, grammar, start, node, item->text);
    }
}

/* "abbreviations: а э": the vowels that a word without any is read with. */
static void
read_unvoiced(struct grammar_loader *loader, const struct yaml_node *root,
              struct chain_grammar *grammar)
{
    const struct yaml_node *node = yaml_get(root, "abbreviations");
    size_t len = 0;
    const uint32_t *letters =
        node ? grammar_letters(loader, node->text, &len) : NULL;
    for (size_t i = 0; letters && i < len; i++)
        if (sound_is_vowel(grammar->sounds, letters[i]) &&
            grammar->unvoiced_count < CHAIN_ROWS)
            grammar->unvoiced[grammar->unvoiced_count++] =
                chain_context_of(grammar->sounds, NULL, &letters[i], 1).vowel;
}

static void
read_grammar(struct chain_builder *builder, const struct yaml_node *root,
             const struct yaml_node *node)
{
    struct grammar_loader *loader = builder->loader;
    size_t slot = chain_slot_find(builder->chain, node->text);
    if (slot == SIZE_MAX) {
        chain_no_slot(loader, builder->chain, node->text, node->place);
        return;
    }
    struct chain_grammar *grammar = grammar_alloc(loader, sizeof(*grammar));
    if (!grammar)
        return;
    grammar->sounds = &builder->chain->sounds;
    grammar->entries =
        grammar_alloc(loader, INDEX_COUNT * sizeof(*grammar->entries));
    if (!grammar->entries)
        return;
    memset(grammar->entries, 0xFF, INDEX_COUNT * sizeof(*grammar->entries));
    read_unvoiced(loader, root, grammar);
    const struct yaml_node *dropped = yaml_get(root, "dropped");
    if (dropped)
        grammar->dropped =
            grammar_letters(loader, dropped->text, &grammar->dropped_count);
    add_all_entries(builder, grammar, slot);
    read_words(builder, grammar, slot, root);
    grammar_add(loader, node->key->text, &grammar_chain, grammar,
                node->key->place);
}

static void
check_keys(struct grammar_loader *loader, const struct yaml_node *root)
{
    static const char *const keys[] = {
        "karool",     "id",           "kind",     "vowels",
        "consonants", "before-vowel", "spelling", "marks",
        "slots",      "grammars",     "words",    "abbreviations",
        "folded",     "dropped",      "examples", NULL};
    for (const struct yaml_node *node = root->first; node; node = node->next) {
        size_t i = 0;
        while (keys[i] && !span_is(node->key->text, keys[i]))
            i++;
        if (keys[i])
            continue;
        const char *near = diagnostics_nearest(node->key->text, keys);
        diagnostics_error(
            loader->diagnostics, node->key->place,
            "the key '%.*s' is not known%s%s%s", SPAN_ARGS(node->key->text),
            near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
}

static void
builder_done(struct chain_builder *builder)
{
    map_free(builder->points);
    free(builder->waiting);
}

static void
chain_read(struct grammar_loader *loader, const struct yaml_node *root)
{
    size_t errors = diagnostics_errors(loader->diagnostics);
    struct chain *chain = grammar_alloc(loader, sizeof(*chain));
    CLEANUP(builder_done)
    struct chain_builder builder = {
        .loader = loader, .chain = chain, .points = map_new()};
    loader->no_memory = loader->no_memory || !builder.points;
    if (loader->no_memory)
        return;
    check_keys(loader, root);
    chain_sounds_read(loader, root, &chain->sounds);
    chain_slots_read(loader, root, chain);
    const struct yaml_node *grammars = yaml_get(root, "grammars");
    if (!grammars || grammars->kind != YAML_NODE_MAP)
        diagnostics_error(loader->diagnostics, root->place,
                          "a chain names its grammars, each with the slot "
                          "behind its words: {ky-noun: noun}");
    if (!grammars || diagnostics_errors(loader->diagnostics) > errors)
        return;
    chain_sounds_classify(&chain->sounds);
    for (const struct yaml_node *node = grammars->first; node;
         node = node->next)
        read_grammar(&builder, root, node);
    chain_join_all(&builder);
}

static void
add_stems(const struct chain_grammar *grammar, struct span_of_letters word,
          struct chain_context context, struct stem_sink *sink)
{
    uint32_t *changed =
        arena_alloc(sink->arena, (word.len + 4) * sizeof(*changed));
    if (!changed) {
        sink->no_memory = true;
        return;
    }
    for (int mode = 0; mode < CHAIN_MODES; mode++) {
        uint32_t entry = grammar->entries[index_of(context, mode)];
        struct chain_context after = context;
        size_t len = entry == NO_STEM
                         ? SIZE_MAX
                         : chain_change(grammar->sounds, mode, word.letters,
                                        word.len, changed, &after);
        if (len != SIZE_MAX && len > 0)
            stem_add(sink, changed, len, entry);
    }
}

/* The word as it may have been before its letters were folded; NULL: it is
 * what it is. */
static uint32_t *
unfold(const struct chain_sounds *sounds, struct span_of_letters word,
       struct stem_sink *sink)
{
    uint32_t *letters = NULL;
    for (size_t i = 1; i < word.len; i++) {
        const struct sound_change *change = sound_changed(
            &sounds->folded, word.letters[i - 1], word.letters[i]);
        if (!change || change->to_len != 2)
            continue;
        if (!letters) {
            letters = arena_alloc(sink->arena, word.len * sizeof(*letters));
            sink->no_memory = sink->no_memory || !letters;
            if (!letters)
                return NULL;
            memcpy(letters, word.letters, word.len * sizeof(*letters));
        }
        letters[i - 1] = change->to[0];
        letters[i] = change->to[1];
    }
    return letters;
}

static void
add_words(const struct chain_words *words, struct span_of_letters word,
          struct stem_sink *sink)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct chain_word *item = &words->items[i];
        if (item->word.len == word.len &&
            memcmp(item->word.letters, word.letters,
                   word.len * sizeof(*word.letters)) == 0)
            stem_add(sink, item->stem.letters, item->stem.len, item->entry);
    }
}

static void
chain_inflect(const struct grammar *grammar, struct span_of_letters word,
              bool given, bool last, struct stem_sink *sink)
{
    const struct chain_grammar *chain = grammar->data;
    const struct chain_sounds *sounds = chain->sounds;
    if (!last)
        return;
    /* Dictionaries write the stem of a verb with a hyphen. */
    if (word.len > 1 && word.letters[word.len - 1] == '-')
        word.len--;
    struct chain_context context =
        chain_context_of(sounds, NULL, word.letters, word.len);
    bool voiced = false;
    for (size_t i = 0; i < word.len; i++)
        voiced = voiced || sound_is_vowel(sounds, word.letters[i]);
    if (voiced || chain->unvoiced_count == 0)
        add_stems(chain, word, context, sink);
    for (size_t i = 0; !voiced && i < chain->unvoiced_count; i++) {
        context.vowel = chain->unvoiced[i];
        add_stems(chain, word, context, sink);
    }
    uint32_t *other = unfold(sounds, word, sink);
    if (other)
        add_stems(chain, word, chain_context_of(sounds, NULL, other, word.len),
                  sink);
    if (!given)
        add_words(&chain->words, word, sink);
    for (size_t i = 0; i < chain->dropped_count && word.len > 1; i++)
        if (word.letters[word.len - 1] == chain->dropped[i]) {
            word.len--;
            add_stems(chain, word,
                      chain_context_of(sounds, NULL, word.letters, word.len),
                      sink);
            return;
        }
}

const struct grammar_kind grammar_chain = {
    .name = "chain",
    .read = chain_read,
    .inflect = chain_inflect,
};
