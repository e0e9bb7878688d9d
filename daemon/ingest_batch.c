#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "ingest_model.h"
#include "log.h"

enum { FLUSH_MS = 10000, AGAIN_MS = 100 };

bool
ingest_batch_init(struct ingest_batch *batch, struct page **pages, size_t count)
{
    *batch = (struct ingest_batch){.pages = pages, .page_count = count};
    for (size_t i = 0; i < count; i++)
        batch->record_count += page_count(pages[i]);
    batch->deliveries =
        calloc(batch->record_count + 1, sizeof(*batch->deliveries));
    batch->refusals = calloc(batch->record_count + 1, sizeof(*batch->refusals));
    return batch->deliveries && batch->refusals;
}

void
ingest_batch_done(struct ingest_batch *batch)
{
    free(batch->deliveries);
    free(batch->refusals);
    *batch = (struct ingest_batch){0};
}

/* The broker will never take this record: it goes to the rejected ones, and if
 * it is refused there too, nowhere. */
static void
note_refusal(struct ingest_batch *batch, size_t index,
             const struct page_record *record, const char *reason)
{
    struct ingest_refusal *refusal = &batch->refusals[index];
    if (record->topic == PAGE_CURSORS) {
        batch->hopeless = true;
        return;
    }
    if (refusal->refused || record->topic == PAGE_REJECTED) {
        log_error("ingest",
                  "a record is left out, Kafka does not even take "
                  "it as a rejected one: %s",
                  reason);
        refusal->left_out = true;
        return;
    }
    refusal->refused = true;
    snprintf(refusal->reason, sizeof(refusal->reason), "%.159s", reason);
    log_warning("ingest", "%.*s is rejected: %s", SPAN_ARGS(record->key),
                reason);
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

/* Waits for all deliveries; the mock, which has no transactions to abort, is
 * asked until it answers. */
static enum kafka_outcome
flush(struct ingest *ingest, struct error *err)
{
    enum kafka_outcome outcome;
    do
        outcome = kafka_producer_flush(ingest->producer, FLUSH_MS, err);
    while (outcome == KAFKA_RETRY && !atomic_load(&ingest->stopping));
    return outcome;
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

/* Under a former name in a partition of another process no more is changed than
 * must be: who still goes by it may need it, and who said so keeps all. */
static bool
is_of_others(const struct ingest *ingest, const struct page_record *record)
{
    struct span id = cursor_source(record->key);
    return record->topic == PAGE_CURSORS &&
           !ingest->owned[cursor_partition(id)] &&
           (!record->value.at || cursor_news_lives(ingest->news, id));
}

static enum kafka_outcome
produce_one(struct ingest *ingest, struct ingest_batch *batch, size_t index,
            const struct page_record *from, struct error *err)
{
    CLEANUP(buffer_done) struct buffer rejected = {0};
    const struct ingest_refusal *refusal = &batch->refusals[index];
    struct kafka_delivery *delivery = &batch->deliveries[index];
    struct kafka_record record;
    if (refusal->left_out || is_of_others(ingest, from)) {
        *delivery = (struct kafka_delivery){.offset = -1};
        return KAFKA_OK;
    }
    if (!ingest_record_make(ingest, from,
                            refusal->refused ? refusal->reason : NULL, &record,
                            &rejected, err))
        return KAFKA_ABORT;
    record.delivery = delivery;
    bool post = from->topic == PAGE_POSTS && !refusal->refused;
    if (post)
        wait_for_screen(ingest);
    enum kafka_outcome outcome = produce(ingest, &record, err);
    if (post && outcome == KAFKA_OK)
        ingest->produced_bytes += from->key.len + from->value.len;
    if (outcome == KAFKA_REFUSED) { /* it was not even queued */
        note_refusal(batch, index, from, err->message);
        return batch->hopeless ? KAFKA_ABORT
                               : produce_one(ingest, batch, index, from, err);
    }
    if (outcome != KAFKA_OK || !batch->careful)
        return outcome;
    /* Each record in a request of its own: only so is it known which one a
     * broker does not take. */
    outcome = flush(ingest, err);
    if (outcome == KAFKA_OK && delivery->outcome == KAFKA_REFUSED)
        note_refusal(batch, index, from, delivery->reason);
    if (outcome == KAFKA_OK && delivery->outcome != KAFKA_OK) {
        error_set(err, ERROR_RETRY, "%s", delivery->reason);
        outcome = KAFKA_ABORT;
    }
    return outcome;
}

/* Puts all records into the open transaction. */
static enum kafka_outcome
fill(struct ingest *ingest, struct ingest_batch *batch, struct error *err)
{
    size_t index = 0;
    for (size_t i = 0; i < batch->page_count; i++)
        for (size_t j = 0; j < page_count(batch->pages[i]); j++, index++) {
            enum kafka_outcome outcome = produce_one(
                ingest, batch, index, page_record(batch->pages[i], j), err);
            if (outcome != KAFKA_OK)
                return outcome;
        }
    return flush(ingest, err);
}

static void
note_cursor(struct ingest_batch *batch, const struct page_record *record,
            int64_t offset)
{
    if (record->topic != PAGE_CURSORS)
        return;
    int64_t *highest =
        &batch->cursors[cursor_partition(cursor_source(record->key))];
    if (offset > *highest)
        *highest = offset;
}

/* After the flush: was all of it stored, and how far are the cursors? */
static enum kafka_outcome
read_deliveries(struct ingest *ingest, struct ingest_batch *batch,
                struct error *err)
{
    size_t index = 0;
    bool told = false;
    enum kafka_outcome outcome = KAFKA_OK;
    for (size_t i = 0; i < batch->page_count; i++)
        for (size_t j = 0; j < page_count(batch->pages[i]); j++, index++) {
            const struct kafka_delivery *delivery = &batch->deliveries[index];
            if (delivery->outcome == KAFKA_OK) {
                note_cursor(batch, page_record(batch->pages[i], j),
                            delivery->offset);
                continue;
            }
            if (outcome == KAFKA_OK || !delivery->purged)
                error_set(err, ERROR_RETRY, "%s", delivery->reason);
            if (delivery->outcome == KAFKA_REFUSED)
                batch->refused = true;
            told = told || !delivery->purged;
            outcome = KAFKA_ABORT;
        }
    if (outcome != KAFKA_OK && !told)
        kafka_producer_why(ingest->producer, err);
    return outcome;
}

size_t
ingest_batch_offsets(const struct ingest *ingest,
                     const struct ingest_batch *batch,
                     struct kafka_offset offsets[CURSOR_PARTITIONS])
{
    size_t count = 0;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        if (batch->cursors[i] >= 0 && ingest->owned[i])
            offsets[count++] = (struct kafka_offset){i, batch->cursors[i] + 1};
    return count;
}

static enum kafka_outcome
send_offsets(struct ingest *ingest, const struct ingest_batch *batch,
             struct error *err)
{
    struct kafka_offset offsets[CURSOR_PARTITIONS];
    size_t count = ingest_batch_offsets(ingest, batch, offsets);
    for (;;) {
        enum kafka_outcome outcome = kafka_producer_send_offsets(
            ingest->producer, ingest->consumer, ingest->config->topics.cursors,
            offsets, count, INGEST_REQUEST_MS, err);
        if (outcome != KAFKA_RETRY || atomic_load(&ingest->stopping))
            return outcome;
        usleep(AGAIN_MS * 1000);
    }
}

enum kafka_outcome
ingest_batch_attempt(struct ingest *ingest, struct ingest_batch *batch,
                     struct error *err)
{
    batch->commit_sent = batch->refused = false;
    for (int i = 0; i < CURSOR_PARTITIONS; i++)
        batch->cursors[i] = -1;
    enum kafka_outcome outcome = kafka_producer_begin(ingest->producer, err);
    if (outcome == KAFKA_OK)
        outcome = fill(ingest, batch, err);
    if (outcome == KAFKA_OK)
        outcome = read_deliveries(ingest, batch, err);
    if (outcome == KAFKA_OK)
        outcome = send_offsets(ingest, batch, err);
    if (outcome != KAFKA_OK)
        return outcome;
    batch->commit_sent = true;
    for (;;) {
        outcome =
            kafka_producer_commit(ingest->producer, INGEST_REQUEST_MS, err);
        if (outcome != KAFKA_RETRY || atomic_load(&ingest->stopping))
            return outcome;
        usleep(AGAIN_MS * 1000);
    }
}
