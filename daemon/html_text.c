#include "html_text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <string.h>

#include "utf8.h"

#define SIZE_MAX_BYTES ((size_t)2 * 1000 * 1000)

enum {
    /* libxml2 looks through all open elements for a closing tag, and through
     * all attributes for a double one: without these limits a few hundred
     * kilobytes keep it busy for minutes. */
    DEPTH_MAX = 256,
    TAG_SEPARATORS_MAX = 2000,
    NEWLINES_MAX = 2, /* an empty line, never more */
};

/* What an open element means for the text in it. */
enum mark {
    MARK_BLOCK = 1,
    MARK_LINK = 2,
    MARK_HIDDEN = 4,
    MARK_ELLIPSIS = 8,
    MARK_VERBATIM = 16,
    MARK_COUNT = 5,
};

struct text_reader {
    struct buffer *out;
    size_t start; /* of our text in `out` */
    htmlParserCtxtPtr parser;
    unsigned char marks[DEPTH_MAX];
    size_t depth;
    unsigned links, hidden, verbatim; /* open elements of that mark */
    unsigned newlines;                /* to be written before the next word */
    bool space;
    long stopped_at; /* where the parser was stopped; -1: it was not */
};

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
append_break(struct text_reader *reader)
{
    if (reader->newlines < NEWLINES_MAX)
        reader->newlines++;
}

static void
append_word(struct text_reader *reader, struct span word)
{
    if (reader->out->len > reader->start) {
        if (reader->newlines == 0 && reader->space)
            buffer_append_byte(reader->out, ' ');
        for (; reader->newlines > 0; reader->newlines--)
            buffer_append_byte(reader->out, '\n');
    }
    reader->newlines = 0;
    reader->space = false;
    buffer_append_span(reader->out, word);
}

static void
append_characters(struct text_reader *reader, struct span text)
{
    if (reader->hidden)
        return;
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && !is_blank(text.at[end]))
            end++;
        if (end > i)
            append_word(reader, (struct span){text.at + i, end - i});
        for (; end < text.len && is_blank(text.at[end]); end++) {
            reader->space = true;
            if (reader->verbatim && text.at[end] == '\n')
                append_break(reader);
        }
        i = end;
    }
}

static const char *
attribute(const xmlChar **attributes, const char *name)
{
    for (size_t i = 0; attributes && attributes[i]; i += 2)
        if (strcmp((const char *)attributes[i], name) == 0)
            return attributes[i + 1] ? (const char *)attributes[i + 1] : "";
    return "";
}

/* Is `word` among the words of a class attribute? */
static bool
has_class(const xmlChar **attributes, const char *word)
{
    size_t len = strlen(word);
    const char *classes = attribute(attributes, "class");
    for (const char *at = strstr(classes, word); at; at = strstr(at + 1, word))
        if ((at == classes || is_blank(at[-1])) &&
            (at[len] == '\0' || is_blank(at[len])))
            return true;
    return false;
}

static bool
is_block(const char *name)
{
    static const char *const blocks[] = {
        "address", "article", "aside", "blockquote", "body",     "dd",
        "details", "div",     "dl",    "dt",         "fieldset", "figcaption",
        "figure",  "footer",  "form",  "h1",         "h2",       "h3",
        "h4",      "h5",      "h6",    "header",     "hr",       "li",
        "main",    "nav",     "ol",    "option",     "p",        "pre",
        "section", "summary", "table", "title",      "tr",       "ul",
    };
    for (size_t i = 0; i < COUNT_OF(blocks); i++)
        if (strcmp(blocks[i], name) == 0)
            return true;
    return false;
}

static unsigned
marks_of(const struct text_reader *reader, const char *name,
         const xmlChar **attributes)
{
    if (strcmp(name, "a") == 0)
        return MARK_LINK;
    if (strcmp(name, "pre") == 0)
        return MARK_BLOCK | MARK_VERBATIM;
    if (is_block(name))
        return MARK_BLOCK;
    /* Mastodon shortens links with these classes. Elsewhere they mean nothing:
     * a post must not be able to hide its text from the screen. */
    if (!reader->links || strcmp(name, "span") != 0)
        return 0;
    return (has_class(attributes, "invisible") ? MARK_HIDDEN : 0u) |
           (has_class(attributes, "ellipsis") ? MARK_ELLIPSIS : 0u);
}

static void
count_marks(struct text_reader *reader, unsigned marks, unsigned step)
{
    if (marks & MARK_LINK)
        reader->links += step;
    if (marks & MARK_HIDDEN)
        reader->hidden += step;
    if (marks & MARK_VERBATIM)
        reader->verbatim += step;
    if (marks & MARK_BLOCK && reader->newlines == 0)
        append_break(reader);
}

static void
append_image(struct text_reader *reader, const xmlChar **attributes)
{
    static const char *const emoji[] = {"emoji", "emojione", "custom-emoji",
                                        "wp-smiley", "smiley"};
    for (size_t i = 0; i < COUNT_OF(emoji); i++) {
        if (!has_class(attributes, emoji[i]))
            continue;
        append_characters(reader, span_of(attribute(attributes, "alt")));
        return;
    }
}

static void
on_start(void *context, const xmlChar *xml_name, const xmlChar **attributes)
{
    struct text_reader *reader = context;
    const char *name = (const char *)xml_name;
    if (reader->depth == DEPTH_MAX) {
        reader->stopped_at = xmlByteConsumed(reader->parser);
        xmlStopParser(reader->parser);
        return;
    }
    unsigned marks = marks_of(reader, name, attributes);
    reader->marks[reader->depth++] = (unsigned char)marks;
    count_marks(reader, marks, 1u);
    if (strcmp(name, "br") == 0)
        append_break(reader);
    else if (strcmp(name, "img") == 0)
        append_image(reader, attributes);
}

static void
on_end(void *context, const xmlChar *name)
{
    struct text_reader *reader = context;
    if (reader->depth == 0)
        return;
    unsigned marks = reader->marks[--reader->depth];
    if (marks & MARK_ELLIPSIS)
        append_characters(reader, span_of("…"));
    count_marks(reader, marks, -1u);
    if (strcmp((const char *)name, "td") == 0 ||
        strcmp((const char *)name, "th") == 0)
        reader->space = true;
}

static void
on_characters(void *context, const xmlChar *text, int len)
{
    append_characters(context, (struct span){(const char *)text, (size_t)len});
}

/* Script and style: not for people. */
static void
on_code(void *context, const xmlChar *code, int len)
{
}

static void
free_parser(htmlParserCtxtPtr *parser)
{
    htmlFreeParserCtxt(*parser);
}

/* Reads from the start of html; returns how far it came, or -1. */
static long
read_part(struct text_reader *reader, struct span html)
{
    CLEANUP(free_parser) htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (!parser)
        return -1;
    *parser->sax = (xmlSAXHandler){
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_characters,
        .ignorableWhitespace = on_characters,
        .cdataBlock = on_code,
    };
    parser->userData = reader;
    reader->parser = parser;
    reader->depth = 0;
    reader->links = reader->hidden = reader->verbatim = 0;
    reader->stopped_at = -1;
    int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                  HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                  HTML_PARSE_IGNORE_ENC;
    htmlDocPtr none = htmlCtxtReadMemory(parser, html.at, (int)html.len, NULL,
                                         "UTF-8", options);
    xmlFreeDoc(none);
    if (reader->stopped_at < 0 || (size_t)reader->stopped_at >= html.len)
        return (long)html.len;
    return reader->stopped_at;
}

/* Elements deeper than DEPTH_MAX: the rest is read as if it began anew, so
 * that nothing can hide down there. */
static bool
read_all(struct text_reader *reader, struct span html, struct error *err)
{
    while (html.len > 0) {
        long read = read_part(reader, html);
        if (read < 0)
            return error_no_memory(err);
        size_t next = (size_t)read;
        if (next < html.len) {
            /* It stopped at the end of a tag, before its ">". */
            const char *end = memchr(html.at + next, '>', html.len - next);
            next = end ? (size_t)(end - html.at) + 1 : html.len;
        }
        html = span_from(html, next);
    }
    return buffer_ok(reader->out) || error_no_memory(err);
}

/* Where the next tag stands that has more attributes than a person ever
 * wrote; html.len when there is none. */
static size_t
find_wild_tag(struct span html)
{
    size_t start = html.len, separators = 0;
    for (size_t i = 0; i < html.len; i++) {
        char c = html.at[i];
        if (c == '<') {
            start = i;
            separators = 0;
        } else if (c == '>') {
            separators = 0;
            start = html.len;
        } else if (is_blank(c) || c == '=' || c == '"' || c == '\'') {
            if (++separators > TAG_SEPARATORS_MAX && start < html.len)
                return start;
        }
    }
    return html.len;
}

/* The same with such tags as text, where everybody can see them. */
static void
tame(struct buffer *out, struct span html)
{
    for (;;) {
        size_t wild = find_wild_tag(html);
        buffer_append(out, html.at, wild);
        if (wild == html.len)
            return;
        buffer_append_text(out, "&lt;");
        html = span_from(html, wild + 1);
    }
}

bool
html_text(struct buffer *out, struct span html, struct error *err)
{
    if (html.len > SIZE_MAX_BYTES)
        return error_set(err, ERROR_RECORD,
                         "markup of %zu bytes: more than the limit of %zu",
                         html.len, SIZE_MAX_BYTES);
    CLEANUP(buffer_done) struct buffer clean = {0};
    CLEANUP(buffer_done) struct buffer tamed = {0};
    if (!utf8_clean(html)) {
        utf8_repair(&clean, html);
        html = buffer_span(&clean);
    }
    struct text_reader reader = {.out = out, .start = out->len};
    bool markup = html.len > 0 && (memchr(html.at, '<', html.len) ||
                                   memchr(html.at, '&', html.len));
    if (!markup) {
        append_characters(&reader, html);
        return (buffer_ok(out) && buffer_ok(&clean)) || error_no_memory(err);
    }
    if (find_wild_tag(html) < html.len) {
        tame(&tamed, html);
        html = buffer_span(&tamed);
    }
    if (!buffer_ok(&clean) || !buffer_ok(&tamed))
        return error_no_memory(err);
    return read_all(&reader, html, err);
}

const char *
html_text_library_version(void)
{
    return "libxml2 " LIBXML_DOTTED_VERSION;
}
