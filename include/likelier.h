/*
 * likelier.h - is what stands there a disguise of an ordinary word, and not of
 * a term?
 *
 * For plausible.c. Threads: any.
 */
#ifndef KAROOL_LIKELIER_H
#define KAROOL_LIKELIER_H

#include <stdbool.h>

#include "span.h"

struct found;

/* Is it a known word, once look-alikes of Cyrillic letters are these? */
bool likelier_by_look(struct span word);
/* Is it a frequent word with other letters behind the signs, or a known one
 * with another letter behind a star? */
bool likelier_behind_signs(struct span word, const struct found *found);

#endif
