/*
 * letter_names.h - the plain letter that another is called after in Unicode:
 * "KA WITH HOOK" is a К, "NEGATIVE SQUARED LATIN CAPITAL LETTER A" an A.
 *
 * Threads: any.
 */
#ifndef KAROOL_LETTER_NAMES_H
#define KAROOL_LETTER_NAMES_H

#include <stdint.h>

/* A Latin letter in either case or a small Cyrillic one; 0: it is called after
 * none. */
uint32_t letter_named_after(uint32_t code_point);

#endif
