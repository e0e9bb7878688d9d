#include "terminal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "utf8.h"

#define WIDTH_DEFAULT 80
#define WIDTH_LOWEST 20
#define HEIGHT_DEFAULT 24

static atomic_bool progress_shown;

bool
terminal_is(int fd)
{
    return isatty(fd);
}

bool
terminal_colour(int fd)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fd) && !(no_color && *no_color) && term && *term &&
           strcmp(term, "dumb") != 0;
}

unsigned
terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_LOWEST)
        return size.ws_col;
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    return width >= WIDTH_LOWEST && width < 10000 ? (unsigned)width
                                                  : WIDTH_DEFAULT;
}

unsigned
terminal_height(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0
               ? size.ws_row
               : HEIGHT_DEFAULT;
}

const char *
terminal_style(bool colour, enum terminal_style style)
{
    static const char *const sequences[] = {
        [STYLE_RESET] = "\033[0m",   [STYLE_BOLD] = "\033[1m",
        [STYLE_DIM] = "\033[2m",     [STYLE_UNDERLINE] = "\033[4m",
        [STYLE_RED] = "\033[31m",    [STYLE_GREEN] = "\033[32m",
        [STYLE_YELLOW] = "\033[33m", [STYLE_CYAN] = "\033[36m",
    };
    return colour ? sequences[style] : "";
}

/* Controls that reorder what stands around them (Unicode 15, UAX 9). */
static bool
is_bidi_control(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void
terminal_append_safe(struct buffer *out, struct span text)
{
    for (size_t offset = 0; offset < text.len;) {
        size_t start = offset;
        bool valid;
        uint32_t c = utf8_next(text, &offset, &valid);
        if (c < 0x20)
            utf8_append(out, 0x2400 + c);
        else if (c == 0x7F)
            utf8_append(out, 0x2421);
        else if (!valid || (c >= 0x80 && c < 0xA0) || is_bidi_control(c))
            utf8_append(out, UTF8_REPLACEMENT);
        else
            buffer_append(out, text.at + start, offset - start);
    }
}

static void
write_stderr(struct span bytes)
{
    while (bytes.len) {
        ssize_t written = write(STDERR_FILENO, bytes.at, bytes.len);
        if (written <= 0)
            return;
        bytes = span_from(bytes, (size_t)written);
    }
}

void
terminal_progress(const char *line)
{
    if (!isatty(STDERR_FILENO))
        return;
    struct span text = span_of(line);
    unsigned width = terminal_width(STDERR_FILENO);
    while (text.len && utf8_width(text) >= width)
        text.len = utf8_cut(text, text.len - 1);
    CLEANUP(buffer_done) struct buffer out = {0};
    buffer_append_text(&out, "\r");
    terminal_append_safe(&out, text);
    buffer_append_text(&out, "\033[K");
    write_stderr(buffer_span(&out));
    atomic_store(&progress_shown, true);
}

void
terminal_progress_clear(void)
{
    if (atomic_exchange(&progress_shown, false))
        write_stderr(span_of("\r\033[K"));
}
