/*
 * text_block.h - 64 bytes of a text at once: where its plain characters begin.
 *
 * Plain are Cyrillic letters of two bytes, blanks, and marks beside a blank:
 * nearly all of a text. How long a word is cannot be foreseen, so that a branch
 * at each of its ends costs more than its letters; here there is none.
 *
 * Threads: any.
 */
#ifndef KAROOL_TEXT_BLOCK_H
#define KAROOL_TEXT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_BLOCK = 64 };

/* Sets of bytes, a bit each, the first one lowest. */
struct text_block {
    uint64_t starts; /* first bytes of plain characters; a letter's second one
                        may stand behind the block */
    uint64_t plain;  /* all their bytes */
    uint64_t blanks;
};

/* Of TEXT_BLOCK bytes; does a blank stand before them? A mark before the end
 * is not plain, for what follows is not known. */
struct text_block text_block_of(const char *bytes, bool behind_blank);
/* Bytes of TEXT_BLOCK that are `byte`. */
uint64_t text_block_find(const uint8_t *bytes, uint8_t byte);

#endif
