/*
 * letter_block.h - the plain characters of 64 bytes of text become letters.
 *
 * Threads: any.
 */
#ifndef KAROOL_LETTER_BLOCK_H
#define KAROOL_LETTER_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "text_block.h"

/* Keys of the alphabet and where they stand, one for a letter that is repeated.
 * Behind those that count TEXT_BLOCK more are written to. */
struct letter_row {
    uint8_t *keys;
    uint32_t *origins;
    size_t count;
    uint8_t last; /* the last key; LETTER_SEPARATOR before the first */
};

/* Appends the characters that begin at the set bits (text_block_of()) of
 * `bytes`, TEXT_BLOCK + 1 of which can be read; they are the text's from `from`
 * on. Returns the byte of the text behind the last, or that of one that is no
 * letter, where it ends. */
size_t letter_block_read(struct letter_row *row, const char *bytes,
                         uint64_t starts, size_t from);
/* Where words begin behind separators among `count` keys, the first of which is
 * key `from` of a text; returns how many. TEXT_BLOCK of `keys` can be read, and
 * of `out` written to. */
size_t letter_block_words(const uint8_t *keys, size_t count, size_t from,
                          uint32_t *out);

#endif
