#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "matcher_model.h"
#include "utf8.h"

void
spellings_done(struct spellings *spellings)
{
    trie_done(&spellings->trie);
}

/* A spelling while it is made. */
struct draft {
    struct span text;
    const struct term *term;
    int grammar;
    bool dictionary_form;
    const char *phrase; /* of `except`, or NULL */
    struct span stem;   /* given by the entry, or absent */
};

/* Blanks or one hyphen, invisible characters aside. */
static bool
gap_is_plain(struct span gap)
{
    size_t blanks = 0, hyphens = 0;
    for (size_t offset = 0; offset < gap.len;) {
        bool valid;
        uint32_t sign = utf8_next(gap, &offset, &valid);
        bool hyphen = sign == '-' || (sign >= 0x2010 && sign <= 0x2013);
        bool blank = alphabet_is_blank(sign);
        if (!hyphen && !blank && alphabet_class(sign) != LETTER_SKIPPED)
            return false;
        hyphens += hyphen;
        blanks += blank;
    }
    return hyphens == 0 || (hyphens == 1 && blanks == 0);
}

struct letters {
    uint32_t *items;
    size_t len;
    bool *marked; /* the gap before each word */
    uint32_t words;
};

/* Folded letters, a blank between words, none outside. */
static bool
read_letters(struct arena *arena, struct span text, struct letters *out)
{
    *out = (struct letters){
        .items = arena_alloc(arena, (text.len + 1) * sizeof(*out->items)),
        .marked = arena_alloc(arena, text.len + 1)};
    if (!out->items || !out->marked)
        return false;
    size_t behind = 0; /* the letter before */
    bool gap = true;
    for (size_t at = 0; at < text.len;) {
        size_t next = at;
        bool valid;
        uint8_t class = alphabet_class(utf8_next(text, &next, &valid));
        if (class < LETTER_OTHER) {
            gap = gap || class == LETTER_SEPARATOR;
            at = next;
            continue;
        }
        if (gap && out->len) {
            out->items[out->len++] = ' ';
            out->marked[out->words] =
                !gap_is_plain((struct span){text.at + behind, at - behind});
        }
        out->words += gap;
        gap = false;
        struct written_letter letter = written_letter_at(text, at);
        out->items[out->len++] = letter.code_point;
        at = behind = letter.end;
    }
    return true;
}

static bool
add_entries(struct matcher *matcher, struct spellings *spellings,
            struct spelling *spelling, const struct stem_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        uint32_t root = i ? (uint32_t)spellings->root_count++ : 0;
        spelling->roots[i] = root;
        for (size_t j = 0; j < words->words[i].count; j++) {
            const struct stem *stem = &words->words[i].stems[j];
            struct trie_entry *grown = arena_grow(
                matcher->arena, spellings->entries, spellings->entry_count,
                &spellings->entry_capacity, sizeof(*grown));
            if (!grown)
                return false;
            spellings->entries = grown;
            grown[spellings->entry_count++] = (struct trie_entry){
                .root = root,
                .len = stem->len,
                .letters = stem->letters,
                .output = {(uint32_t)(spelling - spellings->items), (uint32_t)i,
                           stem->state},
            };
        }
    }
    return true;
}

static bool
add_spelling(struct matcher *matcher, const struct draft *draft)
{
    struct spellings *spellings =
        draft->phrase ? &matcher->phrases : &matcher->terms;
    struct letters letters, stem = {0};
    struct stem_words words = {0};
    if (!read_letters(matcher->arena, draft->text, &letters) ||
        (draft->stem.at && !read_letters(matcher->arena, draft->stem, &stem)))
        return false;
    if (letters.len == 0 || letters.len > RULES_LETTERS_MOST)
        return true; /* the loader has said so */
    if (!morphology_stems(matcher->rules->morphology, draft->grammar,
                          letters.items, letters.len, stem.items, stem.len,
                          matcher->arena, &words))
        return false;
    struct spelling *grown =
        arena_grow(matcher->arena, spellings->items, spellings->count,
                   &spellings->capacity, sizeof(*grown));
    uint32_t *roots =
        arena_alloc(matcher->arena, (words.count + 1) * sizeof(*roots));
    if (!grown || !roots)
        return false;
    spellings->items = grown;
    struct spelling *spelling = &grown[spellings->count++];
    *spelling = (struct spelling){
        .term = draft->term,
        .letters = letters.items,
        .len = letters.len,
        .roots = roots,
        .marked = letters.marked,
        .word_count = (uint32_t)words.count,
        .grammar = draft->grammar,
        .dictionary_form = draft->dictionary_form,
        .phrase = draft->phrase,
    };
    if (draft->phrase)
        memset(letters.marked, true, letters.words);
    if (spelling->word_count > spellings->word_count_most)
        spellings->word_count_most = spelling->word_count;
    return add_entries(matcher, spellings, spelling, &words);
}

static bool
add_term(struct matcher *matcher, const struct term *term)
{
    struct draft draft = {.text = term->text,
                          .term = term,
                          .grammar = term->morphology,
                          .dictionary_form = true};
    bool grammatical = term->morphology > GRAMMAR_PREFIX;
    if (grammatical)
        draft.stem = term->stem;
    bool ok = add_spelling(matcher, &draft);
    draft.stem = SPAN_NONE;
    for (size_t i = 0; ok && i < term->variants.count; i++) {
        draft.text = term->variants.items[i];
        ok = add_spelling(matcher, &draft);
    }
    draft.dictionary_form = false;
    draft.grammar = GRAMMAR_EXACT;
    for (size_t i = 0; ok && i < term->forms.count; i++) {
        draft.text = term->forms.items[i];
        ok = add_spelling(matcher, &draft);
    }
    if (ok && term->stem.at && !grammatical) {
        draft.text = term->stem;
        draft.grammar = GRAMMAR_PREFIX;
        ok = add_spelling(matcher, &draft);
    }
    return ok;
}

static bool
holds(const uint32_t *letters, size_t len, const uint32_t *part,
      size_t part_len)
{
    for (size_t i = 0; i + part_len <= len; i++)
        if (memcmp(letters + i, part, part_len * sizeof(*part)) == 0)
            return true;
    return false;
}

static bool
is_spelling(const struct matcher *matcher, const struct letters *phrase,
            size_t first)
{
    for (size_t i = first; i < matcher->terms.count; i++) {
        const struct spelling *spelling = &matcher->terms.items[i];
        if (spelling->len == phrase->len &&
            holds(phrase->items, phrase->len, spelling->letters, spelling->len))
            return true;
    }
    return false;
}

/* A phrase stands as it is written, and in the forms of its term's grammar; the
 * term itself as a phrase is that one form. */
static bool
add_phrases(struct matcher *matcher, const struct term *term,
            size_t first_spelling)
{
    for (size_t i = 0; i < term->except.count; i++) {
        struct draft draft = {.text = term->except.items[i],
                              .term = term,
                              .phrase = term->except.items[i].at};
        struct letters letters;
        if (!read_letters(matcher->arena, draft.text, &letters))
            return false;
        if (!add_spelling(matcher, &draft))
            return false;
        draft.grammar = term->morphology;
        if (draft.grammar != GRAMMAR_EXACT &&
            !is_spelling(matcher, &letters, first_spelling) &&
            !add_spelling(matcher, &draft))
            return false;
        matcher->index[term - matcher->rules->terms].excepted = true;
    }
    return true;
}

bool
spellings_make(struct matcher *matcher)
{
    const struct rules *rules = matcher->rules;
    matcher->terms.root_count = matcher->phrases.root_count = 1;
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        size_t first_spelling = matcher->terms.count;
        if (!add_term(matcher, term) ||
            !add_phrases(matcher, term, first_spelling))
            return false;
    }
    return true;
}
