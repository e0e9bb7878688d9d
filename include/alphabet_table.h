/*
 * alphabet_table.h - how the alphabet is made from Unicode's data, once.
 *
 * Threads: alphabet_make() by one thread, before anything reads the table.
 */
#ifndef KAROOL_ALPHABET_TABLE_H
#define KAROOL_ALPHABET_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    ALPHABET_FAST_END = 0x800,    /* two bytes of UTF-8 */
    ALPHABET_TABLE_END = 0x20000, /* above are ideographs and rare scripts */
    ALPHABET_CYRILLIC_FIRST = 0x0400,
    ALPHABET_CYRILLIC_END = 0x0530,
};

/* What a code point is read as. */
struct alphabet_entry {
    uint8_t class;
    uint8_t script;
};

struct alphabet_table {
    struct alphabet_entry *entries;  /* ALPHABET_TABLE_END */
    uint8_t keys[256];               /* of each class */
    uint8_t fast[ALPHABET_FAST_END]; /* keys of the first code points */
    uint8_t pairs[1 << 16];          /* alphabet_pairs() */
    uint32_t readable[256];          /* a letter of each class */
    /* Of small Cyrillic letters of other languages: the plain one meant. */
    uint16_t variants[ALPHABET_CYRILLIC_END - ALPHABET_CYRILLIC_FIRST];
};

/* NULL: made; else the reason why not. */
const char *alphabet_make(struct alphabet_table *table);
/* Of code points beyond the table. */
uint8_t alphabet_class_beyond(uint32_t code_point);
/* Look-alikes that Unicode's confusables do not list. */
bool alphabet_declared_alike(uint32_t a, uint32_t b);

#endif
