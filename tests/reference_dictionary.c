#include "reference_dictionary.h"

#include <stdlib.h>

#include "alphabet.h"
#include "reference_written.h"

/* Letters, ' ' between words; what stands between them is plain or marked. */
static uint32_t *
folded(struct arena *arena, struct span bytes, size_t *len, bool *marked)
{
    struct reference_written text;
    reference_written_read(&text, bytes);
    uint32_t *out = arena_alloc(arena, (2 * text.count + 1) * sizeof(*out));
    size_t word = 0, blanks = 0, hyphens = 0, others = 0;
    if (!out)
        abort();
    *len = 0;
    for (size_t i = 0; i < text.count; i++) {
        uint32_t point = text.points[i];
        if (reference_is_hidden(&text, i))
            continue;
        if (!reference_is_letter(&text, i)) {
            bool hyphen = point == '-' || (point >= 0x2010 && point <= 0x2013);
            hyphens += hyphen;
            blanks += alphabet_is_blank(point);
            others += !hyphen && !alphabet_is_blank(point);
            continue;
        }
        if (*len && blanks + hyphens + others &&
            word + 1 < REFERENCE_WORDS_MOST) {
            out[(*len)++] = ' ';
            if (marked)
                marked[word + 1] = others || (hyphens && hyphens + blanks > 1);
            word++;
        }
        blanks = hyphens = others = 0;
        struct reference_mark letter = reference_marked(&text, i);
        out[(*len)++] = letter.letter;
        i = letter.end - 1;
    }
    reference_written_done(&text);
    return out;
}

static void
add_spelling(struct reference_dictionary *dictionary, const struct rules *rules,
             const struct term *term, struct span text, int grammar,
             struct span stem)
{
    struct reference_spelling *grown = realloc(
        dictionary->spellings, (dictionary->count + 1) * sizeof(*grown));
    if (!grown)
        abort();
    dictionary->spellings = grown;
    struct reference_spelling *spelling = &grown[dictionary->count++];
    *spelling = (struct reference_spelling){.term = term};
    size_t len, stem_len = 0;
    uint32_t *letters = folded(dictionary->arena, text, &len, spelling->marked);
    uint32_t *given =
        stem.at ? folded(dictionary->arena, stem, &stem_len, NULL) : NULL;
    if (!morphology_stems(rules->morphology, grammar, letters, len, given,
                          stem_len, dictionary->arena, &spelling->words))
        abort();
}

struct reference_dictionary *
reference_dictionary_new(const struct rules *rules)
{
    struct reference_dictionary *dictionary = calloc(1, sizeof(*dictionary));
    if (!dictionary || !(dictionary->arena = arena_new()))
        abort();
    dictionary->endings = morphology_endings(rules->morphology);
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        bool grammatical = term->morphology > GRAMMAR_PREFIX;
        add_spelling(dictionary, rules, term, term->text, term->morphology,
                     grammatical ? term->stem : SPAN_NONE);
        for (size_t j = 0; j < term->variants.count; j++)
            add_spelling(dictionary, rules, term, term->variants.items[j],
                         term->morphology, SPAN_NONE);
        for (size_t j = 0; j < term->forms.count; j++)
            add_spelling(dictionary, rules, term, term->forms.items[j],
                         GRAMMAR_EXACT, SPAN_NONE);
        if (term->stem.at && !grammatical)
            add_spelling(dictionary, rules, term, term->stem, GRAMMAR_PREFIX,
                         SPAN_NONE);
    }
    return dictionary;
}

void
reference_dictionary_free(struct reference_dictionary *dictionary)
{
    if (!dictionary)
        return;
    arena_free(dictionary->arena);
    free(dictionary->spellings);
    free(dictionary);
}

const struct stem_words *
reference_dictionary_words(const struct reference_dictionary *dictionary,
                           const struct term *term)
{
    size_t i = 0;
    while (dictionary->spellings[i].term != term)
        i++;
    return &dictionary->spellings[i].words;
}
