#include "reference_written.h"

#include <stdlib.h>

#include "alphabet.h"
#include "keyboard.h"
#include "lattice_table.h"
#include "rules.h"
#include "utf8.h"

enum { ROW_MOST = 8, MARK_BYTES = 32, GAP_MOST = 4, HASHTAG_BYTES = 256 };

void
reference_written_read(struct reference_written *text, struct span bytes)
{
    *text = (struct reference_written){
        .bytes = bytes,
        .points = calloc(bytes.len + 1, sizeof(*text->points)),
        .offsets = calloc(bytes.len + 1, sizeof(*text->offsets)),
        .meanings = calloc(bytes.len + 1, sizeof(*text->meanings)),
    };
    if (!text->points || !text->offsets || !text->meanings)
        abort();
    for (size_t at = 0; at < bytes.len; text->count++) {
        bool valid;
        text->offsets[text->count] = at;
        text->points[text->count] = utf8_next(bytes, &at, &valid);
    }
    text->offsets[text->count] = bytes.len;
}

void
reference_written_done(struct reference_written *text)
{
    for (size_t i = 0; i < text->count; i++)
        free(text->meanings[i].items);
    free(text->points);
    free(text->offsets);
    free(text->meanings);
    *text = (struct reference_written){0};
}

bool
reference_is_letter(const struct reference_written *text, size_t at)
{
    return at < text->count && alphabet_class(text->points[at]) >= LETTER_OTHER;
}

bool
reference_is_hidden(const struct reference_written *text, size_t at)
{
    return at < text->count &&
           alphabet_class(text->points[at]) == LETTER_SKIPPED;
}

struct reference_mark
reference_marked(const struct reference_written *text, size_t at)
{
    struct reference_mark letter = {alphabet_fold(text->points[at]), at + 1,
                                    false};
    for (size_t i = at + 1;
         reference_is_hidden(text, i) &&
         text->offsets[i] - text->offsets[at + 1] <= MARK_BYTES;
         i++) {
        uint32_t composed = alphabet_compose(letter.letter, text->points[i]);
        if (composed)
            return (struct reference_mark){composed, i + 1, i > at + 1};
    }
    return letter;
}

/* The letter that looks so, or that a letter of another language stands for. */
static uint8_t
shape_of(uint32_t letter)
{
    uint32_t plain = alphabet_variant(letter);
    return alphabet_class(plain ? plain : letter);
}

bool
reference_same(uint32_t a, uint32_t b)
{
    return a == b || alphabet_class(a) == alphabet_class(b) ||
           shape_of(a) == shape_of(b);
}

/* A capital behind a small letter begins a word of a #HashTag. */
static bool
divides_hashtag(const struct reference_written *text, size_t at)
{
    if (at == 0 || at >= text->count || !reference_is_letter(text, at - 1))
        return false;
    uint32_t capital = text->points[at], small = text->points[at - 1];
    if (alphabet_fold(capital) == capital || alphabet_fold(small) != small ||
        alphabet_script(small) == SCRIPT_COMMON)
        return false;
    size_t far = text->offsets[at];
    for (size_t i = at; i-- > 0 && text->points[i] > ' ' &&
                        far - text->offsets[i] <= HASHTAG_BYTES;)
        if (text->points[i] == '#')
            return true;
    return false;
}

bool
reference_begins_at(const struct reference_written *text, size_t at)
{
    size_t before = at;
    while (before > 0 && reference_is_hidden(text, before - 1))
        before--;
    return before == 0 || !reference_is_letter(text, before - 1) ||
           divides_hashtag(text, at);
}

bool
reference_ends_at(const struct reference_written *text, size_t at)
{
    while (reference_is_hidden(text, at))
        at++;
    return !reference_is_letter(text, at) || divides_hashtag(text, at);
}

static void
add(struct reference_meanings *meanings, struct reference_meaning meaning)
{
    for (size_t i = 0; i < meanings->count; i++) {
        const struct reference_meaning *one = &meanings->items[i];
        if (one->letters[0] == meaning.letters[0] &&
            one->letters[1] == meaning.letters[1] && one->end == meaning.end &&
            one->through == meaning.through && one->last == meaning.last)
            return;
    }
    struct reference_meaning *grown =
        realloc(meanings->items, (meanings->count + 1) * sizeof(*grown));
    if (!grown)
        abort();
    meanings->items = grown;
    grown[meanings->count++] = meaning;
}

/* A letter, and those that a keyboard may have lacked in its place. */
static void
add_letter(struct reference_meanings *meanings,
           const struct reference_mark *written, uint32_t letter,
           unsigned through)
{
    bool number = letter == written->letter && letter >= '0' && letter <= '9';
    struct reference_meaning meaning = {
        .letters = {letter},
        .last = number ? 0 : written->letter,
        .through = through | (written->hidden ? DISGUISE_INVISIBLE : 0),
        .end = written->end,
    };
    add(meanings, meaning);
    meaning.through |= DISGUISE_KEYBOARD;
    for (size_t i = 0; i < keyboard_pair_count; i++)
        if (keyboard_pairs[i].written == letter) {
            meaning.letters[0] = keyboard_pairs[i].meant;
            add(meanings, meaning);
        }
}

static bool
looks_like(uint32_t written, uint32_t meant)
{
    return written != meant && alphabet_fold(meant) == meant &&
           alphabet_class(meant) > LETTER_OTHER &&
           alphabet_class(written) == alphabet_class(meant) &&
           alphabet_alike(written, meant);
}

static void
add_looks(struct reference_meanings *meanings,
          const struct reference_mark *written)
{
    for (uint32_t meant = '0'; meant < 0x0530; meant++) {
        if (!looks_like(written->letter, meant))
            continue;
        add_letter(meanings, written, meant, DISGUISE_HOMOGLYPH);
        if (alphabet_variant(meant))
            add_letter(meanings, written, alphabet_variant(meant),
                       DISGUISE_HOMOGLYPH);
        if (meant == U'ү') { /* a gamma is as near to these */
            add_letter(meanings, written, U'у', DISGUISE_HOMOGLYPH);
            add_letter(meanings, written, U'г', DISGUISE_HOMOGLYPH);
        }
    }
    if (alphabet_variant(written->letter))
        add_letter(meanings, written, alphabet_variant(written->letter),
                   DISGUISE_HOMOGLYPH);
}

/* A row of a table against the text, letter by letter. */
struct row {
    uint32_t written[ROW_MOST];
    size_t len;
    const char *meant;
    unsigned through;
};

static void
add_meant(struct reference_meanings *meanings, const struct row *row,
          size_t end, unsigned through)
{
    uint32_t last = row->written[row->len - 1];
    struct span meant = span_of(row->meant);
    for (size_t at = 0; at < meant.len;) {
        if (meant.at[at] == '|') { /* usual ones before it */
            at += 2;
            continue;
        }
        struct reference_meaning meaning = {
            .last = alphabet_class(last) >= LETTER_OTHER ? last : 0,
            .through = through,
            .end = end,
        };
        for (size_t i = 0; at < meant.len && meant.at[at] != ' '; i++) {
            bool valid;
            meaning.letters[i] = utf8_next(meant, &at, &valid);
        }
        at++;
        add(meanings, meaning);
    }
}

static bool
is_divider(uint32_t sign)
{
    return alphabet_is_blank(sign) || lattice_sets_apart(sign);
}

/* Invisible characters may stand between the letters of a row, and in one of
 * Latin letters what sets letters apart. */
static void
match_row(struct reference_meanings *meanings,
          const struct reference_written *text, const struct row *row,
          size_t letter, size_t at, unsigned through)
{
    if (letter == row->len) {
        add_meant(meanings, row, at, through);
        return;
    }
    for (; letter > 0 && reference_is_hidden(text, at); at++)
        through |= DISGUISE_INVISIBLE;
    if (at >= text->count)
        return;
    uint32_t point = text->points[at];
    if (alphabet_fold(point) == row->written[letter] ||
        alphabet_plain(point) == row->written[letter])
        match_row(meanings, text, row, letter + 1, at + 1, through);
    bool latin = row->written[0] >= 'a' && row->written[0] <= 'z';
    if (letter == 0 || !latin || !is_divider(point))
        return;
    for (size_t i = 0; i < GAP_MOST && at < text->count; i++) {
        if (!is_divider(text->points[at]))
            break;
        through |= DISGUISE_SPACING;
        for (at++; reference_is_hidden(text, at); at++)
            through |= DISGUISE_INVISIBLE;
        point = at < text->count ? text->points[at] : 0;
        if (alphabet_fold(point) == row->written[letter])
            match_row(meanings, text, row, letter + 1, at + 1, through);
    }
}

static struct row
row_of(const struct lattice_row *source, bool sound)
{
    struct span written = span_of(source->written);
    struct row row = {.meant = source->meant,
                      .through =
                          sound ? DISGUISE_TRANSLIT : DISGUISE_HOMOGLYPH};
    for (size_t at = 0; at < written.len;) {
        bool valid;
        uint32_t point = utf8_next(written, &at, &valid);
        if (!sound && alphabet_script(point) == SCRIPT_COMMON)
            row.through = DISGUISE_LEET;
        row.written[row.len++] = point;
    }
    return row;
}

const struct reference_meanings *
reference_meanings_at(struct reference_written *text, size_t at)
{
    struct reference_meanings *meanings = &text->meanings[at];
    if (meanings->made)
        return meanings;
    meanings->made = true;
    if (reference_is_letter(text, at)) {
        struct reference_mark written = reference_marked(text, at);
        add_letter(meanings, &written, written.letter, 0);
        add_looks(meanings, &written);
    }
    for (size_t i = 0; i < lattice_sound_count; i++) {
        struct row row = row_of(&lattice_sounds[i], true);
        match_row(meanings, text, &row, 0, at, row.through);
    }
    for (size_t i = 0; i < lattice_shape_count; i++) {
        struct row row = row_of(&lattice_shapes[i], false);
        match_row(meanings, text, &row, 0, at, row.through);
    }
    return meanings;
}
