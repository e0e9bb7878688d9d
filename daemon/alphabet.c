#include "alphabet.h"

#include <pthread.h>

#include <unicode/uversion.h>

#include "alphabet_table.h"
#include "cleanup.h"
#include "utf8.h"

static struct alphabet_table table; /* never changes once made */
static const char *problem;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Of each class the letters that terms are written with. */
static uint32_t members[256][3]; /* Cyrillic, Latin, digit; never changes */

/* Marks make letters of these; all other marks are skipped, those of the
 * Macedonian ѓ and ќ too: on г and к they hide a letter here. */
static const struct {
    uint32_t letter, mark, composed;
} compositions[] = {
    {0x0438, 0x0306, 0x0439}, /* й */
    {0x0435, 0x0308, 0x0435}, /* ё, which counts as е */
    {0x0443, 0x0306, 0x045E}, /* ў */
    {0x0456, 0x0308, 0x0457}, /* ї */
};

static void
make_once(void)
{
    problem = alphabet_make(&table);
    for (uint32_t i = '0'; !problem && i <= 0x052F; i++) {
        uint8_t class = table.entries[i].class;
        if (class < LETTER_FIRST || alphabet_fold(i) != i)
            continue;
        if (i >= 0x0430)
            members[class][0] = i;
        else if (i >= 'a' && i <= 'z')
            members[class][1] = i;
        else if (i <= '9')
            members[class][2] = i;
    }
}

uint32_t
alphabet_fold(uint32_t code_point)
{
    return utf8_fold(code_point);
}

bool
alphabet_load(struct error *err)
{
    pthread_once(&once, make_once);
    if (problem)
        return error_set(err, ERROR_FATAL, "ICU cannot make the alphabet: %s",
                         problem);
    return true;
}

uint8_t
alphabet_class(uint32_t code_point)
{
    if (code_point < ALPHABET_TABLE_END)
        return table.entries[code_point].class;
    return alphabet_class_beyond(code_point);
}

uint8_t
alphabet_key(uint32_t code_point)
{
    return table.keys[alphabet_class(code_point)];
}

unsigned
alphabet_members(uint32_t written, uint32_t out[3])
{
    unsigned count = 0;
    const uint32_t *of_class = members[alphabet_class(written)];
    for (unsigned i = 0; i < COUNT_OF(members[0]); i++)
        if (of_class[i] && of_class[i] != written &&
            alphabet_alike(written, of_class[i]))
            out[count++] = of_class[i];
    return count;
}

enum script
alphabet_script(uint32_t code_point)
{
    if (code_point < ALPHABET_TABLE_END)
        return (enum script)table.entries[code_point].script;
    return SCRIPT_OTHER;
}

bool
alphabet_alike(uint32_t written, uint32_t meant)
{
    if (alphabet_class(meant) == LETTER_OTHER)
        return false; /* a class of letters that have nothing in common */
    enum script script = alphabet_script(written);
    if (script == SCRIPT_STYLED || script != alphabet_script(meant))
        return true;
    return alphabet_declared_alike(written, meant);
}

uint32_t
alphabet_compose(uint32_t letter, uint32_t mark)
{
    for (size_t i = 0; i < COUNT_OF(compositions); i++)
        if (compositions[i].letter == letter && compositions[i].mark == mark)
            return compositions[i].composed;
    return 0;
}

uint32_t
alphabet_variant(uint32_t letter)
{
    if (letter < ALPHABET_CYRILLIC_FIRST || letter >= ALPHABET_CYRILLIC_END)
        return 0;
    return table.variants[letter - ALPHABET_CYRILLIC_FIRST];
}

uint32_t
alphabet_plain(uint32_t code_point)
{
    uint32_t folded = alphabet_fold(code_point);
    if (folded < 0x80)
        return folded;
    enum script script = alphabet_script(code_point);
    if (script == SCRIPT_CYRILLIC || script == SCRIPT_GREEK)
        return folded;
    const uint32_t *of_class = members[alphabet_class(code_point)];
    return of_class[1] ? of_class[1] : of_class[2] ? of_class[2] : folded;
}

bool
alphabet_is_blank(uint32_t code_point)
{
    switch (code_point) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case 0x00A0: /* no-break space */
    case 0x202F: /* narrow no-break space */
    case 0x3000: /* ideographic space */
        return true;
    default:
        return code_point >= 0x2000 && code_point <= 0x200A;
    }
}

uint32_t
alphabet_letter(uint8_t letter)
{
    if (letter == LETTER_SEPARATOR)
        return ' ';
    return table.readable[letter] ? table.readable[letter] : 0x00B7; /* · */
}

const uint8_t *
alphabet_table(void)
{
    return table.fast;
}

const uint8_t *
alphabet_pairs(void)
{
    return table.pairs;
}

const char *
alphabet_library_version(void)
{
    return "ICU " U_ICU_VERSION;
}
