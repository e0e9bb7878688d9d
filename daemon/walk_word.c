#include "alphabet.h"
#include "normalise.h"
#include "utf8.h"
#include "walk_found.h"

enum { DIGITS_MOST = 4 };

bool
walk_is_letter(uint32_t code_point)
{
    return alphabet_class(code_point) >= LETTER_OTHER;
}

bool
walk_word_ends(const struct walk *walk, size_t offset)
{
    size_t at = lattice_skip_invisible(walk->text, offset), next = at;
    bool valid;
    return at >= walk->text.len ||
           !walk_is_letter(utf8_next(walk->text, &next, &valid)) ||
           hashtag_word_begins(walk->text, at);
}

bool
walk_digits_end(const struct walk *walk, size_t offset)
{
    unsigned digits = 0;
    for (;; digits++) {
        bool valid;
        size_t next = lattice_skip_invisible(walk->text, offset);
        if (next >= walk->text.len)
            break;
        uint32_t letter = alphabet_plain(utf8_next(walk->text, &next, &valid));
        if (letter < '0' || letter > '9')
            break;
        offset = next;
    }
    return digits > 0 && digits <= DIGITS_MOST && walk_word_ends(walk, offset);
}

uint32_t
walk_word_end(const struct walk *walk, size_t offset)
{
    size_t end = offset;
    while (!walk_word_ends(walk, offset)) {
        offset = lattice_skip_invisible(walk->text, offset);
        offset = end = written_letter_at(walk->text, offset).end;
    }
    return (uint32_t)end;
}

uint32_t
walk_gap_end(const struct walk *walk, const struct point *point, bool any)
{
    struct span text = walk->text;
    size_t at = point->offset;
    unsigned blanks = 0, hyphens = 0, others = 0;
    for (;;) {
        at = lattice_skip_invisible(text, at);
        size_t next = at;
        bool valid;
        if (at >= text.len)
            return 0;
        uint32_t sign = utf8_next(text, &next, &valid);
        if (walk_is_letter(sign))
            break;
        bool hyphen = sign == '-' || (sign >= 0x2010 && sign <= 0x2013);
        bool blank = alphabet_is_blank(sign);
        hyphens += hyphen;
        blanks += blank;
        others += !hyphen && !blank;
        at = next;
        if (!any && (others || hyphens > 1 || (hyphens && blanks)))
            break; /* a sign may be the first letter of the next word */
    }
    bool plain = !others && (!hyphens || (hyphens == 1 && !blanks));
    bool some = blanks + hyphens + others > 0 || hashtag_word_begins(text, at);
    return some && (plain || any) ? (uint32_t)at : 0;
}

bool
walk_is_vowel(uint32_t letter)
{
    static const uint32_t vowels[] = {
        0x0430, 0x0435, 0x0438, 0x043E, 0x0443, 0x044B, 0x044D, 0x044E,
        0x044F, 0x04E9, 0x04AF, 'a',    'e',    'i',    'o',    'u',
        'y',    0x00F6, 0x00FC, 0x0131, 0x0456, 0};
    const uint32_t *vowel = vowels;
    while (*vowel && *vowel != letter)
        vowel++;
    return *vowel;
}
