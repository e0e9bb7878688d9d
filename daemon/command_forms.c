#include "command_forms.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "command_rules.h"
#include "form_list.h"
#include "json.h"
#include "output.h"
#include "rules.h"
#include "terminal.h"
#include "wrap.h"

enum { SHORTEST = 12, SHORTEST_JSON = 100, LABEL_WIDTH = 18 };

/* What is asked for, and where it was found. */
struct request {
    struct arena *arena;
    const struct morphology *morphology;
    int grammar;
    const struct term *term; /* or NULL: a word that is no entry's */
    struct span text, stem;
    struct stem_words words;
    struct form_list list;
};

static const struct term *
find_term(const struct rules *rules, struct span name)
{
    for (size_t i = 0; i < rules->term_count; i++)
        if (span_is(name, rules->terms[i].id))
            return &rules->terms[i];
    for (size_t i = 0; i < rules->term_count; i++)
        if (span_equal(name, rules->terms[i].text))
            return &rules->terms[i];
    return NULL;
}

static bool
find_grammar(struct request *request, struct span name, struct error *err)
{
    request->grammar = morphology_find(request->morphology, name);
    if (request->grammar >= 0)
        return true;
    CLEANUP(buffer_done) struct buffer names = {0};
    for (int i = 0; morphology_name(request->morphology, i); i++)
        buffer_printf(&names, "%s%s", i ? ", " : "",
                      morphology_name(request->morphology, i));
    return error_set(err, ERROR_CONFIG,
                     "no grammar is called '%.*s'; there are %s",
                     SPAN_ARGS(name), buffer_text(&names));
}

/* A word of one's own under a grammar: no rules are needed. */
static bool
load_word(struct request *request, const struct arguments *arguments,
          const char *grammar, struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return error_no_memory(err);
    request->morphology = morphology_load(
        request->arena, arguments_value(arguments, "rules"), diagnostics);
    command_report(diagnostics);
    if (!request->morphology)
        return error_set(err, ERROR_CONFIG, "the grammars have errors");
    return find_grammar(request, span_of(grammar), err);
}

static bool
load_term(struct request *request, const struct arguments *arguments,
          struct rules **rules, struct error *err)
{
    CLEANUP(buffer_done) struct buffer folder = {0};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return error_no_memory(err);
    if (!command_rules_folder(arguments, RULES_DEMO, &folder, err))
        return false;
    *rules = rules_load(buffer_text(&folder), diagnostics);
    command_report(diagnostics);
    if (!*rules)
        return error_set(err, ERROR_CONFIG, "%s has errors",
                         buffer_text(&folder));
    request->term = find_term(*rules, request->text);
    if (!request->term)
        return error_set(err, ERROR_CONFIG,
                         "no entry of %s is called '%.*s' or has it as its "
                         "term; name a grammar to try any word: --morphology "
                         "ky-verb",
                         buffer_text(&folder), SPAN_ARGS(request->text));
    request->morphology = (*rules)->morphology;
    request->grammar = request->term->morphology;
    request->text = request->term->text;
    request->stem = request->term->stem;
    return true;
}

/* What stands before the last word of the term. */
static struct span
before_last(struct span text)
{
    size_t len = text.len;
    while (len && text.at[len - 1] != ' ')
        len--;
    return (struct span){text.at, len};
}

static bool
expand(struct request *request, size_t per_group, struct error *err)
{
    size_t len, stem_len;
    struct span text = span_trim(request->text);
    const uint32_t *letters = form_letters(request->arena, text, &len);
    const uint32_t *stem =
        form_letters(request->arena, request->stem, &stem_len);
    if (!letters || !stem ||
        !morphology_stems(request->morphology, request->grammar, letters, len,
                          stem, stem_len, request->arena, &request->words))
        return error_no_memory(err);
    if (request->words.count == 0)
        return error_set(err, ERROR_CONFIG, "'%.*s' is no word",
                         SPAN_ARGS(text));
    return form_list_make(request->morphology,
                          &request->words.words[request->words.count - 1],
                          before_last(text), per_group, request->arena,
                          &request->list) ||
           error_no_memory(err);
}

static void
append_count(struct buffer *out, double count)
{
    if (count < 1e6)
        buffer_printf(out, "%.0f", count);
    else
        buffer_printf(out, "over %.0f million", count / 1e6 - 0.5);
}

static void
print_group(const struct form_group *group, bool any_letter, unsigned width,
            bool colour, struct buffer *out)
{
    CLEANUP(buffer_done) struct buffer text = {0}, label = {0};
    for (size_t i = 0; i < group->shortest_count; i++)
        buffer_printf(&text, "%s%s%s", i ? ", " : "", group->shortest[i],
                      any_letter ? "…" : "");
    if (group->count > (double)group->shortest_count)
        buffer_append_text(&text, ", …");
    buffer_printf(&label, "%s%s", form_kind_name(group->kind),
                  group->negative ? ", negative" : "");
    buffer_printf(out, "%s%-*s%s ", terminal_style(colour, STYLE_BOLD),
                  LABEL_WIDTH, buffer_text(&label),
                  terminal_style(colour, STYLE_RESET));
    append_count(out, group->count);
    buffer_append_byte(out, '\n');
    wrap_text(out, buffer_span(&text), width, "    ", "    ", 100, NULL);
}

static void
print(const struct request *request, unsigned width, bool colour,
      struct buffer *out)
{
    terminal_append_safe(out, request->text);
    buffer_printf(out, "  %s, ",
                  morphology_name(request->morphology, request->grammar));
    if (request->list.any_letter)
        buffer_append_text(out, "and any letters behind it");
    else
        append_count(out, request->list.count);
    if (!request->list.any_letter)
        buffer_printf(out, " form%s with endings of up to %d letters",
                      request->list.count == 1 ? "" : "s", FORM_LONGEST);
    if (request->words.count > 1)
        buffer_append_text(out, "; of the last word");
    buffer_append_byte(out, '\n');
    for (size_t i = 0; i < FORM_GROUPS; i++)
        if (request->list.groups[i].count > 0)
            print_group(&request->list.groups[i], request->list.any_letter,
                        width, colour, out);
    const struct term *term = request->term;
    for (size_t i = 0; term && i < term->variants.count + term->forms.count;
         i++) {
        bool variant = i < term->variants.count;
        buffer_printf(out, "%s%-*s%s ", terminal_style(colour, STYLE_BOLD),
                      LABEL_WIDTH, variant ? "variant" : "form listed",
                      terminal_style(colour, STYLE_RESET));
        terminal_append_safe(
            out, variant ? term->variants.items[i]
                         : term->forms.items[i - term->variants.count]);
        buffer_append_byte(out, '\n');
    }
}

static void
write_list(struct json_writer *json, const char *key,
           const struct text_list *list)
{
    json_key(json, key);
    json_open_array(json);
    for (size_t i = 0; list && i < list->count; i++)
        json_string(json, list->items[i]);
    json_close_array(json);
}

static void
write_group(struct json_writer *json, const struct form_group *group)
{
    json_open_object(json);
    json_key(json, "kind");
    json_cstring(json, form_kind_name(group->kind));
    json_key(json, "negative");
    json_bool(json, group->negative);
    json_key(json, "count");
    json_integer(json,
                 group->count < 1e15 ? (int64_t)group->count : (int64_t)1e15);
    json_key(json, "shortest");
    json_open_array(json);
    for (size_t i = 0; i < group->shortest_count; i++)
        json_cstring(json, group->shortest[i]);
    json_close_array(json);
    json_close_object(json);
}

static bool
write_json(const struct request *request, struct buffer *out, struct error *err)
{
    CLEANUP(json_writer_freep) struct json_writer *json = json_writer_new(out);
    const struct term *term = request->term;
    if (!json)
        return error_no_memory(err);
    json_open_object(json);
    json_key(json, "entry");
    json_string_or_null(json, term ? span_of(term->id) : SPAN_NONE);
    json_key(json, "term");
    json_string(json, request->text);
    json_key(json, "morphology");
    json_cstring(json, morphology_name(request->morphology, request->grammar));
    json_key(json, "any_letters");
    json_bool(json, request->list.any_letter);
    json_key(json, "groups");
    json_open_array(json);
    for (size_t i = 0; i < FORM_GROUPS; i++)
        if (request->list.groups[i].count > 0)
            write_group(json, &request->list.groups[i]);
    json_close_array(json);
    write_list(json, "variants", term ? &term->variants : NULL);
    write_list(json, "forms", term ? &term->forms : NULL);
    json_close_object(json);
    buffer_append_byte(out, '\n');
    return true;
}

static void
request_done(struct request *request)
{
    arena_free(request->arena);
}

bool
command_forms(const struct arguments *arguments, struct error *err)
{
    CLEANUP(buffer_done) struct buffer text = {0}, out = {0};
    CLEANUP(rules_unrefp) struct rules *rules = NULL;
    CLEANUP(request_done) struct request request = {.arena = arena_new()};
    const char *grammar = arguments_value(arguments, "morphology");
    bool json = arguments_has(arguments, "json");
    if (!request.arena)
        return error_no_memory(err);
    for (size_t i = 0; i < arguments->operand_count; i++)
        buffer_printf(&text, "%s%s", i ? " " : "", arguments->operands[i]);
    request.text = buffer_span(&text);
    if (!buffer_ok(&text))
        return error_no_memory(err);
    if (!(grammar ? load_word(&request, arguments, grammar, err)
                  : load_term(&request, arguments, &rules, err)) ||
        !expand(&request, json ? SHORTEST_JSON : SHORTEST, err))
        return false;
    if (json && !write_json(&request, &out, err))
        return false;
    if (!json)
        print(&request, terminal_width(STDOUT_FILENO),
              terminal_colour(STDOUT_FILENO), &out);
    if (!buffer_ok(&out))
        return error_no_memory(err);
    (void)!output_write(buffer_span(&out));
    return output_finish(err);
}
