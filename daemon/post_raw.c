#include "post_raw.h"

#include <stdint.h>

#include "cpu_wide.h"

#ifdef CPU_WIDE
#include <immintrin.h>
#endif
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64
#define NO_END SIZE_MAX

/* A bit for each byte of a block. */
struct marks {
    uint64_t quotes, slashes, opens, closes;
};

/* What a block leaves for the next one. */
struct state {
    uint64_t inside; /* of a string: all bits; else none */
    bool escaped;    /* the next byte is */
    size_t depth;
};

#ifdef __SSE2__
static uint64_t
mask_of(const __m128i vectors[4])
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++)
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(vectors[i]) << 16 * i;
    return mask;
}

static void
mark_bytes(struct marks *marks, const char *at)
{
    __m128i quotes[4], slashes[4], opens[4], closes[4];
    __m128i any = _mm_setzero_si128();
    for (unsigned i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at + i);
        /* [ and ] become { and }. */
        __m128i braces = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        quotes[i] = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        slashes[i] = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        opens[i] = _mm_cmpeq_epi8(braces, _mm_set1_epi8('{'));
        closes[i] = _mm_cmpeq_epi8(braces, _mm_set1_epi8('}'));
        any = _mm_or_si128(any, _mm_or_si128(quotes[i], slashes[i]));
        any = _mm_or_si128(any, _mm_or_si128(opens[i], closes[i]));
    }
    if (_mm_movemask_epi8(any) == 0)
        return;
    marks->quotes = mask_of(quotes);
    marks->slashes = mask_of(slashes);
    marks->opens = mask_of(opens);
    marks->closes = mask_of(closes);
}
#else
static void
mark_bytes(struct marks *marks, const char *at)
{
    for (unsigned place = 0; place < BLOCK; place++) {
        uint64_t bit = (uint64_t)1 << place;
        char c = at[place];
        marks->quotes |= c == '"' ? bit : 0;
        marks->slashes |= c == '\\' ? bit : 0;
        marks->opens |= c == '{' || c == '[' ? bit : 0;
        marks->closes |= c == '}' || c == ']' ? bit : 0;
    }
}
#endif

static struct marks
mark_block(struct span text)
{
    struct marks marks = {0};
    char padded[BLOCK] = {0};
    if (text.len < BLOCK)
        text.at = memcpy(padded, text.at, text.len);
    mark_bytes(&marks, text.at);
    return marks;
}

/* The bytes that a backslash takes along. */
static uint64_t
find_escaped(uint64_t slashes, bool *escaped)
{
    uint64_t found = *escaped;
    slashes &= ~found;
    *escaped = false;
    while (slashes) {
        uint64_t slash = slashes & -slashes;
        found |= slash << 1;
        *escaped = slash >> (BLOCK - 1);
        slashes &= ~(slash | slash << 1);
    }
    return found;
}

/* From each opening quote up to its closing one. */
static uint64_t
find_inside(uint64_t quotes, uint64_t *inside)
{
    for (unsigned shift = 1; shift < BLOCK; shift *= 2)
        quotes ^= quotes << shift;
    quotes ^= *inside;
    *inside = quotes >> (BLOCK - 1) ? UINT64_MAX : 0;
    return quotes;
}

/* The place behind the bracket that closes the outermost one, or 0. */
static unsigned
close_in_block(struct state *state, struct marks marks)
{
    uint64_t escaped = find_escaped(marks.slashes, &state->escaped);
    uint64_t brackets = marks.opens | marks.closes;
    marks.quotes &= ~escaped;
    if (!brackets) {
        state->inside ^= __builtin_parityll(marks.quotes) ? UINT64_MAX : 0;
        return 0;
    }
    brackets &= ~find_inside(marks.quotes, &state->inside);
    for (; brackets; brackets &= brackets - 1) {
        uint64_t bracket = brackets & -brackets;
        if (marks.opens & bracket)
            state->depth++;
        else if (--state->depth == 0)
            return (unsigned)__builtin_ctzll(bracket) + 1;
    }
    return 0;
}

/* `offset` is behind the value's first bracket. */
static inline size_t
find_end_with(struct marks (*mark)(struct span), struct span text,
              size_t offset)
{
    struct state state = {.depth = 1};
    for (; offset < text.len; offset += BLOCK) {
        unsigned place = close_in_block(&state, mark(span_from(text, offset)));
        if (place)
            return offset + place;
    }
    return NO_END;
}

#ifdef CPU_WIDE
CPU_WIDE static inline struct marks
mark_wide(struct span text)
{
    __m512i bytes = _mm512_maskz_loadu_epi8(cpu_wide_first(text.len), text.at);
    __m512i braces = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    return (struct marks){
        .quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
        .slashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\')),
        .opens = _mm512_cmpeq_epi8_mask(braces, _mm512_set1_epi8('{')),
        .closes = _mm512_cmpeq_epi8_mask(braces, _mm512_set1_epi8('}')),
    };
}

CPU_WIDE static size_t
find_end_wide(struct span text, size_t offset)
{
    return find_end_with(mark_wide, text, offset);
}
#endif

static size_t
find_end(struct span text, size_t offset)
{
#ifdef CPU_WIDE
    if (cpu_is_wide)
        return find_end_wide(text, offset);
#endif
    return find_end_with(mark_block, text, offset);
}

static size_t
skip_blank(struct span text, size_t offset)
{
    /* What yajl takes for blank: also \v and \f. */
    while (offset < text.len &&
           (text.at[offset] == ' ' ||
            (text.at[offset] >= '\t' && text.at[offset] <= '\r')))
        offset++;
    return offset;
}

bool
post_raw_is_last(struct span record, size_t offset)
{
    offset = skip_blank(record, offset);
    if (offset < record.len && record.at[offset] == ':')
        offset = skip_blank(record, offset + 1);
    if (offset == record.len)
        return true;
    /* Of a scalar nothing is known here. */
    if (record.at[offset] != '{' && record.at[offset] != '[')
        return false;
    size_t end = find_end(record, offset + 1);
    if (end == NO_END)
        return true;
    end = skip_blank(record, end);
    return end == record.len || record.at[end] != ',';
}
