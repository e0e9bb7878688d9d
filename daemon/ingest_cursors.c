#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "ingest_model.h"
#include "log.h"

enum { COMMITTED_MS = 15000, AGAIN_MS = 200 };

struct stored_record {
    struct span value;
};

static void
forget_records(struct ingest *ingest)
{
    map_free(ingest->records);
    ingest->records = NULL;
    arena_free(ingest->record_arena);
    ingest->record_arena = NULL;
}

static void
on_assigned(void *context, struct kafka_offset *partitions, size_t count)
{
    struct ingest *ingest = context;
    struct error err = {0};
    ingest->epoch++;
    ingest->joined = true;
    if (!kafka_consumer_note_generation(ingest->consumer))
        log_warning("ingest", "partitions were assigned, but the group does "
                              "not know this process any more");
    free(ingest->loads);
    ingest->loads = calloc(count + 1, sizeof(*ingest->loads));
    ingest->load_count = ingest->loads ? count : 0;
    ingest->loading = count > 0;
    memset(ingest->owned, 0, sizeof(ingest->owned));
    for (size_t i = 0; i < count; i++)
        ingest->owned[partitions[i].partition] = true;
    cursor_news_assigned(ingest->news, ingest->owned);
    forget_records(ingest);
    ingest->records = map_new();
    ingest->record_arena = arena_new();
    /* committed() is not answered while a transaction of the former owner that
     * carries an offset is open: so we wait for its end. */
    while (count > 0 &&
           !kafka_consumer_committed(ingest->consumer, partitions, count,
                                     COMMITTED_MS, &err) &&
           !atomic_load(&ingest->stopping)) {
        ingest_trouble(ingest, err.message);
        usleep(AGAIN_MS * 1000);
    }
    for (size_t i = 0; i < ingest->load_count; i++)
        ingest->loads[i] = (struct cursor_load){
            .partition = partitions[i].partition,
            .committed = partitions[i].offset,
            .end = -1,
        };
    /* The whole partition is read, whatever was committed. */
    for (size_t i = 0; i < count; i++)
        partitions[i].offset = KAFKA_BEGINNING;
    log_info("ingest", "%zu cursor partitions assigned", count);
}

static void
on_revoked(void *context, const struct kafka_offset *partitions, size_t count,
           bool lost)
{
    struct ingest *ingest = context;
    int32_t *numbers = calloc(count + 1, sizeof(*numbers));
    ingest->epoch++; /* pages on their way are of another assignment */
    ingest->joined = false;
    ingest->parted_ms = clock_monotonic_ms();
    ingest->loading = false;
    ingest->load_count = 0;
    memset(ingest->owned, 0, sizeof(ingest->owned));
    cursor_news_parted(ingest->news);
    for (size_t i = 0; numbers && i < count; i++)
        numbers[i] = partitions[i].partition;
    if (numbers)
        fetcher_revoke(ingest->fetcher, numbers, count);
    free(numbers);
    ingest_drop_pages(ingest);
    pthread_mutex_lock(&ingest->lock);
    ingest->counts.assigned = false;
    pthread_mutex_unlock(&ingest->lock);
    log_info("ingest", "%zu cursor partitions %s", count,
             lost ? "lost" : "given up");
}

static bool
join_embedded(struct ingest *ingest, struct error *err)
{
    /* Nothing survives, so there is nothing to read. */
    int32_t partitions[CURSOR_PARTITIONS];
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        partitions[i] = i;
    ingest->epoch = 1;
    if (!fetcher_assign(ingest->fetcher, ingest->epoch, partitions,
                        CURSOR_PARTITIONS, NULL, 0, err))
        return false;
    pthread_mutex_lock(&ingest->lock);
    ingest->counts.assigned = true;
    pthread_mutex_unlock(&ingest->lock);
    return true;
}

bool
ingest_join(struct ingest *ingest, struct error *err)
{
    if (broker_embedded(ingest->broker))
        return join_embedded(ingest, err);
    ingest->joined = false;
    memset(ingest->owned, 0, sizeof(ingest->owned));
    cursor_news_parted(ingest->news);
    ingest->parted_ms = clock_monotonic_ms();
    const struct kafka_settings settings = {
        ingest->config, broker_address(ingest->broker), false};
    const struct kafka_consumer_hooks hooks = {on_assigned, on_revoked, ingest};
    CLEANUP(buffer_done) struct buffer group = {0};
    buffer_printf(&group, "%s-ingest", ingest->config->campaign);
    if (!buffer_ok(&group))
        return error_no_memory(err);
    ingest->consumer = kafka_consumer_new_member(
        &settings, buffer_text(&group), slot_transactional_id(ingest->slot),
        ingest->config->topics.cursors, &hooks, err);
    return ingest->consumer != NULL;
}

static bool
keep_record(struct ingest *ingest, const struct kafka_message *message)
{
    if (!ingest->records || !ingest->record_arena)
        return false;
    map_remove(ingest->records, message->key);
    if (!message->value.at)
        return true;
    struct stored_record *record =
        arena_alloc(ingest->record_arena, sizeof(*record));
    char *copy = arena_copy(ingest->record_arena, message->value);
    if (!record || !copy)
        return false;
    record->value = (struct span){copy, message->value.len};
    return map_set(ingest->records, message->key, record);
}

/* The position has reached the end and what the former owner committed:
 * markers reach the two topics separately. */
static void
note_end(struct ingest *ingest, const struct kafka_message *end)
{
    for (size_t i = 0; i < ingest->load_count; i++) {
        struct cursor_load *load = &ingest->loads[i];
        if (load->partition != end->partition)
            continue;
        load->end = end->offset;
        load->done = load->done || end->offset >= load->committed;
    }
}

static bool
all_loaded(const struct ingest *ingest)
{
    bool all = ingest->load_count > 0;
    for (size_t i = 0; i < ingest->load_count; i++)
        all = all && ingest->loads[i].done;
    return all;
}

static bool
begin_sources(struct ingest *ingest, struct error *err)
{
    size_t count = map_count(ingest->records), at = 0;
    struct cursor_record *records = calloc(count + 1, sizeof(*records));
    int32_t *partitions = calloc(ingest->load_count + 1, sizeof(*partitions));
    bool ok = records && partitions;
    struct span key;
    void *value;
    for (size_t i = 0; ok && map_next(ingest->records, &i, &key, &value);)
        records[at++] =
            (struct cursor_record){key, ((struct stored_record *)value)->value};
    for (size_t i = 0; ok && i < ingest->load_count; i++)
        partitions[i] = ingest->loads[i].partition;
    if (!ok)
        error_no_memory(err);
    ok = ok && fetcher_assign(ingest->fetcher, ingest->epoch, partitions,
                              ingest->load_count, records, at, err);
    if (ok)
        cursor_news_take_over(ingest->news, records, at);
    free(records);
    free(partitions);
    forget_records(ingest);
    if (!ok)
        return false;
    ingest->loading = false;
    kafka_consumer_pause(ingest->consumer);
    pthread_mutex_lock(&ingest->lock);
    ingest->counts.assigned = true;
    pthread_mutex_unlock(&ingest->lock);
    ingest_trouble(ingest, "");
    log_info("ingest", "%zu cursor records read", at);
    return true;
}

bool
ingest_poll(struct ingest *ingest, int timeout_ms, struct error *err)
{
    if (!ingest->consumer)
        return true;
    struct kafka_message message;
    enum kafka_outcome outcome =
        kafka_consumer_poll(ingest->consumer, timeout_ms, &message, err);
    if (outcome == KAFKA_RECREATE) {
        ingest->must_rejoin = true;
        return false;
    }
    if (outcome != KAFKA_OK) {
        ingest_trouble(ingest, err->message);
        return true;
    }
    bool ok = true;
    if (ingest->loading && message.handle)
        ok = keep_record(ingest, &message) || error_no_memory(err);
    else if (ingest->loading && message.end)
        note_end(ingest, &message);
    else if (ingest->loading)
        ingest_shortfall_look(ingest);
    if (ok && ingest->loading && !message.handle && all_loaded(ingest))
        ok = begin_sources(ingest, err);
    kafka_message_done(&message);
    return ok;
}
