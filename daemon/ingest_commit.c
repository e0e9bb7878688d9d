#include <unistd.h>

#include "clock.h"
#include "ingest_model.h"
#include "log.h"

enum {
    OPEN_MS = 15000,
    PAUSE_MS = 500,      /* between two attempts */
    TOGETHER_MOST = 2,   /* attempts, then page by page */
    TELL_AGAIN = 30,     /* clients made anew in a row, then it is told again */
    CHECK_TOPICS_AT = 3, /* attempts, then: are the topics still there? */
    ATTEMPTS_MOST = 12,  /* then the group is joined anew */
};

enum fate { FATE_COMMITTED, FATE_GONE, FATE_FAILED };

static bool
ending(struct ingest *ingest)
{
    return atomic_load(&ingest->stopping) || ingest_failed(ingest, NULL);
}

/* ---- the producer ---- */

static bool
make_producer(struct ingest *ingest)
{
    const struct kafka_settings settings = {ingest->config,
                                            broker_address(ingest->broker),
                                            broker_embedded(ingest->broker)};
    struct error err = {0};
    kafka_producer_free(ingest->producer);
    ingest->producer = kafka_producer_new(
        &settings, slot_transactional_id(ingest->slot), OPEN_MS, &err);
    if (!ingest->producer)
        ingest_trouble(ingest, err.message);
    return ingest->producer != NULL;
}

/* Meanwhile the group hears of us, or it would give our sources to others. */
bool
ingest_open_producer(struct ingest *ingest)
{
    struct error err = {0};
    while (!make_producer(ingest)) {
        if (ending(ingest))
            return false;
        if (!ingest->consumer)
            usleep(PAUSE_MS * 1000);
        else if (!ingest_poll(ingest, PAUSE_MS, &err))
            return false;
    }
    return true;
}

/* A commit that timed out may have happened: the committed offset tells. */
static bool
has_happened(struct ingest *ingest, const struct ingest_batch *batch)
{
    struct kafka_offset offsets[CURSOR_PARTITIONS],
        committed[CURSOR_PARTITIONS];
    struct error err = {0};
    size_t count = ingest_batch_offsets(ingest, batch, offsets);
    if (!batch->commit_sent || !ingest->consumer || count == 0)
        return false;
    memcpy(committed, offsets, sizeof(committed));
    while (!kafka_consumer_committed(ingest->consumer, committed, count,
                                     INGEST_REQUEST_MS, &err)) {
        ingest_trouble(ingest, err.message);
        if (ending(ingest))
            return false;
        usleep(PAUSE_MS * 1000);
    }
    /* No other transaction commits this very offset; one beyond it may be left
     * from a topic that was there before. */
    bool happened = committed[0].offset == offsets[0].offset;
    log_notice("ingest", "the transaction whose end was not answered was %s",
               happened ? "committed" : "not committed: it is made again");
    return happened;
}

/* ---- until it stands ---- */

static void
count_abort(struct ingest *ingest)
{
    pthread_mutex_lock(&ingest->lock);
    ingest->counts.aborts++;
    pthread_mutex_unlock(&ingest->lock);
}

/* After a failed attempt: the transaction is over, or its producer is. true:
 * it was committed after all. */
static bool
clear_away(struct ingest *ingest, const struct ingest_batch *batch,
           enum kafka_outcome outcome, struct error *err)
{
    count_abort(ingest);
    if (outcome == KAFKA_ABORT || outcome == KAFKA_RETRY)
        outcome =
            kafka_producer_abort(ingest->producer, INGEST_REQUEST_MS, err);
    if (outcome == KAFKA_OK || ending(ingest))
        return false;
    if (ingest->remade++ % TELL_AGAIN == 0)
        log_warning("ingest", "%s: the Kafka client is made anew",
                    err->message);
    return ingest_open_producer(ingest) && has_happened(ingest, batch);
}

/* A topic that somebody deleted does not come back by waiting. */
static void
check_topics(struct ingest *ingest)
{
    struct error err = {0};
    if (!broker_check(ingest->broker, &err) && err.kind == ERROR_FATAL)
        ingest_fail(ingest, &err);
}

/* Tries until the batch stands, the assignment is gone or the end has come. A
 * batch of several pages that fails twice is given up instead: one of them
 * must not stop the others. */
static enum fate
commit_batch(struct ingest *ingest, struct ingest_batch *batch)
{
    uint64_t epoch = ingest->epoch;
    struct error err = {0};
    for (unsigned failures = 0;;) {
        if ((!ingest->producer && !ingest_open_producer(ingest)) ||
            ingest->epoch != epoch)
            return FATE_GONE;
        enum kafka_outcome outcome = ingest_batch_attempt(ingest, batch, &err);
        if (outcome == KAFKA_OK)
            return FATE_COMMITTED;
        ingest_trouble(ingest, err.message);
        if (clear_away(ingest, batch, outcome, &err))
            return FATE_COMMITTED;
        if (batch->hopeless)
            return FATE_FAILED;
        if (++failures % CHECK_TOPICS_AT == 0)
            check_topics(ingest);
        /* Heartbeats and rebalances go on while Kafka is away. */
        int pause_ms = failures > 1 ? PAUSE_MS : 0;
        ingest->must_rejoin = ingest->must_rejoin || failures >= ATTEMPTS_MOST;
        if (ending(ingest) || ingest->must_rejoin ||
            !ingest_poll(ingest, pause_ms, &err) || ingest->epoch != epoch)
            return FATE_GONE;
        if (batch->page_count > 1 &&
            (batch->refused || failures == TOGETHER_MOST))
            return FATE_FAILED;
        batch->careful = batch->careful || batch->refused;
    }
}

static enum fate
commit_pages(struct ingest *ingest, struct page **pages, size_t count)
{
    CLEANUP(ingest_batch_done) struct ingest_batch batch;
    if (!ingest_batch_init(&batch, pages, count)) {
        ingest_trouble(ingest, "out of memory: pages wait");
        return FATE_FAILED;
    }
    enum fate fate = commit_batch(ingest, &batch);
    if (batch.hopeless)
        ingest_trouble(ingest, "Kafka does not take a cursor record: raise "
                               "max.message.bytes of the topic of cursors");
    if (fate != FATE_COMMITTED)
        return fate;
    ingest->remade = 0;
    pthread_mutex_lock(&ingest->lock);
    ingest->counts.transactions++;
    for (size_t i = 0; i < batch.record_count; i++)
        ingest->counts.rejected += batch.refusals[i].refused;
    pthread_mutex_unlock(&ingest->lock);
    return fate;
}

static void
settle(struct ingest *ingest, struct page *page, bool committed)
{
    size_t rejected = 0;
    for (size_t i = 0; i < page_count(page); i++)
        rejected += page_record(page, i)->topic == PAGE_REJECTED;
    pthread_mutex_lock(&ingest->lock);
    if (committed) {
        ingest->counts.pages++;
        ingest->counts.posts += page_posts(page);
        ingest->counts.rejected += rejected;
    }
    pthread_mutex_unlock(&ingest->lock);
    fetcher_settled(ingest->fetcher, page_ticket(page), committed);
    page_free(page);
}

void
ingest_commit(struct ingest *ingest, struct page **pages, size_t count)
{
    enum fate together = commit_pages(ingest, pages, count);
    uint64_t epoch = ingest->epoch;
    bool all = together == FATE_COMMITTED;
    if (together == FATE_FAILED && count > 1)
        log_warning("ingest", "%zu pages go one by one", count);
    for (size_t i = 0; i < count; i++) {
        bool committed = together == FATE_COMMITTED;
        if (together == FATE_FAILED && count > 1 && ingest->epoch == epoch &&
            !ending(ingest))
            committed = commit_pages(ingest, &pages[i], 1) == FATE_COMMITTED;
        all = all || committed;
        settle(ingest, pages[i], committed);
    }
    if (all)
        ingest_trouble(ingest, "");
}
