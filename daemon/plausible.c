#include "alphabet.h"
#include "matcher_model.h"
#include "utf8.h"

enum {
    FOREIGN_LETTERS_LEAST = 4, /* shorter words of Latin letters are words */
    CAPITALS_LEAST = 5,        /* and so are abbreviations */
    AROUND_BYTES = 600,
};

struct letter_counts {
    size_t cyrillic, latin, greek, styled, other, capitals, all;
};

static struct letter_counts
count_letters(struct span text)
{
    struct letter_counts counts = {0};
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        uint32_t code_point = utf8_next(text, &offset, &valid);
        if (alphabet_class(code_point) < LETTER_OTHER)
            continue;
        counts.all++;
        counts.capitals += alphabet_fold(code_point) != code_point;
        switch (alphabet_script(code_point)) {
        case SCRIPT_CYRILLIC:
            counts.cyrillic++;
            break;
        case SCRIPT_LATIN:
            counts.latin++;
            break;
        case SCRIPT_GREEK:
            counts.greek++;
            break;
        case SCRIPT_STYLED:
            counts.styled++;
            break;
        default:
            counts.other++;
            break;
        }
    }
    return counts;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The run of anything but blanks around a slice, as far as we look: a megabyte
 * without a blank would be read again for each hit in it. */
static struct span
token_around(struct span text, size_t from, size_t to)
{
    size_t first = from > AROUND_BYTES ? from - AROUND_BYTES : 0;
    size_t last = text.len - to > AROUND_BYTES ? to + AROUND_BYTES : text.len;
    while (from > first && !is_blank(text.at[from - 1]))
        from--;
    while (to < last && !is_blank(text.at[to]))
        to++;
    return (struct span){text.at + from, to - from};
}

/* Web and mail addresses and @names are not written by hand letter by letter.
 */
static bool
is_address(struct span token)
{
    static const char *const marks[] = {"://", "www.", "@"};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (memmem(token.at, token.len, marks[i], strlen(marks[i])))
            return true;
    /* name.tld/path */
    const char *slash = memchr(token.at, '/', token.len);
    const char *dot = memchr(token.at, '.', token.len);
    return slash && dot && dot < slash && dot > token.at;
}

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

bool
plausible(struct span text, size_t from, size_t to, unsigned disguises)
{
    if (!(disguises & DISGUISE_HOMOGLYPH))
        return true;
    if (is_address(token_around(text, from, to)))
        return false;

    struct letter_counts own =
        count_letters((struct span){text.at + from, to - from});
    size_t scripts = (own.cyrillic > 0) + (own.latin > 0) + (own.greek > 0);
    /* Two scripts in one word, or letters that no keyboard has: no accident. */
    if (scripts > 1 || own.styled > 0)
        return true;

    /* A whole word in another script: a disguise only among words of the
     * script it imitates. */
    if (own.all < FOREIGN_LETTERS_LEAST ||
        (own.capitals == own.all && own.all < CAPITALS_LEAST))
        return false;
    struct letter_counts around = count_around(text, from, to);
    size_t same = own.cyrillic ? around.cyrillic
                  : own.latin  ? around.latin
                               : around.greek;
    size_t imitated = own.cyrillic ? around.latin : around.cyrillic;
    return imitated >= 8 && imitated >= 4 * same;
}
