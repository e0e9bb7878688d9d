#include "alphabet.h"
#include "normalise.h"
#include "utf8.h"

enum { HASHTAG_REACH_BYTES = 256 };

bool
hashtag_word_begins(struct span text, size_t offset)
{
    size_t at = offset;
    bool valid;
    uint32_t code_point = utf8_next(text, &at, &valid);
    if (offset == 0 || alphabet_fold(code_point) == code_point)
        return false;
    size_t before = offset - 1;
    while (before > 0 && ((unsigned char)text.at[before] & 0xC0) == 0x80)
        before--;
    at = before;
    code_point = utf8_next(text, &at, &valid);
    if (alphabet_key(code_point) < LETTER_OTHER ||
        alphabet_fold(code_point) != code_point ||
        alphabet_script(code_point) == SCRIPT_COMMON)
        return false;
    size_t first =
        offset > HASHTAG_REACH_BYTES ? offset - HASHTAG_REACH_BYTES : 0;
    for (; before > first; before--)
        if ((unsigned char)text.at[before - 1] <= ' ')
            return false;
        else if (text.at[before - 1] == '#')
            return true;
    return false;
}

/* Does an ASCII sign or a Russian letter begin? */
static bool
is_plain_byte(char byte)
{
    return ((unsigned char)byte >= 0x20 && (unsigned char)byte < 0x7F) ||
           ((unsigned char)byte & 0xFE) == 0xD0;
}

struct written_letter
written_letter_at(struct span text, size_t offset)
{
    bool valid;
    struct written_letter letter = {.end = offset};
    letter.code_point = alphabet_fold(utf8_next(text, &letter.end, &valid));
    if (letter.end < text.len && is_plain_byte(text.at[letter.end]))
        return letter; /* nothing invisible follows */
    for (size_t at = letter.end;
         at < text.len && at - letter.end <= MARK_REACH_BYTES;) {
        bool hidden = at != letter.end;
        uint32_t mark = utf8_next(text, &at, &valid);
        if (alphabet_class(mark) != LETTER_SKIPPED)
            break;
        uint32_t composed = alphabet_compose(letter.code_point, mark);
        if (!composed)
            continue;
        letter.code_point = composed;
        letter.end = at;
        letter.hidden = hidden;
        break;
    }
    return letter;
}
