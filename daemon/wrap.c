#include "wrap.h"

#include <stdlib.h>
#include <string.h>

#include "terminal.h"
#include "utf8.h"

void
wrap_mark(struct wrap_marks *marks, size_t start, size_t end)
{
    size_t at = 0;
    while (at < marks->count && marks->places[at][1] < start)
        at++;
    if (at < marks->count && marks->places[at][0] <= end) {
        size_t *place = marks->places[at];
        place[0] = start < place[0] ? start : place[0];
        place[1] = end > place[1] ? end : place[1];
        return;
    }
    if (marks->count == WRAP_MARKS_MOST)
        return;
    memmove(marks->places[at + 1], marks->places[at],
            (marks->count - at) * sizeof(marks->places[0]));
    marks->places[at][0] = start;
    marks->places[at][1] = end;
    marks->count++;
}

/* Columns of the code point text[start, end), and of the marks beside it. */
static size_t
columns_of(struct span text, size_t start, size_t end,
           const struct wrap_marks *marks)
{
    size_t columns = utf8_width((struct span){text.at + start, end - start});
    for (size_t i = 0; marks && i < marks->count; i++) {
        columns += marks->places[i][0] == start ? marks->columns : 0;
        columns += marks->places[i][1] == end ? marks->columns : 0;
    }
    return columns;
}

/* Where the line that begins at `start` ends. */
static size_t
end_of_line(struct span text, size_t start, size_t columns,
            const struct wrap_marks *marks)
{
    size_t blank = start, at = start, used = 0;
    while (at < text.len && text.at[at] != '\n') {
        bool valid;
        size_t next = at;
        utf8_next(text, &next, &valid);
        used += columns_of(text, at, next, marks);
        if (used > columns)
            return blank > start ? blank : at > start ? at : next;
        if (is_ascii_blank(text.at[at]))
            blank = at;
        at = next;
    }
    return at;
}

static void
append_marked(struct buffer *out, struct span text, size_t start, size_t end,
              const struct wrap_marks *marks)
{
    size_t at = start;
    for (size_t i = 0; marks && i < marks->count; i++) {
        size_t from = marks->places[i][0], to = marks->places[i][1];
        from = from > start ? from : start;
        to = to < end ? to : end;
        if (from >= to)
            continue;
        terminal_append_safe(out, (struct span){text.at + at, from - at});
        buffer_append_text(out, marks->on);
        terminal_append_safe(out, (struct span){text.at + from, to - from});
        buffer_append_text(out, marks->off);
        at = to;
    }
    terminal_append_safe(out, (struct span){text.at + at, end - at});
}

void
wrap_text(struct buffer *out, struct span text, unsigned width,
          const char *first, const char *next, unsigned lines,
          const struct wrap_marks *marks)
{
    size_t start = 0;
    while (text.len && is_ascii_blank(text.at[text.len - 1]))
        text.len--;
    for (unsigned line = 0; start < text.len && line < lines; line++) {
        const char *indent = line ? next : first;
        size_t taken = utf8_width(span_of(indent)) + 1;
        size_t columns = width > taken + 8 ? width - taken : 8;
        size_t end = end_of_line(text, start, columns, marks);
        buffer_append_text(out, indent);
        append_marked(out, text, start, end, marks);
        while (end < text.len && is_ascii_blank(text.at[end]))
            end++;
        buffer_append_text(out, end < text.len && line + 1 == lines ? "\u2026\n"
                                                                    : "\n");
        start = end;
    }
}

void
wrap_line(struct buffer *out, struct span text, unsigned width,
          const char *indent, const char *on, const char *off)
{
    size_t columns = width > 8 ? width : 8;
    bool cut = utf8_width(text) + utf8_width(span_of(indent)) > columns;
    while (text.len &&
           utf8_width(text) + utf8_width(span_of(indent)) + cut > columns)
        text.len = utf8_cut(text, text.len - 1);
    buffer_append_text(out, indent);
    buffer_append_text(out, on);
    terminal_append_safe(out, text);
    buffer_append_text(out, cut ? "\u2026" : "");
    buffer_append_text(out, off);
    buffer_append_byte(out, '\n');
}
