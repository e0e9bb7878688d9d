#include <stdlib.h>

#include "alphabet.h"
#include "matcher_model.h"

enum { SPELLING_LETTERS_MOST = 200 };

/* Classes of a text, one separator between words and none outside, and the
 * letters that are meant in step with them. */
static bool
fold(struct arena *arena, struct span text, uint8_t **folded,
     uint32_t **letters, size_t *len)
{
    struct reading reading = {0};
    size_t behind = 0; /* the letter before */
    bool ok = normalise(&reading, text, NULL);
    *len = ok && reading.count >= 2 ? reading.count - 2 : 0;
    *folded = arena_alloc(arena, *len + 1);
    *letters = arena_alloc(arena, (*len + 1) * sizeof(**letters));
    ok = ok && *folded && *letters;
    for (size_t i = 0; ok && i < *len; i++) {
        (*folded)[i] = reading.letters[i + 1];
        if (reading.letters[i + 1] == LETTER_SEPARATOR) {
            size_t next = reading.origins[i + 2];
            struct span gap = {text.at + behind, next - behind};
            (*letters)[i] = gap_is_plain(gap) ? ' ' : MARKED_GAP;
            continue;
        }
        struct written_letter letter =
            written_letter_at(text, reading.origins[i + 1]);
        (*letters)[i] = letter.code_point;
        behind = letter.end;
    }
    reading_done(&reading);
    return ok;
}

struct spelling_kind {
    bool dictionary_form, any_ending;
};

static bool
add_spelling(struct matcher *matcher, const struct term *term, struct span text,
             struct spelling_kind kind, struct diagnostics *diagnostics)
{
    struct spelling spelling = {.term = term,
                                .dictionary_form = kind.dictionary_form,
                                .any_ending = kind.any_ending};
    if (!fold(matcher->arena, text, &spelling.folded, &spelling.letters,
              &spelling.len))
        return false;
    if (spelling.len == 0 || spelling.len > SPELLING_LETTERS_MOST) {
        diagnostics_error(diagnostics, term->place,
                          "'%.*s' has %s: it cannot be looked for",
                          SPAN_ARGS(text),
                          spelling.len ? "more than 200 letters"
                                       : "neither letters nor digits");
        return true;
    }
    if (spelling.len == 1)
        diagnostics_warning(diagnostics, term->place,
                            "'%.*s' is a single letter or digit: it will be "
                            "found everywhere",
                            SPAN_ARGS(text));
    struct spelling *grown =
        arena_grow(matcher->arena, matcher->spellings, matcher->spelling_count,
                   &matcher->spelling_capacity, sizeof(spelling));
    if (!grown)
        return false;
    matcher->spellings = grown;
    grown[matcher->spelling_count++] = spelling;
    return true;
}

static bool
add_term(struct matcher *matcher, const struct term *term,
         struct diagnostics *diagnostics)
{
    bool prefix = term->morphology == GRAMMAR_PREFIX;
    const struct spelling_kind word = {true, prefix};
    const struct spelling_kind form = {false, false};
    const struct spelling_kind stem = {false, true};
    bool ok = add_spelling(matcher, term, term->text, word, diagnostics);
    for (size_t i = 0; ok && i < term->variants.count; i++)
        ok = add_spelling(matcher, term, term->variants.items[i], word,
                          diagnostics);
    for (size_t i = 0; ok && i < term->forms.count; i++)
        ok = add_spelling(matcher, term, term->forms.items[i], form,
                          diagnostics);
    if (ok && term->stem.at)
        ok = add_spelling(matcher, term, term->stem, stem, diagnostics);
    return ok;
}

/* Does the phrase hold a spelling of its term, of those from `first` on? */
static bool
phrase_applies(const struct matcher *matcher, const struct phrase *phrase,
               size_t first)
{
    for (size_t i = first; i < matcher->spelling_count; i++)
        if (memmem(phrase->folded, phrase->len, matcher->spellings[i].folded,
                   matcher->spellings[i].len))
            return true;
    return false;
}

static bool
add_phrases(struct matcher *matcher, const struct term *term, size_t first,
            struct diagnostics *diagnostics)
{
    struct term_index *index = &matcher->terms[term - matcher->rules->terms];
    index->phrases = arena_alloc(matcher->arena, (term->except.count + 1) *
                                                     sizeof(*index->phrases));
    for (size_t i = 0; index->phrases && i < term->except.count; i++) {
        struct phrase *phrase = &index->phrases[index->phrase_count];
        phrase->text = term->except.items[i].at;
        if (!fold(matcher->arena, term->except.items[i], &phrase->folded,
                  &phrase->letters, &phrase->len))
            return false;
        if (!phrase_applies(matcher, phrase, first))
            diagnostics_warning(diagnostics, term->place,
                                "the exception '%s' does not hold '%.*s': it "
                                "will never apply",
                                phrase->text, SPAN_ARGS(term->text));
        index->phrase_count += phrase->len > 0;
    }
    return index->phrases != NULL;
}

static int
compare_folded(const struct spelling *a, const struct spelling *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->folded, b->folded, len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int
compare_spellings(const void *left, const void *right)
{
    const struct spelling *a = left, *b = right;
    int order = compare_folded(a, b);
    if (order == 0)
        order = (a->term > b->term) - (a->term < b->term);
    return order ? order : b->dictionary_form - a->dictionary_form;
}

/* Spellings of one term that differ in nothing are found twice otherwise. */
static void
drop_doubles(struct matcher *matcher)
{
    size_t kept = 0;
    for (size_t i = 0; i < matcher->spelling_count; i++) {
        struct spelling *spelling = &matcher->spellings[i];
        struct spelling *last = kept ? &matcher->spellings[kept - 1] : NULL;
        if (last && last->term == spelling->term &&
            compare_folded(last, spelling) == 0 &&
            memcmp(last->letters, spelling->letters,
                   spelling->len * sizeof(uint32_t)) == 0) {
            last->any_ending = last->any_ending || spelling->any_ending;
            continue;
        }
        matcher->spellings[kept++] = *spelling;
    }
    matcher->spelling_count = kept;
}

static bool
group_patterns(struct matcher *matcher)
{
    matcher->patterns =
        arena_alloc(matcher->arena,
                    (matcher->spelling_count + 1) * sizeof(*matcher->patterns));
    if (!matcher->patterns)
        return false;
    for (size_t i = 0; i < matcher->spelling_count; i++) {
        const struct spelling *spelling = &matcher->spellings[i];
        if (i == 0 || compare_folded(&matcher->spellings[i - 1], spelling) != 0)
            matcher->patterns[matcher->pattern_count++] = (struct pattern){
                spelling->folded, spelling->len, (uint32_t)i, 0};
        matcher->patterns[matcher->pattern_count - 1].count++;
    }
    return true;
}

bool
matcher_compile(struct matcher *matcher, struct diagnostics *diagnostics,
                struct error *err)
{
    const struct rules *rules = matcher->rules;
    matcher->terms = arena_alloc(matcher->arena, (rules->term_count + 1) *
                                                     sizeof(*matcher->terms));
    if (!matcher->terms)
        return error_no_memory(err);
    size_t errors = diagnostics_errors(diagnostics);
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        size_t first = matcher->spelling_count;
        if (!add_term(matcher, term, diagnostics) ||
            !add_phrases(matcher, term, first, diagnostics))
            return error_no_memory(err);
    }
    if (diagnostics_errors(diagnostics) > errors)
        return error_set(err, ERROR_CONFIG, "some terms cannot be looked for");
    if (matcher->spelling_count == 0)
        return error_set(err, ERROR_CONFIG, "no terms to look for");
    qsort(matcher->spellings, matcher->spelling_count,
          sizeof(*matcher->spellings), compare_spellings);
    drop_doubles(matcher);
    if (!group_patterns(matcher) || !rule_index(matcher))
        return error_no_memory(err);
    matcher->database =
        database_new(matcher->patterns, matcher->pattern_count, err);
    return matcher->database != NULL;
}
