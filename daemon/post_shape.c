#include "post_shape.h"

#include "json_string.h"
#include "post_raw.h"

/* What a byte outside of strings is. */
enum token {
    TOKEN_ODD, /* no JSON, or none that is worth the trouble */
    TOKEN_COPY,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_STRING,
    TOKEN_NUMBER,
};

static const uint8_t tokens[256] = {
    [' '] = TOKEN_COPY,   ['\t'] = TOKEN_COPY,  ['\n'] = TOKEN_COPY,
    ['\r'] = TOKEN_COPY,  [','] = TOKEN_COPY,   [':'] = TOKEN_COPY,
    ['a'] = TOKEN_COPY,   ['e'] = TOKEN_COPY,   ['f'] = TOKEN_COPY,
    ['l'] = TOKEN_COPY,   ['n'] = TOKEN_COPY,   ['r'] = TOKEN_COPY,
    ['s'] = TOKEN_COPY,   ['t'] = TOKEN_COPY,   ['u'] = TOKEN_COPY,
    ['['] = TOKEN_OPEN,   ['{'] = TOKEN_OPEN,   [']'] = TOKEN_CLOSE,
    ['}'] = TOKEN_CLOSE,  ['"'] = TOKEN_STRING, ['-'] = TOKEN_NUMBER,
    ['0'] = TOKEN_NUMBER, ['1'] = TOKEN_NUMBER, ['2'] = TOKEN_NUMBER,
    ['3'] = TOKEN_NUMBER, ['4'] = TOKEN_NUMBER, ['5'] = TOKEN_NUMBER,
    ['6'] = TOKEN_NUMBER, ['7'] = TOKEN_NUMBER, ['8'] = TOKEN_NUMBER,
    ['9'] = TOKEN_NUMBER,
};

struct taking {
    struct post_shape *shape;
    struct span record;
    size_t offset; /* in the record */
    unsigned depth;
    bool text_seen, ended;
};

static bool
put(struct taking *taking, const char *bytes, size_t len)
{
    struct post_shape *shape = taking->shape;
    if (len > sizeof(shape->bytes) - shape->len)
        return false;
    memcpy(shape->bytes + shape->len, bytes, len);
    shape->len += len;
    return true;
}

static bool
put_hole(struct taking *taking, struct post_shape_hole hole)
{
    struct post_shape *shape = taking->shape;
    if (shape->hole_count == COUNT_OF(shape->holes))
        return false;
    hole.at = (uint16_t)shape->len;
    shape->holes[shape->hole_count++] = hole;
    return true;
}

static bool
is_name(const struct taking *taking, size_t offset)
{
    struct span record = taking->record;
    while (offset < record.len &&
           (record.at[offset] == ' ' || record.at[offset] == '\n' ||
            record.at[offset] == '\r' || record.at[offset] == '\t'))
        offset++;
    return offset < record.len && record.at[offset] == ':';
}

static size_t
digits_len(struct span text)
{
    size_t len = 0;
    while (len < text.len && text.at[len] >= '0' && text.at[len] <= '9')
        len++;
    return len;
}

/* RFC 8259, section 6; 0: there is none. */
static size_t
number_len(struct span text)
{
    size_t len = text.len && text.at[0] == '-';
    size_t digits = digits_len(span_from(text, len));
    if (digits == 0 || (digits > 1 && text.at[len] == '0'))
        return 0;
    len += digits;
    if (len < text.len && text.at[len] == '.') {
        digits = digits_len(span_from(text, len + 1));
        len += digits ? 1 + digits : 0;
    }
    if (len < text.len && (text.at[len] | 0x20) == 'e') {
        size_t sign = len + 1 < text.len &&
                      (text.at[len + 1] == '+' || text.at[len + 1] == '-');
        digits = digits_len(span_from(text, len + 1 + sign));
        len += digits ? 1 + sign + digits : 0;
    }
    return len;
}

size_t
post_shape_fill(struct post_shape_hole *hole, struct span record, size_t offset,
                bool number)
{
    struct span rest = span_from(record, offset);
    *hole =
        (struct post_shape_hole){.start = (uint32_t)offset, .number = number};
    size_t len =
        number ? number_len(rest) : json_string_len(rest, &hole->escaped);
    if (len == JSON_STRING_NONE || (number && len == 0))
        return 0;
    hole->len = (uint32_t)len;
    return offset + len + !number;
}

static bool
take_string(struct taking *taking)
{
    size_t start = taking->offset + 1;
    struct post_shape_hole hole;
    taking->offset = post_shape_fill(&hole, taking->record, start, false);
    if (taking->offset == 0)
        return false;
    if (!is_name(taking, taking->offset))
        return put_hole(taking, hole) && put(taking, "\"\"", 2);
    struct span inside = {taking->record.at + start, hole.len};
    if (taking->depth == 1) {
        taking->text_seen |= span_is(inside, "text");
        taking->ended = taking->text_seen && span_is(inside, "raw") &&
                        post_raw_is_last(taking->record, taking->offset);
    }
    return !hole.escaped && put(taking, inside.at - 1, inside.len + 2);
}

static bool
take_number(struct taking *taking)
{
    struct post_shape_hole hole;
    size_t end = post_shape_fill(&hole, taking->record, taking->offset, true);
    /* What follows must not make one number of two. */
    if (end == 0 || (end < taking->record.len &&
                     !strchr(" \t\r\n,]}", taking->record.at[end])))
        return false;
    taking->offset = end;
    return put_hole(taking, hole) && put(taking, "1", 1);
}

static bool
take_token(struct taking *taking)
{
    const char *at = taking->record.at + taking->offset;
    switch ((enum token)tokens[(unsigned char)*at]) {
    case TOKEN_STRING:
        return take_string(taking);
    case TOKEN_NUMBER:
        return take_number(taking);
    case TOKEN_OPEN:
        taking->depth++;
        break;
    case TOKEN_CLOSE:
        taking->depth--;
        break;
    case TOKEN_COPY:
        break;
    case TOKEN_ODD:
        return false;
    }
    taking->offset++;
    return put(taking, at, 1);
}

bool
post_shape_take(struct post_shape *shape, struct span record)
{
    struct taking taking = {.shape = shape, .record = record};
    shape->len = shape->hole_count = 0;
    while (taking.offset < record.len && !taking.ended)
        if (!take_token(&taking))
            return false;
    shape->stops = taking.ended;
    return true;
}
