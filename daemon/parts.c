#include "parts.h"

#include "alphabet.h"
#include "cleanup.h"
#include "gaps.h"
#include "known_words.h"
#include "lattice.h"
#include "spelt.h"
#include "utf8.h"
#include "words.h"

enum {
    SMALL_MOST = 3,
    FREQUENT_MOST = 1000,
    SIGNS_MOST = 8, /* different ones that are told apart */
};

static bool
is_digit(uint32_t code_point)
{
    return code_point >= '0' && code_point <= '9';
}

struct letter_counts
count_letters(struct span text)
{
    struct letter_counts counts = {0};
    size_t run = 0;
    uint32_t before = 0;
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        uint32_t code_point = utf8_next(text, &offset, &valid);
        uint8_t class = alphabet_class(code_point);
        run = !is_digit(code_point) ? 0 : run + (code_point != before);
        before = code_point;
        counts.digit_run = run > counts.digit_run ? run : counts.digit_run;
        if (class < LETTER_OTHER)
            continue;
        counts.all++;
        counts.capitals += alphabet_fold(code_point) != code_point;
        switch (alphabet_script(code_point)) {
        case SCRIPT_CYRILLIC:
            counts.cyrillic++;
            counts.variants += alphabet_variant(alphabet_fold(code_point)) != 0;
            break;
        case SCRIPT_LATIN:
            counts.latin++;
            counts.latin_capitals += alphabet_fold(code_point) != code_point;
            break;
        case SCRIPT_GREEK:
            counts.greek++;
            break;
        case SCRIPT_STYLED:
            counts.styled++;
            break;
        default:
            counts.other++;
            counts.strangers += class > LETTER_OTHER && !is_digit(code_point);
            counts.digits += is_digit(code_point);
            break;
        }
    }
    return counts;
}

static bool
is_letter(uint32_t code_point, bool digits)
{
    return alphabet_class(code_point) >= LETTER_OTHER &&
           (digits || !is_digit(code_point));
}

static bool
next_run(struct span text, size_t *at, bool digits, struct span *word)
{
    size_t from = *at, end = *at;
    bool any = false, valid;
    for (size_t next = *at; next < text.len;) {
        size_t start = next;
        uint32_t code_point = utf8_next(text, &next, &valid);
        bool letter = is_letter(code_point, digits);
        if (any && !letter && alphabet_class(code_point) != LETTER_SKIPPED)
            break;
        if (!letter)
            continue;
        if (!any)
            from = start;
        any = true;
        end = next;
    }
    *at = end;
    *word = (struct span){text.at + from, end - from};
    return any;
}

bool
next_word(struct span text, size_t *at, struct span *word)
{
    return next_run(text, at, true, word);
}

/* What stands between two words. */
static void
read_gap(struct span gap, struct parts *parts, uint32_t *signs)
{
    size_t count = 0;
    uint32_t before = 0;
    bool blank = false;
    for (size_t offset = 0; offset < gap.len;) {
        bool valid;
        uint32_t sign = utf8_next(gap, &offset, &valid);
        if (alphabet_class(sign) == LETTER_SKIPPED)
            continue;
        parts->mixed = parts->mixed || (count && sign != before);
        before = sign;
        count++;
        blank = blank || alphabet_is_blank(sign);
        parts->lines = parts->lines || sign == '\n' || sign == '\r';
        size_t i = 0;
        while (i < parts->kinds && signs[i] != sign)
            i++;
        if (i == parts->kinds && i < SIGNS_MOST)
            signs[parts->kinds++] = sign;
    }
    parts->half_blank =
        parts->half_blank || (parts->count > 1 && blank != parts->blanks);
    parts->blanks = parts->blanks || blank;
    parts->hyphened = parts->hyphened || span_is(gap, "-\n");
    parts->longest_gap =
        count > parts->longest_gap ? count : parts->longest_gap;
}

static bool
begins_with_capital(struct span word)
{
    size_t offset = 0;
    bool valid;
    uint32_t first = utf8_next(word, &offset, &valid);
    return alphabet_fold(first) != first;
}

/* ".", "?", "!" or ":" and then a word with a capital: a blank is missing. */
static bool
ends_sentence(struct span gap, struct span word)
{
    struct letter_counts letters = count_letters(word);
    if (!begins_with_capital(word) || letters.capitals == letters.all)
        return false;
    for (size_t i = 0; i < gap.len; i++)
        if (strchr(".!?:;,", gap.at[i]) && gap.at[i])
            return true;
    return memmem(gap.at, gap.len, "\u2026", 3) != NULL;
}

/* One of those that a sentence has. */
static bool
is_frequent(struct span word)
{
    unsigned rank = words_best_rank(word);
    return rank && rank <= FREQUENT_MOST;
}

static bool
is_latin(const struct letter_counts *letters)
{
    return letters->latin > 0 && letters->latin == letters->all;
}

static void
read_parts(struct span text, bool digits, struct parts *out)
{
    uint32_t signs[SIGNS_MOST];
    struct span word, before = {0};
    struct gaps gaps = {0};
    size_t behind = 0, capitals = 0;
    bool known = false;
    *out = (struct parts){.shortest = SIZE_MAX,
                          .all_ordinary = true,
                          .all_known = true,
                          .all_frequent = true,
                          .all_words = true};
    for (size_t at = 0; next_run(text, &at, digits, &word); behind = at) {
        size_t start = (size_t)(word.at - text.at);
        struct span gap = {text.at + behind, start - behind};
        struct letter_counts counts = count_letters(word);
        size_t letters = counts.all;
        bool latin = is_latin(&counts);
        bool frequent = is_frequent(word);
        bool spelt = latin && !frequent && spells_frequent(word);
        bool ordinary = spelt || ordinary_word(word);
        if (out->count > 0) {
            gaps_add(&gaps, gap);
            read_gap(gap, out, signs);
            out->sentence = out->sentence || ends_sentence(gap, word);
        }
        out->count++;
        out->letters += letters;
        out->singles += letters == 1;
        out->latin += latin;
        out->short_ones += letters <= 2;
        out->shortest = letters < out->shortest ? letters : out->shortest;
        out->longest = letters > out->longest ? letters : out->longest;
        out->ordinary = out->ordinary || ordinary;
        out->all_ordinary = out->all_ordinary && ordinary;
        known = letters <= SMALL_MOST ? spelt || frequent
                                      : ordinary || known_word(word) ||
                                            (latin && spells_known(word));
        out->all_known = out->all_known && known;
        out->known += known;
        out->all_words =
            out->all_words && (known || (ordinary && letters >= SMALL_MOST));
        out->all_frequent = out->all_frequent && (spelt || frequent);
        out->word_ordinary =
            out->word_ordinary || (ordinary && letters >= SMALL_MOST);
        out->twice = out->twice || (letters > 1 && span_equal(word, before));
        before = word;
        out->small_ordinary =
            out->small_ordinary || (letters <= SMALL_MOST && known);
        capitals += out->count > 1 && begins_with_capital(word);
    }
    out->uneven = gaps_uneven(&gaps);
    bool long_end = out->count > 1 && count_letters(before).all > SMALL_MOST;
    out->last_known = known || count_letters(before).all == 1;
    out->known_end = long_end && known;
    out->unknown_end = long_end && !known;
    struct letter_counts all = count_letters(text);
    out->capitals = capitals > 0 && all.capitals < all.all - all.digits;
}

void
parts_read(struct span text, struct parts *out)
{
    read_parts(text, true, out);
}

void
parts_read_letters(struct span text, struct parts *out)
{
    read_parts(text, false, out);
}

/* Is what divides two letters of a word that is spelt out? */
static bool
is_small_gap(struct span gap, bool blanks)
{
    struct parts parts = {0};
    uint32_t signs[SIGNS_MOST];
    read_gap(gap, &parts, signs);
    return parts.longest_gap == 1 && !parts.lines && parts.blanks == blanks;
}

/* How many words of a single letter follow, each one gap away. */
static size_t
singles_behind(struct span text, bool blanks)
{
    size_t count = 0, behind = 0;
    struct span word;
    for (size_t at = 0; count < 2 && next_word(text, &at, &word); count++) {
        struct span gap = {text.at + behind,
                           (size_t)(word.at - text.at) - behind};
        if (count_letters(word).all != 1 || !is_small_gap(gap, blanks))
            break;
        behind = at;
    }
    return count;
}

/* The same before, as far as is looked at. */
static size_t
singles_before(struct span text, size_t from, bool blanks)
{
    size_t first = from > 16 ? from - 16 : 0, count = 0;
    while (first < from && ((unsigned char)text.at[first] & 0xC0) == 0x80)
        first++;
    struct span before = {text.at + first, from - first}, word, last = {0};
    for (size_t at = 0; next_word(before, &at, &word); last = word) {
        size_t end = last.at ? (size_t)(last.at + last.len - before.at) : 0;
        struct span gap = {before.at + end,
                           (size_t)(word.at - before.at) - end};
        bool goes_on = last.at && is_small_gap(gap, blanks);
        bool single = count_letters(word).all == 1;
        count = !single ? 0 : goes_on ? count + 1 : 1;
    }
    if (!last.at)
        return 0;
    size_t end = (size_t)(last.at + last.len - before.at);
    return is_small_gap(span_from(before, end), blanks) ? count : 0;
}

bool
spelt_further(struct span text, size_t from, size_t to, size_t letters,
              bool blanks)
{
    size_t least = letters < 5 ? 1 : 2;
    return singles_behind(span_from(text, to), blanks) >= least ||
           singles_before(text, from, blanks) >= least;
}
