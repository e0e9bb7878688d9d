#include "reference_limits.h"

#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "buffer.h"
#include "known_words.h"
#include "spelt.h"
#include "utf8.h"
#include "words.h"

enum { PATTERN_MOST = 64, HIDDEN_MOST = 4 };

struct counts {
    unsigned letters, digits, scripts, cyrillic;
    unsigned pieces, longest; /* runs of letters and digits */
    bool strange;             /* a letter that no keyboard here has */
    bool divided;             /* by a dot or a line below */
};

static bool
is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

static struct span
slice(const struct reference_written *text, size_t first, size_t end)
{
    size_t from = text->offsets[first];
    return (struct span){text->bytes.at + from, text->offsets[end] - from};
}

static struct counts
count(const struct reference_written *text, size_t first, size_t end)
{
    struct counts counts = {0};
    unsigned seen = 0, run = 0;
    for (size_t i = first; i < end; i++) {
        uint32_t point = text->points[i];
        if (reference_is_hidden(text, i))
            continue;
        counts.divided = counts.divided || point == '.' || point == '_';
        run = reference_is_letter(text, i) ? run + 1 : 0;
        counts.pieces += run == 1;
        counts.longest = run > counts.longest ? run : counts.longest;
        if (run == 0)
            continue;
        counts.digits += is_digit(point);
        counts.letters += !is_digit(point);
        enum script script = alphabet_script(point);
        if (script == SCRIPT_CYRILLIC || script == SCRIPT_LATIN ||
            script == SCRIPT_GREEK)
            seen |= 1u << script;
        else
            counts.strange = counts.strange || !is_digit(point);
        counts.cyrillic += script == SCRIPT_CYRILLIC;
        counts.strange =
            counts.strange || alphabet_variant(alphabet_fold(point));
    }
    counts.scripts = (unsigned)__builtin_popcount(seen);
    return counts;
}

static bool
mask_leaves_enough(const struct reference_reading *reading)
{
    unsigned read = reading->letters - reading->masked;
    if (reading->masked == 0)
        return reading->letters >= 4; /* in brackets */
    if (reading->weak && (read < 4 || reading->masked >= read))
        return false;
    return read >= 3 && reading->masked <= read &&
           2 * reading->stem_masked <= reading->stem;
}

static bool
spacing_leaves_enough(const struct reference_reading *reading,
                      const struct counts *counts)
{
    enum { SYLLABLES_LEAST = 3, SYLLABLE_MOST = 4 };
    if (counts->longest == 1)
        return counts->pieces >= 4;
    if (counts->longest <= SYLLABLE_MOST && counts->pieces >= SYLLABLES_LEAST)
        return true;
    return reading->letters >= (counts->divided ? 4u : 5u);
}

static bool
repeat_is_clear(const struct reference_reading *reading)
{
    return reading->longest >= 3 || reading->repeats >= 3 ||
           (reading->repeats == 2 && (reading->through & DISGUISE_SPACING)) ||
           reading->letters >= 4;
}

bool
reference_is_within_limits(const struct reference_written *text,
                           const struct reference_reading *reading)
{
    struct counts counts = count(text, reading->first, reading->end);
    unsigned through = reading->through;
    bool name = reading->first > 0 && text->points[reading->first - 1] == '@';
    if ((through & ~(unsigned)(DISGUISE_INVISIBLE | DISGUISE_KEYBOARD)) && name)
        return false;
    if ((through & DISGUISE_HOMOGLYPH) && counts.scripts < 2 &&
        !counts.strange && counts.letters + counts.digits < 4)
        return false;
    if ((through & DISGUISE_KEYBOARD) &&
        ordinary_word(slice(text, reading->first, reading->end)))
        return false;
    if ((through & DISGUISE_TRANSLIT) && !counts.cyrillic && counts.letters < 4)
        return false;
    if ((through & DISGUISE_LEET) &&
        (counts.letters < 2 || reading->leet > counts.letters))
        return false;
    if ((through & DISGUISE_REPEAT) && !repeat_is_clear(reading))
        return false;
    if ((through & DISGUISE_SPACING) &&
        !spacing_leaves_enough(reading, &counts))
        return false;
    return !(through & DISGUISE_MASK) || mask_leaves_enough(reading);
}

static bool
is_known(struct span text)
{
    return ordinary_word(text) || known_word(text);
}

/* Or in Latin letters. */
static bool
is_word(struct span text)
{
    return is_known(text) || spells_known(text);
}

/* The Cyrillic letter that a character looks like. */
static uint32_t
look_of(uint32_t point)
{
    uint32_t folded = alphabet_fold(point);
    if (alphabet_script(folded) == SCRIPT_CYRILLIC)
        return folded;
    for (uint32_t i = 0x0430; i < 0x0530; i++)
        if (alphabet_class(i) == alphabet_class(folded) &&
            alphabet_class(i) > LETTER_OTHER && alphabet_fold(i) == i)
            return i;
    return folded;
}

enum change { AS_WRITTEN, AS_LOOKS };

/* Is one of the pieces a word, or the same as another one? */
static bool
has_word(const struct reference_written *text, size_t first, size_t end,
         enum change change, bool digits)
{
    CLEANUP(buffer_done) struct buffer piece = {0}, before = {0};
    size_t letters = 0;
    for (size_t i = first; i <= end; i++) {
        uint32_t point = i < end ? text->points[i] : ' ';
        if (i < end && reference_is_hidden(text, i))
            continue;
        if (i < end && reference_is_letter(text, i) &&
            (digits || !is_digit(point))) {
            utf8_append(&piece, change == AS_LOOKS ? look_of(point) : point);
            letters++;
            continue;
        }
        if (letters > 1 &&
            (is_word(buffer_span(&piece)) ||
             span_equal(buffer_span(&piece), buffer_span(&before))))
            return true;
        buffer_clear(&before);
        buffer_append_span(&before, buffer_span(&piece));
        buffer_clear(&piece);
        letters = 0;
    }
    return false;
}

/* With any letter in the place of each run of signs. */
static bool
has_word_behind_signs(const struct reference_written *text, size_t first,
                      size_t end)
{
    for (uint32_t letter = 0x0430; letter <= 0x044F + 3; letter++) {
        CLEANUP(buffer_done) struct buffer word = {0}, looks = {0};
        uint32_t other = letter == 0x0450   ? U'ң'
                         : letter == 0x0451 ? U'ө'
                         : letter == 0x0452 ? U'ү'
                                            : letter;
        bool sign = false;
        for (size_t i = first; i < end; i++) {
            bool is_letter = reference_is_letter(text, i);
            bool hides = !is_letter && !sign && !reference_is_hidden(text, i);
            if (is_letter || hides) {
                utf8_append(&word, hides ? other : text->points[i]);
                utf8_append(&looks, hides ? other : look_of(text->points[i]));
            }
            sign = !is_letter && (sign || !reference_is_hidden(text, i));
        }
        if (is_known(buffer_span(&word)) || is_known(buffer_span(&looks)))
            return true;
    }
    return false;
}

/* Letters as they look, 0 for a run of signs. */
struct pattern {
    uint32_t items[PATTERN_MOST];
    size_t len;
    bool matched;
};

/* Signs stand for up to so many letters. */
static bool
matches(const struct pattern *pattern, size_t item, struct span word)
{
    bool valid;
    size_t at = 0;
    if (item == pattern->len)
        return word.len == 0;
    if (pattern->items[item])
        return word.len > 0 &&
               alphabet_fold(utf8_next(word, &at, &valid)) ==
                   pattern->items[item] &&
               matches(pattern, item + 1, span_from(word, at));
    for (unsigned hidden = 0; hidden <= HIDDEN_MOST; hidden++) {
        if (matches(pattern, item + 1, span_from(word, at)))
            return true;
        if (at >= word.len)
            return false;
        utf8_next(word, &at, &valid);
    }
    return false;
}

static bool
try_word(void *context, unsigned rank, struct span word)
{
    struct pattern *pattern = context;
    pattern->matched = matches(pattern, 0, word);
    return !pattern->matched;
}

/* Is it a frequent word, whatever the signs hide? */
static bool
may_be_frequent(const struct reference_written *text, size_t first, size_t end)
{
    struct pattern pattern = {.len = 0};
    for (size_t i = first; i < end && pattern.len < PATTERN_MOST; i++) {
        if (reference_is_letter(text, i))
            pattern.items[pattern.len++] = look_of(text->points[i]);
        else if (!reference_is_hidden(text, i) &&
                 (pattern.len == 0 || pattern.items[pattern.len - 1]))
            pattern.items[pattern.len++] = 0;
    }
    bool signs = false;
    for (size_t i = 0; i < pattern.len; i++)
        signs = signs || !pattern.items[i];
    if (signs)
        words_each(WORDS_KYRGYZ, try_word, &pattern);
    if (signs && !pattern.matched)
        words_each(WORDS_RUSSIAN, try_word, &pattern);
    return pattern.matched;
}

static bool
may_be_address(const struct reference_written *text, size_t first, size_t end)
{
    bool latin = false, slash = false, dot = false, mark = false;
    for (size_t i = first; i < end; i++) {
        uint32_t point = text->points[i];
        latin = latin ||
                (alphabet_plain(point) >= 'a' && alphabet_plain(point) <= 'z');
        slash = slash || point == '/';
        dot = dot || point == '.';
        mark = mark || point == '.' || point == '@' || point == ':' ||
               point == '/';
    }
    return (latin && mark) || (slash && dot);
}

bool
reference_is_far_from_words(const struct reference_written *text, size_t first,
                            size_t end)
{
    CLEANUP(buffer_done) struct buffer looks = {0}, letters = {0}, all = {0};
    for (size_t i = first; i < end; i++) {
        utf8_append(&all, look_of(text->points[i]));
        if (!reference_is_letter(text, i))
            continue;
        utf8_append(&looks, look_of(text->points[i]));
        utf8_append(&letters, text->points[i]);
    }
    return !has_word(text, first, end, AS_WRITTEN, true) &&
           !has_word(text, first, end, AS_WRITTEN, false) &&
           !has_word(text, first, end, AS_LOOKS, true) &&
           !is_word(buffer_span(&looks)) && !is_word(buffer_span(&letters)) &&
           !is_word(slice(text, first, end)) && !is_word(buffer_span(&all)) &&
           !has_word_behind_signs(text, first, end) &&
           !may_be_address(text, first, end) &&
           !may_be_frequent(text, first, end);
}
