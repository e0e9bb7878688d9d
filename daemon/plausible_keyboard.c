#include "plausible_keyboard.h"

#include "known_words.h"
#include "matcher_model.h"
#include "parts.h"
#include "utf8.h"
#include "words.h"

enum {
    AROUND_BYTES = 600,     /* whose words tell a language */
    AROUND_WORDS_LEAST = 3, /* of it */
    NEAR_BYTES = 2000,      /* whose letters tell a keyboard */
    FREQUENT_LEAST = 4,     /* letters of a word that others begin with */
    LONG_LEAST = 5,         /* letters that are hardly another word's */
};

/* Are the words around mostly Russian ones, `least` of them? */
static bool
among_russian_words(struct span text, size_t from, size_t to, size_t least)
{
    struct span around = span_around(text, from, to, AROUND_BYTES);
    size_t russian = 0, kyrgyz = 0;
    struct span word;
    for (size_t at = 0; next_word(around, &at, &word);) {
        russian += words_rank(WORDS_RUSSIAN, word) != 0;
        kyrgyz += words_rank(WORDS_KYRGYZ, word) != 0;
    }
    return russian >= least && russian > 2 * kyrgyz;
}

/* The letters that a Russian keyboard lacks. */
static bool
holds_kyrgyz_letters(struct span text)
{
    static const char *const letters[] = {"ө", "ү", "ң", "Ө", "Ү", "Ң"};
    for (size_t i = 0; i < COUNT_OF(letters); i++)
        if (memmem(text.at, text.len, letters[i], strlen(letters[i])))
            return true;
    return false;
}

bool
has_kyrgyz_letters(struct span text, size_t from, size_t to)
{
    return holds_kyrgyz_letters(span_around(text, from, to, NEAR_BYTES));
}

/* Is it a known word that begins with a frequent one, or stands among Russian
 * words, or that a writer who has all letters wrote? */
static bool
is_itself(struct span text, size_t from, struct span word)
{
    if (!known_word(word))
        return false;
    size_t letters = 0;
    for (size_t offset = 0; offset < word.len;) {
        bool valid;
        utf8_next(word, &offset, &valid);
        if (++letters >= FREQUENT_LEAST &&
            words_rank(WORDS_KYRGYZ, (struct span){word.at, offset}))
            return true;
    }
    return holds_kyrgyz_letters(word) ||
           has_kyrgyz_letters(text, from, from + word.len) ||
           among_russian_words(text, from, from + word.len, 1);
}

bool
keyboard_plausible(struct span text, size_t from, const struct found *found)
{
    struct span word = {text.at + from, found->to - from};
    struct span stem = {text.at + from,
                        found->stem_end > from ? found->stem_end - from : 0};
    if (ordinary_word(word) || is_itself(text, from, word) ||
        (found->undone.keyed && ordinary_word(stem) &&
         (found->undone.stem < LONG_LEAST ||
          has_kyrgyz_letters(text, from, found->to))))
        return false;
    return found->undone.letters > LONG_LEAST ||
           !among_russian_words(text, from, found->to, AROUND_WORDS_LEAST);
}
