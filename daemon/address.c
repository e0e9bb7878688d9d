#include "address.h"

#include <string.h>

#include "cleanup.h"

enum { AROUND_BYTES = 600, SUFFIX_MOST = 5 };

/* A megabyte without a blank would be read again for each hit in it. */
struct span
token_around(struct span text, size_t from, size_t to)
{
    size_t first = from > AROUND_BYTES ? from - AROUND_BYTES : 0;
    size_t last = text.len - to > AROUND_BYTES ? to + AROUND_BYTES : text.len;
    while (from > first && !is_ascii_blank(text.at[from - 1]))
        from--;
    while (to < last && !is_ascii_blank(text.at[to]))
        to++;
    return (struct span){text.at + from, to - from};
}

static bool
is_host_byte(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool
is_ascii_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Of names of hosts and files, those that are met most. */
bool
is_address_suffix(struct span text)
{
    static const char suffixes[] =
        " ru kg kz com net org info biz uz tj tm by ua su me tv io co uk de "
        "tr eu us cn ai app dev edu gov mil int pro site online shop store "
        "club "
        "blog top xyz live fm ly gl im gg ws page link media news tech fun "
        "jpg jpeg png gif webp svg bmp pdf doc docx xls xlsx ppt pptx odt txt "
        "csv tsv xml json yaml yml html htm php asp aspx js ts css py sh "
        "cpp hpp java rs go rb md log zip rar gz tar xz exe apk dll so "
        "avi mkv mov wav ogg webm iso bin conf cfg ini sql db ";
    char bytes[SUFFIX_MOST + 2] = " ";
    if (text.len > SUFFIX_MOST)
        return false;
    for (size_t i = 0; i < text.len; i++)
        bytes[i + 1] = (char)(text.at[i] | 0x20);
    bytes[text.len + 1] = ' ';
    return memmem(suffixes, sizeof(suffixes) - 1, bytes, text.len + 2);
}

/* "name.tld", "name.ext": a dot, then a suffix, then no more of a word. */
static bool
has_suffix(struct span text)
{
    for (size_t i = 1; i + 2 < text.len + 1; i++) {
        if (text.at[i] != '.' || !is_host_byte(text.at[i - 1]))
            continue;
        size_t end = i + 1;
        while (end < text.len && is_ascii_letter(text.at[end]))
            end++;
        bool ends = end == text.len || !is_host_byte(text.at[end]);
        if (ends &&
            is_address_suffix((struct span){text.at + i + 1, end - i - 1}))
            return true;
    }
    return false;
}

bool
is_address(struct span token)
{
    static const char *const marks[] = {"://", "www."};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (memmem(token.at, token.len, marks[i], strlen(marks[i])))
            return true;
    const char *at = memchr(token.at, '@', token.len);
    if (at && has_suffix(span_from(token, (size_t)(at - token.at) + 1)))
        return true;
    /* name.tld/path */
    const char *slash = memchr(token.at, '/', token.len);
    const char *dot = memchr(token.at, '.', token.len);
    if (slash && dot && dot < slash && dot > token.at)
        return true;
    return has_suffix(token);
}
