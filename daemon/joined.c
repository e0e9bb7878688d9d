#include "joined.h"

#include <stdlib.h>

#include "alphabet.h"
#include "cpu_wide.h"
#include "text_block.h"

#ifdef CPU_WIDE
#include <immintrin.h>
#endif

void
joined_done(struct joined *joined)
{
    free(joined->letters);
    free(joined->starts);
    *joined = (struct joined){0};
}

static bool
reserve(struct joined *joined, const struct reading *reading)
{
    if (joined->capacity >= reading->capacity)
        return true;
    joined_done(joined);
    joined->letters = malloc(reading->capacity + TEXT_BLOCK + READING_SLACK);
    joined->starts =
        malloc((reading->capacity + JOINED_WORDS) * sizeof(*joined->starts));
    if (!joined->letters || !joined->starts)
        return false;
    joined->capacity = reading->capacity;
    return true;
}

static void
join(struct joined *joined, const struct reading *reading)
{
    const uint8_t *letters = reading->letters;
    uint8_t before = LETTER_SEPARATOR;
    size_t len = 0;
    for (size_t i = 0; i < reading->word_count; i++) {
        size_t from = reading->words[i], end = reading->words[i + 1] - 1;
        len -= letters[from] == before;
        joined->starts[i] = (uint32_t)len;
        memcpy(joined->letters + len, letters + from, READING_SLACK);
        if (end - from > READING_SLACK)
            memcpy(joined->letters + len, letters + from, end - from);
        len += end - from;
        before = letters[end - 1];
    }
    joined->count = len;
}

static struct joined_words
look(const struct joined *joined, const struct reading *reading,
     const uint64_t *openings, size_t first, size_t count, uint32_t most)
{
    const uint32_t *words = reading->words + first;
    const uint32_t *starts = joined->starts + first;
    struct joined_words found = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t len = words[i + 1] - 1 - words[i];
        uint32_t slot = joined_slot(joined->letters + starts[i]);
        uint64_t opens = openings[slot / 64] >> slot % 64 & (len < most);
        found.openings |= opens << i;
        found.singles |= (uint64_t)(len == 1) << i;
    }
    return found;
}

#ifdef CPU_WIDE
CPU_WIDE static __m512i
one_back(__m512i bytes, uint8_t before)
{
    static const uint8_t places[TEXT_BLOCK] = {
        0,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
        15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46,
        47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62};
    bytes = _mm512_permutexvar_epi8(_mm512_loadu_si512(places), bytes);
    return _mm512_mask_set1_epi8(bytes, 1, (char)before);
}

/* As join(), a block of letters at once. */
CPU_WIDE static void
join_wide(struct joined *joined, const struct reading *reading)
{
    size_t len = 0, words = 0;
    uint8_t before = LETTER_SEPARATOR;
    uint64_t gap = 0; /* did the block before end with one? */
    for (size_t at = 0; at < reading->count; at += TEXT_BLOCK) {
        uint64_t within = cpu_wide_first(reading->count - at);
        __m512i keys = _mm512_loadu_si512(reading->letters + at);
        uint64_t gaps =
            _mm512_cmpeq_epi8_mask(keys, _mm512_set1_epi8(LETTER_SEPARATOR));
        uint64_t letters = ~gaps & within;
        uint64_t begins = letters & (gaps << 1 | gap);
        gap = gaps >> (TEXT_BLOCK - 1);
        keys = _mm512_maskz_compress_epi8(letters, keys);
        uint64_t kept = _pdep_u64(
            _mm512_cmpneq_epi8_mask(keys, one_back(keys, before)), letters);
        /* What is kept of a row of letters is a row of its own. */
        uint64_t rows = _pext_u64(kept, letters);
        _mm512_storeu_si512(joined->letters + len,
                            _mm512_maskz_compress_epi8(rows, keys));
        for (; begins; begins &= begins - 1) {
            uint64_t up_to = begins ^ (begins - 1);
            joined->starts[words++] =
                (uint32_t)len + (uint32_t)__builtin_popcountll(kept & up_to) -
                1;
        }
        len += (size_t)__builtin_popcountll(kept);
        before = len ? joined->letters[len - 1] : before;
    }
    joined->count = len;
}

CPU_WIDE static struct joined_words
look_wide(const struct joined *joined, const struct reading *reading,
          const uint64_t *openings, size_t first, size_t count, uint32_t most)
{
    struct joined_words found = {0};
    __m512i one = _mm512_set1_epi32(1);
    for (size_t i = 0; i < count; i += 16) {
        const uint32_t *words = reading->words + first + i;
        __mmask16 within = (__mmask16)cpu_wide_first(count - i);
        __m512i len = _mm512_sub_epi32(
            _mm512_sub_epi32(_mm512_maskz_loadu_epi32(within, words + 1),
                             _mm512_maskz_loadu_epi32(within, words)),
            one);
        __m512i starts =
            _mm512_maskz_loadu_epi32(within, joined->starts + first + i);
        __m512i slots = _mm512_mask_i32gather_epi32(one, within, starts,
                                                    joined->letters, 1);
        slots = _mm512_srli_epi32(
            _mm512_mullo_epi32(slots, _mm512_set1_epi32((int)0x9E3779B1u)),
            32 - JOINED_OPENING_BITS);
        __m512i set = _mm512_mask_i32gather_epi32(
            one, within, _mm512_srli_epi32(slots, 5), openings, 4);
        __m512i bit = _mm512_sllv_epi32(
            one, _mm512_and_si512(slots, _mm512_set1_epi32(31)));
        uint64_t opens =
            _mm512_mask_test_epi32_mask(within, set, bit) &
            _mm512_cmplt_epu32_mask(len, _mm512_set1_epi32((int)most));
        uint64_t singles = _mm512_mask_cmpeq_epi32_mask(within, len, one);
        found.openings |= opens << i;
        found.singles |= singles << i;
    }
    return found;
}
#endif

bool
joined_make(struct joined *joined, const struct reading *reading)
{
    if (!reserve(joined, reading))
        return false;
#ifdef CPU_WIDE
    if (cpu_is_wide)
        join_wide(joined, reading);
    else
#endif
        join(joined, reading);
    memset(joined->letters + joined->count, LETTER_SEPARATOR, READING_SLACK);
    return true;
}

struct joined_words
joined_look(const struct joined *joined, const struct reading *reading,
            const uint64_t *openings, size_t first, uint32_t most)
{
    size_t count = reading->word_count - first;
    if (count > JOINED_WORDS)
        count = JOINED_WORDS;
#ifdef CPU_WIDE
    if (cpu_is_wide)
        return look_wide(joined, reading, openings, first, count, most);
#endif
    return look(joined, reading, openings, first, count, most);
}
