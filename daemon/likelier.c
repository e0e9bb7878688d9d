#include "likelier.h"

#include <string.h>

#include "alphabet.h"
#include "known_words.h"
#include "matcher_model.h"
#include "utf8.h"
#include "words.h"

enum { WORD_BYTES_MOST = 64, DOTS_STAND_FOR = 3 };

bool
likelier_by_look(struct span word)
{
    char bytes[WORD_BYTES_MOST];
    size_t len = 0;
    for (size_t offset = 0; offset < word.len;) {
        bool valid;
        uint32_t alike[3];
        uint32_t letter = alphabet_fold(utf8_next(word, &offset, &valid));
        if (alphabet_script(letter) != SCRIPT_CYRILLIC &&
            alphabet_members(letter, alike) > 0)
            letter = alike[0]; /* the Cyrillic one is first */
        if (len + 4 > WORD_BYTES_MOST)
            return false;
        len += utf8_encode(letter, bytes + len);
    }
    struct span looks = {bytes, len};
    return ordinary_word(looks) || known_word(looks);
}

/* Letters, signs, letters; what stands before and behind in small letters. */
struct hidden {
    char bytes[2 * WORD_BYTES_MOST];
    struct span before, behind, meant;
    size_t letters; /* behind the signs */
    bool another;   /* another word than the one that is meant has as many */
};

static size_t
fold(struct span text, char *out)
{
    size_t len = 0;
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        len +=
            utf8_encode(utf8_fold(utf8_next(text, &offset, &valid)), out + len);
    }
    return len;
}

/* false: there are no signs, or in two places. */
static bool
find_signs(struct span word, size_t *from, size_t *to)
{
    *from = *to = 0;
    for (size_t offset = 0; offset < word.len;) {
        size_t at = offset;
        bool valid;
        bool letter =
            alphabet_class(utf8_next(word, &offset, &valid)) >= LETTER_OTHER;
        if (*to && !letter)
            return false;
        if (*from && letter && !*to)
            *to = at;
        if (!letter && !*from)
            *from = at;
    }
    return *from && *to;
}

static bool
compare_word(void *context, unsigned rank, struct span word)
{
    struct hidden *hidden = context;
    size_t around = hidden->before.len + hidden->behind.len;
    if (word.len <= around || !span_starts(word, hidden->before.at) ||
        !span_equal(span_from(word, word.len - hidden->behind.len),
                    hidden->behind) ||
        span_equal(word, hidden->meant))
        return true;
    struct span middle = {word.at + hidden->before.len, word.len - around};
    size_t letters = utf8_count(middle);
    hidden->another = letters == hidden->letters ||
                      (hidden->letters > 1 && letters <= DOTS_STAND_FOR);
    return !hidden->another;
}

bool
likelier_behind_signs(struct span word, const struct found *found)
{
    struct hidden hidden = {.letters = found->undone.masked};
    size_t from, to, len = 0;
    if (word.len > WORD_BYTES_MOST / 2 || !find_signs(word, &from, &to))
        return false;
    char *bytes = hidden.bytes;
    hidden.before.at = bytes;
    hidden.before.len = fold((struct span){word.at, from}, bytes);
    bytes += hidden.before.len + 1; /* a NUL behind it */
    hidden.behind.at = bytes;
    hidden.behind.len = fold(span_from(word, to), bytes);
    bytes += hidden.behind.len;
    for (size_t i = 0; i < found->meant_len; i++)
        len += utf8_encode(found->meant[i], bytes + len);
    hidden.meant = (struct span){bytes, len};
    words_each(WORDS_RUSSIAN, compare_word, &hidden);
    if (!hidden.another)
        words_each(WORDS_KYRGYZ, compare_word, &hidden);
    return hidden.another;
}
