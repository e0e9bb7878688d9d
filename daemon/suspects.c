#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "lattice.h"
#include "lattice_table.h"
#include "matcher_model.h"
#include "utf8.h"
#include "words.h"

enum {
    SINGLES_LEAST = 3, /* words of one letter in a row are a word spelt out */
    WORD_REACH = 24,   /* bytes of a word and a blank before another */
};

void
place_add(struct scan *scan, size_t offset)
{
    struct places *places = &scan->places;
    uint32_t *grown = scan_grow(scan, places->offsets, places->count,
                                &places->capacity, sizeof(*grown));
    if (!grown)
        return;
    places->offsets = grown;
    grown[places->count++] = (uint32_t)offset;
}

static bool
is_pair(const struct matcher *matcher, uint64_t letters, unsigned len)
{
    uint32_t slot = pair_slot(letters, len);
    return matcher->pairs[slot / 64] >> slot % 64 & 1;
}

static bool
joined_reserve(struct joined *joined, const struct reading *reading)
{
    if (joined->capacity >= reading->capacity)
        return true;
    joined_done(joined);
    joined->letters = malloc(reading->capacity + 2 * READING_SLACK);
    joined->starts = malloc(reading->capacity * sizeof(*joined->starts));
    if (!joined->letters || !joined->starts)
        return false;
    joined->capacity = reading->capacity;
    return true;
}

void
joined_done(struct joined *joined)
{
    free(joined->letters);
    free(joined->starts);
    *joined = (struct joined){0};
}

static size_t
word_end(const struct reading *reading, size_t word)
{
    return reading->words[word + 1] - 1;
}

/* All letters without what divides words; of a letter at both sides of a gap
 * one, as of one that is repeated. */
static void
join_words(struct joined *joined, const struct reading *reading)
{
    const uint8_t *letters = reading->letters;
    uint8_t before = LETTER_SEPARATOR;
    size_t len = 0;
    for (size_t i = 0; i < reading->word_count; i++) {
        size_t from = reading->words[i], end = word_end(reading, i);
        len -= letters[from] == before;
        joined->starts[i] = (uint32_t)len;
        memcpy(joined->letters + len, letters + from, READING_SLACK);
        if (end - from > READING_SLACK)
            memcpy(joined->letters + len, letters + from, end - from);
        len += end - from;
        before = letters[end - 1];
    }
    joined->count = len;
    memset(joined->letters + len, LETTER_SEPARATOR, READING_SLACK);
}

/* Might a stem begin in the word, which it has `len` letters of, and go on in
 * the next ones? */
static bool
begins_stem(const struct scan *scan, size_t word, size_t len)
{
    const struct joined *joined = &scan->joined;
    size_t left = joined->count - joined->starts[word];
    uint64_t letters;
    memcpy(&letters, joined->letters + joined->starts[word], sizeof(letters));
    for (unsigned most = PAIR_SHORT; most <= PAIR_LONG; most++)
        if (len < most && left >= most && is_pair(scan->matcher, letters, most))
            return true;
    return false;
}

/* Words that begin a term together with the next ones, and words of one letter
 * in a row. What is asked of each word is asked without a branch: how long it
 * is cannot be foreseen. */
static void
add_split_words(struct scan *scan, const struct reading *reading)
{
    struct joined *joined = &scan->joined;
    const uint64_t *openings = scan->matcher->openings;
    if (!joined_reserve(joined, reading)) {
        scan->no_memory = true;
        return;
    }
    join_words(joined, reading);
    unsigned singles = 0;
    for (size_t i = 0; i < reading->word_count; i++) {
        size_t len = word_end(reading, i) - reading->words[i];
        uint32_t slot = opening_slot(joined->letters + joined->starts[i]);
        singles = len == 1 ? singles + 1 : 0;
        if (singles >= SINGLES_LEAST)
            place_add(scan, reading->origins[reading->words[i - 2]]);
        if (((len < PAIR_LONG) & (openings[slot / 64] >> slot % 64)) &&
            begins_stem(scan, i, len))
            place_add(scan, reading->origins[reading->words[i]]);
    }
}

/* Can a word that is disguised begin with the sign? */
static bool
sign_begins_word(uint32_t sign)
{
    switch (sign) {
    case '*':
    case '@':
    case '$':
    case '%':
    case '&':
    case '|':
    case '!':
    case '(':
    case '<':
    case '/':
    case '>':
    case '}':
    case ')':
    case '[':
    case '\\':
        return true;
    default:
        return sign >= 0x2600 || sign == 0x20AC || sign == 0x00A2 ||
               sign == 0x00A3 || sign == 0x00A5 || sign == 0x00A9 ||
               sign == 0x00AE || sign == 0x00A7 || sign == 0x20BD;
    }
}

/* The byte behind a whole token that is a frequent word in Latin letters, with
 * a mark behind it at most: no disguise begins there that would be likelier.
 * Else 0. */
static size_t
ordinary_token_end(struct span text, size_t from)
{
    size_t end = from;
    while (end < text.len && (text.at[end] | 0x20) >= 'a' &&
           (text.at[end] | 0x20) <= 'z')
        end++;
    size_t behind = end;
    if (behind < text.len && text.at[behind] &&
        strchr(".,;:!?", text.at[behind]))
        behind++;
    bool alone = behind == text.len || is_ascii_blank(text.at[behind]);
    return end > from && alone &&
                   ordinary_latin_word(
                       (struct span){text.at + from, end - from})
               ? behind
               : 0;
}

/* Each place of a token at which a word may begin, unless it holds no word. */
static size_t
add_token(struct scan *scan, struct span text, size_t from)
{
    size_t first = scan->places.count, letters = 0, at = from;
    bool in_word = false;
    while (at < text.len && !is_ascii_blank(text.at[at])) {
        size_t next = at;
        bool valid;
        uint32_t sign = utf8_next(text, &next, &valid);
        uint8_t class = alphabet_class(sign);
        if (class == LETTER_SKIPPED) {
            at = next;
            continue;
        }
        bool letter = class >= LETTER_OTHER;
        bool digit = sign >= '0' && sign <= '9';
        if (letter ? !in_word || hashtag_word_begins(text, at)
                   : !in_word && sign_begins_word(sign))
            place_add(scan, at);
        letters += letter && !digit;
        in_word = letter;
        at = next;
    }
    if (letters < 2)
        scan->places.count = first;
    return at;
}

/* The word before a token may belong to it, and its letters be hidden where
 * two words are put together by their keys. */
static void
add_word_before(struct scan *scan, struct span text, size_t token)
{
    size_t at = token;
    while (at > 0 && is_ascii_blank(text.at[at - 1]) && token - at < WORD_REACH)
        at--;
    while (at > 0 && !is_ascii_blank(text.at[at - 1]) &&
           token - at < WORD_REACH)
        at--;
    if (token - at >= WORD_REACH)
        return;
    for (size_t next = at; next < token; at = next) {
        bool valid;
        if (alphabet_class(utf8_next(text, &next, &valid)) < LETTER_OTHER)
            continue;
        place_add(scan, at);
        return;
    }
}

void
suspects_add(struct scan *scan, enum match_field field)
{
    const struct reading *reading = &scan->readings[field];
    struct span text = scan->input->fields[field];
    unsigned disguises = scan->matcher->disguises;
    if (disguises & DISGUISE_SPACING)
        add_split_words(scan, reading);
    if (!(disguises & ~(unsigned)(DISGUISE_KEYBOARD | DISGUISE_REPEAT |
                                  DISGUISE_INVISIBLE)))
        return;
    size_t behind = 0;
    for (size_t i = 0; i < reading->token_count && !scan->no_memory; i++) {
        size_t from = reading->tokens[i];
        if (from < behind)
            continue;
        behind = ordinary_token_end(text, from);
        if (behind)
            continue;
        add_word_before(scan, text, from);
        behind = add_token(scan, text, from);
    }
}
