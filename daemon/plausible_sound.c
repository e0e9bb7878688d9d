#include "plausible_sound.h"

#include "known_words.h"
#include "matcher_model.h"
#include "parts.h"
#include "spelt.h"
#include "words.h"

enum {
    LETTERS_LEAST = 4,     /* shorter words of Latin letters are words */
    CAPITALS_LEAST = 6,    /* and so are abbreviations */
    CYRILLIC_LEAST = 3,    /* beside Cyrillic letters */
    AROUND_BYTES = 300,    /* whose words tell a language */
    AROUND_WORDS_LEAST = 3 /* of it */
};

/* Are the Latin words around mostly those of a language that is written so?
 * What may be either, "tam" and "most", says nothing. */
static bool
among_latin_words(struct span text, size_t from, size_t to)
{
    struct span around = span_around(text, from, to, AROUND_BYTES);
    size_t words = 0, ordinary = 0;
    struct span word;
    for (size_t at = 0; next_word(around, &at, &word);) {
        size_t place = (size_t)(word.at - text.at);
        struct letter_counts letters = count_letters(word);
        if ((place < to && place + word.len > from) || letters.all < 2 ||
            letters.latin != letters.all)
            continue;
        bool latin = ordinary_latin_word(word) || known_word(word);
        if (latin && spells_frequent(word))
            continue;
        words++;
        ordinary += latin;
    }
    return words >= AROUND_WORDS_LEAST && 5 * ordinary >= 2 * words;
}

/* Of a Latin word, with marks or without. */
static bool
is_letter(char byte)
{
    return (unsigned char)byte >= 0x80 ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* In "tysja4" the digit is the last letter. */
static bool
goes_on_in_digit(struct span text, size_t to)
{
    bool digit = to < text.len && (text.at[to] == '4' || text.at[to] == '6');
    return digit && (to + 1 == text.len || text.at[to + 1] < '0' ||
                     text.at[to + 1] > '9');
}

/* Is it a piece of a word such as o'rik? */
static bool
beside_apostrophe(struct span text, size_t from, size_t to)
{
    size_t first = from > 3 ? from - 3 : 0;
    struct span before = {text.at + first, from - first};
    struct span behind = {text.at + to, text.len - to < 3 ? text.len - to : 3};
    static const char *const signs[] = {"'", "`", "\u2019", "\u2018", "\u02BB"};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        size_t len = strlen(signs[i]);
        bool ends = before.len > len &&
                    memcmp(text.at + from - len, signs[i], len) == 0;
        if (ends && text.at[from - len - 1] > ' ')
            return true;
        if (span_starts(behind, signs[i]) && to + len < text.len &&
            is_letter(text.at[to + len]))
            return true;
    }
    return false;
}

/* Another word is spelt so, and the term is not, or not as well. */
static bool
likelier_by_sound(struct span word, const struct found *found)
{
    struct spelt spelt;
    if (!found->meant_len)
        return false;
    /* A form of the term that is spelt better would have been found. */
    bool rough = found->undone.rough > 0;
    size_t stem = rough || found->undone.unwritten ? 0 : found->undone.stem;
    spelt_beside(word, found->meant, found->meant_len, stem, &spelt);
    return spelt.frequent ||
           (spelt.known && (rough || !spelt.as_meant || !spelt.meant_known));
}

bool
sound_plausible(struct span text, size_t from, const struct found *found,
                const struct letter_counts *own)
{
    size_t to = found->to;
    /* "KOICAга": an abbreviation with an ending. */
    if (own->cyrillic > 0)
        return own->latin < CYRILLIC_LEAST ||
               own->latin_capitals < own->latin || own->capitals == own->all;
    struct span word = {text.at + from, to - from};
    if (beside_apostrophe(text, from, to) || goes_on_in_digit(text, to))
        return false;
    bool plain = !(found->undone.disguises & (DISGUISE_MASK | DISGUISE_LEET));
    if (own->latin + own->styled < LETTERS_LEAST ||
        (plain && own->capitals == own->all && own->all < CAPITALS_LEAST))
        return false;
    return !ordinary_latin_word(word) && !known_word(word) &&
           !among_latin_words(text, from, to) &&
           !likelier_by_sound(word, found);
}
