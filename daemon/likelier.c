#include "likelier.h"

#include <string.h>

#include "alphabet.h"
#include "known_words.h"
#include "utf8.h"
#include "words.h"

enum { WORD_BYTES_MOST = 64 };

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

bool
likelier_behind_signs(struct span word, uint32_t guessed)
{
    char bytes[WORD_BYTES_MOST];
    size_t from = 0, to = 0;
    bool valid;
    for (size_t offset = 0; offset < word.len;) {
        size_t at = offset;
        bool letter =
            alphabet_class(utf8_next(word, &offset, &valid)) >= LETTER_OTHER;
        if (to && !letter)
            return false; /* signs in two places */
        if (from && letter && !to)
            to = at;
        if (!letter && !from)
            from = at;
    }
    if (!from || !to || word.len > WORD_BYTES_MOST - 4)
        return false;
    memcpy(bytes, word.at, from);
    static const uint32_t others[] = {0x04A3, 0x04E9, 0x04AF};
    for (uint32_t i = 0x0430; i <= 0x044F + 3; i++) {
        uint32_t letter = i <= 0x044F ? i : others[i - 0x0450];
        size_t len = from + utf8_encode(letter, bytes + from);
        memcpy(bytes + len, word.at + to, word.len - to);
        if (letter != guessed &&
            ordinary_word((struct span){bytes, len + word.len - to}))
            return true;
    }
    return false;
}
