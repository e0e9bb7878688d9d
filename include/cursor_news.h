/*
 * cursor_news.h - what the cursors that other processes write tell: how far
 * their sources are, and whether all go by the same configuration.
 *
 * Each thing that is amiss is logged once, not with each record.
 *
 * Threads: the ingest thread; cursor_news_configure() and cursor_news_fill()
 * may be called from any.
 */
#ifndef KAROOL_CURSOR_NEWS_H
#define KAROOL_CURSOR_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "cursor_store.h"
#include "error.h"
#include "source.h"

struct cursor_news;

MUST_USE struct cursor_news *cursor_news_new(struct config *config,
                                             struct error *err);
void cursor_news_free(struct cursor_news *news);
void cursor_news_freep(struct cursor_news **news);
/* From now on these sources are ours. */
void cursor_news_configure(struct cursor_news *news, struct config *config);
/* A record that another process wrote; `live`: just now, not before. */
void cursor_news_take(struct cursor_news *news,
                      const struct cursor_record *record, bool live);
/* Was it said that another process still polls a source of this id, which is
 * the former one of one of ours? */
bool cursor_news_lives(const struct cursor_news *news, struct span former_id);
/* Records that this process has taken over. */
void cursor_news_take_over(struct cursor_news *news,
                           const struct cursor_record *records, size_t count);
/* The partitions that are ours, and others': what was known is of another
 * time. */
void cursor_news_assigned(struct cursor_news *news,
                          const bool ours[CURSOR_PARTITIONS]);
/* No partition is ours, nor is known whose it is. */
void cursor_news_parted(struct cursor_news *news);
/* Logs once which sources others poll, and how old their cursors are. */
void cursor_news_tell(struct cursor_news *news, int64_t now_wall_ms);
/* Fills in what reports say of who has the sources. */
void cursor_news_fill(struct cursor_news *news, struct source_report *reports,
                      size_t count);

#endif
