#include "plain.h"

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
