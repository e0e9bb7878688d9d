#include "lattice_rows.h"

#include <string.h>

#include "alphabet.h"
#include "lattice.h"
#include "lattice_table.h"
#include "rules.h"
#include "utf8.h"

enum {
    ROWS_MOST = 256,
    APART_MOST = 3,     /* between letters of a word that is spelt out */
    DIRECT_END = 0x180, /* rows that begin below are found by their number */
};

/* Made once, then read by all. */
static struct lattice_meaning rows[ROWS_MOST];
static unsigned row_count;
static uint16_t direct[DIRECT_END + 1][2]; /* first row and behind the last */

static unsigned
decode(const char *text, uint32_t *out, unsigned most)
{
    unsigned count = 0;
    struct span span = span_of(text);
    for (size_t offset = 0; offset < span.len && count < most;) {
        bool valid;
        out[count++] = utf8_next(span, &offset, &valid);
    }
    return count;
}

/* Shapes of letters alone are look-alikes, those with digits and signs leet. */
static uint8_t
shape_disguise(const struct lattice_meaning *row)
{
    for (unsigned i = 0; i < row->len; i++)
        if (alphabet_script(row->written[i]) == SCRIPT_COMMON)
            return DISGUISE_LEET;
    return DISGUISE_HOMOGLYPH;
}

static void
add_row(const struct lattice_row *source, bool sound)
{
    struct lattice_meaning *row = &rows[row_count++];
    row->len =
        (uint8_t)decode(source->written, row->written, LATTICE_ROW_LETTERS);
    uint32_t meant[3 * LATTICE_MEANINGS + 2];
    unsigned count = decode(source->meant, meant, COUNT_OF(meant));
    unsigned letter = 0;
    bool barred = false;
    for (unsigned i = 0; i <= count; i++) {
        bool ends = i == count || meant[i] == ' ';
        if (!ends && meant[i] == '|') {
            barred = true;
            row->usual = row->meanings;
        } else if (!ends && letter < 2) {
            row->meant[row->meanings][letter++] = meant[i];
        } else if (ends && letter) {
            row->meanings++;
            letter = 0;
        }
    }
    row->usual = barred ? row->usual : row->meanings;
    row->as_sound = sound ? DISGUISE_TRANSLIT : LATTICE_NOT_SO;
    row->as_shape = sound ? LATTICE_NOT_SO : shape_disguise(row);
}

/* Rows that begin alike stand together. */
static void
index_rows(void)
{
    for (unsigned i = 1; i < row_count; i++)
        for (unsigned j = i;
             j > 0 && rows[j - 1].written[0] > rows[j].written[0]; j--) {
            struct lattice_meaning row = rows[j];
            rows[j] = rows[j - 1];
            rows[j - 1] = row;
        }
    for (unsigned i = 0; i < row_count; i++) {
        uint32_t first = rows[i].written[0];
        uint16_t *range = direct[first < DIRECT_END ? first : DIRECT_END];
        if (range[1] == 0)
            range[0] = (uint16_t)i;
        range[1] = (uint16_t)(i + 1);
    }
}

void
lattice_rows_load(void)
{
    for (size_t i = 0; i < lattice_sound_count; i++)
        add_row(&lattice_sounds[i], true);
    for (size_t i = 0; i < lattice_shape_count; i++)
        add_row(&lattice_shapes[i], false);
    index_rows();
}

const struct lattice_meaning *
lattice_rows(uint32_t first, unsigned *count)
{
    const uint16_t *range = direct[first < DIRECT_END ? first : DIRECT_END];
    *count = (unsigned)(range[1] - range[0]);
    return rows + range[0];
}

bool
lattice_stands_for_letter(uint32_t sign)
{
    unsigned count;
    lattice_rows(sign, &count);
    return count > 0 || (lattice_masks(sign) && !lattice_masks_weakly(sign));
}

static bool
sets_apart(uint32_t sign)
{
    return sign == ' ' || (sign > ' ' && lattice_sets_apart(sign));
}

/* What sets a letter apart from the next one; absent: too much. */
static struct span
gap_at(struct span text, size_t offset)
{
    size_t at = offset;
    for (unsigned count = 0; at < text.len; count++) {
        size_t next = at;
        bool valid;
        if (!sets_apart(utf8_next(text, &next, &valid)))
            break;
        if (count == APART_MOST)
            return SPAN_NONE;
        at = next;
    }
    return (struct span){text.at + offset, at - offset};
}

bool
lattice_single_apart(struct span text, size_t offset)
{
    offset = lattice_skip_invisible(text, offset + 1);
    return offset + 1 < text.len && gap_at(text, offset).len > 0;
}

/* The next character, what is invisible before it left out; 0: none. */
static uint32_t
visible(struct span text, size_t *offset, bool *hidden)
{
    bool valid;
    size_t at = lattice_skip_invisible(text, *offset);
    *hidden = *hidden || at > *offset;
    *offset = at;
    return at < text.len ? utf8_next(text, offset, &valid) : 0;
}

static bool
pass_gap(struct span text, size_t *offset, struct span gap, bool *hidden)
{
    for (size_t at = 0; at < gap.len;) {
        bool valid;
        if (visible(text, offset, hidden) != utf8_next(gap, &at, &valid))
            return false;
    }
    return true;
}

size_t
lattice_row_end_apart(struct span text, size_t offset,
                      const struct lattice_meaning *row, bool *hidden)
{
    size_t at = lattice_skip_invisible(text, offset + 1);
    struct span gap = gap_at(text, at);
    *hidden = at > offset + 1;
    for (unsigned i = 1; i < row->len; i++)
        if (!pass_gap(text, &at, gap, hidden) ||
            alphabet_fold(visible(text, &at, hidden)) != row->written[i])
            return 0;
    /* A blank in a word is one of many: no letter follows at once. */
    size_t behind = at;
    bool ignored = false;
    bool goes_on =
        alphabet_class(visible(text, &behind, &ignored)) >= LETTER_OTHER;
    return gap.len && gap.at[0] == ' ' && goes_on ? 0 : at;
}

size_t
lattice_row_end(struct span text, size_t offset,
                const struct lattice_meaning *row, bool *hidden)
{
    *hidden = false;
    for (unsigned i = 1; i < row->len; i++) {
        uint32_t written = visible(text, &offset, hidden);
        if (!written ||
            (alphabet_fold(written) != row->written[i] &&
             (written < 0x80 || alphabet_plain(written) != row->written[i])))
            return 0;
    }
    return offset;
}

bool
lattice_beside_others(struct span text, size_t from, size_t end)
{
    return (from > 0 && (unsigned char)text.at[from - 1] >= 0x80) ||
           (end < text.len && (unsigned char)text.at[end] >= 0x80);
}
