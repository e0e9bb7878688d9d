#include "feed.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <pthread.h>
#include <string.h>

#include "feed_bytes.h"
#include "feed_item.h"

#define FEED_SIZE_MAX ((size_t)8 * 1000 * 1000)

enum { ELEMENTS_MAX = 200 * 1000 };

/* What our hooks in the parser found. */
struct feed_watch {
    size_t elements;
    bool entities; /* the document declares some: a bomb, or worse */
};

static void
free_document(xmlDocPtr *document)
{
    xmlFreeDoc(*document);
}

static void
free_parser(xmlParserCtxtPtr *parser)
{
    xmlFreeParserCtxt(*parser);
}

static void
on_entity(void *context, const xmlChar *name, int type,
          const xmlChar *public_id, const xmlChar *system_id, xmlChar *content)
{
    xmlParserCtxtPtr parser = context;
    struct feed_watch *watch = parser->_private;
    watch->entities = true;
    xmlStopParser(parser);
}

static void
on_element(void *context, const xmlChar *name, const xmlChar *prefix,
           const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
           int attribute_count, int defaulted_count, const xmlChar **attributes)
{
    xmlParserCtxtPtr parser = context;
    struct feed_watch *watch = parser->_private;
    if (++watch->elements > ELEMENTS_MAX) {
        xmlStopParser(parser);
        return;
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count,
                          namespaces, attribute_count, defaulted_count,
                          attributes);
}

static bool
parse_failed(xmlParserCtxtPtr parser, const struct feed_watch *watch,
             struct error *err)
{
    if (watch->entities)
        return error_set(err, ERROR_RECORD,
                         "the feed declares entities of its own, which are "
                         "never expanded");
    if (watch->elements > ELEMENTS_MAX)
        return error_set(err, ERROR_RECORD,
                         "the feed has more than %d elements", ELEMENTS_MAX);
    const xmlError *found = xmlCtxtGetLastError(parser);
    if (!found || !found->message)
        return error_set(err, ERROR_RECORD, "the feed is not XML");
    struct span message = span_trim(span_of(found->message));
    return error_set(err, ERROR_RECORD, "line %d: %.*s", found->line,
                     SPAN_ARGS(message));
}

static xmlDocPtr
parse_document(struct span body, struct span content_type, const char *url,
               struct error *err)
{
    CLEANUP(feed_bytes_done) struct feed_bytes bytes = {0};
    if (!feed_bytes_prepare(&bytes, body, content_type, err))
        return NULL;
    CLEANUP(free_parser) xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser) {
        error_no_memory(err);
        return NULL;
    }
    struct feed_watch watch = {0};
    parser->_private = &watch;
    parser->sax->entityDecl = on_entity;
    parser->sax->startElementNs = on_element;
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                  XML_PARSE_IGNORE_ENC | XML_PARSE_NOCDATA;
    xmlDocPtr document =
        xmlCtxtReadMemory(parser, bytes.text.at, (int)bytes.text.len, url,
                          bytes.encoding, options);
    if (document && !watch.entities && watch.elements <= ELEMENTS_MAX)
        return document;
    parse_failed(parser, &watch, err);
    xmlFreeDoc(document);
    return NULL;
}

static bool
named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static bool
add_items(struct arena *arena, const xmlNode *parent, struct json *list)
{
    for (const xmlNode *node = parent->children; node; node = node->next) {
        bool rss = named(node, "item") && feed_vocabulary(node) == FEED_RSS;
        bool atom = named(node, "entry") && feed_vocabulary(node) == FEED_ATOM;
        if (!rss && !atom)
            continue;
        struct json *item = json_new(arena, JSON_OBJECT);
        if (!item || !json_add(arena, list, SPAN_NONE, item) ||
            !(rss ? feed_item_rss(arena, node, item)
                  : feed_item_atom(arena, node, item)))
            return false;
    }
    return true;
}

static const xmlNode *
find_channel(const xmlNode *root)
{
    for (const xmlNode *node = root->children; node; node = node->next)
        if (named(node, "channel"))
            return node;
    return NULL;
}

/* RSS 2.0 has one language for all items. */
static bool
hand_down_language(struct arena *arena, const xmlNode *channel,
                   struct json *items)
{
    struct span language =
        feed_child_text(arena, channel, FEED_RSS, "language");
    if (!language.at)
        language =
            feed_child_text(arena, channel, FEED_DUBLIN_CORE, "language");
    for (struct json *item = items->first; language.at && item;
         item = item->next)
        if (!json_member(item, "lang") &&
            !feed_add(arena, item, "lang", language))
            return false;
    return true;
}

static struct json *
read_document(struct arena *arena, const xmlNode *root, struct error *err)
{
    bool atom = named(root, "feed") && feed_vocabulary(root) == FEED_ATOM;
    bool rss = named(root, "rss") || named(root, "RDF");
    const xmlNode *channel = rss ? find_channel(root) : root;
    if (named(root, "html")) {
        error_set(err, ERROR_RECORD, "this is a web page, not a feed");
        return NULL;
    }
    if ((!atom && !rss) || !channel) {
        error_set(err, ERROR_RECORD,
                  "this is neither RSS nor Atom: its root is <%s>",
                  (const char *)root->name);
        return NULL;
    }
    struct json *feed = json_new(arena, JSON_OBJECT);
    struct json *items = json_new(arena, JSON_ARRAY);
    enum feed_vocabulary own = atom ? FEED_ATOM : FEED_RSS;
    if (feed && items &&
        feed_add(arena, feed, "title",
                 feed_child_text(arena, channel, own, "title")) &&
        feed_add(arena, feed, "ttl",
                 feed_child_text(arena, channel, FEED_RSS, "ttl")) &&
        json_add(arena, feed, span_of("items"), items) &&
        add_items(arena, channel, items) &&
        /* RSS 1.0: the items are beside the channel. */
        (!rss || add_items(arena, root, items)) &&
        (!rss || hand_down_language(arena, channel, items)))
        return feed;
    error_no_memory(err);
    return NULL;
}

struct json *
feed_parse(struct arena *arena, struct span body, struct span content_type,
           struct span base_url, struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, xmlInitParser);
    if (body.len > FEED_SIZE_MAX) {
        error_set(err, ERROR_RECORD,
                  "a feed of %zu bytes: more than the limit of %zu", body.len,
                  FEED_SIZE_MAX);
        return NULL;
    }
    const char *url = NULL;
    if (base_url.len && !(url = arena_copy(arena, base_url))) {
        error_no_memory(err);
        return NULL;
    }
    CLEANUP(free_document)
    xmlDocPtr document = parse_document(body, content_type, url, err);
    if (!document)
        return NULL;
    const xmlNode *root = xmlDocGetRootElement(document);
    if (!root) {
        error_set(err, ERROR_RECORD, "the feed is empty");
        return NULL;
    }
    return read_document(arena, root, err);
}
