#include "matcher.h"

#include <stdio.h>
#include <stdlib.h>

#include "alphabet.h"
#include "lattice.h"
#include "matcher_model.h"
#include "sha256.h"
#include "utf8.h"

struct scanner {
    struct scratch *scratch;
    struct scan scan;
    struct buffer view; /* letters of the last scanner_view() */
    struct buffer view_origins;
};

static _Atomic uint64_t generations;

const char *
match_form_name(enum match_form form)
{
    static const char *const names[] = {"exact", "inflected", "disguised"};
    return names[form];
}

const char *
candidate_outcome_text(enum candidate_outcome outcome)
{
    static const char *const texts[] = {
        [CANDIDATE_COUNTED] = "counted",
        [CANDIDATE_HELPER] = "found, but has no category of its own: only "
                             "rules use it",
        [CANDIDATE_BOUNDARY] = "its words are not divided by a blank or one "
                               "hyphen",
        [CANDIDATE_ENDING] = "another word: an ending that is no form of it",
        [CANDIDATE_EXCEPTED] = "inside one of its exceptions",
        [CANDIDATE_DISGUISE_OFF] = "needs a disguise that the entry does not "
                                   "list",
        [CANDIDATE_IMPLAUSIBLE] = "likelier ordinary text than a "
                                  "disguise",
        [CANDIDATE_LANGUAGE] = "the post is in a language that only_lang "
                               "leaves out",
        [CANDIDATE_SOFTENED] = "the rule held, but an 'unless' took it away",
        [CANDIDATE_INCOMPLETE] = "the rule found only some of its parts close "
                                 "enough",
    };
    return texts[outcome];
}

struct matcher *
matcher_new(struct rules *rules, struct diagnostics *diagnostics,
            struct error *err)
{
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = calloc(1, sizeof(*matcher));
    if (!matcher) {
        error_no_memory(err);
        return NULL;
    }
    atomic_init(&matcher->references, 1);
    matcher->generation = atomic_fetch_add(&generations, 1) + 1;
    matcher->rules = rules_ref(rules);
    matcher->arena = arena_new();
    if (!matcher->arena) {
        error_no_memory(err);
        return NULL;
    }
    if (!matcher_compile(matcher, diagnostics, err))
        return NULL;
    return TAKE(matcher);
}

struct matcher *
matcher_ref(struct matcher *matcher)
{
    atomic_fetch_add(&matcher->references, 1);
    return matcher;
}

void
matcher_unref(struct matcher *matcher)
{
    if (!matcher || atomic_fetch_sub(&matcher->references, 1) != 1)
        return;
    database_free(matcher->database);
    spellings_done(&matcher->terms);
    spellings_done(&matcher->phrases);
    arena_free(matcher->arena);
    rules_unref(matcher->rules);
    free(matcher);
}

void
matcher_unrefp(struct matcher **matcher)
{
    matcher_unref(*matcher);
}

const struct rules *
matcher_rules(const struct matcher *matcher)
{
    return matcher->rules;
}

size_t
matcher_size_bytes(const struct matcher *matcher)
{
    return arena_size_bytes(matcher->arena) +
           trie_size_bytes(&matcher->terms.trie) +
           trie_size_bytes(&matcher->phrases.trie) +
           database_size_bytes(matcher->database);
}

bool
matcher_from_cache(const struct matcher *matcher)
{
    return database_from_cache(matcher->database);
}

struct scanner *
scanner_new(struct error *err)
{
    CLEANUP(scanner_freep)
    struct scanner *scanner = calloc(1, sizeof(*scanner));
    if (scanner) {
        scanner->scratch = scratch_new();
        scanner->scan.arena = arena_new();
    }
    if (!scanner || !scanner->scratch || !scanner->scan.arena) {
        error_no_memory(err);
        return NULL;
    }
    return lattice_load(err) ? TAKE(scanner) : NULL;
}

void
scanner_free(struct scanner *scanner)
{
    if (!scanner)
        return;
    struct scan *scan = &scanner->scan;
    for (int i = 0; i < FIELD_COUNT; i++)
        reading_done(&scan->readings[i]);
    joined_done(&scan->joined);
    free(scan->places.offsets);
    walk_done(&scan->walk);
    walk_done(&scan->phrase_walk);
    free(scan->hits);
    free(scan->matches);
    arena_free(scan->arena);
    scratch_free(scanner->scratch);
    buffer_done(&scanner->view);
    buffer_done(&scanner->view_origins);
    free(scanner);
}

void
scanner_freep(struct scanner **scanner)
{
    scanner_free(*scanner);
}

void
scanner_trace(struct scanner *scanner,
              void (*show)(void *context, const struct candidate *),
              void *context)
{
    scanner->scan.show = show;
    scanner->scan.show_context = context;
}

void *
scan_grow(struct scan *scan, void *items, size_t count, size_t *capacity,
          size_t item_bytes)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? 2 * *capacity : 64;
    void *grown = realloc(items, wanted * item_bytes);
    if (grown)
        *capacity = wanted;
    scan->no_memory = scan->no_memory || !grown;
    return grown;
}

void
scan_show(struct scan *scan, const struct candidate *candidate)
{
    if (scan->show)
        scan->show(scan->show_context, candidate);
}

/* Terms with a category of their own flag by themselves. */
static void
add_term_matches(struct scan *scan)
{
    for (size_t i = 0; i < scan->hit_count; i++) {
        const struct hit *hit = &scan->hits[i];
        if (hit->term->category == RULES_NONE)
            continue;
        struct match *matches =
            scan_grow(scan, scan->matches, scan->match_count,
                      &scan->match_capacity, sizeof(*matches));
        if (!matches)
            return;
        scan->matches = matches;
        struct match *match = &matches[scan->match_count++];
        *match = (struct match){
            .term = hit->term,
            .category = hit->term->category,
            .severity = hit->severity,
            .raised_by = hit->raised_by,
            .field = hit->field,
            .form = hit->form,
            .through = hit->through,
        };
        extent_of(scan, hit->field, hit->from, hit->to, &match->extent);
    }
}

static int
compare_matches(const void *left, const void *right)
{
    const struct match *a = left, *b = right;
    if (a->severity != b->severity)
        return b->severity - a->severity;
    if (a->field != b->field)
        return (int)a->field - (int)b->field;
    if (a->extent.bytes[0] != b->extent.bytes[0])
        return a->extent.bytes[0] < b->extent.bytes[0] ? -1 : 1;
    return strcmp(a->term ? a->term->id : a->rule->id,
                  b->term ? b->term->id : b->rule->id);
}

static bool
scan_fields(struct scanner *scanner, const struct matcher *matcher,
            struct error *err)
{
    struct scan *scan = &scanner->scan;
    for (int i = 0; i < FIELD_COUNT; i++) {
        scan->readings[i].count = 0;
        if (scan->input->fields[i].len == 0)
            continue;
        scan->places.count = 0;
        if (!normalise(&scan->readings[i], scan->input->fields[i], err) ||
            !database_scan(matcher->database, scanner->scratch,
                           &scan->readings[i], scan, err))
            return false;
        suspects_add(scan, (enum match_field)i);
        if (scan->places.count)
            verify_field(scan, (enum match_field)i);
    }
    return true;
}

bool
matcher_scan(const struct matcher *matcher, struct scanner *scanner,
             const struct matcher_input *input, struct match_list *out,
             struct error *err)
{
    struct scan *scan = &scanner->scan;
    scan->matcher = matcher;
    scan->input = input;
    memset(scan->cursors, 0, sizeof(scan->cursors));
    scan->hit_count = 0;
    scan->match_count = 0;
    scan->no_memory = false;
    *out = (struct match_list){0};
    if (!scratch_fit(scanner->scratch, matcher->database, matcher->generation,
                     err) ||
        !scan_fields(scanner, matcher, err))
        return false;
    if (scan->hit_count == 0)
        return true;

    arena_clear(scan->arena);
    rule_match(scan);
    add_term_matches(scan);
    if (scan->no_memory)
        return error_no_memory(err);
    if (scan->match_count == 0)
        return true; /* words for rules only, and no rule held */
    qsort(scan->matches, scan->match_count, sizeof(*scan->matches),
          compare_matches);
    out->items = scan->matches;
    out->count = scan->match_count;
    for (size_t i = 0; i < scan->match_count; i++) {
        out->categories |= (uint64_t)1 << scan->matches[i].category;
        if (scan->matches[i].severity > out->severity)
            out->severity = scan->matches[i].severity;
    }
    return true;
}

void
scanner_fingerprint(const struct scanner *scanner, char out[33])
{
    struct sha256 sha256;
    sha256_init(&sha256);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct reading *reading = &scanner->scan.readings[i];
        sha256_add_field(&sha256, (struct span){(const char *)reading->letters,
                                                reading->count});
    }
    char hex[SHA256_HEX_SIZE];
    sha256_hex(&sha256, hex);
    memcpy(out, hex, 32);
    out[32] = '\0';
}

/* Letter by letter, as the reading has them, but repeated ones too. */
bool
scanner_view(struct scanner *scanner, enum match_field field,
             struct normal_view *out)
{
    struct span text = scanner->scan.input->fields[field];
    struct buffer *view = &scanner->view, *origins = &scanner->view_origins;
    bool gap = false, valid;
    buffer_clear(view);
    buffer_clear(origins);
    for (size_t at = 0, next; at < text.len; at = next) {
        uint32_t origin = (uint32_t)at;
        next = at;
        uint8_t class = alphabet_class(utf8_next(text, &next, &valid));
        bool letter = class >= LETTER_OTHER;
        if (class == LETTER_SKIPPED || (!letter && gap))
            continue;
        gap = !letter;
        if (letter) {
            struct written_letter written = written_letter_at(text, at);
            next = written.hidden ? next : written.end;
            class = alphabet_class(written.code_point);
        }
        utf8_append(view, alphabet_letter(class));
        buffer_append(origins, &origin, sizeof(origin));
    }
    *out = (struct normal_view){buffer_span(view),
                                (const uint32_t *)(const void *)origins->bytes,
                                origins->len / sizeof(uint32_t)};
    return buffer_ok(view) && buffer_ok(origins);
}
