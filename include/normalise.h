/*
 * normalise.h - a text as the matcher reads it: one byte a letter, and the way
 * back.
 *
 * A reading is the whole text in classes of the alphabet (alphabet.h): it
 * begins and ends with a separator, and between words there is exactly one,
 * whatever stood there. What is invisible is left out. Each letter knows the
 * byte at which it stands in the original.
 *
 * A text may have more than one reading (another way to undo a disguise): they
 * have this shape too, and go through the same scan and the same verifier.
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

struct reading {
    uint8_t *letters;
    uint32_t *origins; /* byte offset of each letter; of a separator: of the
                          first byte of what stands there, or the text's end */
    size_t count;
    size_t capacity;
};

void reading_done(struct reading *reading);
/* Reads valid UTF-8 of at most 4 GB anew. */
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

#endif
