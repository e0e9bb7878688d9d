#include "page.h"

#include <stdlib.h>

#include "arena.h"

struct page {
    struct arena *arena; /* the source's id and all records */
    const char *source_id;
    struct page_record *records;
    size_t count, capacity;
    size_t bytes, posts;
    uint64_t ticket, epoch;
};

struct page *
page_new(const char *source_id)
{
    CLEANUP(page_freep) struct page *page = calloc(1, sizeof(*page));
    if (!page || !(page->arena = arena_new()))
        return NULL;
    page->source_id = arena_copy(page->arena, span_of(source_id));
    return page->source_id ? TAKE(page) : NULL;
}

void
page_free(struct page *page)
{
    if (!page)
        return;
    arena_free(page->arena);
    free(page);
}

void
page_freep(struct page **page)
{
    page_free(*page);
}

/* An absent span stays absent, an empty one stays empty. */
static bool
copy_span(struct arena *arena, struct span *span)
{
    if (!span->at)
        return true;
    span->at = arena_copy(arena, *span);
    return span->at != NULL;
}

bool
page_add(struct page *page, enum page_topic topic, struct span key,
         struct span value, int64_t timestamp_ms)
{
    struct page_record *records =
        arena_grow(page->arena, page->records, page->count, &page->capacity,
                   sizeof(*records));
    if (!records)
        return false;
    page->records = records;
    if (!copy_span(page->arena, &key) || !copy_span(page->arena, &value))
        return false;
    records[page->count++] =
        (struct page_record){topic, key, value, timestamp_ms};
    page->bytes += key.len + value.len;
    page->posts += topic == PAGE_POSTS;
    return true;
}

size_t
page_count(const struct page *page)
{
    return page->count;
}

const struct page_record *
page_record(const struct page *page, size_t index)
{
    return &page->records[index];
}

size_t
page_bytes(const struct page *page)
{
    return page->bytes;
}

const char *
page_source(const struct page *page)
{
    return page->source_id;
}

void
page_stamp(struct page *page, uint64_t ticket, uint64_t epoch)
{
    page->ticket = ticket;
    page->epoch = epoch;
}

uint64_t
page_ticket(const struct page *page)
{
    return page->ticket;
}

uint64_t
page_epoch(const struct page *page)
{
    return page->epoch;
}

size_t
page_posts(const struct page *page)
{
    return page->posts;
}
