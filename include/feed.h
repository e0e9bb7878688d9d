/*
 * feed.h - RSS 2.0, RSS 1.0 and Atom as one JSON shape.
 *
 * {"title":…, "ttl":…, "items":[{"id","link","title","html","author","date",
 * "updated","lang","categories"}]}; a member that the feed does not have is
 * left out. `title` and `html` are markup (of RSS: what it has there); relative
 * links are resolved; dates are as written. Encodings are what the XML or the
 * Content-Type declares (windows-1251, koi8-r, …). DTDs are not loaded,
 * entities not expanded, huge documents refused.
 *
 * Threads: any. Ownership: the tree is the arena's. Errors: ERROR_RECORD with
 * the line.
 */
#ifndef KAROOL_FEED_H
#define KAROOL_FEED_H

#include "arena.h"
#include "error.h"
#include "json.h"
#include "span.h"

MUST_USE struct json *feed_parse(struct arena *arena, struct span body,
                                 struct span content_type, struct span base_url,
                                 struct error *err);

#endif
