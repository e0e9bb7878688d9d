#include <string.h>

#include "form_list.h"
#include "form_walk.h"
#include "morphology_model.h"

/* "call negative", "form", "none": what the forms behind it are. */
struct expectation {
    unsigned kinds; /* 0: of any kind */
    bool none;
};

static bool
read_expectation(struct span text, struct expectation *out)
{
    static const struct {
        const char *name;
        struct expectation expectation;
    } table[] = {
        {"form", {0, false}},
        {"none", {0, true}},
        {"plain", {KIND_PLAIN, false}},
        {"call", {KIND_CALL, false}},
        {"wish", {KIND_WISH, false}},
        {"report", {KIND_REPORT, false}},
        {"plain negative", {KIND_PLAIN << KIND_NEGATIVE_SHIFT, false}},
        {"call negative", {KIND_CALL << KIND_NEGATIVE_SHIFT, false}},
        {"wish negative", {KIND_WISH << KIND_NEGATIVE_SHIFT, false}},
        {"report negative", {KIND_REPORT << KIND_NEGATIVE_SHIFT, false}},
        {"bare", {KIND_BARE, false}},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (span_is(text, table[i].name)) {
            *out = table[i].expectation;
            return true;
        }
    return false;
}

static void
check_form(struct grammar_loader *loader, const struct stem_words *words,
           struct span form, const struct yaml_node *node)
{
    struct expectation expected;
    size_t len;
    const uint32_t *letters = form_letters(loader->arena, form, &len);
    loader->no_memory = loader->no_memory || !letters;
    if (!letters || !read_expectation(node->key->text, &expected))
        return;
    unsigned kinds =
        form_walk(morphology_endings(loader->morphology), words, letters, len);
    if (expected.none && kinds)
        diagnostics_error(loader->diagnostics, node->place,
                          "example: '%.*s' is a form, and should be none",
                          SPAN_ARGS(form));
    else if (!expected.none && !kinds)
        diagnostics_error(loader->diagnostics, node->place,
                          "example: '%.*s' is no form", SPAN_ARGS(form));
    else if (expected.kinds && !(kinds & expected.kinds))
        diagnostics_error(loader->diagnostics, node->place,
                          "example: '%.*s' is a form, but not '%.*s'",
                          SPAN_ARGS(form), SPAN_ARGS(node->key->text));
}

static void
fault(struct grammar_loader *loader, const struct yaml_node *node,
      const char *expected)
{
    diagnostics_error(loader->diagnostics, node->place, "%s", expected);
}

/* "кести, кескен": each of them. */
static void
check_forms(struct grammar_loader *loader, const struct stem_words *words,
            const struct yaml_node *node)
{
    struct expectation expected;
    if (node->kind != YAML_NODE_SCALAR ||
        !read_expectation(node->key->text, &expected)) {
        diagnostics_error(loader->diagnostics, node->key->place,
                          "an example says what its forms are: 'form', "
                          "'none', 'plain', 'call', 'wish', 'report', each of "
                          "the last four also with 'negative' behind it");
        return;
    }
    struct span rest = node->text;
    if (rest.len == 0)
        fault(loader, node, "the forms of an example, a comma between them");
    while (rest.len) {
        const char *comma = memchr(rest.at, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.at) : rest.len;
        check_form(loader, words, span_trim((struct span){rest.at, len}), node);
        rest = span_from(rest, comma ? len + 1 : len);
    }
}

static void
check_word(struct grammar_loader *loader, int grammar,
           const struct yaml_node *word)
{
    struct stem_words words;
    size_t len;
    const uint32_t *letters =
        form_letters(loader->arena, word->key->text, &len);
    if (!letters || !morphology_stems(loader->morphology, grammar, letters, len,
                                      NULL, 0, loader->arena, &words)) {
        loader->no_memory = true;
        return;
    }
    if (word->kind != YAML_NODE_MAP || !word->first)
        fault(loader, word,
              "the examples of a word are forms by kind: {form: "
              "'…, …', none: '…'}");
    for (const struct yaml_node *node =
             word->kind == YAML_NODE_MAP ? word->first : NULL;
         node; node = node->next)
        check_forms(loader, &words, node);
}

void
grammar_examples_check(struct grammar_loader *loader,
                       const struct yaml_node *root)
{
    const struct yaml_node *examples = yaml_get(root, "examples");
    if (examples && examples->kind != YAML_NODE_MAP)
        fault(loader, examples,
              "'examples' holds grammars, each with words: "
              "{ru-noun: {роза: {form: розы}}}");
    for (const struct yaml_node *node =
             examples && examples->kind == YAML_NODE_MAP ? examples->first
                                                         : NULL;
         node; node = node->next) {
        int grammar = morphology_find(loader->morphology, node->key->text);
        if (grammar < 0)
            diagnostics_error(loader->diagnostics, node->key->place,
                              "no grammar is called '%.*s'",
                              SPAN_ARGS(node->key->text));
        if (node->kind != YAML_NODE_MAP)
            fault(loader, node,
                  "the examples of a grammar are words, each "
                  "with its forms: {роза: {form: розы}}");
        for (const struct yaml_node *word =
                 grammar >= 0 && node->kind == YAML_NODE_MAP ? node->first
                                                             : NULL;
             word; word = word->next)
            check_word(loader, grammar, word);
    }
}
