#include "alphabet.h"
#include "lattice.h"
#include "matcher_model.h"
#include "parts.h"
#include "utf8.h"
#include "words.h"

enum {
    FOREIGN_LETTERS_LEAST = 4, /* shorter words of Latin letters are words */
    CAPITALS_LEAST = 5,        /* and so are abbreviations */
    READABLE_LEAST = 3,        /* letters that a mask must leave */
    SPACED_LEAST = 5,          /* letters of a word that one gap divides */
    SPELT_LEAST = 4,           /* letters of a word that is spelt out */
    AROUND_BYTES = 600,
    AROUND_WORDS_LEAST = 3, /* Latin words that tell a language */
};

/* The letters of the text nearby, the slice itself left out. */
static struct letter_counts
count_around(struct span text, size_t from, size_t to)
{
    size_t first = from > AROUND_BYTES ? from - AROUND_BYTES : 0;
    size_t last = text.len - to > AROUND_BYTES ? to + AROUND_BYTES : text.len;
    struct letter_counts before =
        count_letters((struct span){text.at + first, from - first});
    struct letter_counts after =
        count_letters((struct span){text.at + to, last - to});
    before.cyrillic += after.cyrillic;
    before.latin += after.latin;
    before.greek += after.greek;
    return before;
}

/* Web and mail addresses, names of files and @names are not written by hand
 * letter by letter. */
static bool
in_address(struct span text, size_t from, size_t to)
{
    return is_address(token_around(text, from, to)) ||
           (from > 0 && text.at[from - 1] == '@');
}

/* A whole word in another script: a disguise by shape only among words of the
 * script that it imitates. */
static bool
shape_plausible(struct span text, size_t from, size_t to,
                const struct letter_counts *own)
{
    size_t scripts = (own->cyrillic > 0) + (own->latin > 0) + (own->greek > 0);
    /* Two scripts in one word, or letters that no keyboard has: no accident. */
    if (scripts > 1 || own->styled > 0)
        return true;
    if (own->all < FOREIGN_LETTERS_LEAST ||
        (own->capitals == own->all && own->all < CAPITALS_LEAST))
        return false;
    struct letter_counts around = count_around(text, from, to);
    size_t same = own->cyrillic ? around.cyrillic
                  : own->latin  ? around.latin
                                : around.greek;
    size_t imitated = own->cyrillic ? around.latin : around.cyrillic;
    return imitated >= 8 && imitated >= 4 * same;
}

/* Are the Latin words around mostly those of a language that is written so? */
static bool
among_latin_words(struct span text, size_t from, size_t to)
{
    size_t first = from > AROUND_BYTES ? from - AROUND_BYTES : 0;
    size_t last = text.len - to > AROUND_BYTES ? to + AROUND_BYTES : text.len;
    struct span around = {text.at + first, last - first};
    size_t words = 0, ordinary = 0;
    struct span word;
    for (size_t at = 0; next_word(around, &at, &word);) {
        size_t place = (size_t)(word.at - text.at);
        struct letter_counts letters = count_letters(word);
        if ((place < to && place + word.len > from) || letters.all < 2 ||
            letters.latin != letters.all)
            continue;
        words++;
        ordinary += ordinary_latin_word(word);
    }
    return words >= AROUND_WORDS_LEAST && 2 * ordinary >= words;
}

/* A whole word by its sound in Latin letters. */
static bool
sound_plausible(struct span text, size_t from, size_t to,
                const struct letter_counts *own)
{
    if (own->cyrillic > 0)
        return true;
    struct span word = {text.at + from, to - from};
    if (own->latin < FOREIGN_LETTERS_LEAST ||
        (own->capitals == own->all && own->all < CAPITALS_LEAST))
        return false;
    return !ordinary_latin_word(word) && !among_latin_words(text, from, to);
}

/* Enough letters stand that no other word can be meant. */
static bool
mask_plausible(struct span word, const struct undone *undone)
{
    unsigned read = undone->letters - undone->masked;
    struct parts parts;
    parts_read(word, &parts);
    if (undone->brackets && !undone->masked)
        return parts.shortest <= 3 && !parts.all_ordinary &&
               undone->letters >= SPELT_LEAST;
    if (read < READABLE_LEAST || undone->masked > read)
        return false;
    if (2 * undone->stem_mask > undone->stem)
        return false;
    /* "word*": a note at the foot of the page. */
    if (parts.count == 1 && parts.ordinary)
        return false;
    return !parts.all_ordinary && !parts.sentence;
}

static bool
spacing_plausible(struct span text, size_t from, size_t to,
                  const struct undone *undone)
{
    struct parts parts;
    parts_read((struct span){text.at + from, to - from}, &parts);
    if (undone->masked > 0 || undone->brackets > 0)
        return parts.count >= 2 && undone->letters >= SPACED_LEAST &&
               !parts.all_ordinary && !parts.lines && !parts.sentence;
    if (parts.singles == parts.count)
        return parts.count >= SPELT_LEAST && parts.kinds <= 2 &&
               !spelt_further(text, from, to, parts.blanks);
    if (undone->letters < SPACED_LEAST || parts.lines || parts.sentence ||
        parts.longest_gap > 3)
        return false;
    if (parts.all_ordinary)
        return false;
    if (parts.count == 2)
        return !parts.blanks ||
               (parts.kinds == 1 && parts.longest_gap == 1 && !parts.names);
    /* Several gaps: nearly spelt out, and always in the same way. */
    return parts.kinds == 1 && 2 * parts.short_ones >= parts.count &&
           !spelt_further(text, from, to, parts.blanks);
}

/* Digits and signs are letters where most of the word is letters. */
static bool
leet_plausible(struct span word, const struct undone *undone,
               const struct letter_counts *own)
{
    unsigned written = (unsigned)own->all - (unsigned)own->digits;
    if (written < 2 || undone->leet > written)
        return false;
    if (undone->letters < FOREIGN_LETTERS_LEAST && written < 3)
        return false;
    /* "3 apples" without the blank, "4G", "b2b". */
    struct parts parts;
    parts_read_letters(word, &parts);
    return !(parts.count == 1 && parts.ordinary) &&
           own->digit_run < READABLE_LEAST;
}

/* A doubled letter may be another word; one that is stretched is none. */
static bool
repeat_plausible(struct span word, const struct undone *undone)
{
    if (undone->stretched >= 3)
        return true;
    return undone->stem >= SPELT_LEAST && !ordinary_word(word);
}

bool
plausible(struct span text, size_t from, const struct found *found)
{
    const struct undone *undone = &found->undone;
    unsigned disguises = undone->disguises;
    size_t to = found->to;
    struct span word = {text.at + from, to - from};
    if (!(disguises & ~(unsigned)DISGUISE_INVISIBLE))
        return true;
    if ((disguises & ~(unsigned)(DISGUISE_INVISIBLE | DISGUISE_KEYBOARD)) &&
        in_address(text, from, to))
        return false;
    struct letter_counts own = count_letters(word);
    if ((disguises & DISGUISE_TRANSLIT) &&
        !sound_plausible(text, from, to, &own))
        return false;
    if ((disguises & DISGUISE_HOMOGLYPH) && !(disguises & DISGUISE_TRANSLIT) &&
        !shape_plausible(text, from, to, &own))
        return false;
    if ((disguises & DISGUISE_LEET) && !leet_plausible(word, undone, &own))
        return false;
    if ((disguises & DISGUISE_SPACING) &&
        !spacing_plausible(text, from, to, undone))
        return false;
    if ((disguises & DISGUISE_MASK) && !mask_plausible(word, undone))
        return false;
    if ((disguises & DISGUISE_REPEAT) && !repeat_plausible(word, undone))
        return false;
    return !(disguises & DISGUISE_KEYBOARD) || !ordinary_word(word);
}
