/*
 * letter_variants.h - Cyrillic letters that neither the languages here nor
 * their neighbours write, and the plain ones that they stand for: ӧ for о, ҽ
 * for е. By Unicode's decompositions, names and confusables.
 *
 * Threads: any.
 */
#ifndef KAROOL_LETTER_VARIANTS_H
#define KAROOL_LETTER_VARIANTS_H

#include <stdint.h>

#include "alphabet_table.h"

/* Of each small letter the plain one, or 0. Without ICU's data there is none.
 */
void letter_variants_fill(
    uint16_t variants[ALPHABET_CYRILLIC_END - ALPHABET_CYRILLIC_FIRST]);

#endif
