/*
 * feed_item.h - one <item> or <entry> of a feed as a JSON object.
 *
 * Threads: any. Ownership: the object is the arena's. Private to feed; nodes
 * are libxml2's, which headers do not name.
 */
#ifndef KAROOL_FEED_ITEM_H
#define KAROOL_FEED_ITEM_H

#include "arena.h"
#include "json.h"

/* Elements of the same local name mean different things in these. */
enum feed_vocabulary {
    FEED_RSS, /* also without a namespace, and RSS 1.0's */
    FEED_ATOM,
    FEED_DUBLIN_CORE,
    FEED_CONTENT, /* content:encoded */
    FEED_TERMS,   /* dcterms */
    FEED_OTHER,
};

/* `node` is an xmlNodePtr. */
enum feed_vocabulary feed_vocabulary(const void *node);
/* Adds a text without blanks at its ends; nothing when there is none. false:
 * no memory. */
MUST_USE bool feed_add(struct arena *arena, struct json *object,
                       const char *name, struct span text);
/* The text of the child of that name, or absent; copied into the arena. */
struct span feed_child_text(struct arena *arena, const void *parent,
                            enum feed_vocabulary vocabulary, const char *name);
MUST_USE bool feed_item_rss(struct arena *arena, const void *node,
                            struct json *item);
MUST_USE bool feed_item_atom(struct arena *arena, const void *node,
                             struct json *item);

#endif
