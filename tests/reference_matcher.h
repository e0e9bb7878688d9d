/*
 * reference_matcher.h - what a text holds, found the slow and obvious way.
 *
 * It reads code points from its own table of look-alikes, tries each spelling
 * at each word and each choice of words for the parts of a rule. It shares
 * with the daemon the dictionary as data (rules.h) and nothing else, so that
 * agreement means something.
 *
 * Matches are written as lines, sorted, so that they compare as one text:
 *   id severity[~softener] field code points utf16 bytes form through [parts]
 */
#ifndef KAROOL_REFERENCE_MATCHER_H
#define KAROOL_REFERENCE_MATCHER_H

#include "buffer.h"
#include "matcher.h"

/* Does its table name all characters of the text, and is there no hashtag,
 * which the reference does not divide at its capitals? */
bool reference_knows(struct span text);
/* What there is to find; memory is assumed. */
void reference_scan(const struct rules *rules,
                    const struct matcher_input *input, struct buffer *out);
/* What the matcher found, in the same form. */
void reference_write(const struct match_list *list, struct buffer *out);
/* Each slice of each match is cut between code points, counts what its units
 * say, and lies in its field. */
bool reference_slices_hold(const struct match_list *list,
                           const struct matcher_input *input);

#endif
