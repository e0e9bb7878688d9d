#include "letter_variants.h"

#include <stdbool.h>
#include <stddef.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "cleanup.h"
#include "keyboard.h"
#include "letter_names.h"

enum { SHAPE_MOST = 8 };

/* The letters of Russian and Kyrgyz. */
static bool
is_plain(uint32_t letter)
{
    return (letter >= 0x0430 && letter <= 0x044F) || letter == 0x04A3 ||
           letter == 0x04E9 || letter == 0x04AF;
}

/* Some keyboard around has it. */
static bool
is_on_keyboard(uint32_t letter)
{
    for (size_t i = 0; i < keyboard_pair_count; i++)
        if (keyboard_pairs[i].written == letter ||
            keyboard_pairs[i].meant == letter)
            return true;
    return false;
}

static bool
same_shape(USpoofChecker *spoof, uint32_t a, uint32_t b)
{
    const UChar source[2] = {(UChar)a, (UChar)b};
    UChar shapes[2][SHAPE_MOST];
    int32_t lens[2];
    UErrorCode status = U_ZERO_ERROR;
    for (int i = 0; i < 2; i++)
        lens[i] = uspoof_getSkeleton(spoof, 0, &source[i], 1, shapes[i],
                                     SHAPE_MOST, &status);
    return U_SUCCESS(status) && lens[0] == lens[1] &&
           u_memcmp(shapes[0], shapes[1], lens[0]) == 0;
}

/* What the letter is without its marks: its decomposition's first. */
static uint32_t
unmarked(const UNormalizer2 *normalizer, uint32_t letter)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar decomposed[SHAPE_MOST];
    int32_t len = unorm2_getRawDecomposition(normalizer, (UChar32)letter,
                                             decomposed, SHAPE_MOST, &status);
    return U_SUCCESS(status) && len > 1 ? decomposed[0] : 0;
}

static uint32_t
variant_of(const UNormalizer2 *normalizer, USpoofChecker *spoof,
           uint32_t letter)
{
    uint32_t plain = unmarked(normalizer, letter);
    if (is_plain(plain))
        return plain;
    plain = letter_named_after(letter);
    if (is_plain(plain))
        return plain;
    for (uint32_t i = 0x0430; i <= 0x04E9; i++)
        if (is_plain(i) &&
            (same_shape(spoof, letter, i) ||
             same_shape(spoof, (uint32_t)u_toupper((UChar32)letter),
                        (uint32_t)u_toupper((UChar32)i))))
            return i;
    return 0;
}

void
letter_variants_fill(
    uint16_t variants[ALPHABET_CYRILLIC_END - ALPHABET_CYRILLIC_FIRST])
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFDInstance(&status);
    USpoofChecker *spoof = uspoof_open(&status);
    for (uint32_t i = 0x0450; U_SUCCESS(status) && i < ALPHABET_CYRILLIC_END;
         i++)
        if (u_islower((UChar32)i) && i != 0x0451 && !is_plain(i) &&
            !is_on_keyboard(i))
            variants[i - ALPHABET_CYRILLIC_FIRST] =
                (uint16_t)variant_of(normalizer, spoof, i);
    uspoof_close(spoof);
}
