#include "explanation.h"

#include <ctype.h>
#include <wctype.h>

#include "terminal.h"
#include "utf8.h"

#define LABEL_WIDTH 10 /* of "text      " */
#define WIDTH_LEAST 20
#define WORD_LONGEST 256 /* bytes to either side that are looked at */

/* Three lines under each other, until they are as wide as the terminal. */
struct strip {
    struct buffer text, read, marks;
    size_t columns;
    bool marked;
};

/* Position in the view: letters are UTF-8, origins one each. */
struct cursor {
    size_t letter, byte;
};

/* The letters that come from the bytes before `end`. */
static struct span
take_letters(const struct normal_view *view, struct cursor *cursor, size_t end)
{
    size_t start = cursor->byte;
    while (cursor->letter < view->count &&
           view->origins[cursor->letter] < end) {
        bool valid;
        utf8_next(view->letters, &cursor->byte, &valid);
        cursor->letter++;
    }
    return (struct span){view->letters.at + start, cursor->byte - start};
}

/* Is it read as another letter than itself in lower case, or as none? */
static bool
is_changed(uint32_t c, struct span letters, size_t width)
{
    if (letters.len == 0)
        return width == 0 || iswalnum((wint_t)c);
    if (letters.at[0] == ' ')
        return iswalnum((wint_t)c);
    char lower[4];
    size_t len = utf8_encode((uint32_t)towlower((wint_t)c), lower);
    return !span_equal(letters, (struct span){lower, len});
}

/* The matcher's letters stand for all that look alike; of a word that is Latin
 * throughout its own letters tell more than their Cyrillic look-alikes. */
static bool
is_in_latin_word(struct span text, size_t at)
{
    size_t start = at, end = at;
    while (start > 0 && at - start < WORD_LONGEST &&
           (text.at[start - 1] & 0x80 ||
            isalnum((unsigned char)text.at[start - 1])))
        start--;
    while (end < text.len && end - at < WORD_LONGEST &&
           (text.at[end] & 0x80 || isalnum((unsigned char)text.at[end])))
        end++;
    for (size_t i = start; i < end; i++)
        if (text.at[i] & 0x80)
            return false;
    return isalpha((unsigned char)text.at[at]);
}

static void
pad(struct buffer *out, size_t columns)
{
    while (columns--)
        buffer_append_byte(out, ' ');
}

static void
add_cell(struct strip *strip, struct span shown, struct span letters,
         bool marked)
{
    size_t shown_width = utf8_width(shown), read_width = utf8_width(letters);
    size_t width = shown_width > read_width ? shown_width : read_width;
    buffer_append_span(&strip->text, shown);
    pad(&strip->text, width - shown_width);
    buffer_append_span(&strip->read, letters);
    pad(&strip->read, width - read_width);
    buffer_append_byte(&strip->marks, marked ? '^' : ' ');
    pad(&strip->marks, width - 1);
    strip->marked |= marked;
    strip->columns += width;
}

static void
print_strip(struct strip *strip, bool colour, struct buffer *out)
{
    const char *reset = terminal_style(colour, STYLE_RESET);
    buffer_printf(out, "text      %s%s%s\n", terminal_style(colour, STYLE_BOLD),
                  buffer_text(&strip->text), reset);
    buffer_printf(out, "read as   %s\n", buffer_text(&strip->read));
    struct buffer *marks = &strip->marks;
    while (marks->len && marks->bytes[marks->len - 1] == ' ')
        marks->bytes[--marks->len] = '\0';
    if (strip->marked)
        buffer_printf(out, "          %s%s%s\n",
                      terminal_style(colour, STYLE_YELLOW), buffer_text(marks),
                      reset);
    buffer_clear(&strip->text);
    buffer_clear(&strip->read);
    buffer_clear(&strip->marks);
    strip->columns = 0;
    strip->marked = false;
}

void
explanation_print_view(const struct explainer *explainer, unsigned width,
                       bool colour, struct buffer *out)
{
    size_t room = width > LABEL_WIDTH + WIDTH_LEAST ? width - LABEL_WIDTH - 1
                                                    : WIDTH_LEAST;
    struct span text = explainer->text;
    struct cursor cursor = {0};
    struct strip strip = {0};
    CLEANUP(buffer_done) struct buffer shown = {0};
    CLEANUP(buffer_done) struct buffer read = {0};
    bool any = false;
    for (size_t offset = 0; offset < text.len;) {
        size_t start = offset;
        bool valid;
        uint32_t c = utf8_next(text, &offset, &valid);
        struct span letters = take_letters(&explainer->view, &cursor, offset);
        char own = (char)tolower((int)(c & 0x7F));
        if (letters.len > 1 && is_in_latin_word(text, start))
            letters = (struct span){&own, 1};
        buffer_clear(&read);
        terminal_append_safe(&read, letters);
        buffer_clear(&shown);
        terminal_append_safe(&shown,
                             (struct span){text.at + start, offset - start});
        size_t columns = utf8_width(buffer_span(&shown));
        bool marked = is_changed(c, letters, columns);
        any |= marked;
        /* What has no width of its own would ride on its neighbour. */
        if (columns == 0) {
            buffer_clear(&shown);
            buffer_append_text(&shown, "\u00B7");
        }
        add_cell(&strip, buffer_span(&shown), buffer_span(&read), marked);
        if (strip.columns >= room)
            print_strip(&strip, colour, out);
    }
    if (strip.columns)
        print_strip(&strip, colour, out);
    if (any)
        buffer_append_text(
            out, "          ^ read as another letter, or not at all\n");
    if (explainer->repaired)
        buffer_append_text(
            out, "          bytes that are not UTF-8 became \uFFFD\n");
    buffer_done(&strip.text);
    buffer_done(&strip.read);
    buffer_done(&strip.marks);
}
