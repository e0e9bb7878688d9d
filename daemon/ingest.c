#include "ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "ingest_model.h"
#include "log.h"

void
ingest_trouble(struct ingest *ingest, const char *text)
{
    pthread_mutex_lock(&ingest->lock);
    bool changed = strcmp(ingest->counts.trouble, text) != 0;
    snprintf(ingest->counts.trouble, sizeof(ingest->counts.trouble), "%.255s",
             text);
    pthread_mutex_unlock(&ingest->lock);
    if (changed && text[0])
        log_warning("ingest", "%s", text);
}

/* The fetcher's sink: pages wait here for the ingest thread. */
static void
take_page(void *context, struct page *page)
{
    struct ingest *ingest = context;
    pthread_mutex_lock(&ingest->lock);
    if (ingest->page_count == ingest->page_capacity) {
        size_t capacity =
            ingest->page_capacity ? 2 * ingest->page_capacity : 64;
        struct page **pages =
            realloc(ingest->pages, capacity * sizeof(struct page *));
        if (pages) {
            ingest->pages = pages;
            ingest->page_capacity = capacity;
        }
    }
    bool taken = ingest->page_count < ingest->page_capacity;
    if (taken) {
        ingest->pages[ingest->page_count++] = page;
        ingest->page_bytes += page_bytes(page);
        pthread_cond_signal(&ingest->filled);
    }
    pthread_mutex_unlock(&ingest->lock);
    if (!taken) {
        fetcher_settled(ingest->fetcher, page_ticket(page), false);
        page_free(page);
    }
}

void
ingest_drop_pages(struct ingest *ingest)
{
    pthread_mutex_lock(&ingest->lock);
    for (size_t i = 0; i < ingest->page_count; i++)
        page_free(ingest->pages[i]);
    ingest->page_count = 0;
    ingest->page_bytes = 0;
    pthread_mutex_unlock(&ingest->lock);
}

/* Waits for pages, then a little for more of them; NULL when none came. */
static struct page **
collect(struct ingest *ingest, size_t *count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += INGEST_BATCH_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&ingest->lock);
    while (ingest->page_bytes < INGEST_BATCH_BYTES &&
           !atomic_load(&ingest->stopping) &&
           pthread_cond_timedwait(&ingest->filled, &ingest->lock, &until) == 0)
        continue;
    struct page **pages = ingest->page_count ? ingest->pages : NULL;
    *count = ingest->page_count;
    if (pages) {
        ingest->pages = NULL;
        ingest->page_count = ingest->page_capacity = 0;
        ingest->page_bytes = 0;
    }
    pthread_mutex_unlock(&ingest->lock);
    return pages;
}

/* Pages of another assignment never happened. */
static size_t
keep_current(struct ingest *ingest, struct page **pages, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (page_epoch(pages[i]) == ingest->epoch)
            pages[kept++] = pages[i];
        else
            page_free(pages[i]);
    }
    return kept;
}

static void
fail(struct ingest *ingest, const struct error *err)
{
    pthread_mutex_lock(&ingest->lock);
    ingest->failure = *err;
    pthread_mutex_unlock(&ingest->lock);
}

/* A consumer that failed for good is made anew; its sources stop meanwhile. */
static bool
rejoin(struct ingest *ingest, struct error *err)
{
    log_warning("ingest", "%s: joining the group anew", err->message);
    int32_t all[CURSOR_PARTITIONS];
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        all[i] = i;
    fetcher_revoke(ingest->fetcher, all, CURSOR_PARTITIONS);
    ingest_drop_pages(ingest);
    ingest->epoch++;
    kafka_consumer_free(ingest->consumer, false);
    ingest->consumer = NULL;
    sleep(1);
    return ingest_join(ingest, err);
}

static void *
ingest_run(void *context)
{
    struct ingest *ingest = context;
    struct error err = {0};
    if (!ingest_join(ingest, &err)) {
        fail(ingest, &err);
        return NULL;
    }
    while (!atomic_load(&ingest->stopping)) {
        size_t count;
        if (!ingest_poll(ingest, ingest->loading ? 100 : 0, &err) &&
            !rejoin(ingest, &err)) {
            fail(ingest, &err);
            return NULL;
        }
        struct page **pages = collect(ingest, &count);
        if (!pages)
            continue;
        count = keep_current(ingest, pages, count);
        if (count)
            ingest_commit(ingest, pages, count);
        free(pages);
    }
    kafka_consumer_free(ingest->consumer, true);
    ingest->consumer = NULL;
    return NULL;
}

struct ingest *
ingest_new(struct config *config, struct broker *broker, struct screen *screen,
           struct error *err)
{
    CLEANUP(ingest_freep) struct ingest *ingest = calloc(1, sizeof(*ingest));
    if (!ingest) {
        error_no_memory(err);
        return NULL;
    }
    pthread_mutex_init(&ingest->lock, NULL);
    pthread_cond_init(&ingest->filled, NULL);
    ingest->config = config_ref(config);
    ingest->broker = broker;
    ingest->screen = screen;
    ingest->slot = slot_take(config, "ingest", err);
    if (!ingest->slot)
        return NULL;
    ingest->fetcher = fetcher_new(config, take_page, ingest, err);
    if (!ingest->fetcher)
        return NULL;
    if (pthread_create(&ingest->thread, NULL, ingest_run, ingest) != 0) {
        error_set(err, ERROR_FATAL, "no thread for ingest");
        return NULL;
    }
    ingest->thread_started = true;
    return TAKE(ingest);
}

bool
ingest_stop(struct ingest *ingest, int deadline_ms)
{
    if (!ingest || !ingest->thread_started)
        return true;
    atomic_store(&ingest->stopping, true);
    fetcher_hold(ingest->fetcher, true);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += deadline_ms / 1000;
    until.tv_nsec += deadline_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    if (pthread_timedjoin_np(ingest->thread, NULL, &until) == 0)
        ingest->thread_started = false;
    return !ingest->thread_started;
}

void
ingest_free(struct ingest *ingest)
{
    if (!ingest)
        return;
    if (ingest->thread_started) {
        atomic_store(&ingest->stopping, true);
        pthread_join(ingest->thread, NULL);
    }
    fetcher_free(ingest->fetcher);
    ingest_drop_pages(ingest);
    kafka_producer_free(ingest->producer);
    kafka_consumer_free(ingest->consumer, true);
    slot_free(ingest->slot);
    free(ingest->pages);
    free(ingest->loads);
    map_free(ingest->records);
    arena_free(ingest->record_arena);
    config_unref(ingest->config);
    pthread_mutex_destroy(&ingest->lock);
    pthread_cond_destroy(&ingest->filled);
    free(ingest);
}

void
ingest_freep(struct ingest **ingest)
{
    ingest_free(*ingest);
}

bool
ingest_configure(struct ingest *ingest, struct config *config,
                 struct error *err)
{
    return fetcher_configure(ingest->fetcher, config, err);
}

size_t
ingest_reports(struct ingest *ingest, struct source_report *out, size_t max)
{
    return fetcher_reports(ingest->fetcher, out, max);
}

void
ingest_counts(struct ingest *ingest, struct ingest_counts *out)
{
    pthread_mutex_lock(&ingest->lock);
    *out = ingest->counts;
    pthread_mutex_unlock(&ingest->lock);
}

bool
ingest_failed(struct ingest *ingest, struct error *err)
{
    pthread_mutex_lock(&ingest->lock);
    bool failed = ingest->failure.kind != ERROR_NONE;
    if (failed && err)
        *err = ingest->failure;
    pthread_mutex_unlock(&ingest->lock);
    return failed;
}
