#include "text_block.h"

#include "cpu_wide.h"

#ifdef CPU_WIDE
#include <immintrin.h>
#endif
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What the bytes of a block are, a bit each. */
struct kinds {
    uint64_t leads;  /* D0 to D3 */
    uint64_t blanks; /* spaces and line ends */
    uint64_t marks;  /* ASCII signs that never stand for letters */
};

#ifdef __SSE2__
/* From `first` to `last`: as signed numbers the greatest ones, once `last` is
 * 127. */
static __m128i
in_range(__m128i bytes, char first, char last)
{
    __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8((char)(127 - last)));
    return _mm_cmpgt_epi8(moved, _mm_set1_epi8((char)(126 - last + first)));
}

static __m128i
is(__m128i bytes, char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

static __m128i
load(const void *at)
{
    return _mm_loadu_si128(at);
}

static uint64_t
bits(__m128i bytes, unsigned place)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(bytes) << place;
}

static struct kinds
kinds_of(const char *at)
{
    struct kinds kinds = {0};
    for (unsigned place = 0; place < TEXT_BLOCK; place += 16) {
        __m128i bytes = load(at + place);
        __m128i marks =
            _mm_or_si128(in_range(bytes, '\'', ')'), in_range(bytes, ',', '/'));
        marks = _mm_or_si128(marks, in_range(bytes, ':', ';'));
        marks = _mm_or_si128(marks, is(bytes, '"'));
        marks = _mm_or_si128(marks, is(bytes, '?'));
        kinds.leads |= bits(
            is(_mm_and_si128(bytes, _mm_set1_epi8((char)0xFC)), (char)0xD0),
            place);
        kinds.blanks |=
            bits(_mm_or_si128(is(bytes, ' '), is(bytes, '\n')), place);
        kinds.marks |= bits(marks, place);
    }
    return kinds;
}

uint64_t
text_block_find(const uint8_t *bytes, uint8_t byte)
{
    uint64_t found = 0;
    for (unsigned place = 0; place < TEXT_BLOCK; place += 16)
        found |= bits(is(load(bytes + place), (char)byte), place);
    return found;
}
#else
static struct kinds
kinds_of(const char *at)
{
    struct kinds kinds = {0};
    for (unsigned place = 0; place < TEXT_BLOCK; place++) {
        uint64_t bit = (uint64_t)1 << place;
        unsigned char byte = (unsigned char)at[place];
        bool mark = (byte >= '\'' && byte <= ')') ||
                    (byte >= ',' && byte <= '/') || byte == ':' ||
                    byte == ';' || byte == '?' || byte == '"';
        kinds.leads |= (byte & 0xFC) == 0xD0 ? bit : 0;
        kinds.blanks |= byte == ' ' || byte == '\n' ? bit : 0;
        kinds.marks |= mark ? bit : 0;
    }
    return kinds;
}

uint64_t
text_block_find(const uint8_t *bytes, uint8_t byte)
{
    uint64_t found = 0;
    for (unsigned place = 0; place < TEXT_BLOCK; place++)
        found |= bytes[place] == byte ? (uint64_t)1 << place : 0;
    return found;
}
#endif

#ifdef CPU_WIDE
/* From `first` on, `count` bytes. */
CPU_WIDE static uint64_t
range_wide(__m512i bytes, char first, char count)
{
    __m512i moved = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first));
    return _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8(count));
}

CPU_WIDE static uint64_t
is_wide(__m512i bytes, char byte)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte));
}

CPU_WIDE static struct kinds
kinds_wide(const char *at)
{
    __m512i bytes = _mm512_loadu_si512(at);
    return (struct kinds){
        .leads = range_wide(bytes, (char)0xD0, 4),
        .blanks = is_wide(bytes, ' ') | is_wide(bytes, '\n'),
        .marks = range_wide(bytes, '\'', 3) | range_wide(bytes, ',', 4) |
                 range_wide(bytes, ':', 2) | is_wide(bytes, '"') |
                 is_wide(bytes, '?'),
    };
}
#endif

struct text_block
text_block_of(const char *bytes, bool behind_blank)
{
#ifdef CPU_WIDE
    struct kinds kinds = cpu_is_wide ? kinds_wide(bytes) : kinds_of(bytes);
#else
    struct kinds kinds = kinds_of(bytes);
#endif
    uint64_t beside =
        kinds.blanks >> 1 | kinds.blanks << 1 | (uint64_t)behind_blank;
    uint64_t alone = kinds.blanks | (kinds.marks & beside);
    return (struct text_block){
        .starts = kinds.leads | alone,
        .plain = kinds.leads | kinds.leads << 1 | alone,
        .blanks = kinds.blanks,
    };
}
