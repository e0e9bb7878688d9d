#include "alphabet.h"
#include "matcher_model.h"
#include "utf8.h"

/* Counts from where it stands, forward or back. */
static void
cursor_move(struct span text, struct extent_cursor *cursor, size_t to)
{
    bool back = to < cursor->bytes;
    size_t low = back ? to : cursor->bytes;
    size_t high = back ? cursor->bytes : to;
    struct span between = {text.at + low, high - low};
    size_t code_points = utf8_count(between);
    size_t utf16 = utf8_utf16_count(between);
    cursor->code_points = back ? cursor->code_points - code_points
                               : cursor->code_points + code_points;
    cursor->utf16 = back ? cursor->utf16 - utf16 : cursor->utf16 + utf16;
    cursor->bytes = to;
}

void
extent_of(struct scan *scan, enum match_field field, size_t from, size_t to,
          struct extent *out)
{
    struct span text = scan->input->fields[field];
    struct extent_cursor *cursor = &scan->cursors[field];
    cursor_move(text, cursor, from);
    out->bytes[0] = from;
    out->code_points[0] = cursor->code_points;
    out->utf16[0] = cursor->utf16;
    /* The end is counted from the start: the cursor stays for the next one. */
    struct span slice = {text.at + from, to - from};
    out->bytes[1] = to;
    out->code_points[1] = out->code_points[0] + utf8_count(slice);
    out->utf16[1] = out->utf16[0] + utf8_utf16_count(slice);
}

/* Does a sentence end in what stands between two words? "3.5" has no blank
 * behind the dot; a line end divides as well. */
static bool
ends_sentence(struct span gap)
{
    bool mark = false;
    for (size_t offset = 0; offset < gap.len;) {
        bool valid;
        uint32_t code_point = utf8_next(gap, &offset, &valid);
        if (code_point == '\n')
            return true;
        if (mark && alphabet_is_blank(code_point))
            return true;
        if (code_point == '.' || code_point == '!' || code_point == '?' ||
            code_point == 0x2026 || code_point == ';')
            mark = true;
    }
    return false;
}

/* Hits are sorted by start: one walk over the reading numbers them all. */
void
place_words(struct scan *scan, enum match_field field, size_t first)
{
    const struct reading *reading = &scan->readings[field];
    struct span text = scan->input->fields[field];
    uint32_t word = 0, sentence = 0, at = 0;
    for (size_t i = first; i < scan->hit_count; i++) {
        struct hit *hit = &scan->hits[i];
        for (; at < hit->start; at++) {
            if (reading->letters[at] != LETTER_SEPARATOR || at == 0)
                continue;
            size_t from = reading->origins[at];
            size_t to =
                at + 1 < reading->count ? reading->origins[at + 1] : text.len;
            word++;
            sentence += ends_sentence((struct span){text.at + from, to - from});
        }
        hit->word = word;
        hit->sentence = sentence;
        hit->word_end = word + 1;
        for (uint32_t j = hit->start; j < hit->end; j++)
            hit->word_end += reading->letters[j] == LETTER_SEPARATOR;
    }
}
