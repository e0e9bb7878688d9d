#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "disguise_maker.h"
#include "keyboard.h"
#include "lattice_table.h"
#include "utf8.h"

enum { ALIKE_END = 0x1F190, ALIKE_MOST = 400, ROWS_MOST = 64 };

bool
disguise_is_inside(const struct disguised_word *word, size_t letter)
{
    return letter > 0 && letter + 1 < word->len &&
           word->letters[letter].meant != ' ' &&
           word->letters[letter - 1].meant != ' ' &&
           word->letters[letter + 1].meant != ' ' &&
           !word->letters[letter - 1].signs && !word->letters[letter + 1].signs;
}

void
disguise_write(struct disguised_letter *letter, uint32_t point,
               unsigned through)
{
    letter->text[utf8_encode(point, letter->text)] = '\0';
    letter->through |= through;
}

void
disguise_keyboard(const struct chooser *chooser, struct disguised_word *word)
{
    for (size_t i = 0; i < word->len; i++) {
        struct disguised_letter *letter = &word->letters[i];
        uint32_t poorer[8];
        unsigned count = 0;
        for (size_t j = 0; j < keyboard_pair_count; j++)
            if (keyboard_pairs[j].meant == letter->meant)
                poorer[count++] = keyboard_pairs[j].written;
        if (!count || chosen(chooser, 3) == 0)
            continue;
        letter->shown = poorer[chosen(chooser, count)];
        disguise_write(letter, letter->shown, DISGUISE_KEYBOARD);
    }
}

static bool
is_alike(uint32_t point, uint32_t letter)
{
    uint32_t folded = alphabet_fold(point);
    if (folded == letter || alphabet_class(point) < LETTER_OTHER)
        return false;
    if (alphabet_variant(folded) == letter)
        return true;
    return alphabet_class(letter) > LETTER_OTHER &&
           alphabet_class(folded) == alphabet_class(letter) &&
           alphabet_alike(folded, letter) && !(folded >= '0' && folded <= '9');
}

/* Those that look like a letter, looked for once. */
static unsigned
alike(uint32_t letter, const uint32_t **out)
{
    static uint32_t found[0x0530][ALIKE_MOST];
    static unsigned counts[0x0530];
    *out = letter < 0x0530 ? found[letter] : NULL;
    if (letter >= 0x0530)
        return 0;
    if (counts[letter])
        return counts[letter] - 1;
    for (uint32_t i = 'A'; i < ALIKE_END && counts[letter] < ALIKE_MOST; i++)
        if (is_alike(i, letter))
            found[letter][counts[letter]++] = i;
    return counts[letter]++;
}

/* At least every second letter stays. */
void
disguise_homoglyph(const struct chooser *chooser, struct disguised_word *word)
{
    bool before = true;
    for (size_t i = 0; i < word->len; i++) {
        struct disguised_letter *letter = &word->letters[i];
        const uint32_t *list;
        unsigned count = letter->shown ? alike(letter->shown, &list) : 0;
        before = !before && count && chosen(chooser, 2);
        if (!before)
            continue;
        /* Plain Latin letters are what people take. */
        uint32_t point = list[chosen(chooser, count)];
        if (chosen(chooser, 2))
            point = list[0];
        disguise_write(letter, point, DISGUISE_HOMOGLYPH);
        letter->shown = 0;
    }
}

/* Does a row mean the letter, alone? */
static bool
means(const struct lattice_row *row, uint32_t letter)
{
    char bytes[5];
    size_t len = utf8_encode(letter, bytes);
    for (const char *at = row->meant; *at;) {
        size_t meant = strcspn(at, " ");
        if (meant == len && memcmp(at, bytes, len) == 0)
            return true;
        at += meant + (at[meant] == ' ');
    }
    return false;
}

static bool
is_leet(const struct lattice_row *row)
{
    struct span written = span_of(row->written);
    for (size_t at = 0; at < written.len;) {
        bool valid;
        if (alphabet_script(utf8_next(written, &at, &valid)) == SCRIPT_COMMON)
            return true;
    }
    return false;
}

static bool
ends_in_latin(const struct disguised_letter *letter)
{
    size_t len = strlen(letter->text);
    return (letter->through & DISGUISE_TRANSLIT) && len &&
           letter->text[len - 1] >= 'a' && letter->text[len - 1] <= 'z';
}

/* The whole word, or some of its letters. */
void
disguise_translit(const struct chooser *chooser, struct disguised_word *word)
{
    bool whole = chosen(chooser, 4) != 0;
    for (size_t i = 0; i < word->len; i++) {
        struct disguised_letter *letter = &word->letters[i];
        const struct lattice_row *rows[ROWS_MOST];
        unsigned count = 0;
        if (letter->meant == ' ' || (letter->through & DISGUISE_LEET) ||
            (!whole && (!letter->shown || chosen(chooser, 3))))
            continue;
        for (size_t j = 0; j < lattice_sound_count; j++) {
            bool sign =
                alphabet_class((unsigned char)lattice_sounds[j].written[0]) <
                LETTER_OTHER;
            if (means(&lattice_sounds[j], letter->meant) && !sign)
                rows[count++] = &lattice_sounds[j];
        }
        bool soft = letter->meant == U'ь' || letter->meant == U'ъ';
        if (count == 0 && !soft)
            continue;
        bool apostrophe =
            soft && disguise_is_inside(word, i) && chosen(chooser, 2);
        bool latin = i > 0 && ends_in_latin(&word->letters[i - 1]);
        if (soft && !apostrophe && !latin)
            continue;
        snprintf(letter->text, sizeof(letter->text), "%s",
                 soft ? apostrophe ? "'" : ""
                      : rows[chosen(chooser, count)]->written);
        letter->through = DISGUISE_TRANSLIT;
        letter->signs = strpbrk(letter->text, "'`") != NULL;
        letter->shown = 0;
    }
}

/* One letter or two: digits, and signs inside the word. */
void
disguise_leet(const struct chooser *chooser, struct disguised_word *word)
{
    for (unsigned tries = 1 + chosen(chooser, 2); tries > 0; tries--) {
        size_t i = chosen(chooser, (unsigned)word->len);
        struct disguised_letter *letter = &word->letters[i];
        const struct lattice_row *rows[ROWS_MOST];
        unsigned count = 0;
        if (!disguise_is_inside(word, i) || !letter->shown)
            continue;
        for (size_t j = 0; j < lattice_shape_count; j++)
            if (is_leet(&lattice_shapes[j]) &&
                means(&lattice_shapes[j], letter->meant))
                rows[count++] = &lattice_shapes[j];
        if (!count)
            continue;
        snprintf(letter->text, sizeof(letter->text), "%s",
                 rows[chosen(chooser, count)]->written);
        letter->through = DISGUISE_LEET;
        letter->signs = letter->text[0] < '0' || letter->text[0] > '9';
        letter->shown = 0;
    }
}
