/*
 * wrap.h - text broken into lines of a terminal's width, at blanks where there
 * are some, with places marked.
 *
 * Text from outside is made safe (terminal_append_safe()). Threads: any.
 */
#ifndef KAROOL_WRAP_H
#define KAROOL_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "span.h"

enum { WRAP_MARKS_MOST = 50 };

struct wrap_marks {
    const char *on, *off; /* what stands before and after a marked place */
    unsigned columns;     /* that each of them takes */
    size_t places[WRAP_MARKS_MOST][2]; /* bytes, [start, end) */
    size_t count;
};

/* Places that overlap become one; more than WRAP_MARKS_MOST are dropped. */
void wrap_mark(struct wrap_marks *marks, size_t start, size_t end);
/* At most `lines` lines, the last one ends with "…" when text is left. `first`
 * and `next` stand before the first line and the others. */
void wrap_text(struct buffer *out, struct span text, unsigned width,
               const char *first, const char *next, unsigned lines,
               const struct wrap_marks *marks);
/* One line, cut to the width, between two escape sequences. */
void wrap_line(struct buffer *out, struct span text, unsigned width,
               const char *indent, const char *on, const char *off);

#endif
