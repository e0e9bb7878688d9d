#include "alphabet_table.h"

#include <stdio.h>
#include <stdlib.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "alphabet.h"
#include "cleanup.h"
#include "keyboard.h"
#include "letter_names.h"
#include "letter_variants.h"
#include "utf8.h"

enum { CLASS_MAX = 255 };

/* Look-alikes in the fonts of phones and news sites that Unicode's confusables
 * do not list: capitals that a lower-case letter shares its shape with are
 * found by upper-casing; these are not. */
static const struct {
    uint32_t letter, alike;
    const char *reason;
} more_alike[] = {
    {0x043F, 'n', "п: cursive"},
    {0x0438, 'u', "и: cursive"},
    {0x0448, 'w', "ш: turned"},
    {0x0443, 'y', "у: the small letters"},
    {0x043A, 'k', "к: the small letters"},
    {0x0442, 't', "т: the capitals"},
    {0x043C, 'm', "м: the capitals"},
    {0x043D, 'h', "н: the capitals"},
    {0x0432, 'b', "в: the capitals"},
    {0x04E9, 0x03B8, "ө: theta"},
    {0x04E9, 0x0473, "ө: fita"},
    {0x04E9, 0x00F8, "ө: o with stroke"},
    {0x04AF, 0x03B3, "ү: gamma"},
    {0x04A3, 0x014B, "ң: eng"},
};

static bool
is_skipped(UChar32 code_point)
{
    switch (u_charType(code_point)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
        return true;
    case U_CONTROL_CHAR: /* of which browsers show nothing, either */
        return code_point && !u_isUWhiteSpace(code_point);
    default:
        /* U+115F, U+3164 and their like are letters that show nothing. */
        return u_hasBinaryProperty(code_point,
                                   UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
    }
}

/* Letters and digits; circled letters are symbols with the property. */
static bool
is_letter(UChar32 code_point)
{
    return u_isalnum(code_point) || u_isUAlphabetic(code_point);
}

static enum script
script_of(UChar32 code_point)
{
    UErrorCode status = U_ZERO_ERROR;
    switch (u_getIntPropertyValue(code_point, UCHAR_DECOMPOSITION_TYPE)) {
    case U_DT_NONE:
    case U_DT_CANONICAL:
        break;
    default:
        return SCRIPT_STYLED;
    }
    switch (uscript_getScript(code_point, &status)) {
    case USCRIPT_CYRILLIC: /* small capitals are none that anybody writes */
        return code_point < ALPHABET_CYRILLIC_END ? SCRIPT_CYRILLIC
                                                  : SCRIPT_OTHER;
    case USCRIPT_LATIN:
        return SCRIPT_LATIN;
    case USCRIPT_GREEK:
        return SCRIPT_GREEK;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
        return SCRIPT_COMMON;
    default:
        return SCRIPT_OTHER;
    }
}

/* Classes are sets that grow together while the table is made. */
struct sets {
    const UNormalizer2 *normalizer;
    USpoofChecker *spoof;
    uint32_t *parent; /* ALPHABET_TABLE_END */
    uint8_t *core; /* ALPHABET_TABLE_END: enum core of all members of a set */
};

/* No set holds two letters of one of these, or words would become others. */
enum core { CORE_CYRILLIC = 1, CORE_LATIN = 2 };

static uint32_t
set_of(struct sets *sets, uint32_t code_point)
{
    while (sets->parent[code_point] != code_point)
        code_point = sets->parent[code_point] =
            sets->parent[sets->parent[code_point]];
    return code_point;
}

static bool
is_digit(uint32_t code_point)
{
    return code_point >= '0' && code_point <= '9';
}

static void
unite(struct sets *sets, uint32_t a, uint32_t b)
{
    if (a >= ALPHABET_TABLE_END || b >= ALPHABET_TABLE_END)
        return;
    a = set_of(sets, a);
    b = set_of(sets, b);
    if (a == b || (sets->core[a] & sets->core[b]))
        return;
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    sets->parent[high] = low;
    sets->core[low] |= sets->core[high];
}

/* A digit that stands for a letter is leet, another disguise. */
static void
join(struct sets *sets, uint32_t a, uint32_t b)
{
    if (a < ALPHABET_TABLE_END && b < ALPHABET_TABLE_END &&
        !is_digit(set_of(sets, a)) && !is_digit(set_of(sets, b)))
        unite(sets, a, b);
}

/* The one letter that a string is, its marks aside; 0: none or several. */
static uint32_t
only_letter(const UChar *text, int32_t len)
{
    uint32_t found = 0;
    for (int32_t i = 0; i < len;) {
        UChar32 code_point;
        U16_NEXT(text, i, len, code_point);
        if (is_skipped(code_point))
            continue;
        if (found || !is_letter(code_point))
            return 0;
        found = (uint32_t)code_point;
    }
    return found;
}

static bool
is_core_cyrillic(uint32_t code_point)
{
    return code_point >= 0x0430 && code_point <= 0x052F &&
           alphabet_fold(code_point) == code_point;
}

/* A letter as Unicode's compatibility decomposition has it, less its marks.
 * Cyrillic letters stay themselves, in capitals too: й is not и, ӯ is not у. */
static uint32_t
base_letter(struct sets *sets, uint32_t code_point)
{
    uint32_t folded = alphabet_fold(code_point);
    if (is_core_cyrillic(folded))
        return folded;
    UChar source[2], target[32];
    int32_t len = 0;
    UErrorCode status = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(source, len, folded);
    len = unorm2_normalize(sets->normalizer, source, len, target,
                           COUNT_OF(target), &status);
    uint32_t base = U_SUCCESS(status) ? only_letter(target, len) : 0;
    return base ? alphabet_fold(base) : folded;
}

/* What a letter looks like. Marks belong to a Cyrillic letter: a capital ї is
 * like l with two dots, which is not l. */
static uint32_t
skeleton_letter(struct sets *sets, uint32_t code_point)
{
    UChar source[2], target[32];
    int32_t len = 0;
    UErrorCode status = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(source, len, code_point);
    len = uspoof_getSkeleton(sets->spoof, 0, source, len, target,
                             COUNT_OF(target), &status);
    bool marked = is_core_cyrillic(alphabet_fold(code_point)) && len > 1;
    return U_SUCCESS(status) && !marked ? only_letter(target, len) : 0;
}

/* Ranges in which letters look like Latin, Cyrillic or Greek ones. */
static bool
may_be_alike(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x0041, 0x058F},   {0x0B20, 0x0B20},   {0x0D20, 0x0D20},
                  {0x101D, 0x101D},   {0x12D0, 0x12D0},   {0x1240, 0x1240},
                  {0x13A0, 0x16FF},   {0x1C80, 0x1C8F},   {0x1D00, 0x1FFF},
                  {0x2071, 0x209C},   {0x2100, 0x218F},   {0x24B6, 0x24E9},
                  {0x2C60, 0x2D7F},   {0xA4D0, 0xA4FF},   {0xA640, 0xA7FF},
                  {0xAB30, 0xABBF},   {0xFB00, 0xFB06},   {0xFF10, 0xFF5A},
                  {0x10280, 0x1032F}, {0x10400, 0x1052F}, {0x118A0, 0x118FF},
                  {0x16F00, 0x16F9F}, {0x1D400, 0x1D7FF}, {0x1F130, 0x1F189}};
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    return false;
}

static void
join_shape(struct sets *sets, uint32_t code_point, uint32_t shape_of)
{
    uint32_t shape = skeleton_letter(sets, shape_of);
    if (shape)
        join(sets, code_point, base_letter(sets, shape));
}

/* What is said first holds: the declared pairs, then the shapes of small
 * Cyrillic letters, then of capital ones, then those of all other letters. */
static void
join_alike(struct sets *sets)
{
    for (uint32_t i = 0; i < ALPHABET_TABLE_END; i++) {
        sets->parent[i] = i;
        sets->core[i] = is_core_cyrillic(i)      ? CORE_CYRILLIC
                        : (i >= 'a' && i <= 'z') ? CORE_LATIN
                                                 : 0;
    }
    for (uint32_t i = 0; i < ALPHABET_TABLE_END; i++)
        if (may_be_alike(i) && is_letter((UChar32)i))
            unite(sets, i, base_letter(sets, i));
    for (size_t i = 0; i < COUNT_OF(more_alike); i++)
        join(sets, more_alike[i].letter, more_alike[i].alike);
    for (uint32_t i = 0x0430; i <= 0x052F; i++)
        if (is_core_cyrillic(i))
            join_shape(sets, i, i);
    for (uint32_t i = 0x0430; i <= 0x052F; i++)
        if (is_core_cyrillic(i))
            join_shape(sets, i, (uint32_t)u_toupper((UChar32)i));
    for (uint32_t i = 0; i < ALPHABET_TABLE_END; i++)
        if (may_be_alike(i) && is_letter((UChar32)i)) {
            join_shape(sets, i, i);
            join_shape(sets, i, (uint32_t)u_toupper((UChar32)i));
        }
    for (uint32_t i = 0; i < ALPHABET_TABLE_END; i++)
        if (may_be_alike(i) && is_letter((UChar32)i) &&
            !sets->core[set_of(sets, i)]) {
            uint32_t plain = letter_named_after(i);
            if (plain)
                join(sets, i, base_letter(sets, plain));
        }
}

/* Numbers for sets, those of common letters first: a byte has 253 of them. */
static void
number_classes(struct sets *sets, struct alphabet_table *table)
{
    static const struct {
        uint32_t first, last;
    } order[] = {{'0', '9'},       {'a', 'z'},       {0x0430, 0x045F},
                 {0x0460, 0x052F}, {0x03B1, 0x03C9}, {0x00DF, 0x024F},
                 {0x0250, 0x02AF}, {0x0561, 0x0587}};
    unsigned next = LETTER_FIRST;
    for (size_t i = 0; i < COUNT_OF(order); i++)
        for (uint32_t j = order[i].first; j <= order[i].last; j++) {
            uint32_t set = set_of(sets, j);
            if (!is_letter((UChar32)j) || alphabet_fold(j) != j)
                continue;
            if (!table->entries[set].class && next <= CLASS_MAX)
                table->entries[set].class = (uint8_t)next++;
            /* Read out as the Cyrillic letter where there is one. */
            uint8_t class = table->entries[set].class;
            bool cyrillic = j >= 0x0430 && j <= 0x052F;
            if (!table->readable[class] ||
                (cyrillic && !(table->readable[class] >= 0x0430 &&
                               table->readable[class] <= 0x052F)))
                table->readable[class] = j;
        }
}

/* A set is named by its lowest member, so that it is filled before the rest. */
static void
fill_table(struct sets *sets, struct alphabet_table *table)
{
    for (uint32_t i = 0; i < ALPHABET_TABLE_END; i++) {
        UChar32 code_point = (UChar32)i;
        uint8_t class = table->entries[set_of(sets, i)].class;
        if (is_skipped(code_point))
            class = LETTER_SKIPPED;
        else if (!is_letter(code_point))
            class = LETTER_SEPARATOR;
        else if (class == 0)
            class = LETTER_OTHER;
        table->entries[i].class = class;
        table->entries[i].script = (uint8_t)script_of(code_point);
    }
}

/* Classes that a keyboard has only one letter for become one key, that of the
 * Russian letter among them; and so do variants of a letter. */
static void
make_keys(struct alphabet_table *table)
{
    for (unsigned i = 0; i < COUNT_OF(table->keys); i++)
        table->keys[i] = (uint8_t)i;
    for (size_t i = 0; i < keyboard_pair_count; i++) {
        const struct keyboard_pair *pair = &keyboard_pairs[i];
        bool russian = pair->written >= 0x0430 && pair->written <= 0x044F;
        uint8_t a = table->keys[table->entries[pair->written].class];
        uint8_t b = table->keys[table->entries[pair->meant].class];
        for (unsigned j = 0; j < COUNT_OF(table->keys); j++)
            if (table->keys[j] == a || table->keys[j] == b)
                table->keys[j] = russian ? a : b;
    }
    for (uint32_t i = 0x0430; i < ALPHABET_CYRILLIC_END; i++) {
        uint32_t plain = table->variants[i - ALPHABET_CYRILLIC_FIRST];
        uint8_t class = table->entries[i].class;
        if (plain && class >= LETTER_FIRST)
            table->keys[class] = table->keys[table->entries[plain].class];
    }
    for (uint32_t i = 0; i < ALPHABET_FAST_END; i++)
        table->fast[i] = table->keys[table->entries[i].class];
    for (uint32_t i = 0x400; i < 0x500; i++) {
        char bytes[4];
        utf8_encode(i, bytes);
        if (table->fast[i] > LETTER_SEPARATOR)
            table->pairs[alphabet_pair(bytes)] = table->fast[i];
    }
    for (unsigned i = 1; i < 0x80; i++)
        for (unsigned j = 0; j < 0x100; j++) {
            unsigned char bytes[2] = {(unsigned char)i, (unsigned char)j};
            if (table->fast[i] == LETTER_SEPARATOR || i == '\n')
                table->pairs[alphabet_pair(bytes)] = LETTER_SEPARATOR;
        }
}

const char *
alphabet_make(struct alphabet_table *table)
{
    UErrorCode status = U_ZERO_ERROR;
    struct sets sets = {
        .normalizer = unorm2_getNFKDInstance(&status),
        .spoof = uspoof_open(&status),
        .parent = malloc(ALPHABET_TABLE_END * sizeof(uint32_t)),
        .core = malloc(ALPHABET_TABLE_END),
    };
    table->entries = calloc(ALPHABET_TABLE_END, sizeof(*table->entries));
    if (!sets.parent || !sets.core || !table->entries)
        status = U_MEMORY_ALLOCATION_ERROR;
    if (U_SUCCESS(status)) {
        join_alike(&sets);
        number_classes(&sets, table);
        fill_table(&sets, table);
        letter_variants_fill(table->variants);
        make_keys(table);
    }
    uspoof_close(sets.spoof);
    free(sets.parent);
    free(sets.core);
    return U_SUCCESS(status) ? NULL : u_errorName(status);
}

uint8_t
alphabet_class_beyond(uint32_t code_point)
{
    if (is_skipped((UChar32)code_point))
        return LETTER_SKIPPED;
    return is_letter((UChar32)code_point) ? LETTER_OTHER : LETTER_SEPARATOR;
}

bool
alphabet_declared_alike(uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < COUNT_OF(more_alike); i++)
        if ((more_alike[i].letter == a && more_alike[i].alike == b) ||
            (more_alike[i].letter == b && more_alike[i].alike == a))
            return true;
    return false;
}
