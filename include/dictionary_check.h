/*
 * dictionary_check.h - what stands in a dictionary and cannot be meant.
 *
 * An exception that never takes a hit away, because its term is not found in
 * it; a term that is a form of another one; a part of a rule that wants forms
 * which none of its terms has. Each is found by screening the dictionary's own
 * words with its own matcher, so that the warnings are never at odds with what
 * a post would meet.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_DICTIONARY_CHECK_H
#define KAROOL_DICTIONARY_CHECK_H

#include <stdbool.h>

#include "diagnostics.h"
#include "error.h"
#include "matcher.h"

/* Warnings go to diagnostics. */
MUST_USE bool dictionary_check(const struct matcher *matcher,
                               struct diagnostics *diagnostics,
                               struct error *err);

#endif
