#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "ingest_model.h"
#include "log.h"
#include "rejected_record.h"

enum {
    FLUSH_MS = 10000,
    REQUEST_MS = 10000,
    OPEN_MS = 15000,
    PAUSE_MS = 1000, /* between two attempts */
};

struct batch {
    struct page **pages;
    size_t page_count;
    struct kafka_delivery *deliveries; /* one a record */
    bool *refused; /* the broker will never take it: rejected instead */
    size_t record_count;
    /* Highest cursor record of each partition, from its delivery. */
    int64_t cursors[CURSOR_PARTITIONS];
};

/* "source/stream/target#0" belongs where its source does. */
static int32_t
partition_of_record(const struct ingest *ingest,
                    const struct page_record *record)
{
    if (record->topic == PAGE_POSTS)
        return partition_of(record->key,
                            (int32_t)broker_partitions(ingest->broker));
    if (record->topic == PAGE_REJECTED)
        return 0;
    const char *slash = memchr(record->key.at, '/', record->key.len);
    struct span id = {record->key.at, slash ? (size_t)(slash - record->key.at)
                                            : record->key.len};
    return cursor_partition(id);
}

static const char *
topic_of_record(const struct config *config, const struct page_record *record)
{
    switch (record->topic) {
    case PAGE_POSTS:
        return config->topics.posts;
    case PAGE_CURSORS:
        return config->topics.cursors;
    case PAGE_REJECTED:
        break;
    }
    return config->topics.rejected;
}

/* Embedded: what is written before the screen has read it is forgotten. */
static void
wait_for_screen(struct ingest *ingest)
{
    struct screen_counts counts;
    if (!broker_embedded(ingest->broker) || !ingest->screen)
        return;
    for (;;) {
        screen_counts(ingest->screen, &counts);
        bool behind =
            ingest->produced_bytes > counts.bytes + EMBEDDED_BYTES_MOST;
        pthread_mutex_lock(&ingest->lock);
        ingest->counts.held = behind;
        pthread_mutex_unlock(&ingest->lock);
        if (!behind || atomic_load(&ingest->stopping))
            return;
        usleep(2000);
    }
}

static enum kafka_outcome
produce(struct ingest *ingest, struct kafka_record *record, struct error *err)
{
    enum kafka_outcome outcome;
    do
        outcome = kafka_producer_produce(ingest->producer, record, err);
    while (outcome == KAFKA_RETRY && !atomic_load(&ingest->stopping));
    return outcome;
}

static enum kafka_outcome
produce_record(struct ingest *ingest, struct batch *batch, size_t index,
               const struct page_record *from, struct error *err)
{
    struct kafka_record record = {
        .topic = topic_of_record(ingest->config, from),
        .partition = partition_of_record(ingest, from),
        .key = from->key,
        .value = from->value,
        .timestamp_ms = from->timestamp_ms,
        .delivery = &batch->deliveries[index],
    };
    CLEANUP(buffer_done) struct buffer rejected = {0};
    if (batch->refused[index]) {
        const struct rejected_record why = {
            .stage = "ingest",
            .reason = "Kafka does not take the record",
            .post_id = from->topic == PAGE_POSTS ? from->key : SPAN_NONE,
            .bytes = from->value,
            .keep = ingest->config->rejected_keep,
        };
        if (!rejected_write(&rejected, &why, err))
            return KAFKA_ABORT;
        record.topic = ingest->config->topics.rejected;
        record.partition = 0;
        record.value = buffer_span(&rejected);
    }
    bool post = from->topic == PAGE_POSTS && !batch->refused[index];
    if (post)
        wait_for_screen(ingest);
    enum kafka_outcome outcome = produce(ingest, &record, err);
    if (post && outcome == KAFKA_OK)
        ingest->produced_bytes += from->key.len + from->value.len;
    if (outcome == KAFKA_REFUSED && !batch->refused[index])
        batch->refused[index] = true;
    return outcome == KAFKA_REFUSED ? KAFKA_ABORT : outcome;
}

/* Puts all records into the open transaction. */
static enum kafka_outcome
fill(struct ingest *ingest, struct batch *batch, struct error *err)
{
    size_t index = 0;
    for (size_t i = 0; i < batch->page_count; i++)
        for (size_t j = 0; j < page_count(batch->pages[i]); j++, index++) {
            enum kafka_outcome outcome = produce_record(
                ingest, batch, index, page_record(batch->pages[i], j), err);
            if (outcome != KAFKA_OK)
                return outcome;
        }
    return kafka_producer_flush(ingest->producer, FLUSH_MS, err);
}

/* After the flush: what was not stored, and how far the cursors are. */
static enum kafka_outcome
read_deliveries(struct batch *batch, struct error *err)
{
    size_t index = 0;
    for (int i = 0; i < CURSOR_PARTITIONS; i++)
        batch->cursors[i] = -1;
    for (size_t i = 0; i < batch->page_count; i++)
        for (size_t j = 0; j < page_count(batch->pages[i]); j++, index++) {
            const struct kafka_delivery *delivery = &batch->deliveries[index];
            const struct page_record *record = page_record(batch->pages[i], j);
            if (delivery->outcome == KAFKA_REFUSED)
                batch->refused[index] = true;
            if (delivery->outcome != KAFKA_OK) {
                error_set(err, ERROR_RETRY, "%s", delivery->reason);
                return KAFKA_ABORT;
            }
            if (record->topic != PAGE_CURSORS || batch->refused[index])
                continue;
            const char *slash = memchr(record->key.at, '/', record->key.len);
            struct span id = {record->key.at,
                              slash ? (size_t)(slash - record->key.at) : 0};
            int64_t *highest = &batch->cursors[cursor_partition(id)];
            if (delivery->offset > *highest)
                *highest = delivery->offset;
        }
    return KAFKA_OK;
}

static size_t
batch_offsets(const struct batch *batch, struct kafka_offset *offsets)
{
    size_t count = 0;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        if (batch->cursors[i] >= 0)
            offsets[count++] = (struct kafka_offset){i, batch->cursors[i] + 1};
    return count;
}

static enum kafka_outcome
attempt(struct ingest *ingest, struct batch *batch, struct error *err)
{
    struct kafka_offset offsets[CURSOR_PARTITIONS];
    enum kafka_outcome outcome = kafka_producer_begin(ingest->producer, err);
    if (outcome == KAFKA_OK)
        outcome = fill(ingest, batch, err);
    if (outcome == KAFKA_OK)
        outcome = read_deliveries(batch, err);
    if (outcome != KAFKA_OK)
        return outcome;
    size_t count = batch_offsets(batch, offsets);
    do
        outcome = kafka_producer_send_offsets(
            ingest->producer, ingest->consumer, ingest->config->topics.cursors,
            offsets, count, REQUEST_MS, err);
    while (outcome == KAFKA_RETRY && !atomic_load(&ingest->stopping));
    if (outcome != KAFKA_OK)
        return outcome;
    do
        outcome = kafka_producer_commit(ingest->producer, REQUEST_MS, err);
    while (outcome == KAFKA_RETRY && !atomic_load(&ingest->stopping));
    return outcome;
}

/* A commit that timed out may have happened: the committed offset tells. */
static bool
has_happened(struct ingest *ingest, const struct batch *batch)
{
    struct kafka_offset offsets[CURSOR_PARTITIONS],
        committed[CURSOR_PARTITIONS];
    size_t count = batch_offsets(batch, offsets);
    struct error err = {0};
    if (!ingest->consumer || count == 0)
        return false;
    memcpy(committed, offsets, sizeof(committed));
    while (!kafka_consumer_committed(ingest->consumer, committed, count,
                                     REQUEST_MS, &err))
        if (atomic_load(&ingest->stopping))
            return false;
    return committed[0].offset >= offsets[0].offset;
}

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

static bool
remake_producer(struct ingest *ingest)
{
    while (!make_producer(ingest)) {
        if (atomic_load(&ingest->stopping))
            return false;
        usleep(PAUSE_MS * 1000);
    }
    return true;
}

static bool
batch_init(struct batch *batch, struct page **pages, size_t count)
{
    *batch = (struct batch){.pages = pages, .page_count = count};
    for (int i = 0; i < CURSOR_PARTITIONS; i++)
        batch->cursors[i] = -1;
    for (size_t i = 0; i < count; i++)
        batch->record_count += page_count(pages[i]);
    batch->deliveries =
        calloc(batch->record_count + 1, sizeof(*batch->deliveries));
    batch->refused = calloc(batch->record_count + 1, sizeof(*batch->refused));
    return batch->deliveries && batch->refused;
}

/* Tries until the batch stands, the assignment is gone, or the end has come.
 * An aborted batch is tried again as it is; records that the broker refused
 * have become rejected ones by then, so that none stops the others. */
static bool
commit_batch(struct ingest *ingest, struct batch *batch)
{
    uint64_t epoch = ingest->epoch;
    while (ingest->epoch == epoch) {
        struct error err = {0};
        if (!ingest->producer && !remake_producer(ingest))
            return false;
        enum kafka_outcome outcome = attempt(ingest, batch, &err);
        if (outcome == KAFKA_OK)
            return true;
        ingest_trouble(ingest, err.message);
        pthread_mutex_lock(&ingest->lock);
        ingest->counts.aborts++;
        pthread_mutex_unlock(&ingest->lock);
        if (outcome == KAFKA_ABORT || outcome == KAFKA_RETRY)
            outcome = kafka_producer_abort(ingest->producer, REQUEST_MS, &err);
        if (outcome != KAFKA_OK) {
            log_warning("ingest", "%s: the Kafka client is made anew",
                        err.message);
            if (!remake_producer(ingest))
                return false;
            if (has_happened(ingest, batch))
                return true;
        }
        if (atomic_load(&ingest->stopping))
            return false;
        /* Heartbeats and rebalances go on while Kafka is away. */
        if (!ingest_poll(ingest, PAUSE_MS, &err))
            return false;
    }
    return false;
}

void
ingest_commit(struct ingest *ingest, struct page **pages, size_t count)
{
    struct batch batch;
    size_t posts = 0, rejected = 0;
    bool committed =
        batch_init(&batch, pages, count) && commit_batch(ingest, &batch);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < page_count(pages[i]); j++)
            rejected += page_record(pages[i], j)->topic == PAGE_REJECTED;
        posts += page_posts(pages[i]);
        fetcher_settled(ingest->fetcher, page_ticket(pages[i]), committed);
        page_free(pages[i]);
    }
    free(batch.deliveries);
    free(batch.refused);
    if (!committed)
        return;
    pthread_mutex_lock(&ingest->lock);
    ingest->counts.transactions++;
    ingest->counts.pages += count;
    ingest->counts.posts += posts;
    ingest->counts.rejected += rejected;
    pthread_mutex_unlock(&ingest->lock);
    ingest_trouble(ingest, "");
}
