#include "feed_bytes.h"

#include <libxml/HTMLparser.h>
#include <libxml/encoding.h>
#include <stdio.h>
#include <strings.h>

#include "utf8.h"

enum {
    /* libxml2 compares each attribute of a tag with each other. */
    TAG_QUOTES_MAX = 4000,
    SNIFF_BYTES = 1024,
    ENTITY_NAME_MAX = 10,
};

void
feed_bytes_done(struct feed_bytes *bytes)
{
    buffer_done(&bytes->mended);
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_name_byte(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
}

/* Where `word` stands, whatever its case, or text.len. */
static size_t
find_word(struct span text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= text.len; i++)
        if (strncasecmp(text.at + i, word, len) == 0)
            return i;
    return text.len;
}

/* The value of `name=value`, in quotes or not, at or after the name. */
static void
take_value(struct span text, const char *name, char out[FEED_ENCODING_SIZE])
{
    size_t at = find_word(text, name);
    out[0] = '\0';
    if (at == text.len)
        return;
    at += strlen(name);
    while (at < text.len && (text.at[at] == ' ' || text.at[at] == '=' ||
                             text.at[at] == '"' || text.at[at] == '\''))
        at++;
    size_t len = 0;
    while (at + len < text.len && len + 1 < FEED_ENCODING_SIZE &&
           is_name_byte(text.at[at + len]))
        len++;
    memcpy(out, text.at + at, len);
    out[len] = '\0';
}

static bool
is_known(const char *encoding)
{
    xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(encoding);
    if (handler)
        xmlCharEncCloseFunc(handler);
    return handler != NULL;
}

/* UTF-16 as UTF-8; half a surrogate pair is U+FFFD. */
static void
narrow(struct buffer *out, struct span text, bool big_endian)
{
    const unsigned char *at = (const unsigned char *)text.at;
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        uint32_t unit = (uint32_t)at[i + !big_endian] << 8 | at[i + big_endian];
        uint32_t next = 0;
        if (i + 3 < text.len)
            next =
                (uint32_t)at[i + 2 + !big_endian] << 8 | at[i + 2 + big_endian];
        if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 &&
            next < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00);
            i += 2;
        } else if (unit >= 0xD800 && unit < 0xE000) {
            unit = UTF8_REPLACEMENT;
        }
        utf8_append(out, unit);
    }
}

/* UTF-16, by its BOM or by what the "<" at its start looks like. */
static bool
is_wide(struct span text, bool *big_endian)
{
    *big_endian = span_starts(text, "\xFE\xFF") ||
                  (text.len >= 2 && text.at[0] == '\0' && text.at[1] == '<');
    return *big_endian || span_starts(text, "\xFF\xFE") ||
           (text.len >= 2 && text.at[0] == '<' && text.at[1] == '\0');
}

static void
find_encoding(struct feed_bytes *bytes, struct span text,
              struct span content_type)
{
    char *encoding = bytes->encoding;
    char declared[FEED_ENCODING_SIZE] = "";
    struct span head = {text.at,
                        text.len < SNIFF_BYTES ? text.len : SNIFF_BYTES};
    size_t end = find_word(head, "?>");
    if (span_starts(span_trim(head), "<?xml") && end < head.len)
        take_value((struct span){head.at, end}, "encoding", declared);
    take_value(content_type, "charset", encoding);
    bool lies =
        strcasecmp(encoding, "utf-8") == 0 && declared[0] && !utf8_clean(text);
    if (!encoding[0] || lies || !is_known(encoding))
        memcpy(encoding, declared, sizeof(declared));
    if (!encoding[0])
        snprintf(encoding, FEED_ENCODING_SIZE, "UTF-8");
}

/* The length of "&…;" at the start of text, or 0. */
static size_t
entity_length(struct span text)
{
    size_t len = 1;
    if (len < text.len && text.at[len] == '#')
        len++;
    size_t start = len;
    while (len < text.len && len - start <= ENTITY_NAME_MAX &&
           is_name_byte(text.at[len]))
        len++;
    bool ended = len > start && len < text.len && text.at[len] == ';';
    return ended ? len + 1 : 0;
}

static bool
is_number(struct span entity)
{
    bool hex = entity.len > 3 && (entity.at[2] == 'x');
    for (size_t i = hex ? 3 : 2; i + 1 < entity.len; i++) {
        char c = entity.at[i];
        bool digit = c >= '0' && c <= '9';
        bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!digit && !(hex && letter))
            return false;
    }
    return entity.len > 3;
}

/* A number that XML refuses, such as &#0; or half of a surrogate pair. */
static bool
is_allowed_number(struct span entity)
{
    uint32_t value = 0;
    bool hex = entity.at[2] == 'x';
    for (size_t i = hex ? 3 : 2; i + 1 < entity.len; i++) {
        char c = entity.at[i];
        uint32_t digit =
            c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 0x20) - 'a') + 10;
        value = value * (hex ? 16 : 10) + digit;
        if (value > 0x10FFFF)
            return false;
    }
    return value == '\t' || value == '\n' || value == '\r' ||
           (value >= ' ' && value < 0xD800) ||
           (value > 0xDFFF && value < 0xFFFE) || value >= 0x10000;
}

/* An "&" and what follows; returns how much of the text that was. */
static size_t
mend_entity(struct buffer *out, struct span text)
{
    static const char *const own[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                      "&apos;"};
    struct span entity = {text.at, entity_length(text)};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (span_is(entity, own[i])) {
            buffer_append_span(out, entity);
            return entity.len;
        }
    if (entity.len && entity.at[1] == '#' && is_number(entity)) {
        if (is_allowed_number(entity))
            buffer_append_span(out, entity);
        else
            buffer_append_text(out, "&#xFFFD;");
        return entity.len;
    }
    char name[ENTITY_NAME_MAX + 2] = "";
    if (entity.len > 2 && entity.len < sizeof(name))
        memcpy(name, entity.at + 1, entity.len - 2);
    const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
    if (!known) {
        buffer_append_text(out, "&amp;");
        return 1;
    }
    buffer_printf(out, "&#%u;", known->value);
    return entity.len;
}

/* The length of a CDATA section at the start of text, or 0. */
static size_t
cdata_length(struct span text)
{
    if (!span_starts(text, "<![CDATA["))
        return 0;
    const char *end = memmem(text.at, text.len, "]]>", 3);
    return end ? (size_t)(end - text.at) + 3 : text.len;
}

static void
mend(struct buffer *out, struct span text)
{
    size_t start = 0, cdata_end = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned char c = (unsigned char)text.at[i];
        bool control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
        if (c == '<' && i >= cdata_end)
            cdata_end = i + cdata_length(span_from(text, i));
        if (!control && (c != '&' || i < cdata_end)) {
            i++;
            continue;
        }
        buffer_append(out, text.at + start, i - start);
        if (control)
            buffer_append_byte(out, ' ');
        i += control ? 1 : mend_entity(out, span_from(text, i));
        start = i;
    }
    buffer_append(out, text.at + start, text.len - start);
}

static bool
check_page(struct span text, struct error *err)
{
    struct span head = {text.at,
                        text.len < SNIFF_BYTES ? text.len : SNIFF_BYTES};
    head = span_trim(head);
    if (!head.len)
        return error_set(err, ERROR_RECORD, "the feed is empty");
    size_t page = find_word(head, "<html");
    if (find_word(head, "<!doctype html") == 0 || page == 0 ||
        (page < head.len && span_starts(head, "<!--")))
        return error_set(err, ERROR_RECORD, "this is a web page, not a feed");
    return true;
}

static bool
check_tags(struct span text, struct error *err)
{
    size_t quotes = 0;
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '<' || c == '>') {
            inside = c == '<';
            quotes = 0;
        } else if (inside && (c == '"' || c == '\'') &&
                   ++quotes > TAG_QUOTES_MAX) {
            return error_set(err, ERROR_RECORD,
                             "a tag of the feed has thousands of attributes");
        }
    }
    return true;
}

bool
feed_bytes_prepare(struct feed_bytes *out, struct span body,
                   struct span content_type, struct error *err)
{
    CLEANUP(buffer_done) struct buffer clean = {0};
    struct span text = body;
    bool big_endian;
    snprintf(out->encoding, sizeof(out->encoding), "UTF-8");
    if (is_wide(text, &big_endian)) {
        narrow(&clean, text, big_endian);
        text = buffer_span(&clean);
    } else if (!span_starts(text, "\xEF\xBB\xBF")) {
        find_encoding(out, text, content_type);
    }
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = span_from(text, 3);
    if (!check_page(text, err))
        return false;
    if (strcasecmp(out->encoding, "utf-8") == 0 && !utf8_clean(text)) {
        CLEANUP(buffer_done) struct buffer repaired = {0};
        utf8_repair(&repaired, text);
        mend(&out->mended, buffer_span(&repaired));
        out->mended.failed |= repaired.failed;
    } else {
        mend(&out->mended, text);
    }
    if (!buffer_ok(&clean) || !buffer_ok(&out->mended))
        return error_no_memory(err);
    out->text = buffer_span(&out->mended);
    return check_tags(out->text, err);
}
