#include "spelt.h"

#include "alphabet.h"
#include "known_words.h"
#include "lattice_rows.h"
#include "utf8.h"
#include "words.h"

enum {
    LETTERS_MOST = 24,
    STEPS_MOST = 1500, /* letters read, all readings of a word together */
    KNOWN_MOST = 40,   /* or one would be no word and count as one */
    STEM_LEAST = 3,    /* letters that two forms of a word share */
};

/* One reading, as far as it has come. */
struct reader {
    struct span word;
    const uint16_t *meant; /* or NULL: any word */
    size_t meant_len, stem;
    uint32_t letters[LETTERS_MOST];
    size_t len;
    unsigned left;       /* letters that may still be read */
    unsigned known_left; /* and looked up among all words */
    struct spelt *out;
};

/* How a reading came about. */
struct manner {
    bool cut;  /* letters that mostly belong together were read apart */
    bool soft; /* a soft sign was added */
};

static bool
is_vowel(uint32_t letter)
{
    switch (letter) {
    case 0x0430: /* а */
    case 0x0435: /* е */
    case 0x0438: /* и */
    case 0x043E: /* о */
    case 0x0443: /* у */
    case 0x044B: /* ы */
    case 0x044D: /* э */
    case 0x044E: /* ю */
    case 0x044F: /* я */
    case 0x04E9: /* ө */
    case 0x04AF: /* ү */
        return true;
    default:
        return false;
    }
}

/* ө and ү stand beside ө, ү, э, е, и only. */
static bool
is_harmonious(const uint32_t *letters, size_t len)
{
    bool front = false, back = false;
    for (size_t i = 0; i < len; i++) {
        uint32_t letter = letters[i];
        front = front || letter == 0x04E9 || letter == 0x04AF;
        back = back || letter == 0x0430 || letter == 0x043E ||
               letter == 0x0443 || letter == 0x044B;
    }
    return !front || !back;
}

static bool
is_meant(const struct reader *reader, size_t len)
{
    if (!reader->meant || len > reader->meant_len || len > reader->len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (reader->letters[i] != reader->meant[i])
            return false;
    return true;
}

/* Another form of the term? */
static bool
is_of_term(const struct reader *reader)
{
    return reader->stem >= STEM_LEAST && is_meant(reader, reader->stem);
}

static void
look_up(struct reader *reader, struct manner manner)
{
    char bytes[4 * LETTERS_MOST];
    size_t len = 0;
    struct spelt *out = reader->out;
    for (size_t i = 0; i < reader->len; i++)
        len += utf8_encode(reader->letters[i], bytes + len);
    struct span spelt = {bytes, len};
    if (is_meant(reader, reader->meant_len) &&
        reader->len == reader->meant_len) {
        out->as_meant = true;
        out->meant_known = known_word(spelt);
        return;
    }
    if (is_of_term(reader) || !is_harmonious(reader->letters, reader->len))
        return;
    out->frequent = out->frequent || words_rank(WORDS_KYRGYZ, spelt) ||
                    words_rank(WORDS_RUSSIAN, spelt);
    if (!manner.cut && reader->known_left) {
        reader->known_left--;
        out->known = out->known || known_word(spelt);
    }
    bool done = !reader->meant && (out->frequent || out->known);
    reader->left = done ? 0 : reader->left;
}

/* й stands behind a vowel, ы does not, э only there; ң begins no word. */
static bool
may_follow(const struct reader *reader, uint32_t letter)
{
    bool first = reader->len == 0;
    bool vowel = !first && is_vowel(reader->letters[reader->len - 1]);
    switch (letter) {
    case 0x0439: /* й */
    case 0x044D: /* э */
        return first || vowel;
    case 0x044B: /* ы */
        return !vowel;
    case 0x04A3: /* ң */
    case 0x044C: /* ь */
    case 0x044A: /* ъ */
        return !first && (letter == 0x04A3 || !vowel);
    default:
        return true;
    }
}

/* Of a letter that is stretched one is read. */
static size_t
skip_stretched(struct span word, size_t end)
{
    char last = word.at[end - 1];
    size_t run = end;
    while (run < word.len && (word.at[run] | 0x20) == (last | 0x20))
        run++;
    return run - end >= 2 ? run : end;
}

static void read_on(struct reader *reader, size_t at, struct manner manner);

/* Behind a consonant a soft sign may be left out, before others and at the
 * end. */
static void
read_behind(struct reader *reader, size_t at, struct manner manner)
{
    static const char vowels[] = {'a', 'e', 'o', 'u'};
    read_on(reader, at, manner);
    bool vowel_follows =
        at < reader->word.len &&
        memchr(vowels, reader->word.at[at] | 0x20, sizeof(vowels));
    if (manner.soft || vowel_follows || reader->len == LETTERS_MOST ||
        is_vowel(reader->letters[reader->len - 1]))
        return;
    manner.soft = true;
    reader->letters[reader->len++] = 0x044C;
    read_on(reader, at, manner);
    reader->len--;
}

static void
read_row(struct reader *reader, const struct lattice_meaning *row, size_t end,
         struct manner manner)
{
    bool sound = row->as_sound != LATTICE_NOT_SO;
    /* Some write Kyrgyz with the same letter for и and ы. */
    bool for_both = row->len == 1 && row->written[0] == 'i';
    unsigned count = sound ? row->usual + for_both : row->meanings;
    for (unsigned i = 0; i < count; i++) {
        size_t len = reader->len;
        for (unsigned j = 0; j < 2 && row->meant[i][j]; j++) {
            if (reader->len == LETTERS_MOST ||
                row->meant[i][j] < 0x80 || /* of Latin terms */
                !may_follow(reader, row->meant[i][j]))
                break;
            reader->letters[reader->len++] = row->meant[i][j];
        }
        if (reader->len > len && (!row->meant[i][1] || reader->len == len + 2))
            read_behind(reader, end, manner);
        reader->len = len;
    }
}

/* Latin letters by their sound, digits by their shape. */
static bool
is_spelling(const struct lattice_meaning *row)
{
    return row->as_sound != LATTICE_NOT_SO ||
           (row->len == 1 && row->written[0] >= '0' && row->written[0] <= '9');
}

/* Letters that hardly anybody means apart: sh, kh, shch. */
static bool
is_digraph(const struct lattice_meaning *row)
{
    return row->usual > 0 && row->len > 1 && row->written[row->len - 1] == 'h';
}

static void
read_on(struct reader *reader, size_t at, struct manner manner)
{
    if (reader->left == 0)
        return;
    reader->left--;
    if (at >= reader->word.len) {
        look_up(reader, manner);
        return;
    }
    size_t next = at, longest = 0;
    bool valid, hidden;
    uint32_t written = utf8_next(reader->word, &next, &valid);
    uint32_t first = alphabet_fold(written);
    unsigned count;
    const struct lattice_meaning *rows = lattice_rows(first, &count);
    if (first >= 0x80 && (count == 0 || rows->written[0] != first)) {
        first = alphabet_plain(written); /* 𝐚 is a */
        rows = lattice_rows(first, &count);
    }
    for (int pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < count; i++) {
            if (rows[i].written[0] != first || !is_spelling(&rows[i]))
                continue;
            size_t end = lattice_row_end(reader->word, next, &rows[i], &hidden);
            if (pass == 0) {
                longest = end > longest && is_digraph(&rows[i]) ? end : longest;
            } else if (end) {
                struct manner cut = manner;
                cut.cut = cut.cut || end < longest;
                read_row(reader, &rows[i], skip_stretched(reader->word, end),
                         cut);
            }
        }
}

/* Does something in it stand for no letter? */
static bool
is_divided(struct span word)
{
    for (size_t offset = 0; offset < word.len;) {
        unsigned count;
        bool valid;
        uint32_t letter = utf8_next(word, &offset, &valid);
        lattice_rows(alphabet_fold(letter), &count);
        if (!count && alphabet_class(letter) < LETTER_OTHER)
            return true;
    }
    return false;
}

static void
read_word(struct reader *reader)
{
    if (!is_divided(reader->word))
        read_on(reader, 0, (struct manner){0});
}

void
spelt_beside(struct span word, const uint16_t *meant, size_t meant_len,
             size_t stem, struct spelt *out)
{
    *out = (struct spelt){0};
    struct reader reader = {.word = word,
                            .meant = meant,
                            .meant_len = meant_len,
                            .stem = stem,
                            .left = STEPS_MOST,
                            .known_left = KNOWN_MOST,
                            .out = out};
    read_word(&reader);
}

bool
spells_frequent(struct span word)
{
    struct spelt spelt = {0};
    struct reader reader = {.word = word, .left = STEPS_MOST, .out = &spelt};
    read_word(&reader);
    return spelt.frequent;
}

bool
spells_known(struct span word)
{
    struct spelt spelt = {0};
    struct reader reader = {.word = word,
                            .left = STEPS_MOST,
                            .known_left = KNOWN_MOST,
                            .out = &spelt};
    read_word(&reader);
    return spelt.frequent || spelt.known;
}
