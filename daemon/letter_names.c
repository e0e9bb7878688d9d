#include "letter_names.h"

#include <string.h>

#include <unicode/uchar.h>

#include "cleanup.h"

enum { NAME_MOST = 96 };

static bool
name_of(uint32_t code_point, char out[NAME_MOST])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = u_charName((UChar32)code_point, U_UNICODE_CHAR_NAME, out,
                             NAME_MOST, &status);
    return U_SUCCESS(status) && len > 0 && len < NAME_MOST;
}

/* "LATIN SMALL LETTER B": its last letter tells. */
static uint32_t
latin_letter(const char *name)
{
    static const char *const kinds[] = {"LATIN SMALL LETTER ",
                                        "LATIN CAPITAL LETTER ",
                                        "LATIN LETTER SMALL CAPITAL "};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t len = strlen(kinds[i]);
        if (strncmp(name, kinds[i], len) == 0 && name[len] && !name[len + 1])
            return (uint32_t)(unsigned char)name[len] | (i == 0 ? 0x20 : 0);
    }
    return 0;
}

static uint32_t
cyrillic_letter(const char *name)
{
    static const char small[] = "CYRILLIC SMALL LETTER ";
    char other[NAME_MOST];
    if (strncmp(name, small, strlen(small)) != 0)
        return 0;
    for (uint32_t i = 0x0430; i <= 0x044F; i++)
        if (name_of(i, other) && strcmp(name, other) == 0)
            return i;
    return 0;
}

uint32_t
letter_named_after(uint32_t code_point)
{
    static const char *const frames[] = {"NEGATIVE SQUARED ",
                                         "NEGATIVE CIRCLED ", "PARENTHESIZED "};
    char buffer[NAME_MOST], *name = buffer;
    if (!name_of(code_point, buffer))
        return 0;
    for (size_t i = 0; i < COUNT_OF(frames); i++)
        if (strncmp(name, frames[i], strlen(frames[i])) == 0)
            name += strlen(frames[i]);
    char *mark = strstr(name, " WITH ");
    if (mark)
        *mark = '\0';
    uint32_t latin = latin_letter(name);
    return latin ? latin : mark ? cyrillic_letter(name) : 0;
}
