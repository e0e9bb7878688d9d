#include "feed_item.h"

#include <libxml/tree.h>
#include <libxml/uri.h>
#include <string.h>

#include "buffer.h"

static void
free_text(xmlChar **text)
{
    if (*text)
        xmlFree(*text);
}

static void
free_xml_buffer(xmlBufferPtr *buffer)
{
    xmlBufferFree(*buffer);
}

enum feed_vocabulary
feed_vocabulary(const void *node)
{
    static const struct {
        const char *uri;
        enum feed_vocabulary vocabulary;
    } known[] = {
        {"http://purl.org/rss/1.0/", FEED_RSS},
        {"http://my.netscape.com/rdf/simple/0.9/", FEED_RSS},
        {"http://backend.userland.com/rss2", FEED_RSS},
        {"http://www.w3.org/2005/Atom", FEED_ATOM},
        {"http://purl.org/atom/ns#", FEED_ATOM},
        {"http://purl.org/dc/elements/1.1/", FEED_DUBLIN_CORE},
        {"http://purl.org/rss/1.0/modules/content/", FEED_CONTENT},
        {"http://purl.org/dc/terms/", FEED_TERMS},
    };
    const xmlNode *element = node;
    if (!element->ns || !element->ns->href)
        return FEED_RSS;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp((const char *)element->ns->href, known[i].uri) == 0)
            return known[i].vocabulary;
    return FEED_OTHER;
}

static bool
is_element(const xmlNode *node, enum feed_vocabulary vocabulary,
           const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0 &&
           feed_vocabulary(node) == vocabulary;
}

static const xmlNode *
find_child(const xmlNode *parent, enum feed_vocabulary vocabulary,
           const char *name)
{
    for (const xmlNode *node = parent->children; node; node = node->next)
        if (is_element(node, vocabulary, name))
            return node;
    return NULL;
}

/* A copy in the arena, without blanks at the ends; absent when empty. */
static struct span
keep(struct arena *arena, const xmlChar *text)
{
    struct span span = span_trim(span_of((const char *)text));
    if (!span.len)
        return SPAN_NONE;
    span.at = arena_copy(arena, span);
    return span.at ? span : SPAN_NONE;
}

static struct span
node_text(struct arena *arena, const xmlNode *node)
{
    if (!node)
        return SPAN_NONE;
    CLEANUP(free_text) xmlChar *text = xmlNodeGetContent(node);
    return keep(arena, text);
}

static struct span
attribute(struct arena *arena, const xmlNode *node, const char *name)
{
    CLEANUP(free_text)
    xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
    return keep(arena, text);
}

struct span
feed_child_text(struct arena *arena, const void *parent,
                enum feed_vocabulary vocabulary, const char *name)
{
    return node_text(arena, find_child(parent, vocabulary, name));
}

bool
feed_add(struct arena *arena, struct json *object, const char *name,
         struct span text)
{
    if (!text.at)
        return true;
    struct json *value = json_new_string(arena, text);
    return value && json_add(arena, object, span_of(name), value);
}

/* The first that is there. */
static struct span
first_of(const struct span *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (texts[i].at)
            return texts[i];
    return SPAN_NONE;
}

/* A link as an absolute URL, where the document tells its base. */
static struct span
resolve(struct arena *arena, const xmlNode *node, struct span link)
{
    if (!link.at)
        return link;
    CLEANUP(free_text) xmlChar *base = xmlNodeGetBase(node->doc, node);
    if (!base)
        return link;
    CLEANUP(free_text)
    xmlChar *url = xmlBuildURI((const xmlChar *)link.at, base);
    return url ? keep(arena, url) : link;
}

static bool
has_elements(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            return true;
    return false;
}

/* What is inside of an element, as markup. */
static struct span
inner_markup(struct arena *arena, const xmlNode *node)
{
    CLEANUP(free_xml_buffer) xmlBufferPtr buffer = xmlBufferCreate();
    if (!buffer)
        return SPAN_NONE;
    for (xmlNode *child = node->children; child; child = child->next)
        if (xmlNodeDump(buffer, node->doc, child, 0, 0) < 0)
            return SPAN_NONE;
    return keep(arena, xmlBufferContent(buffer));
}

/* RSS: escaped markup, or markup as it is. */
static struct span
rss_markup(struct arena *arena, const xmlNode *node)
{
    if (!node)
        return SPAN_NONE;
    return has_elements(node) ? inner_markup(arena, node)
                              : node_text(arena, node);
}

static struct span
escape(struct arena *arena, struct span text)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '<' || c == '>' || c == '&')
            buffer_append_text(&out, c == '<'   ? "&lt;"
                                     : c == '>' ? "&gt;"
                                                : "&amp;");
        else
            buffer_append_byte(&out, c);
    }
    return keep(arena, (const xmlChar *)buffer_text(&out));
}

/* Atom's text construct (RFC 4287, 3.1) as markup. */
static struct span
atom_markup(struct arena *arena, const xmlNode *node)
{
    if (!node)
        return SPAN_NONE;
    struct span type = attribute(arena, node, "type");
    if (span_is(type, "xhtml") || has_elements(node))
        return inner_markup(arena, node);
    struct span text = node_text(arena, node);
    bool markup = span_is(type, "html") || span_is(type, "text/html");
    return markup ? text : escape(arena, text);
}

static bool
add_categories(struct arena *arena, const xmlNode *node, struct json *item)
{
    struct json *list = json_new(arena, JSON_ARRAY);
    if (!list)
        return false;
    for (const xmlNode *child = node->children; child; child = child->next) {
        struct span text = SPAN_NONE;
        if (is_element(child, FEED_RSS, "category") ||
            is_element(child, FEED_DUBLIN_CORE, "subject"))
            text = node_text(arena, child);
        else if (is_element(child, FEED_ATOM, "category"))
            text = attribute(arena, child, "term");
        if (!text.at)
            continue;
        struct json *value = json_new_string(arena, text);
        if (!value || !json_add(arena, list, SPAN_NONE, value))
            return false;
    }
    return list->count == 0 ||
           json_add(arena, item, span_of("categories"), list);
}

static struct span
language_of(struct arena *arena, const xmlNode *node)
{
    CLEANUP(free_text) xmlChar *language = xmlNodeGetLang(node);
    return keep(arena, language);
}

/* A link, which may also be a guid that says it is one, or atom:link. */
static struct span
rss_link(struct arena *arena, const xmlNode *node)
{
    struct span link = feed_child_text(arena, node, FEED_RSS, "link");
    const xmlNode *guid = find_child(node, FEED_RSS, "guid");
    if (!link.at && guid &&
        !span_is(attribute(arena, guid, "isPermaLink"), "false")) {
        struct span id = node_text(arena, guid);
        if (id.at && (span_starts(id, "http://") || span_starts(id, "https:")))
            link = id;
    }
    const xmlNode *atom = find_child(node, FEED_ATOM, "link");
    if (!link.at && atom)
        link = attribute(arena, atom, "href");
    return resolve(arena, node, link);
}

bool
feed_item_rss(struct arena *arena, const void *context, struct json *item)
{
    const xmlNode *node = context;
    const struct span dates[] = {
        feed_child_text(arena, node, FEED_RSS, "pubDate"),
        feed_child_text(arena, node, FEED_DUBLIN_CORE, "date"),
        feed_child_text(arena, node, FEED_ATOM, "published"),
    };
    const struct span updates[] = {
        feed_child_text(arena, node, FEED_ATOM, "updated"),
        feed_child_text(arena, node, FEED_TERMS, "modified"),
    };
    const struct span authors[] = {
        feed_child_text(arena, node, FEED_DUBLIN_CORE, "creator"),
        feed_child_text(arena, node, FEED_RSS, "author"),
    };
    const struct span languages[] = {
        feed_child_text(arena, node, FEED_DUBLIN_CORE, "language"),
        language_of(arena, node),
    };
    const struct span texts[] = {
        rss_markup(arena, find_child(node, FEED_CONTENT, "encoded")),
        rss_markup(arena, find_child(node, FEED_RSS, "description")),
    };
    return feed_add(arena, item, "id",
                    feed_child_text(arena, node, FEED_RSS, "guid")) &&
           feed_add(arena, item, "link", rss_link(arena, node)) &&
           feed_add(arena, item, "title",
                    feed_child_text(arena, node, FEED_RSS, "title")) &&
           feed_add(arena, item, "html", first_of(texts, COUNT_OF(texts))) &&
           feed_add(arena, item, "author",
                    first_of(authors, COUNT_OF(authors))) &&
           feed_add(arena, item, "date", first_of(dates, COUNT_OF(dates))) &&
           feed_add(arena, item, "updated",
                    first_of(updates, COUNT_OF(updates))) &&
           feed_add(arena, item, "lang",
                    first_of(languages, COUNT_OF(languages))) &&
           add_categories(arena, node, item);
}

static struct span
atom_link(struct arena *arena, const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (!is_element(child, FEED_ATOM, "link"))
            continue;
        struct span rel = attribute(arena, child, "rel");
        if (!rel.at || span_is(rel, "alternate"))
            return resolve(arena, child, attribute(arena, child, "href"));
    }
    return SPAN_NONE;
}

static struct span
atom_author(struct arena *arena, const xmlNode *node)
{
    const xmlNode *author = find_child(node, FEED_ATOM, "author");
    if (!author && node->parent)
        author = find_child(node->parent, FEED_ATOM, "author");
    if (!author)
        return SPAN_NONE;
    return feed_child_text(arena, author, FEED_ATOM, "name");
}

bool
feed_item_atom(struct arena *arena, const void *context, struct json *item)
{
    const xmlNode *node = context;
    const struct span texts[] = {
        atom_markup(arena, find_child(node, FEED_ATOM, "content")),
        atom_markup(arena, find_child(node, FEED_ATOM, "summary")),
    };
    struct span updated = feed_child_text(arena, node, FEED_ATOM, "updated");
    const struct span dates[] = {
        feed_child_text(arena, node, FEED_ATOM, "published"),
        feed_child_text(arena, node, FEED_ATOM, "issued"), /* Atom 0.3 */
        updated,
    };
    return feed_add(arena, item, "id",
                    feed_child_text(arena, node, FEED_ATOM, "id")) &&
           feed_add(arena, item, "link", atom_link(arena, node)) &&
           feed_add(arena, item, "title",
                    atom_markup(arena, find_child(node, FEED_ATOM, "title"))) &&
           feed_add(arena, item, "html", first_of(texts, COUNT_OF(texts))) &&
           feed_add(arena, item, "author", atom_author(arena, node)) &&
           feed_add(arena, item, "date", first_of(dates, COUNT_OF(dates))) &&
           feed_add(arena, item, "updated", updated) &&
           feed_add(arena, item, "lang", language_of(arena, node)) &&
           add_categories(arena, node, item);
}
