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
    bool much = ingest->page_bytes > INGEST_WAITING_MOST;
    ingest->counts.held = ingest->counts.held || much;
    pthread_mutex_unlock(&ingest->lock);
    if (much)
        fetcher_hold(ingest->fetcher, true);
    if (!taken) {
        fetcher_settled(ingest->fetcher, page_ticket(page), false);
        page_free(page);
    }
}

static void
drop_page(struct ingest *ingest, struct page *page)
{
    if (ingest->fetcher)
        fetcher_settled(ingest->fetcher, page_ticket(page), false);
    page_free(page);
}

/* All pages that wait, or NULL. The lock is held. */
static struct page **
take_pages(struct ingest *ingest, size_t *count)
{
    struct page **pages = ingest->page_count ? ingest->pages : NULL;
    *count = ingest->page_count;
    if (!pages)
        return NULL;
    ingest->pages = NULL;
    ingest->page_count = ingest->page_capacity = 0;
    ingest->page_bytes = 0;
    return pages;
}

void
ingest_drop_pages(struct ingest *ingest)
{
    size_t count;
    pthread_mutex_lock(&ingest->lock);
    struct page **pages = take_pages(ingest, &count);
    pthread_mutex_unlock(&ingest->lock);
    for (size_t i = 0; i < count; i++)
        drop_page(ingest, pages[i]);
    free(pages);
}

/* Waits for pages, then a little for more of them; NULL when none came. */
static struct page **
collect(struct ingest *ingest, size_t *count)
{
    struct timespec until = clock_monotonic_after(INGEST_BATCH_MS);
    pthread_mutex_lock(&ingest->lock);
    while (ingest->page_bytes < INGEST_BATCH_BYTES &&
           !atomic_load(&ingest->stopping) &&
           pthread_cond_timedwait(&ingest->filled, &ingest->lock, &until) == 0)
        continue;
    struct page **pages = take_pages(ingest, count);
    bool held = ingest->counts.held;
    ingest->counts.held = false;
    pthread_mutex_unlock(&ingest->lock);
    if (held && !atomic_load(&ingest->stopping))
        fetcher_hold(ingest->fetcher, false);
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
            drop_page(ingest, pages[i]);
    }
    return kept;
}

void
ingest_fail(struct ingest *ingest, const struct error *err)
{
    pthread_mutex_lock(&ingest->lock);
    ingest->failure = *err;
    pthread_mutex_unlock(&ingest->lock);
}

/* A consumer that failed for good is made anew; its sources stop meanwhile. */
static bool
rejoin(struct ingest *ingest, const char *why, struct error *err)
{
    log_warning("ingest", "%s: joining the group anew", why);
    int32_t all[CURSOR_PARTITIONS];
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        all[i] = i;
    fetcher_revoke(ingest->fetcher, all, CURSOR_PARTITIONS);
    ingest_drop_pages(ingest);
    ingest->epoch++;
    ingest->must_rejoin = false;
    kafka_consumer_free(ingest->consumer, true);
    ingest->consumer = NULL;
    sleep(1);
    return ingest_join(ingest, err);
}

/* One turn of the group; false: it cannot be joined. librdkafka 2.0.2 may lose
 * an assignment for good (issue 4059 of its tracker). */
static bool
stay_member(struct ingest *ingest, struct error *err)
{
    if (!ingest_poll(ingest, ingest->loading ? 100 : 0, err))
        return rejoin(ingest, err->message, err);
    if (ingest->must_rejoin)
        return rejoin(ingest, "transactions or their group fail", err);
    if (ingest->consumer && !ingest->joined &&
        clock_monotonic_ms() - ingest->parted_ms > KAFKA_ASSIGN_MOST_MS)
        return rejoin(ingest, "no assignment has come back", err);
    return true;
}

static void *
ingest_run(void *context)
{
    struct ingest *ingest = context;
    struct error err = {0};
    /* First of all: a transaction that a predecessor left open would hold up
     * the cursors. */
    if (!ingest_open_producer(ingest))
        return NULL;
    if (!ingest_join(ingest, &err)) {
        ingest_fail(ingest, &err);
        return NULL;
    }
    while (!atomic_load(&ingest->stopping) && !ingest_failed(ingest, NULL)) {
        size_t count;
        if (!stay_member(ingest, &err)) {
            ingest_fail(ingest, &err);
            return NULL;
        }
        if (ingest->loading) /* thousands of records may have to be read */
            continue;
        if (ingest->watch && ingest->joined) {
            ingest_former_serve(ingest);
            cursor_watch_turn(ingest->watch, ingest->owned);
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

static bool
watch_others(struct ingest *ingest, struct error *err)
{
    const struct kafka_settings settings = {
        ingest->config, broker_address(ingest->broker), false};
    ingest->news = cursor_news_new(ingest->config, err);
    if (!ingest->news || broker_embedded(ingest->broker))
        return ingest->news != NULL;
    ingest->watch = cursor_watch_new(&settings, ingest->config->topics.cursors,
                                     ingest->news, err);
    return ingest->watch != NULL;
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
    clock_init_condition(&ingest->filled);
    ingest->config = config_ref(config);
    ingest->broker = broker;
    ingest->screen = screen;
    ingest->slot = slot_take(config, "ingest", err);
    if (!ingest->slot || !watch_others(ingest, err))
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
    struct timespec until = clock_monotonic_after(deadline_ms);
    if (pthread_clockjoin_np(ingest->thread, NULL, CLOCK_MONOTONIC, &until) ==
        0)
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
    fetcher_free(TAKE(ingest->fetcher));
    ingest_drop_pages(ingest);
    kafka_producer_free(ingest->producer);
    kafka_consumer_free(ingest->consumer, true);
    cursor_watch_free(ingest->watch);
    cursor_news_free(ingest->news);
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
    if (!fetcher_configure(ingest->fetcher, config, err))
        return false;
    cursor_news_configure(ingest->news, config);
    return true;
}

size_t
ingest_reports(struct ingest *ingest, struct source_report *out, size_t max)
{
    size_t count = fetcher_reports(ingest->fetcher, out, max);
    cursor_news_fill(ingest->news, out, count < max ? count : max);
    return count;
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
