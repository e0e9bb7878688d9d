#include "address.h"
#include "alphabet.h"
#include "known_words.h"
#include "lattice.h"
#include "likelier.h"
#include "matcher_model.h"
#include "parts.h"
#include "plausible_keyboard.h"
#include "plausible_sound.h"
#include "utf8.h"
#include "words.h"

enum {
    FOREIGN_LETTERS_LEAST = 4, /* shorter words of Latin letters are words */
    CAPITALS_LEAST = 6,        /* and so are abbreviations */
    READABLE_LEAST = 3,        /* letters that a mask must leave */
    SPACED_LEAST = 5,          /* letters of a word that one gap divides */
    SPELT_LEAST = 4,           /* letters of a word that is spelt out */
    HIDDEN_SHARE = 4,          /* of them one in four may be hidden */
    SYLLABLE_MOST = 4,         /* letters of a syllable */
    SPELT_SYLLABLES = 6,       /* letters of them that blanks divide */
    REPEATS_LEAST = 3,         /* no word has as many letters doubled */
    LONG_LEAST = 9,            /* letters that a long vowel does not change */
    AROUND_BYTES = 600,
    VARIANTS_MOST = 4, /* more around them are another language's */
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
    before.variants += after.variants;
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
                const struct letter_counts *own, bool leet)
{
    size_t scripts = (own->cyrillic > 0) + (own->latin > 0) + (own->greek > 0);
    scripts += own->strangers > 0;
    /* Two scripts in one word, or letters that no keyboard has: no accident. */
    if (scripts > 1 || own->styled > 0)
        return true;
    if (own->variants > 0)
        return count_around(text, from, to).variants <= VARIANTS_MOST;
    if (own->all < FOREIGN_LETTERS_LEAST ||
        (own->capitals == own->all && own->all < CAPITALS_LEAST) ||
        ordinary_latin_word((struct span){text.at + from, to - from}) ||
        (own->latin > 0 &&
         known_word((struct span){text.at + from, to - from})))
        return false;
    struct letter_counts around = count_around(text, from, to);
    size_t same = own->cyrillic ? around.cyrillic
                  : own->latin  ? around.latin
                                : around.greek;
    size_t imitated = own->cyrillic ? around.latin : around.cyrillic;
    /* A digit among the letters is no accident, either. */
    return imitated >= (leet ? 4u : 8u) && imitated >= 4 * same;
}

/* Of any alphabet, as far as one byte tells. */
static bool
is_letter(char byte)
{
    return (unsigned char)byte >= 0x80 ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* "one-two" of "one-two-three", "o*e" of "o*e*t*w*o": no word with a letter
 * hidden. */
static bool
goes_on(struct span text, size_t from, size_t to, const char *signs)
{
    bool behind = to + 1 < text.len && text.at[to] &&
                  strchr(signs, text.at[to]) && is_letter(text.at[to + 1]);
    return behind ||
           (from > 1 && text.at[from - 1] && strchr(signs, text.at[from - 1]) &&
            is_letter(text.at[from - 2]));
}

static bool
in_hashtag(struct span text, size_t from)
{
    struct span token = token_around(text, from, from);
    return memchr(token.at, '#', token.len) != NULL;
}

/* Two dots or more, or an ellipsis: an end of a sentence is one. */
static bool
has_dots(struct span word)
{
    return memmem(word.at, word.len, "..", 2) ||
           memmem(word.at, word.len, "\u2026", 3);
}

/* Dots and hyphens divide words and abbreviate them. */
static bool
weak_mask_plausible(struct span word, const struct found *found,
                    const struct parts *parts)
{
    const struct undone *undone = &found->undone;
    unsigned read = undone->letters - undone->masked;
    if (read <= READABLE_LEAST ||
        (parts->longest < READABLE_LEAST && !has_dots(word)) ||
        (parts->count > 2 && parts->uneven == 0) || parts->mixed ||
        parts->capitals || parts->twice || parts->all_words || undone->leet ||
        (parts->word_ordinary && parts->last_known && !has_dots(word)) ||
        undone->masked >= read)
        return false;
    return !undone->stem_mask || !likelier_behind_signs(word, found);
}

/* "5%", and "a %s" of a program. */
static bool
holds_percentage(struct span word)
{
    for (size_t i = 1; i < word.len; i++)
        if (word.at[i] == '%' &&
            (word.at[i - 1] == ' ' ||
             (word.at[i - 1] >= '0' && word.at[i - 1] <= '9')))
            return true;
    return false;
}

/* Enough letters stand that no other word can be meant. */
static bool
mask_plausible(struct span text, size_t from, const struct found *found)
{
    const struct undone *undone = &found->undone;
    size_t to = found->to;
    struct span word = {text.at + from, to - from};
    unsigned read = undone->letters - undone->masked;
    struct parts parts;
    parts_read(word, &parts);
    if (undone->brackets && !undone->masked)
        return parts.shortest <= 3 && undone->letters >= SPELT_LEAST &&
               (parts.count > 2 || !parts.all_ordinary);
    if (read < READABLE_LEAST || undone->masked > read ||
        2 * undone->stem_mask > undone->stem)
        return false;
    /* A name of a program: "file_of". */
    bool lines = memchr(word.at, '_', word.len) != NULL;
    if (holds_percentage(word))
        return false;
    bool latin = parts.latin == parts.count;
    if ((undone->weak || (lines && latin && !undone->strong)) &&
        (!weak_mask_plausible(word, found, &parts) ||
         goes_on(text, from, to, "-")))
        return false;
    if (goes_on(text, from, to, "*#%$_~|"))
        return false;
    if (undone->begins && read <= READABLE_LEAST)
        return false;
    /* "word*": a note at the foot of the page. */
    if (parts.count == 1 && parts.all_known)
        return false;
    if (!undone->weak && likelier_behind_signs(word, found))
        return false;
    bool strong =
        undone->strong || (lines && !latin && !in_hashtag(text, from));
    return strong ||
           (!(parts.all_ordinary && parts.all_known) && !parts.sentence);
}

/* A blank divides words: that it does not must be beyond doubt. */
static bool
blank_plausible(const struct parts *parts, const struct undone *undone,
                const struct letter_counts *own)
{
    return undone->masked == 0 && undone->brackets == 0 && own->digits == 0 &&
           (parts->hyphened ||
            (parts->kinds == 1 && parts->longest_gap == 1)) &&
           !parts->capitals &&
           (parts->hyphened || (!parts->all_known && (!parts->small_ordinary ||
                                                      parts->unknown_end)));
}

/* By a dot or a line below, not by what ordinary text has between words. */
static bool
divided_by_signs(struct span word)
{
    return (memchr(word.at, '.', word.len) || memchr(word.at, '_', word.len)) &&
           !memchr(word.at, ' ', word.len);
}

/* Syllables, nearly all of them: always divided in the same way, and no words
 * between blanks. */
static bool
is_syllables(const struct parts *parts, const struct undone *undone,
             const struct letter_counts *own)
{
    return parts->count > 2 && parts->longest <= SYLLABLE_MOST &&
           !parts->twice && !parts->capitals &&
           (!parts->blanks ||
            (parts->kinds == 1 && parts->longest_gap == 1 && !own->digits &&
             !undone->masked && parts->letters >= SPELT_SYLLABLES &&
             2 * parts->known <= parts->count));
}

/* By hyphens alone, and not between two words that are met all the time. */
static bool
is_hyphenated(struct span word, const struct parts *parts)
{
    return parts->count == 2 && parts->kinds == 1 && !parts->all_frequent &&
           (memchr(word.at, '-', word.len) || memchr(word.at, '_', word.len));
}

/* As sentences and their parts are: by another sign than one dot, a hyphen or a
 * line below, or by several. */
static bool
divided_as_sentences(struct span word, const struct parts *parts)
{
    return parts->count == 2 && !parts->blanks &&
           (parts->kinds > 1 || parts->longest_gap > 1 || has_dots(word) ||
            memchr(word.at, ',', word.len) || memchr(word.at, ':', word.len) ||
            memchr(word.at, ';', word.len) || memchr(word.at, '!', word.len));
}

static bool
spacing_plausible(struct span text, size_t from, size_t to,
                  const struct undone *undone, const struct letter_counts *own)
{
    struct parts parts;
    struct span word = {text.at + from, to - from};
    parts_read(word, &parts);
    /* What divides all letters alike hides none. */
    if (undone->masked && parts.uneven == 0 && parts.count > 2)
        return false;
    bool alike =
        parts.uneven <= undone->masked + undone->leet && !parts.half_blank;
    if (parts.singles == parts.count)
        return parts.count >= SPELT_LEAST && alike &&
               HIDDEN_SHARE * undone->masked <= undone->letters &&
               !spelt_further(text, from, to, undone->letters, parts.blanks);
    if (is_syllables(&parts, undone, own) && alike && !parts.lines)
        return !spelt_further(text, from, to, undone->letters, parts.blanks);
    unsigned least = divided_by_signs(word) ? SPELT_LEAST : SPACED_LEAST;
    if (undone->letters < least || parts.sentence ||
        (parts.lines &&
         (parts.count > 2 || (parts.all_known && !parts.hyphened))) ||
        parts.longest_gap > 3 || parts.twice ||
        (parts.all_ordinary && !is_hyphenated(word, &parts)) ||
        (parts.all_words && divided_as_sentences(word, &parts)) ||
        (parts.capitals && parts.count == 2 && !parts.lines))
        return false;
    /* Several gaps: nearly spelt out, and always in the same way. */
    if (parts.count > 3 && 3 * parts.short_ones >= 2 * parts.count)
        return alike && !(parts.blanks && own->digits) &&
               !spelt_further(text, from, to, undone->letters, parts.blanks);
    if (parts.blanks && !blank_plausible(&parts, undone, own))
        return false;
    return parts.count <= 3 || undone->masked || undone->brackets;
}

/* Digits and signs are letters where most of the word is letters. */
static bool
leet_plausible(struct span word, const struct undone *undone,
               const struct letter_counts *own)
{
    unsigned written = (unsigned)own->all - (unsigned)own->digits;
    if (written < 2 || undone->leet > written ||
        (undone->masked && undone->leet + undone->masked > written))
        return false;
    if (undone->letters < FOREIGN_LETTERS_LEAST && written < 3)
        return false;
    /* "3 apples" without the blank, "4G", "b2b". */
    struct parts parts;
    parts_read_letters(word, &parts);
    return !(parts.count == 1 && parts.ordinary) &&
           (own->digit_run < READABLE_LEAST ||
            (own->digit_run == READABLE_LEAST && written >= SPACED_LEAST));
}

static bool
ends_in(struct span word, const char *end)
{
    size_t len = strlen(end);
    return word.len >= len && memcmp(word.at + word.len - len, end, len) == 0;
}

/* These vowels are doubled where a stem or an ending meets another ending: of
 * "синее", "-ии", "-яясь". */
static bool
doubles_between_endings(struct span word)
{
    return ends_in(word, "ее") || ends_in(word, "ии") ||
           memmem(word.at, word.len, "яя", 4);
}

/* "2024" behind a word: some of it cannot be letters, and the rest a number. */
static bool
cuts_number(struct span text, size_t to)
{
    return to < text.len && text.at[to - 1] >= '0' && text.at[to - 1] <= '9' &&
           text.at[to] >= '0' && text.at[to] <= '9';
}

/* A doubled letter may make another word, in Kyrgyz a long vowel above all; one
 * that is stretched makes none. */
static bool
repeat_plausible(struct span word, const struct undone *undone, bool kyrgyz)
{
    bool spelt = undone->disguises & DISGUISE_SPACING;
    if (undone->stretched >= 3 || undone->repeats >= REPEATS_LEAST ||
        (spelt && undone->repeats == 2)) /* one letter, written thrice */
        return true;
    if (ordinary_word(word) || known_word(word) ||
        undone->letters < SPELT_LEAST)
        return false;
    if (!kyrgyz)
        return !undone->vowels || undone->letters >= LONG_LEAST ||
               !doubles_between_endings(word);
    return (undone->stem >= SPELT_LEAST || undone->letters > SPACED_LEAST) &&
           (!undone->vowels || undone->letters >= LONG_LEAST);
}

/* "@name" in it, or it in one. */
static bool
holds_name(struct span text, size_t from, size_t to)
{
    for (size_t i = from; i < to && i + 1 < text.len; i++) {
        char next = text.at[i + 1];
        bool latin = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';
        bool begins = i == 0 || text.at[i - 1] == ' ' ||
                      text.at[i - 1] == '\n' || text.at[i - 1] == '(';
        if (text.at[i] == '@' && latin && begins)
            return true;
    }
    return false;
}

bool
plausible(struct span text, size_t from, const struct found *found, bool kyrgyz)
{
    const struct undone *undone = &found->undone;
    unsigned disguises = undone->disguises;
    size_t to = found->to;
    struct span word = {text.at + from, to - from};
    if (!(disguises & ~(unsigned)DISGUISE_INVISIBLE))
        return true;
    if ((disguises & ~(unsigned)(DISGUISE_INVISIBLE | DISGUISE_KEYBOARD)) &&
        (in_address(text, from, to) || holds_name(text, from, to)))
        return false;
    struct letter_counts own = count_letters(word);
    if (own.cyrillic > 0 && own.latin > 0 &&
        (disguises & ~(unsigned)(DISGUISE_INVISIBLE | DISGUISE_HOMOGLYPH)) &&
        likelier_by_look(word))
        return false;
    if ((disguises & DISGUISE_TRANSLIT) &&
        !sound_plausible(text, from, found, &own))
        return false;
    if ((disguises & DISGUISE_HOMOGLYPH) &&
        !shape_plausible(text, from, to, &own, disguises & DISGUISE_LEET))
        return false;
    if ((disguises & DISGUISE_LEET) &&
        (!leet_plausible(word, undone, &own) || cuts_number(text, to)))
        return false;
    if ((disguises & DISGUISE_SPACING) &&
        !spacing_plausible(text, from, to, undone, &own))
        return false;
    if ((disguises & DISGUISE_MASK) && !mask_plausible(text, from, found))
        return false;
    if ((disguises & DISGUISE_REPEAT) &&
        !repeat_plausible(word, undone,
                          kyrgyz || has_kyrgyz_letters(text, from, to)))
        return false;
    return !(disguises & DISGUISE_KEYBOARD) ||
           keyboard_plausible(text, from, found);
}

bool
joins_known_word(struct span text, size_t from, const struct found *found)
{
    if (!(found->undone.disguises & DISGUISE_SPACING))
        return false;
    struct parts parts;
    parts_read((struct span){text.at + from, found->to - from}, &parts);
    return parts.blanks && parts.known_end && parts.singles < parts.count;
}
