/*
 * page.h - what one answer of a network becomes in Kafka: posts and the cursor
 * that covers them, to be committed together or not at all.
 *
 * Threads: handed over from the fetch thread to the ingest thread.
 * Ownership: page_free() frees the page and all its records.
 */
#ifndef KAROOL_PAGE_H
#define KAROOL_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "span.h"

enum page_topic { PAGE_POSTS, PAGE_CURSORS, PAGE_REJECTED };

struct page_record {
    enum page_topic topic;
    struct span key;      /* post id; cursor key (cursor_record.h) */
    struct span value;    /* absent: tombstone (cursors only) */
    int64_t timestamp_ms; /* fetched_at */
};

struct page;

MUST_USE struct page *page_new(const char *source_id);
void page_free(struct page *page);
void page_freep(struct page **page);
/* Copies key and value. */
MUST_USE bool page_add(struct page *page, enum page_topic topic,
                       struct span key, struct span value,
                       int64_t timestamp_ms);
size_t page_count(const struct page *page);
const struct page_record *page_record(const struct page *page, size_t index);
size_t page_bytes(const struct page *page);
const char *page_source(const struct page *page);
/* The ticket by which fetcher_settled() names the page, and the assignment
 * epoch under which its request was sent. */
void page_stamp(struct page *page, uint64_t ticket, uint64_t epoch);
uint64_t page_ticket(const struct page *page);
uint64_t page_epoch(const struct page *page);
size_t page_posts(const struct page *page);

#endif
