/*
 * terminal.h - what a person's screen can show.
 *
 * Threads: any; the progress line belongs to one thread.
 */
#ifndef KAROOL_TERMINAL_H
#define KAROOL_TERMINAL_H

#include <stdbool.h>

#include "buffer.h"
#include "span.h"

enum terminal_style {
    STYLE_RESET,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_UNDERLINE,
    STYLE_RED,
    STYLE_GREEN,
    STYLE_YELLOW,
    STYLE_CYAN,
};

bool terminal_is(int fd);
/* A terminal, no NO_COLOR (no-color.org), and TERM is not dumb. */
bool terminal_colour(int fd);
/* Columns: the terminal's own answer, else COLUMNS, else 80. */
unsigned terminal_width(int fd);
/* Rows, by the terminal's own answer, else 24. */
unsigned terminal_height(int fd);
/* The escape sequence, or "" without colour. */
const char *terminal_style(bool colour, enum terminal_style style);
/* Appends text from outside so that it cannot steer the terminal: control
 * characters become their pictures (U+2400…), bidirectional controls U+FFFD. */
void terminal_append_safe(struct buffer *out, struct span text);

/* One line on stderr that the next one replaces; does nothing when stderr is
 * no terminal. Cut to the width. */
void terminal_progress(const char *line);
/* Takes the line away, so that something else can be printed. */
void terminal_progress_clear(void);

#endif
