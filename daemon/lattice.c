#include "lattice.h"

#include <pthread.h>

#include "alphabet.h"
#include "cleanup.h"
#include "keyboard.h"
#include "lattice_known.h"
#include "lattice_rows.h"
#include "lattice_table.h"
#include "normalise.h"
#include "rules.h"
#include "utf8.h"

enum {
    APART_MOST = 4, /* characters that set two letters apart */
    MASK_MOST = 12,
    KEYBOARD_FIRST = LATTICE_CYRILLIC_FIRST,
    KEYBOARD_END = LATTICE_CYRILLIC_END,
};

/* Made once, then read by all. */
static uint8_t richer[KEYBOARD_END - KEYBOARD_FIRST]; /* first pair + 1 */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
load_once(void)
{
    lattice_rows_load();
    for (size_t i = keyboard_pair_count; i-- > 0;)
        richer[keyboard_pairs[i].written - KEYBOARD_FIRST] = (uint8_t)(i + 1);
    lattice_known_load();
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
    if (a == b || alphabet_class(a) == alphabet_class(b))
        return true;
    uint32_t plain_a = alphabet_variant(a), plain_b = alphabet_variant(b);
    return (plain_a || plain_b) && alphabet_class(plain_a ? plain_a : a) ==
                                       alphabet_class(plain_b ? plain_b : b);
}

static void
add_edge(struct lattice_place *place, struct lattice_edge edge)
{
    uint64_t letter = letter_set_bit(edge.letter);
    bool another = edge.kind == EDGE_LETTER && !(place->letters & letter);
    for (unsigned i = 0; i < place->count && !another; i++) {
        struct lattice_edge *one = &place->edges[i];
        if (one->letter != edge.letter || one->also != edge.also ||
            one->next != edge.next || one->kind != edge.kind)
            continue;
        if (one->as_shape == LATTICE_NOT_SO)
            one->as_shape = edge.as_shape;
        if (one->as_sound == LATTICE_NOT_SO) {
            one->as_sound = edge.as_sound;
            one->rough = edge.rough;
        }
        return;
    }
    if (place->count == LATTICE_EDGES_MOST)
        return;
    place->edges[place->count++] = edge;
    if (edge.kind == EDGE_LETTER)
        place->letters |= letter;
}

static void
add_shape(struct lattice_place *place, uint32_t letter, size_t next,
          unsigned disguises)
{
    add_edge(place, (struct lattice_edge){.letter = letter,
                                          .next = (uint32_t)next,
                                          .as_shape = (uint8_t)disguises,
                                          .as_sound = LATTICE_NOT_SO});
}

/* A letter, and those that a keyboard may have lacked. */
static void
add_richer(struct lattice_place *place, uint32_t letter, size_t next,
           unsigned disguises)
{
    add_shape(place, letter, next, disguises);
    if (letter < KEYBOARD_FIRST || letter >= KEYBOARD_END ||
        !richer[letter - KEYBOARD_FIRST])
        return;
    for (size_t i = richer[letter - KEYBOARD_FIRST] - 1u;
         i < keyboard_pair_count; i++)
        if (keyboard_pairs[i].written == letter)
            add_shape(place, keyboard_pairs[i].meant, next,
                      disguises | DISGUISE_KEYBOARD);
}

/* A sign alone behind a word is punctuation, where it may be. */
static bool
ends_word(struct span text, size_t end, const struct lattice_meaning *row)
{
    if (row->len > 1 || row->written[0] >= 0x80 || row->written[0] == '@' ||
        row->written[0] == '$' ||
        alphabet_class(row->written[0]) >= LETTER_OTHER)
        return false;
    bool valid;
    end = lattice_skip_invisible(text, end);
    uint32_t next = end < text.len ? utf8_next(text, &end, &valid) : ' ';
    return alphabet_class(next) < LETTER_OTHER && !lattice_masks(next) &&
           !lattice_sets_apart(next);
}

static void
add_rows(struct lattice_place *place, struct span text, uint32_t first,
         size_t next)
{
    unsigned count;
    const struct lattice_meaning *rows = lattice_rows(first, &count);
    bool spelt = first - 'a' < 26 && lattice_single_apart(text, place->start);
    bool valid, hidden = false;
    size_t behind = lattice_skip_invisible(text, next);
    uint32_t second =
        count && behind < text.len ? utf8_next(text, &behind, &valid) : 0;
    uint32_t plain = alphabet_plain(second);
    second = alphabet_fold(second);
    for (unsigned i = 0; i < count; i++) {
        const struct lattice_meaning *row = &rows[i];
        if (row->written[0] != first)
            continue;
        bool may = row->len == 1 || row->written[1] == second ||
                   row->written[1] == plain;
        size_t end = may ? lattice_row_end(text, next, row, &hidden) : 0;
        if (end && row->as_sound == LATTICE_NOT_SO &&
            (ends_word(text, end, row) ||
             (row->as_shape == DISGUISE_HOMOGLYPH && first < 0x80 &&
              !lattice_beside_others(text, place->start, end))))
            continue;
        unsigned apart = 0;
        if (!end && spelt && row->len > 1) {
            end = lattice_row_end_apart(text, place->start, row, &hidden);
            apart = DISGUISE_SPACING;
        }
        apart |= hidden ? DISGUISE_INVISIBLE : 0;
        uint32_t last = row->written[row->len - 1];
        last = alphabet_class(last) >= LETTER_OTHER && last > '9' ? last : 0;
        for (unsigned j = 0; end && j < row->meanings; j++)
            add_edge(place, (struct lattice_edge){
                                .letter = row->meant[j][0],
                                .also = row->meant[j][1],
                                .next = (uint32_t)end,
                                .repeats = last,
                                .rough = j >= row->usual,
                                .as_shape = (uint8_t)(row->as_shape | apart),
                                .as_sound = (uint8_t)(row->as_sound | apart)});
    }
}

static void
add_letters(struct lattice_place *place, struct span text, uint32_t first,
            size_t next)
{
    struct written_letter written = written_letter_at(text, place->start);
    uint32_t alike[3];
    place->end = (uint32_t)written.end;
    place->written = written.code_point;
    unsigned hidden = written.hidden ? DISGUISE_INVISIBLE : 0;
    add_richer(place, written.code_point, written.end, hidden);
    unsigned count = alphabet_members(written.code_point, alike);
    unsigned disguises = hidden | DISGUISE_HOMOGLYPH;
    for (unsigned i = 0; i < count; i++) {
        add_richer(place, alike[i], written.end, disguises);
        uint32_t variant = alphabet_variant(alike[i]);
        if (variant)
            add_shape(place, variant, written.end, disguises);
        if (alike[i] != 0x04AF)
            continue;
        add_shape(place, 0x0443, written.end, disguises); /* Greek γ: у is */
        add_shape(place, 0x0433, written.end, disguises); /* as near; and Г */
    }
    uint32_t plain = alphabet_variant(written.code_point);
    if (plain)
        add_richer(place, plain, written.end, disguises);
    /* Of Cyrillic letters only ь begins a row. */
    uint32_t folded = alphabet_fold(first);
    if (folded >= KEYBOARD_FIRST && folded < KEYBOARD_END && folded != 0x044C)
        return;
    add_rows(place, text, folded, next);
    plain = alphabet_plain(first);
    if (plain != folded)
        add_rows(place, text, plain, next);
}

static struct lattice_edge
sign_edge(enum edge_kind kind, uint32_t sign, size_t next, unsigned disguises)
{
    return (struct lattice_edge){.letter = sign,
                                 .kind = kind,
                                 .next = (uint32_t)next,
                                 .as_shape = (uint8_t)disguises,
                                 .as_sound = LATTICE_NOT_SO};
}

/* Signs and blanks that set letters apart, few of them. */
static void
add_spacing(struct lattice_place *place, struct span text)
{
    size_t at = place->start;
    uint32_t first = 0;
    unsigned disguises = DISGUISE_SPACING;
    for (unsigned count = 0; at < text.len; count++) {
        size_t next = at;
        bool valid;
        uint32_t sign = utf8_next(text, &next, &valid);
        /* "w-*-r-d": another sign than what divides is a letter. */
        first = count == 0 ? sign : first;
        if (sign != first && lattice_stands_for_letter(sign))
            add_edge(place, sign_edge(EDGE_SPACING, first, at, disguises));
        if (!alphabet_is_blank(sign) && !lattice_sets_apart(sign) &&
            !lattice_is_picture(sign))
            break;
        if (count == APART_MOST)
            return;
        at = lattice_skip_invisible(text, next);
        disguises |= at > next ? DISGUISE_INVISIBLE : 0;
    }
    if (at > place->start && at < text.len)
        add_edge(place, sign_edge(EDGE_SPACING, first, at, disguises));
}

static void
add_mask(struct lattice_place *place, struct span text)
{
    size_t at = place->start;
    unsigned signs = 0, disguises = DISGUISE_MASK;
    uint32_t first = 0;
    bool weak = false, trails = false;
    while (at < text.len && signs < MASK_MOST) {
        size_t next = at;
        bool valid;
        uint32_t sign = utf8_next(text, &next, &valid);
        if (!lattice_hides(sign) || (signs && !lattice_hide_alike(sign, first)))
            break;
        first = sign;
        signs += sign == 0x2026 ? 3 : 1; /* an ellipsis is three dots */
        weak = weak || lattice_masks_weakly(sign);
        trails = trails || !lattice_masks(sign) || lattice_trails(sign);
        at = lattice_skip_invisible(text, next);
        disguises |= at > next ? DISGUISE_INVISIBLE : 0;
    }
    struct lattice_edge edge = sign_edge(EDGE_MASK, first, at, disguises);
    edge.signs = (uint8_t)signs;
    edge.weak = weak;
    edge.trails = trails;
    if (signs)
        add_edge(place, edge);
}

static void
add_signs(struct lattice_place *place, struct span text, uint32_t sign,
          size_t next)
{
    place->blank = alphabet_is_blank(sign);
    if (!place->blank)
        add_rows(place, text, alphabet_fold(sign), next);
    if (lattice_is_bracket(sign))
        add_edge(place, sign_edge(EDGE_BRACKET, 0, next, DISGUISE_MASK));
    add_spacing(place, text);
    if (!place->blank)
        add_mask(place, text);
}

void
lattice_read_at(struct span text, size_t offset, struct lattice_place *out)
{
    out->count = 0;
    out->letters = 0;
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
        add_letters(out, text, first, next);
    else
        add_signs(out, text, first, next);

    unsigned hidden = out->start > offset ? DISGUISE_INVISIBLE : 0;
    for (unsigned i = 0; i < out->count; i++) {
        struct lattice_edge *edge = &out->edges[i];
        bool either = edge->as_shape != LATTICE_NOT_SO &&
                      edge->as_sound != LATTICE_NOT_SO && edge->as_shape != 0;
        uint8_t sure =
            edge->as_shape != LATTICE_NOT_SO ? edge->as_shape : edge->as_sound;
        edge->disguises = (uint8_t)(hidden | (either ? 0 : sure));
        if (!either)
            edge->as_shape = edge->as_sound = 0;
        bool digit = out->written >= '0' && out->written <= '9';
        if (edge->next == out->end)
            edge->repeats =
                digit && edge->letter == out->written ? 0 : out->written;
    }
}

void
lattice_at(struct span text, size_t offset, struct lattice_place *out)
{
    if (!lattice_known_at(text, offset, out))
        lattice_read_at(text, offset, out);
}
