/*
 * utf8.h - UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing
 * above U+10FFFF.
 *
 * Threads: any.
 */
#ifndef KAROOL_UTF8_H
#define KAROOL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "cleanup.h"
#include "span.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* Of utf8_next(): what is more than one or two bytes, or invalid. */
uint32_t utf8_next_long(struct span text, size_t *offset, bool *valid);
/* The code point at text[*offset], which moves past it. An invalid sequence
 * yields UTF8_REPLACEMENT and *valid false, and moves past its maximal
 * subpart (Unicode 15, section 3.9, "U+FFFD substitution"). */
static inline uint32_t
utf8_next(struct span text, size_t *offset, bool *valid)
{
    const unsigned char *at = (const unsigned char *)text.at + *offset;
    *valid = true;
    if (at[0] < 0x80) {
        *offset += 1;
        return at[0];
    }
    if (at[0] < 0xC2 || at[0] > 0xDF || text.len - *offset < 2 ||
        (at[1] & 0xC0) != 0x80)
        return utf8_next_long(text, offset, valid);
    *offset += 2;
    return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
}
/* Writes 1 to 4 bytes, returns how many. */
size_t utf8_encode(uint32_t code_point, char out[4]);
void utf8_append(struct buffer *buffer, uint32_t code_point);
/* Valid UTF-8 without NUL? That is what a post's text must be. */
bool utf8_clean(struct span text);
/* Appends text with each invalid sequence and each NUL as U+FFFD; true when
 * something was replaced. */
bool utf8_repair(struct buffer *out, struct span text);
/* Lower case, ё as е: letters that are equal for a dictionary. */
uint32_t utf8_fold(uint32_t code_point);
size_t utf8_count(struct span text);       /* code points */
size_t utf8_utf16_count(struct span text); /* UTF-16 units */
/* The longest prefix of at most max_bytes that ends between code points. */
size_t utf8_cut(struct span text, size_t max_bytes);
/* Columns of a terminal (0, 1 or 2 for a code point). */
size_t utf8_width(struct span text);

#endif
