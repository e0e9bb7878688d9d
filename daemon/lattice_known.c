#include "lattice_known.h"

#include <string.h>

#include "cleanup.h"
#include "lattice_rows.h"
#include "letter_set.h"
#include "utf8.h"

enum { LATIN = 26, LATIN_EDGES = 24 };

/* A Latin letter before another one. */
struct latin {
    struct lattice_edge edges[LATIN_EDGES]; /* `next` counts from the letter */
    uint64_t letters;
    uint32_t written;
    uint8_t count; /* 0: not known */
};

/* Made once, then read by all. */
static struct lattice_letter
    plain[LATTICE_CYRILLIC_END - LATTICE_CYRILLIC_FIRST];
static struct latin latin[LATIN][LATIN];

/* Is the character a Cyrillic letter of two bytes, and no mark behind it? */
static bool
is_plain_letter(struct span text, size_t offset)
{
    if (offset + 2 > text.len ||
        ((unsigned char)text.at[offset] & 0xFC) != 0xD0)
        return false;
    if (offset + 2 == text.len)
        return true;
    unsigned char next = (unsigned char)text.at[offset + 2];
    return (next >= 0x20 && next < 0x7F) || (next & 0xFC) == 0xD0;
}

const struct lattice_letter *
lattice_letter_at(struct span text, size_t offset)
{
    if (!is_plain_letter(text, offset))
        return NULL;
    const unsigned char *bytes = (const unsigned char *)text.at + offset;
    const struct lattice_letter *letter =
        &plain[((bytes[0] & 3) << 6 | (bytes[1] & 0x3F))];
    return letter->count ? letter : NULL;
}

static bool
cyrillic_at(struct span text, size_t offset, struct lattice_place *out)
{
    const struct lattice_letter *letter = lattice_letter_at(text, offset);
    if (!letter)
        return false;
    out->count = letter->count;
    out->start = (uint32_t)offset;
    out->end = (uint32_t)offset + 2;
    out->written = letter->written;
    out->ends = out->blank = false;
    out->letters = 0;
    for (unsigned i = 0; i < letter->count; i++) {
        out->edges[i] = letter->edges[i];
        out->letters |= letter_set_bit(letter->edges[i].letter);
        out->edges[i].next = out->end;
    }
    return true;
}

/* 0 to 25, or more for what is no letter. */
static unsigned
latin_number(char byte)
{
    return ((unsigned char)byte | 0x20u) - 'a';
}

static bool
is_ascii(char byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

/* What stands around tells whether letters of two alphabets are mixed, and
 * whether a mark belongs to one of the two. */
static const struct latin *
latin_of(struct span text, size_t offset)
{
    if (offset + 2 > text.len || (offset && !is_ascii(text.at[offset - 1])) ||
        (offset + 2 < text.len && !is_ascii(text.at[offset + 2])))
        return NULL;
    unsigned first = latin_number(text.at[offset]);
    unsigned second = latin_number(text.at[offset + 1]);
    return first < LATIN && second < LATIN && latin[first][second].count
               ? &latin[first][second]
               : NULL;
}

bool
lattice_known_at(struct span text, size_t offset, struct lattice_place *out)
{
    if (cyrillic_at(text, offset, out))
        return true;
    const struct latin *known = latin_of(text, offset);
    if (!known)
        return false;
    out->count = known->count;
    out->start = (uint32_t)offset;
    out->end = (uint32_t)offset + 1;
    out->written = known->written;
    out->letters = known->letters;
    out->ends = out->blank = false;
    for (unsigned i = 0; i < known->count; i++) {
        out->edges[i] = known->edges[i];
        out->edges[i].next += (uint32_t)offset;
    }
    return true;
}

/* Letters that more than one of the next characters may belong to are left
 * out: ь1 is ы. */
static void
load_cyrillic(void)
{
    for (uint32_t i = LATTICE_CYRILLIC_FIRST; i < LATTICE_CYRILLIC_END; i++) {
        char bytes[4];
        struct lattice_place place;
        struct span text = {bytes, utf8_encode(i, bytes)};
        struct lattice_letter *letter = &plain[i - LATTICE_CYRILLIC_FIRST];
        lattice_read_at(text, 0, &place);
        if (!place.written || place.written == 0x044C ||
            place.count > COUNT_OF(letter->edges))
            continue;
        memcpy(letter->edges, place.edges, place.count * sizeof(*place.edges));
        letter->written = place.written;
        letter->count = (uint8_t)place.count;
    }
}

/* Are three letters or four that begin so written for one? */
static bool
begins_more(uint32_t first, uint32_t second)
{
    unsigned count;
    const struct lattice_meaning *rows = lattice_rows(first, &count);
    for (unsigned i = 0; i < count; i++)
        if (rows[i].len > 2 && rows[i].written[0] == first &&
            rows[i].written[1] == second)
            return true;
    return false;
}

static void
load_latin(uint32_t first, uint32_t second)
{
    char bytes[] = {(char)first, (char)second};
    struct latin *known = &latin[first - 'a'][second - 'a'];
    struct lattice_place place;
    lattice_read_at((struct span){bytes, sizeof(bytes)}, 0, &place);
    if (begins_more(first, second) || place.count > LATIN_EDGES)
        return;
    memcpy(known->edges, place.edges, place.count * sizeof(*place.edges));
    known->letters = place.letters;
    known->written = place.written;
    known->count = (uint8_t)place.count;
}

void
lattice_known_load(void)
{
    load_cyrillic();
    for (uint32_t i = 'a'; i <= 'z'; i++)
        for (uint32_t j = 'a'; j <= 'z'; j++)
            load_latin(i, j);
}
