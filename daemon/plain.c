#include "plain.h"

#include <stdint.h>

#include "cpu_wide.h"

#ifdef CPU_WIDE
#include <immintrin.h>
#endif
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 16

#ifdef __SSE2__
static unsigned
mask_of(__m128i bytes)
{
    return (unsigned)_mm_movemask_epi8(bytes);
}

/* A bit for each byte of the block that is not plain; *wanted: a bit for each
 * that has to be the second of its character. *lead, in and out: the byte
 * before the block was a first one. */
static unsigned
look_at_block(const char *at, unsigned *lead, unsigned *wanted)
{
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i control =
        _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
    __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    unsigned odd = mask_of(_mm_or_si128(_mm_or_si128(control, quote), slash));
    unsigned high = mask_of(block);
    if (!(high | *lead)) {
        *wanted = 0;
        return odd;
    }
    /* As signed numbers: 80 to BF are below -64, E0 to FF above -33. */
    unsigned second = mask_of(_mm_cmplt_epi8(block, _mm_set1_epi8(-64)));
    unsigned longer = mask_of(_mm_cmpgt_epi8(block, _mm_set1_epi8(-33))) & high;
    unsigned overlong =
        mask_of(_mm_cmplt_epi8(block, _mm_set1_epi8(-62))) & ~second;
    unsigned first = high & ~second & ~longer;
    *wanted = (first << 1 | *lead) & 0xFFFF;
    *lead = first >> (BLOCK - 1);
    return odd | longer | overlong | (*wanted ^ second);
}
#endif

#ifdef CPU_WIDE
/* As look_at_block(), of 64 bytes at once, to the end of the text. */
CPU_WIDE static size_t
plain_wide(struct span text)
{
    uint64_t lead = 0;
    for (size_t offset = 0; offset < text.len; offset += 64) {
        size_t left = text.len - offset;
        unsigned count = left < 64 ? (unsigned)left : 64;
        uint64_t within = cpu_wide_first(count);
        __m512i bytes = _mm512_maskz_loadu_epi8(within, text.at + offset);
        uint64_t odd = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)) |
                       _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) |
                       _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
        uint64_t high = _mm512_movepi8_mask(bytes);
        uint64_t second = _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(-64));
        uint64_t first = _mm512_cmplt_epu8_mask(
            _mm512_sub_epi8(bytes, _mm512_set1_epi8((char)0xC2)),
            _mm512_set1_epi8(0xE0 - 0xC2));
        uint64_t wanted = first << 1 | lead;
        lead = first >> (count - 1) & 1;
        odd |= (high & ~second & ~first) | (wanted ^ second);
        odd &= within;
        if (!odd)
            continue;
        unsigned place = (unsigned)__builtin_ctzll(odd);
        return offset + place - (wanted >> place & 1);
    }
    return text.len - lead;
}
#endif

static size_t
plain_one_by_one(struct span text, size_t offset)
{
    while (offset < text.len) {
        unsigned char c = (unsigned char)text.at[offset];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\')
            offset++;
        else if (c >= 0xC2 && c <= 0xDF && text.len - offset > 1 &&
                 ((unsigned char)text.at[offset + 1] & 0xC0) == 0x80)
            offset += 2;
        else
            break;
    }
    return offset;
}

size_t
plain_len(struct span text)
{
#ifdef CPU_WIDE
    if (cpu_is_wide)
        return plain_wide(text);
#endif
    size_t offset = 0;
#ifdef __SSE2__
    unsigned lead = 0;
    for (; text.len - offset >= BLOCK; offset += BLOCK) {
        unsigned wanted;
        unsigned odd = look_at_block(text.at + offset, &lead, &wanted);
        if (!odd)
            continue;
        unsigned place = (unsigned)__builtin_ctz(odd);
        /* A character without its second byte: back to its first. */
        return offset + place - (wanted >> place & 1);
    }
    offset -= lead;
#endif
    return plain_one_by_one(text, offset);
}
