#include "utf8.h"

#include <unicode/uchar.h>

#include "plain.h"

/* How many bytes a lead byte announces, and the range of the second byte:
 * Unicode 15, table 3-7. */
static unsigned
utf8_lead(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0)
            *low = 0xA0;
        if (lead == 0xED)
            *high = 0x9F;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0)
            *low = 0x90;
        if (lead == 0xF4)
            *high = 0x8F;
        return 4;
    }
    return 0;
}

uint32_t
utf8_next_long(struct span text, size_t *offset, bool *valid)
{
    const unsigned char *at = (const unsigned char *)text.at + *offset;
    size_t left = text.len - *offset;
    unsigned char low, high;
    unsigned len = utf8_lead(at[0], &low, &high);

    *valid = true;
    if (len == 1) {
        *offset += 1;
        return at[0];
    }
    uint32_t code_point = len ? at[0] & (0x7Fu >> len) : 0;
    unsigned i = 1;
    while (i < len && i < left && at[i] >= low && at[i] <= high) {
        code_point = code_point << 6 | (at[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
        i++;
    }
    *offset += i;
    if (len == 0 || i < len) {
        *valid = false;
        return UTF8_REPLACEMENT;
    }
    return code_point;
}

size_t
utf8_encode(uint32_t code_point, char out[4])
{
    if ((code_point >= 0xD800 && code_point <= 0xDFFF) || code_point > 0x10FFFF)
        code_point = UTF8_REPLACEMENT;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

void
utf8_append(struct buffer *buffer, uint32_t code_point)
{
    char bytes[4];
    buffer_append(buffer, bytes, utf8_encode(code_point, bytes));
}

/* The offset of the first invalid sequence or NUL, or text.len. */
static size_t
utf8_clean_until(struct span text)
{
    size_t offset = 0;
    while (offset < text.len &&
           (offset += plain_len(span_from(text, offset))) < text.len) {
        size_t start = offset;
        bool valid;
        if (utf8_next(text, &offset, &valid) == 0 || !valid)
            return start;
    }
    return text.len;
}

bool
utf8_clean(struct span text)
{
    return utf8_clean_until(text) == text.len;
}

bool
utf8_repair(struct buffer *out, struct span text)
{
    bool repaired = false;
    while (text.len) {
        size_t clean = utf8_clean_until(text);
        buffer_append(out, text.at, clean);
        text = span_from(text, clean);
        if (text.len == 0)
            break;
        size_t offset = 0;
        bool valid;
        utf8_next(text, &offset, &valid);
        utf8_append(out, UTF8_REPLACEMENT);
        text = span_from(text, offset);
        repaired = true;
    }
    return repaired;
}

size_t
utf8_count(struct span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}

size_t
utf8_utf16_count(struct span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        count += (byte & 0xC0) != 0x80;
        count += byte >= 0xF0; /* a surrogate pair */
    }
    return count;
}

size_t
utf8_cut(struct span text, size_t max_bytes)
{
    if (text.len < max_bytes)
        max_bytes = text.len;
    /* The last code point may be cut off: go back to its lead byte and see. */
    size_t after_lead = max_bytes;
    while (after_lead > 0 && max_bytes - after_lead < 4 &&
           ((unsigned char)text.at[after_lead - 1] & 0xC0) == 0x80)
        after_lead--;
    if (after_lead == 0)
        return max_bytes;
    unsigned char low, high;
    unsigned char lead = (unsigned char)text.at[after_lead - 1];
    unsigned len = utf8_lead(lead, &low, &high);
    return len > max_bytes - after_lead + 1 ? after_lead - 1 : max_bytes;
}

uint32_t
utf8_fold(uint32_t code_point)
{
    if (code_point < 0x80)
        return code_point + (code_point >= 'A' && code_point <= 'Z' ? 32 : 0);
    if (code_point >= 0x0430 && code_point <= 0x044F)
        return code_point;
    if (code_point == 0x0401 || code_point == 0x0451)
        return 0x0435;
    return (uint32_t)u_foldCase((UChar32)code_point, U_FOLD_CASE_DEFAULT);
}

static size_t
utf8_columns(uint32_t code_point)
{
    if (code_point < 0x20 || code_point == 0x7F)
        return 0;
    if (code_point < 0x300)
        return code_point == 0xAD ? 0 : 1;
    int type = u_charType((UChar32)code_point);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
        type == U_FORMAT_CHAR)
        return 0;
    int width =
        u_getIntPropertyValue((UChar32)code_point, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t
utf8_width(struct span text)
{
    size_t width = 0;
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        width += utf8_columns(utf8_next(text, &offset, &valid));
    }
    return width;
}
