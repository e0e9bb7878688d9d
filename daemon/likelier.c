#include "likelier.h"

#include <string.h>

#include "alphabet.h"
#include "known_words.h"
#include "lattice_table.h"
#include "matcher_model.h"
#include "utf8.h"
#include "words.h"

enum {
    WORD_BYTES_MOST = 64,
    ELEMENTS_MOST = 32,
    DOTS_STAND_FOR = 3,
    STEM_LEAST = 4, /* letters that two forms of a word share */
    ELLIPSIS = 0x2026,
};

/* The Cyrillic letter that one of another alphabet looks like. */
static uint32_t
look_of(uint32_t letter)
{
    uint32_t alike[3];
    bool other = alphabet_script(letter) != SCRIPT_CYRILLIC &&
                 alphabet_members(letter, alike) > 0;
    return other ? alike[0] : letter; /* the Cyrillic one is first */
}

bool
likelier_by_look(struct span word)
{
    char bytes[WORD_BYTES_MOST];
    size_t len = 0;
    for (size_t offset = 0; offset < word.len;) {
        bool valid;
        uint32_t letter = alphabet_fold(utf8_next(word, &offset, &valid));
        if (len + 4 > WORD_BYTES_MOST)
            return false;
        len += utf8_encode(look_of(letter), bytes + len);
    }
    struct span looks = {bytes, len};
    return ordinary_word(looks) || known_word(looks);
}

/* A letter, or how many of them signs or a digit may stand for. */
struct element {
    uint32_t letter;
    uint8_t least, most;
};

/* What stands there, and the word that is meant. */
struct likeness {
    struct element elements[ELEMENTS_MOST];
    size_t count, gaps;
    char bytes[WORD_BYTES_MOST];
    struct span meant, stem; /* what other forms of it begin with */
    bool another;            /* frequent word fits */
};

static bool
fits(const struct element *element, const struct element *end, struct span word)
{
    size_t offset = 0;
    bool valid;
    for (; element < end; element++) {
        unsigned skipped = 0;
        for (; !element->letter && skipped < element->least; skipped++) {
            if (offset == word.len)
                return false;
            utf8_next(word, &offset, &valid);
        }
        for (; !element->letter && skipped < element->most; skipped++) {
            if (fits(element + 1, end, span_from(word, offset)))
                return true;
            if (offset == word.len)
                return false;
            utf8_next(word, &offset, &valid);
        }
        if (element->letter &&
            (offset == word.len ||
             utf8_next(word, &offset, &valid) != element->letter))
            return false;
    }
    return offset == word.len;
}

static bool
is_of_term(const struct likeness *likeness, struct span word)
{
    struct span stem = likeness->stem;
    return span_equal(word, likeness->meant) ||
           (stem.len && word.len >= stem.len &&
            memcmp(word.at, stem.at, stem.len) == 0);
}

static bool
compare_word(void *context, struct span word)
{
    struct likeness *likeness = context;
    likeness->another =
        fits(likeness->elements, likeness->elements + likeness->count, word) &&
        !is_of_term(likeness, word);
    return !likeness->another;
}

/* How many letters a run of signs may stand for. */
static struct element
gap_of(unsigned signs, bool weak, unsigned masked)
{
    if (weak)
        return (struct element){0, 1, masked > 1 ? DOTS_STAND_FOR : 1};
    if (signs > 1 && masked > signs)
        return (struct element){0, (uint8_t)signs, (uint8_t)masked};
    return (struct element){0, (uint8_t)signs, (uint8_t)signs};
}

static bool
likeness_make(struct likeness *likeness, struct span word,
              const struct undone *undone)
{
    unsigned signs = 0;
    bool valid;
    for (size_t offset = 0; offset < word.len;) {
        uint32_t point = utf8_next(word, &offset, &valid);
        uint8_t class = alphabet_class(point);
        if (class == LETTER_SKIPPED || lattice_is_bracket(point))
            continue;
        if (likeness->count + 2 > ELEMENTS_MOST)
            return false;
        if (class < LETTER_OTHER) {
            signs += point == ELLIPSIS ? 3 : 1;
            continue;
        }
        likeness->gaps += signs > 0;
        if (signs)
            likeness->elements[likeness->count++] =
                gap_of(signs, undone->weak, undone->masked);
        signs = 0;
        uint32_t letter = look_of(alphabet_fold(point));
        bool digit = letter >= '0' && letter <= '9';
        likeness->gaps += digit;
        likeness->elements[likeness->count++] =
            digit ? (struct element){0, 1, 1} : (struct element){letter, 1, 1};
    }
    return likeness->gaps > 0 && likeness->count > 0;
}

/* With any letter in the place of the sign: is it a known word? */
static bool
is_known_word(const struct likeness *likeness)
{
    static const uint32_t others[] = {0x04A3, 0x04E9, 0x04AF};
    for (uint32_t i = 0x0430; i <= 0x044F + 3; i++) {
        char bytes[4 * ELEMENTS_MOST];
        size_t len = 0;
        for (size_t j = 0; j < likeness->count; j++) {
            uint32_t letter = likeness->elements[j].letter;
            letter = letter ? letter : i <= 0x044F ? i : others[i - 0x0450];
            len += utf8_encode(letter, bytes + len);
        }
        struct span word = {bytes, len};
        if (!is_of_term(likeness, word) && known_word(word))
            return true;
    }
    return false;
}

bool
likelier_behind_signs(struct span word, const struct found *found)
{
    struct likeness likeness = {.count = 0};
    size_t len = 0;
    if (!found->meant_len || 2 * found->meant_len > WORD_BYTES_MOST ||
        !likeness_make(&likeness, word, &found->undone))
        return false;
    for (size_t i = 0; i < found->meant_len; i++) {
        len += utf8_encode(found->meant[i], likeness.bytes + len);
        if (i + 1 == found->undone.stem && i + 1 >= STEM_LEAST)
            likeness.stem = (struct span){likeness.bytes, len};
    }
    likeness.meant = (struct span){likeness.bytes, len};
    bool strong = !found->undone.weak;
    if (strong && ordinary_word(likeness.meant))
        return false;
    words_beginning(likeness.elements[0].letter, compare_word, &likeness);
    if (likeness.another || !strong)
        return likeness.another;
    return likeness.gaps == 1 && found->undone.masked == 1 &&
           !known_word(likeness.meant) && is_known_word(&likeness);
}
