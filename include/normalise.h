/*
 * normalise.h - a text as the matcher reads it: one byte a letter, and the way
 * back.
 *
 * A reading is the whole text in keys of the alphabet (alphabet_key()): it
 * begins and ends with a separator, and between words there is exactly one,
 * whatever stood there. What is invisible is left out, and of a letter that is
 * repeated one is left. Each letter knows the byte at which it stands in the
 * original. A #HashTag is read as the words that its capitals begin.
 *
 * Where a reading cannot show all, it says where to look at the original: the
 * tokens (runs of anything but blanks) that hold more than Cyrillic letters
 * with marks around them.
 *
 * Threads: one at a time. Ownership: reading_done() frees.
 */
#ifndef KAROOL_NORMALISE_H
#define KAROOL_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "span.h"

/* What may be read behind the last letter, for loading eight at once. */
enum { READING_SLACK = 16 };

/* A mark makes another letter of the one before it through other invisible
 * characters, or a zero-width space would hide each й. They are so few because
 * a letter is looked at for every term that may stand there. */
enum { MARK_REACH_BYTES = 32 };

struct reading {
    uint8_t *letters;
    uint32_t *origins; /* byte offset of each letter; of a separator: of the
                          first byte of what stands there, or the text's end */
    size_t count;
    uint32_t *words; /* the first letter of each word, and the count behind */
    size_t word_count;
    uint32_t *tokens; /* byte offsets of tokens to look at, ascending */
    size_t token_count;
    size_t capacity;
};

void reading_done(struct reading *reading);
/* Reads valid UTF-8 of at most 2 GB anew. */
MUST_USE bool normalise(struct reading *reading, struct span text,
                        struct error *err);

/* One letter of the original: folded (alphabet_fold()), with the mark that
 * makes another letter of it. */
struct written_letter {
    uint32_t code_point; /* folded */
    size_t end;          /* byte offset behind it and such a mark */
    bool hidden;         /* something else that is invisible before the mark */
};
struct written_letter written_letter_at(struct span text, size_t offset);
/* Does a word begin at the capital at `offset`, because the text is inside a
 * #HashTag there and a small letter stands before it? */
bool hashtag_word_begins(struct span text, size_t offset);

#endif
