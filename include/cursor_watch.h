/*
 * cursor_watch.h - follows the cursors that other processes write, as they
 * are committed, and hands them to cursor_news.h.
 *
 * Without a group: it takes nothing from anybody. Where this process owns all
 * partitions it has no connection.
 *
 * Threads: the ingest thread.
 */
#ifndef KAROOL_CURSOR_WATCH_H
#define KAROOL_CURSOR_WATCH_H

#include "cursor_news.h"
#include "kafka.h"

struct cursor_watch;

/* `topic` and what `settings` point to must outlive it. */
MUST_USE struct cursor_watch *
cursor_watch_new(const struct kafka_settings *settings, const char *topic,
                 struct cursor_news *news, struct error *err);
void cursor_watch_free(struct cursor_watch *watch);
/* Takes what has come, without waiting. `ours`: what need not be followed. */
void cursor_watch_turn(struct cursor_watch *watch,
                       const bool ours[CURSOR_PARTITIONS]);

#endif
