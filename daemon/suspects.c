#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "lattice.h"
#include "lattice_table.h"
#include "matcher_model.h"
#include "utf8.h"
#include "words.h"

enum {
    WORD_REACH = 24, /* bytes of a word and a blank before another */
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

/* Might a stem begin in the word and go on in the next ones? */
static bool
begins_stem(const struct scan *scan, const struct reading *reading, size_t word)
{
    const struct joined *joined = &scan->joined;
    size_t len = reading->words[word + 1] - 1 - reading->words[word];
    size_t left = joined->count - joined->starts[word];
    uint64_t letters;
    memcpy(&letters, joined->letters + joined->starts[word], sizeof(letters));
    for (unsigned most = PAIR_SHORT; most <= PAIR_LONG; most++)
        if (len < most && left >= most && is_pair(scan->matcher, letters, most))
            return true;
    return false;
}

/* Words that begin a term together with the next ones, and three words of one
 * letter in a row, which are a word spelt out. */
static void
add_split_words(struct scan *scan, const struct reading *reading)
{
    struct joined *joined = &scan->joined;
    if (!joined_make(joined, reading)) {
        scan->no_memory = true;
        return;
    }
    uint64_t one_before = 0, two_before = 0; /* of the words before */
    for (size_t i = 0; i < reading->word_count; i += JOINED_WORDS) {
        struct joined_words found =
            joined_look(joined, reading, scan->matcher->openings, i, PAIR_LONG);
        uint64_t rows = found.singles & (found.singles << 1 | one_before) &
                        (found.singles << 2 | two_before);
        one_before = found.singles >> (JOINED_WORDS - 1);
        two_before = found.singles >> (JOINED_WORDS - 2);
        for (; rows; rows &= rows - 1) {
            size_t word = i + (unsigned)__builtin_ctzll(rows);
            place_add(scan, reading->origins[reading->words[word - 2]]);
        }
        for (; found.openings; found.openings &= found.openings - 1) {
            size_t word = i + (unsigned)__builtin_ctzll(found.openings);
            if (begins_stem(scan, reading, word))
                place_add(scan, reading->origins[reading->words[word]]);
        }
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
