#include "disguise_certain.h"

#include "alphabet.h"
#include "reference_limits.h"
#include "rules.h"

enum {
    SIGNS_MOST = 3,         /* in a row, in a gap */
    VARIANTS_MOST = 4,      /* letters of other languages in the text */
    BEFORE_BLANK_MOST = 11, /* letters of a word that is looked back at */
    READ_LEAST = 5,         /* letters beside signs and digits for letters */
};

/* What a slice is made of. */
struct looks {
    bool blank, quote, percent, capital, small, cyrillic;
    size_t letters;           /* digits are none */
    size_t shortest, longest; /* runs of letters and digits */
    size_t signs;             /* the longest run of others */
};

static void
end_run(struct looks *looks, size_t run)
{
    if (run == 0)
        return;
    looks->shortest = run < looks->shortest ? run : looks->shortest;
    looks->longest = run > looks->longest ? run : looks->longest;
}

static struct looks
look_at(const struct reference_written *text, size_t first, size_t end)
{
    struct looks looks = {.shortest = SIZE_MAX};
    size_t run = 0, signs = 0;
    bool digit = false;
    for (size_t i = first; i < end; i++) {
        uint32_t point = text->points[i];
        bool letter = reference_is_letter(text, i);
        bool capital = alphabet_fold(point) != point;
        if (reference_is_hidden(text, i))
            continue;
        if (!letter)
            end_run(&looks, run);
        run = letter ? run + 1 : 0;
        signs = letter ? 0 : signs + 1;
        looks.signs = signs > looks.signs ? signs : looks.signs;
        looks.percent = looks.percent || (point == '%' && digit);
        digit = point >= '0' && point <= '9';
        looks.letters += letter && !digit;
        looks.blank = looks.blank || point == ' ';
        looks.quote = looks.quote || point == '\'';
        looks.capital = looks.capital || (capital && i > first);
        looks.cyrillic =
            looks.cyrillic || alphabet_script(point) == SCRIPT_CYRILLIC;
        looks.small = looks.small || (letter && !capital);
    }
    end_run(&looks, run);
    return looks;
}

/* Letters apart may be words of their own. */
static bool
gaps_are_certain(const struct looks *looks, unsigned through)
{
    enum { SIGNS = DISGUISE_MASK | DISGUISE_LEET };
    bool signs = through & SIGNS;
    bool spelt = looks->longest == 1;
    if (looks->quote || looks->signs > SIGNS_MOST ||
        (through & SIGNS) == SIGNS ||
        (looks->blank && (signs || looks->longest > BEFORE_BLANK_MOST)))
        return false;
    /* Signs for letters look like gaps; a single letter is a word. */
    return spelt || (!(through & DISGUISE_LEET) &&
                     !(looks->blank && looks->shortest < 2));
}

static bool
masks_are_certain(const struct looks *looks,
                  const struct disguise_put_on *put_on)
{
    bool leet = put_on->through & DISGUISE_LEET;
    /* Latin letters may spell more words than are known here. */
    return !(put_on->through & DISGUISE_TRANSLIT) &&
           !(put_on->weak && (leet || looks->quote || put_on->words > 1)) &&
           !(leet && (looks->letters < READ_LEAST || looks->percent));
}

bool
disguise_is_certain(const struct reference_written *text, size_t first,
                    size_t end, const struct disguise_put_on *put_on)
{
    unsigned through = put_on->through;
    struct looks looks = look_at(text, first, end);
    size_t variants = 0;
    for (size_t i = 0; i < text->count; i++)
        variants += alphabet_variant(alphabet_fold(text->points[i])) != 0;
    /* A name, or two. */
    if ((through & (DISGUISE_SPACING | DISGUISE_MASK)) && looks.capital &&
        looks.small)
        return false;
    if ((through & DISGUISE_SPACING) && !gaps_are_certain(&looks, through))
        return false;
    if ((through & DISGUISE_MASK) && !masks_are_certain(&looks, put_on))
        return false;
    /* Another language may be written around. */
    if (((through & DISGUISE_HOMOGLYPH) &&
         (variants > VARIANTS_MOST || !looks.cyrillic)) ||
        ((through & DISGUISE_TRANSLIT) && put_on->beside_latin))
        return false;
    return reference_is_far_from_words(text, first, end);
}
