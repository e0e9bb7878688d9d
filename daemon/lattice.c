#include "lattice.h"

#include <pthread.h>

#include "alphabet.h"
#include "cleanup.h"
#include "keyboard.h"
#include "lattice_table.h"
#include "normalise.h"
#include "rules.h"
#include "utf8.h"

enum {
    ROWS_MOST = 256,
    ROW_LETTERS_MOST = 4,
    MEANINGS_MOST = 6,
    DIRECT_END = 0x180, /* rows that begin below are found by their number */
    APART_MOST = 4,     /* characters that set two letters apart */
    MASK_MOST = 12,
    KEYBOARD_FIRST = 0x0400,
    KEYBOARD_END = 0x0500,
    NOT_SO = 0xFF, /* as_shape, as_sound: no way to take it */
};

/* A row of the tables, in code points. */
struct row {
    uint32_t written[ROW_LETTERS_MOST];
    uint32_t meant[MEANINGS_MOST][2];
    uint8_t len, meanings;
    uint8_t as_shape, as_sound;
};

/* Made once, then read by all. */
static struct row rows[ROWS_MOST];
static unsigned row_count;
static uint16_t direct[DIRECT_END + 1][2]; /* first row and behind the last */
static uint8_t richer[KEYBOARD_END - KEYBOARD_FIRST]; /* first pair + 1 */
static pthread_once_t once = PTHREAD_ONCE_INIT;

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
shape_disguise(const struct row *row)
{
    for (unsigned i = 0; i < row->len; i++)
        if (alphabet_script(row->written[i]) == SCRIPT_COMMON)
            return DISGUISE_LEET;
    return DISGUISE_HOMOGLYPH;
}

static void
add_row(const struct lattice_row *source, bool sound)
{
    struct row *row = &rows[row_count++];
    row->len = (uint8_t)decode(source->written, row->written, ROW_LETTERS_MOST);
    uint32_t meant[2 * MEANINGS_MOST + MEANINGS_MOST];
    unsigned count = decode(source->meant, meant, COUNT_OF(meant));
    unsigned letter = 0;
    for (unsigned i = 0; i <= count; i++) {
        bool ends = i == count || meant[i] == ' ';
        if (!ends && letter < 2)
            row->meant[row->meanings][letter++] = meant[i];
        if (ends) {
            row->meanings++;
            letter = 0;
        }
    }
    row->as_sound = sound ? DISGUISE_TRANSLIT : NOT_SO;
    row->as_shape = sound ? NOT_SO : shape_disguise(row);
}

/* Rows that begin alike stand together. */
static void
index_rows(void)
{
    for (unsigned i = 1; i < row_count; i++)
        for (unsigned j = i;
             j > 0 && rows[j - 1].written[0] > rows[j].written[0]; j--) {
            struct row row = rows[j];
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

static void
load_once(void)
{
    for (size_t i = 0; i < lattice_sound_count; i++)
        add_row(&lattice_sounds[i], true);
    for (size_t i = 0; i < lattice_shape_count; i++)
        add_row(&lattice_shapes[i], false);
    index_rows();
    for (size_t i = keyboard_pair_count; i-- > 0;)
        richer[keyboard_pairs[i].written - KEYBOARD_FIRST] = (uint8_t)(i + 1);
}

bool
lattice_load(struct error *err)
{
    if (!alphabet_load(err))
        return false;
    pthread_once(&once, load_once);
    return true;
}

size_t
lattice_skip_invisible(struct span text, size_t offset)
{
    while (offset < text.len) {
        unsigned char byte = (unsigned char)text.at[offset];
        /* Letters and common signs at a glance. */
        if ((byte >= 0x20 && byte < 0x7F) || (byte & 0xFE) == 0xD0)
            break;
        size_t next = offset;
        bool valid;
        if (alphabet_class(utf8_next(text, &next, &valid)) != LETTER_SKIPPED)
            break;
        offset = next;
    }
    return offset;
}

bool
lattice_same(uint32_t a, uint32_t b)
{
    return a == b || alphabet_class(a) == alphabet_class(b);
}

static void
add_edge(struct lattice_place *place, struct lattice_edge edge)
{
    for (unsigned i = 0; i < place->count; i++) {
        struct lattice_edge *one = &place->edges[i];
        if (one->letter != edge.letter || one->also != edge.also ||
            one->next != edge.next || one->kind != edge.kind)
            continue;
        if (one->as_shape == NOT_SO)
            one->as_shape = edge.as_shape;
        if (one->as_sound == NOT_SO)
            one->as_sound = edge.as_sound;
        return;
    }
    if (place->count < LATTICE_EDGES_MOST)
        place->edges[place->count++] = edge;
}

static void
add_shape(struct lattice_place *place, uint32_t letter, size_t next,
          unsigned disguises)
{
    add_edge(place, (struct lattice_edge){.letter = letter,
                                          .next = (uint32_t)next,
                                          .as_shape = (uint8_t)disguises,
                                          .as_sound = NOT_SO});
}

/* The letters that a keyboard may have lacked. */
static void
add_richer(struct lattice_place *place, uint32_t letter, size_t next,
           unsigned disguises)
{
    if (letter < KEYBOARD_FIRST || letter >= KEYBOARD_END ||
        !richer[letter - KEYBOARD_FIRST])
        return;
    for (size_t i = richer[letter - KEYBOARD_FIRST] - 1u;
         i < keyboard_pair_count; i++)
        if (keyboard_pairs[i].written == letter)
            add_shape(place, keyboard_pairs[i].meant, next,
                      disguises | DISGUISE_KEYBOARD);
}

/* Does the row stand at `offset`? Its end, or 0. */
static size_t
row_end(struct span text, size_t offset, const struct row *row)
{
    for (unsigned i = 0; i < row->len; i++) {
        bool valid;
        if (offset >= text.len ||
            alphabet_fold(utf8_next(text, &offset, &valid)) != row->written[i])
            return 0;
    }
    return offset;
}

static void
add_rows(struct lattice_place *place, struct span text, uint32_t first)
{
    const uint16_t *range = direct[first < DIRECT_END ? first : DIRECT_END];
    for (unsigned i = range[0]; i < range[1]; i++) {
        const struct row *row = &rows[i];
        size_t end = row_end(text, place->start, row);
        for (unsigned j = 0; end && j < row->meanings; j++)
            add_edge(place, (struct lattice_edge){.letter = row->meant[j][0],
                                                  .also = row->meant[j][1],
                                                  .next = (uint32_t)end,
                                                  .as_shape = row->as_shape,
                                                  .as_sound = row->as_sound});
    }
}

static void
add_letters(struct lattice_place *place, struct span text, uint32_t first)
{
    struct written_letter written = written_letter_at(text, place->start);
    uint32_t alike[3];
    place->end = (uint32_t)written.end;
    place->written = written.code_point;
    unsigned hidden = written.hidden ? DISGUISE_INVISIBLE : 0;
    add_shape(place, written.code_point, written.end, hidden);
    add_richer(place, written.code_point, written.end, hidden);
    unsigned count = alphabet_members(written.code_point, alike);
    for (unsigned i = 0; i < count; i++) {
        unsigned disguises = hidden | DISGUISE_HOMOGLYPH;
        add_shape(place, alike[i], written.end, disguises);
        add_richer(place, alike[i], written.end, disguises);
    }
    add_rows(place, text, alphabet_fold(first));
}

/* Signs and blanks that set letters apart, few of them. */
static void
add_spacing(struct lattice_place *place, struct span text)
{
    size_t at = place->start;
    for (unsigned count = 0; at < text.len; count++) {
        size_t next = at;
        bool valid;
        uint32_t sign = utf8_next(text, &next, &valid);
        if (!alphabet_is_blank(sign) && !lattice_sets_apart(sign))
            break;
        if (count == APART_MOST)
            return;
        at = lattice_skip_invisible(text, next);
    }
    if (at > place->start && at < text.len)
        add_edge(place, (struct lattice_edge){.kind = EDGE_SPACING,
                                              .next = (uint32_t)at,
                                              .as_shape = DISGUISE_SPACING,
                                              .as_sound = NOT_SO});
}

/* Pictures stand for letters as stars do. */
static bool
masks(uint32_t sign)
{
    return lattice_masks(sign) || (sign >= 0x1F300 && sign <= 0x1FAFF) ||
           (sign >= 0x2600 && sign <= 0x27BF);
}

static void
add_mask(struct lattice_place *place, struct span text)
{
    size_t at = place->start;
    unsigned signs = 0;
    while (at < text.len && signs < MASK_MOST) {
        size_t next = at;
        bool valid;
        uint32_t sign = utf8_next(text, &next, &valid);
        if (!masks(sign))
            break;
        signs += sign == 0x2026 ? 3 : 1; /* an ellipsis is three dots */
        at = lattice_skip_invisible(text, next);
    }
    if (signs)
        add_edge(place, (struct lattice_edge){.kind = EDGE_MASK,
                                              .next = (uint32_t)at,
                                              .as_shape = DISGUISE_MASK,
                                              .as_sound = NOT_SO,
                                              .signs = (uint8_t)signs});
}

static void
add_signs(struct lattice_place *place, struct span text, uint32_t sign,
          size_t next)
{
    place->blank = alphabet_is_blank(sign);
    if (!place->blank)
        add_rows(place, text, sign);
    if (lattice_is_bracket(sign))
        add_edge(place, (struct lattice_edge){.kind = EDGE_BRACKET,
                                              .next = (uint32_t)next,
                                              .as_shape = DISGUISE_MASK,
                                              .as_sound = NOT_SO});
    add_spacing(place, text);
    if (!place->blank)
        add_mask(place, text);
}

void
lattice_at(struct span text, size_t offset, struct lattice_place *out)
{
    out->count = 0;
    out->written = 0;
    out->blank = false;
    out->start = (uint32_t)lattice_skip_invisible(text, offset);
    out->ends = out->start >= text.len;
    out->end = out->start;
    if (out->ends)
        return;
    size_t next = out->start;
    bool valid;
    uint32_t first = utf8_next(text, &next, &valid);
    if (alphabet_class(first) >= LETTER_OTHER)
        add_letters(out, text, first);
    else
        add_signs(out, text, first, next);

    unsigned hidden = out->start > offset ? DISGUISE_INVISIBLE : 0;
    for (unsigned i = 0; i < out->count; i++) {
        struct lattice_edge *edge = &out->edges[i];
        bool either = edge->as_shape != NOT_SO && edge->as_sound != NOT_SO &&
                      edge->as_shape != 0;
        uint8_t sure =
            edge->as_shape != NOT_SO ? edge->as_shape : edge->as_sound;
        edge->disguises = (uint8_t)(hidden | (either ? 0 : sure));
        if (!either)
            edge->as_shape = edge->as_sound = 0;
        bool digit = out->written >= '0' && out->written <= '9';
        edge->repeats = digit || edge->next != out->end ? 0 : out->written;
    }
}
