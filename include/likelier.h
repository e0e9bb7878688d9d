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
/* Letters, signs, letters: is it a frequent word with as many other letters
 * behind the signs? */
bool likelier_behind_signs(struct span word, const struct found *found);

#endif
