#include "letter_block.h"

#include "alphabet.h"
#include "cpu_wide.h"

#ifdef CPU_WIDE
#include <immintrin.h>
#endif

#ifdef CPU_WIDE
/* 0 to 63 */
CPU_WIDE static __m512i
places(void)
{
    static const uint8_t each[TEXT_BLOCK] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    return _mm512_loadu_si512(each);
}

/* The first `count` of 64 bytes, each added to `base`. */
CPU_WIDE static void
store_places(uint32_t *out, __m512i bytes, size_t count, size_t base)
{
    __m512i first = _mm512_set1_epi32((int)base);
    for (size_t i = 0; i < count; i += 16) {
        __m512i four = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bytes));
        _mm512_storeu_si512(out + i, _mm512_add_epi32(four, first));
        bytes = _mm512_alignr_epi64(bytes, bytes, 2);
    }
}

/* Of two bytes the first of which begins a Cyrillic letter, D0 to D3: its key
 * is one of 256. */
CPU_WIDE static __m512i
keys_of(__m512i first, __m512i second)
{
    const uint8_t *table = alphabet_table() + 0x400;
    __m512i tables[4];
    for (int i = 0; i < 4; i++)
        tables[i] = _mm512_loadu_si512(table + i * TEXT_BLOCK);
    __mmask64 odd = _mm512_test_epi8_mask(first, _mm512_set1_epi8(1));
    __mmask64 high = _mm512_test_epi8_mask(first, _mm512_set1_epi8(2));
    /* The second byte, 80 to BF, chooses one of 64; bit 7 is not looked at. */
    __m512i index =
        _mm512_mask_add_epi8(second, odd, second, _mm512_set1_epi8(0x40));
    return _mm512_mask_blend_epi8(
        high, _mm512_permutex2var_epi8(tables[0], index, tables[1]),
        _mm512_permutex2var_epi8(tables[2], index, tables[3]));
}

CPU_WIDE static size_t
read_wide(struct letter_row *row, const char *bytes, uint64_t starts,
          size_t from)
{
    __m512i first = _mm512_loadu_si512(bytes);
    __m512i second = _mm512_loadu_si512(bytes + 1);
    __m512i separator = _mm512_set1_epi8(LETTER_SEPARATOR);
    __mmask64 letters = _mm512_movepi8_mask(first) & starts;
    __m512i keys =
        _mm512_mask_blend_epi8(letters, separator, keys_of(first, second));
    uint64_t none = _mm512_mask_cmple_epu8_mask(letters, keys, separator);
    if (none)
        starts &= (none & -none) - 1;
    if (!starts)
        return from + (unsigned)__builtin_ctzll(none);
    size_t found = (size_t)__builtin_popcountll(starts);
    keys = _mm512_maskz_compress_epi8(starts, keys);
    __m512i at = _mm512_maskz_compress_epi8(starts, places());
    __m512i back = _mm512_sub_epi8(places(), _mm512_set1_epi8(1));
    __m512i before = _mm512_permutexvar_epi8(back, keys);
    before = _mm512_mask_set1_epi8(before, 1, (char)row->last);
    uint64_t other =
        _mm512_cmpneq_epi8_mask(keys, before) & cpu_wide_first(found);
    size_t count = (size_t)__builtin_popcountll(other);
    _mm512_storeu_si512(row->keys + row->count,
                        _mm512_maskz_compress_epi8(other, keys));
    store_places(row->origins + row->count,
                 _mm512_maskz_compress_epi8(other, at), count, from);
    row->count += count;
    if (count)
        row->last = row->keys[row->count - 1];
    if (none)
        return from + (unsigned)__builtin_ctzll(none);
    unsigned end = 63 - (unsigned)__builtin_clzll(starts);
    return from + end + (row->last == LETTER_SEPARATOR ? 1 : 2);
}

CPU_WIDE static size_t
words_wide(const uint8_t *keys, size_t count, size_t from, uint32_t *out)
{
    uint64_t gaps = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(keys),
                                           _mm512_set1_epi8(LETTER_SEPARATOR)) &
                    cpu_wide_first(count);
    size_t found = (size_t)__builtin_popcountll(gaps);
    store_places(out, _mm512_maskz_compress_epi8(gaps, places()), found,
                 from + 1);
    return found;
}
#endif

size_t
letter_block_read(struct letter_row *row, const char *bytes, uint64_t starts,
                  size_t from)
{
#ifdef CPU_WIDE
    if (cpu_is_wide)
        return read_wide(row, bytes, starts, from);
#endif
    const uint8_t *pairs = alphabet_pairs();
    uint8_t *keys = row->keys;
    uint32_t *origins = row->origins;
    size_t count = row->count, behind = from;
    uint8_t last = row->last;
    for (; starts; starts &= starts - 1) {
        unsigned place = (unsigned)__builtin_ctzll(starts);
        uint8_t key = pairs[alphabet_pair(bytes + place)];
        behind = from + place;
        if (!key)
            break;
        keys[count] = key;
        origins[count] = (uint32_t)behind;
        count += key != last;
        last = key;
    }
    if (!starts)
        behind += last == LETTER_SEPARATOR ? 1 : 2;
    row->count = count;
    row->last = last;
    return behind;
}

size_t
letter_block_words(const uint8_t *keys, size_t count, size_t from,
                   uint32_t *out)
{
#ifdef CPU_WIDE
    if (cpu_is_wide)
        return words_wide(keys, count, from, out);
#endif
    uint64_t gaps =
        text_block_find(keys, LETTER_SEPARATOR) & cpu_wide_first(count);
    size_t found = 0;
    for (; gaps; gaps &= gaps - 1)
        out[found++] = (uint32_t)(from + 1 + (unsigned)__builtin_ctzll(gaps));
    return found;
}
