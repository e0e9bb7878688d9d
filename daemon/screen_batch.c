#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "event_headers.h"
#include "log.h"
#include "rejected_record.h"
#include "screen_model.h"

static bool
is_full(const struct screen_worker *worker)
{
    const struct screen_batch *batch = &worker->batch;
    return batch->counts.posts >= SCREEN_BATCH_RECORDS ||
           batch->output_count >= SCREEN_BATCH_EVENTS ||
           batch->output_bytes >= SCREEN_BATCH_BYTES ||
           /* The mock forgets what is not read soon: ingest waits for us. */
           (broker_embedded(worker->screen->broker) &&
            batch->counts.bytes >= 256 * 1024);
}

/* While records are at hand the clock is not read for each; where none is,
 * there is time to commit. */
bool
screen_batch_due(struct screen_worker *worker)
{
    struct screen_batch *batch = &worker->batch;
    if (!batch->open || is_full(worker))
        return batch->open;
    if (worker->more && batch->counts.posts % SCREEN_CLOCK_POSTS &&
        batch->counts.bytes - batch->looked_bytes < SCREEN_CLOCK_BYTES)
        return false;
    batch->looked_bytes = batch->counts.bytes;
    int64_t age_ms = clock_monotonic_ms() - batch->opened_ms;
    return age_ms >= SCREEN_BATCH_BEHIND_MS ||
           ((batch->caught_up || !worker->more) && age_ms >= SCREEN_BATCH_MS);
}

enum kafka_outcome
screen_batch_begin(struct screen_worker *worker, struct error *err)
{
    struct screen_batch *batch = &worker->batch;
    if (batch->open)
        return KAFKA_OK;
    enum kafka_outcome outcome = kafka_producer_begin(worker->producer, err);
    if (outcome != KAFKA_OK)
        return outcome;
    batch->open = true;
    batch->caught_up = false;
    batch->opened_ms = clock_monotonic_ms();
    return KAFKA_OK;
}

static void
reset(struct screen_worker *worker)
{
    struct screen_batch *batch = &worker->batch;
    batch->open = false;
    batch->output_count = batch->output_bytes = 0;
    batch->looked_bytes = 0;
    batch->shown_count = 0;
    batch->counts = (struct screen_counts){0};
    arena_clear(batch->texts);
    for (unsigned i = 0; i < worker->screen->partitions; i++)
        batch->next[i] = -1;
}

void
screen_batch_forget(struct screen_worker *worker)
{
    recent_abort(worker->recent);
    reset(worker);
}

const struct screen_refused *
screen_batch_refused(const struct screen_worker *worker, int32_t partition,
                     int64_t offset)
{
    for (size_t i = 0; i < worker->refused_count; i++)
        if (worker->refused[i].partition == partition &&
            worker->refused[i].offset == offset)
            return &worker->refused[i];
    return NULL;
}

static void
note_refused(struct screen_worker *worker, const struct screen_output *output)
{
    const struct screen_refused *before =
        screen_batch_refused(worker, output->partition, output->offset);
    if (before) {
        worker->refused[before - worker->refused].left_out = true;
        log_error("screen",
                  "an event is left out, Kafka does not even take it as a "
                  "rejected record: %s",
                  output->delivery.reason);
        return;
    }
    if (worker->refused_count == COUNT_OF(worker->refused))
        return;
    struct screen_refused *refused = &worker->refused[worker->refused_count++];
    *refused = (struct screen_refused){.partition = output->partition,
                                       .offset = output->offset};
    snprintf(refused->reason, sizeof(refused->reason),
             "Kafka does not take its event: %.120s", output->delivery.reason);
}

/* Each event in a request of its own: only so is it known which one a broker
 * does not take. */
static enum kafka_outcome
wait_for(struct screen_worker *worker, const struct screen_output *output,
         struct error *err)
{
    enum kafka_outcome outcome =
        kafka_producer_flush(worker->producer, SCREEN_REQUEST_MS, err);
    if (outcome != KAFKA_OK)
        return KAFKA_ABORT;
    if (output->delivery.outcome == KAFKA_OK)
        return KAFKA_OK;
    if (output->delivery.outcome == KAFKA_REFUSED)
        note_refused(worker, output);
    error_set(err, ERROR_RETRY, "%s", output->delivery.reason);
    return KAFKA_ABORT;
}

static enum kafka_outcome
produce(struct screen_worker *worker, struct kafka_record *record,
        const struct kafka_message *message, struct error *err)
{
    struct screen_batch *batch = &worker->batch;
    struct screen_output *output = &batch->outputs[batch->output_count++];
    *output = (struct screen_output){.partition = message->partition,
                                     .offset = message->offset};
    record->delivery = &output->delivery;
    enum kafka_outcome outcome;
    do
        outcome = kafka_producer_produce(worker->producer, record, err);
    while (outcome == KAFKA_RETRY && !screen_stopping(worker->screen));
    if (outcome == KAFKA_REFUSED) /* never queued: no delivery will come */
        batch->output_count--;
    else
        batch->output_bytes += record->value.len;
    if (outcome == KAFKA_OK && worker->careful)
        return wait_for(worker, output, err);
    return outcome == KAFKA_RETRY ? KAFKA_ABORT : outcome;
}

enum kafka_outcome
screen_batch_rejected(struct screen_worker *worker,
                      const struct kafka_message *message, const char *reason,
                      struct error *err)
{
    struct screen *screen = worker->screen;
    CLEANUP(buffer_done) struct buffer value = {0};
    const struct rejected_record why = {
        .stage = "screen",
        .reason = reason,
        .topic = screen->config->topics.posts,
        .partition = message->partition,
        .offset = message->offset,
        .post_id = message->key,
        .bytes = message->value,
        .keep = screen->config->rejected_keep,
    };
    if (!rejected_write(&value, &why, clock_wall_ms(), err))
        return KAFKA_ABORT;
    struct kafka_record record = {
        .topic = screen->config->topics.rejected,
        .key = rejected_key(message->key),
        .value = buffer_span(&value),
    };
    worker->batch.counts.rejected++;
    return produce(worker, &record, message, err);
}

static void
keep_shown(struct screen_batch *batch, struct span event)
{
    if (batch->shown_count == SCREEN_SHOWN_EVENTS)
        return;
    const char *copy = arena_copy(batch->texts, event);
    if (copy)
        batch->shown[batch->shown_count++] = (struct span){copy, event.len};
}

enum kafka_outcome
screen_batch_event(struct screen_worker *worker,
                   const struct kafka_message *message,
                   const struct screened *screened, const struct rules *rules,
                   struct error *err)
{
    struct screen *screen = worker->screen;
    CLEANUP(event_headers_done) struct event_headers headers = {0};
    if (!recent_add(worker->recent, screened->id, clock_monotonic_ms())) {
        worker->batch.counts.duplicates++;
        return KAFKA_OK;
    }
    if (!event_headers_make(&headers, screen->config->campaign, screened, rules,
                            false, err))
        return KAFKA_ABORT;
    struct kafka_record record = {
        .topic = screen->config->topics.flagged,
        .partition = message->partition,
        .key = screened->post.id.len ? screened->post.id : message->key,
        .value = screened->event,
        .headers = headers.items,
        .header_count = headers.count,
    };
    enum kafka_outcome outcome = produce(worker, &record, message, err);
    if (outcome == KAFKA_REFUSED)
        return screen_batch_rejected(worker, message, err->message, err);
    if (outcome != KAFKA_OK)
        return outcome;
    worker->batch.counts.flagged++;
    keep_shown(&worker->batch, screened->event);
    return KAFKA_OK;
}

/* After the flush. A request that was refused names no culprit: the same posts
 * come again, one request an event. */
static enum kafka_outcome
read_deliveries(struct screen_worker *worker, struct error *err)
{
    const struct screen_batch *batch = &worker->batch;
    enum kafka_outcome outcome = KAFKA_OK;
    bool told = false;
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct screen_output *output = &batch->outputs[i];
        if (output->delivery.outcome == KAFKA_OK)
            continue;
        if (outcome == KAFKA_OK || !output->delivery.purged)
            error_set(err, ERROR_RETRY, "%s", output->delivery.reason);
        told = told || !output->delivery.purged;
        outcome = KAFKA_ABORT;
        if (output->delivery.outcome == KAFKA_REFUSED)
            worker->careful = true;
    }
    if (outcome != KAFKA_OK && !told)
        kafka_producer_why(worker->producer, err);
    return outcome;
}

/* The mock has no transactions to abort: it is asked until it answers. */
static enum kafka_outcome
flush(struct screen_worker *worker, struct error *err)
{
    enum kafka_outcome outcome;
    do
        outcome =
            kafka_producer_flush(worker->producer, SCREEN_REQUEST_MS, err);
    while (outcome == KAFKA_RETRY && !screen_stopping(worker->screen));
    return outcome;
}

static enum kafka_outcome
send_offsets(struct screen_worker *worker, struct error *err)
{
    struct screen *screen = worker->screen;
    struct kafka_offset *offsets =
        arena_alloc(worker->batch.texts, screen->partitions * sizeof(*offsets));
    size_t count = 0;
    enum kafka_outcome outcome;
    if (!offsets) {
        error_no_memory(err);
        return KAFKA_ABORT;
    }
    for (unsigned i = 0; i < screen->partitions; i++)
        if (worker->batch.next[i] >= 0)
            offsets[count++] =
                (struct kafka_offset){(int32_t)i, worker->batch.next[i]};
    do
        outcome = kafka_producer_send_offsets(
            worker->producer, worker->consumer, screen->config->topics.posts,
            offsets, count, SCREEN_REQUEST_MS, err);
    while (outcome == KAFKA_RETRY && !screen_stopping(screen));
    return outcome;
}

static void
publish_counts(struct screen *screen, const struct screen_counts *batch)
{
    pthread_mutex_lock(&screen->lock);
    screen->counts.posts += batch->posts;
    screen->counts.flagged += batch->flagged;
    screen->counts.rejected += batch->rejected;
    screen->counts.duplicates += batch->duplicates;
    screen->counts.bytes += batch->bytes;
    screen->counts.transactions++;
    pthread_mutex_unlock(&screen->lock);
}

enum kafka_outcome
screen_batch_commit(struct screen_worker *worker, struct error *err)
{
    struct screen *screen = worker->screen;
    struct screen_batch *batch = &worker->batch;
    if (!batch->open)
        return KAFKA_OK;
    enum kafka_outcome outcome = flush(worker, err);
    if (outcome == KAFKA_OK)
        outcome = read_deliveries(worker, err);
    if (outcome == KAFKA_OK)
        outcome = send_offsets(worker, err);
    if (outcome != KAFKA_OK)
        return outcome;
    do
        outcome =
            kafka_producer_commit(worker->producer, SCREEN_REQUEST_MS, err);
    while (outcome == KAFKA_RETRY && !screen_stopping(screen));
    if (outcome != KAFKA_OK)
        return outcome;
    recent_commit(worker->recent);
    for (unsigned i = 0; i < screen->partitions; i++)
        if (batch->next[i] >= 0)
            batch->stands[i] = batch->next[i];
    worker->refused_count = 0;
    worker->careful = false;
    for (size_t i = 0; screen->on_event && i < batch->shown_count; i++)
        screen->on_event(screen->context, batch->shown[i]);
    publish_counts(screen, &batch->counts);
    reset(worker);
    return KAFKA_OK;
}
