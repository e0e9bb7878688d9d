#include "json_string.h"

#include <stdint.h>

#include "plain.h"
#include "utf8.h"

#define ESCAPE_LEN 6 /* \uD83D */

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The value of "\uXXXX" at the start of text, or -1 when none is there. */
static int32_t
unit_at(struct span text)
{
    if (text.len < ESCAPE_LEN || text.at[0] != '\\' || text.at[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (int i = 2; i < ESCAPE_LEN; i++) {
        int digit = hex_digit(text.at[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* What the escape at the start of text stands for, and how many bytes it
 * takes. *sound is false where U+FFFD stands for something else. */
static uint32_t
read_escape(struct span text, size_t *taken, bool *sound)
{
    *sound = true;
    int32_t unit = unit_at(text);
    if (unit < 0) {
        *taken = text.len < 2 ? text.len : 2;
        switch (text.len < 2 ? '\\' : text.at[1]) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return (unsigned char)text.at[*taken - 1];
        }
    }
    *taken = ESCAPE_LEN;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        int32_t low = unit_at(span_from(text, ESCAPE_LEN));
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *taken = (size_t)2 * ESCAPE_LEN;
            return 0x10000 + ((uint32_t)(unit - 0xD800) << 10) +
                   (uint32_t)(low - 0xDC00);
        }
    }
    *sound = unit != 0 && !(unit >= 0xD800 && unit <= 0xDFFF);
    return *sound ? (uint32_t)unit : UTF8_REPLACEMENT;
}

/* The offset of the next backslash from `offset` on, or the length. */
static size_t
next_escape(struct span text, size_t offset)
{
    const char *at = offset < text.len
                         ? memchr(text.at + offset, '\\', text.len - offset)
                         : NULL;
    return at ? (size_t)(at - text.at) : text.len;
}

/* Blank to JSON. yajl takes \v and \f for blanks, too. */
static bool
is_odd_control(unsigned char c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* One character or escape at *offset. */
static bool
one_sound(struct span source, size_t *offset)
{
    unsigned char c = (unsigned char)source.at[*offset];
    bool sound = true;
    size_t taken = 1;
    if (c >= 0x80)
        utf8_next(source, offset, &sound);
    else if (c == '\\')
        read_escape(span_from(source, *offset), &taken, &sound);
    else
        sound = !is_odd_control(c) && c;
    if (c < 0x80)
        *offset += taken;
    return sound;
}

bool
json_string_sound(struct span source)
{
    size_t i = 0;
    while (i < source.len &&
           (i += plain_len(span_from(source, i))) < source.len)
        if (!one_sound(source, &i))
            return false;
    return true;
}

/* The length of a correct escape that is sound, or 0. */
static size_t
sound_escape_len(struct span text)
{
    size_t taken;
    bool sound;
    if (text.len < 2 || !strchr("\"\\/bfnrtu", text.at[1]) || !text.at[1] ||
        (text.at[1] == 'u' && unit_at(text) < 0))
        return 0;
    read_escape(text, &taken, &sound);
    return sound ? taken : 0;
}

size_t
json_string_len(struct span source, bool *escaped)
{
    size_t i = 0;
    *escaped = false;
    while (i < source.len &&
           (i += plain_len(span_from(source, i))) < source.len) {
        unsigned char c = (unsigned char)source.at[i];
        bool sound = true;
        if (c == '"')
            return i;
        if (c >= 0x80) {
            utf8_next(source, &i, &sound);
        } else {
            size_t len = c == '\\' ? sound_escape_len(span_from(source, i)) : 0;
            sound = len != 0;
            i += len;
            *escaped = true;
        }
        if (!sound)
            break;
    }
    return JSON_STRING_NONE;
}

bool
json_string_decode(struct buffer *out, struct span source)
{
    bool repaired = false;
    for (size_t i = 0; i < source.len;) {
        size_t escape = next_escape(source, i);
        repaired |= utf8_repair(out, (struct span){source.at + i, escape - i});
        if (escape == source.len)
            break;
        size_t taken;
        bool sound;
        uint32_t c = read_escape(span_from(source, escape), &taken, &sound);
        utf8_append(out, c);
        repaired |= !sound;
        i = escape + taken;
    }
    return repaired;
}

void
json_string_mend(struct buffer *out, struct span source)
{
    for (size_t i = 0; i < source.len;) {
        size_t escape = next_escape(source, i);
        size_t start = out->len;
        utf8_repair(out, (struct span){source.at + i, escape - i});
        for (; start < out->len; start++)
            if (is_odd_control((unsigned char)out->bytes[start]))
                out->bytes[start] = ' ';
        if (escape == source.len)
            break;
        size_t taken;
        bool sound;
        read_escape(span_from(source, escape), &taken, &sound);
        if (sound)
            buffer_append(out, source.at + escape, taken);
        else
            buffer_append_text(out, "\\ufffd");
        i = escape + taken;
    }
}

void
json_string_escape_controls(struct buffer *out, struct span source)
{
    bool inside = false;
    for (size_t i = 0; i < source.len; i++) {
        char c = source.at[i];
        if (inside && c == '\\' && i + 1 < source.len && source.at[i + 1]) {
            buffer_append(out, source.at + i, 2);
            i++;
            continue;
        }
        if (c == '"')
            inside = !inside;
        if (inside && c == '\0')
            utf8_append(out, UTF8_REPLACEMENT);
        else if (inside && (unsigned char)c < 0x20)
            buffer_printf(out, "\\u%04x", (unsigned)c);
        else
            buffer_append_byte(out, c);
    }
}

void
json_string_encode(struct buffer *out, struct span text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_append(out, text.at + start, i - start);
        if (c >= 0x20)
            buffer_append(out, (char[]){'\\', (char)c}, 2);
        else
            buffer_printf(out, "\\u%04x", c);
        start = i + 1;
    }
    buffer_append_span(out, span_from(text, start));
}
