#include "cursor_former.h"

#include <stdlib.h>

#include "clock.h"
#include "map.h"

enum {
    COMMITTED_MS = 5000,
    POLL_MS = 100,
    /* A marker may still be on its way to the topic while the offset stands. */
    SHORT_MS = 5000,
    MOST_MS = 30 * 1000,
};

struct reading {
    struct kafka_consumer *consumer;
    struct span source_id;
    int32_t partition;
    int64_t committed;
    int64_t end; /* that was reached; -1: not yet */
    struct map *records;
    struct arena *arena;
};

static bool
keep(struct reading *reading, const struct kafka_message *message)
{
    if (!span_equal(cursor_source(message->key), reading->source_id))
        return true;
    map_remove(reading->records, message->key);
    if (!message->value.at)
        return true;
    struct cursor_record *record = arena_alloc(reading->arena, sizeof(*record));
    char *key = arena_copy(reading->arena, message->key);
    char *value = arena_copy(reading->arena, message->value);
    if (!record || !key || !value)
        return false;
    *record = (struct cursor_record){{key, message->key.len},
                                     {value, message->value.len}};
    return map_set(reading->records, record->key, record);
}

/* Read to its end, but not to what was committed, because that is there no
 * more: no open transaction hides it. */
static bool
is_short(const struct reading *reading)
{
    int64_t high = kafka_consumer_high(reading->consumer, reading->partition);
    return reading->end >= 0 && high >= 0 && high < reading->committed;
}

static bool
read_on(const struct cursor_former *former, struct reading *reading,
        struct error *err)
{
    int64_t began_ms = clock_monotonic_ms();
    while (reading->end < 0 || reading->end < reading->committed) {
        struct kafka_message message;
        int64_t took_ms = clock_monotonic_ms() - began_ms;
        if (took_ms > SHORT_MS && is_short(reading))
            return true;
        if (took_ms > MOST_MS || former->ending(former->context))
            return error_set(err, ERROR_RETRY,
                             "the end of partition %d of %s is not reached",
                             (int)reading->partition, former->topic);
        enum kafka_outcome outcome =
            kafka_consumer_poll(reading->consumer, POLL_MS, &message, err);
        if (outcome == KAFKA_RECREATE)
            return false;
        bool ok = outcome != KAFKA_OK || !message.handle ||
                  keep(reading, &message) || error_no_memory(err);
        if (outcome == KAFKA_OK && message.end)
            reading->end = message.offset;
        kafka_message_done(&message);
        if (!ok)
            return false;
    }
    return true;
}

static bool
begin(struct reading *reading, struct error *err)
{
    struct kafka_offset offset = {reading->partition, -1};
    if (!kafka_consumer_committed(reading->consumer, &offset, 1, COMMITTED_MS,
                                  err))
        return false;
    reading->committed = offset.offset;
    offset.offset = KAFKA_BEGINNING;
    return kafka_consumer_assign(reading->consumer, &offset, 1, err);
}

static bool
hand_out(const struct reading *reading, struct cursor_record **records,
         size_t *count, struct error *err)
{
    size_t all = map_count(reading->records);
    void *record;
    *count = 0;
    *records = arena_alloc(reading->arena, (all + 1) * sizeof(**records));
    if (!*records)
        return error_no_memory(err);
    for (size_t i = 0; map_next(reading->records, &i, NULL, &record);)
        (*records)[(*count)++] = *(struct cursor_record *)record;
    return true;
}

bool
cursor_former_read(const struct cursor_former *former, struct span source_id,
                   struct arena *arena, struct cursor_record **records,
                   size_t *count, struct error *err)
{
    CLEANUP(map_freep) struct map *kept = map_new();
    if (!kept)
        return error_no_memory(err);
    struct reading reading = {
        .source_id = source_id,
        .partition = cursor_partition(source_id),
        .end = -1,
        .records = kept,
        .arena = arena,
    };
    reading.consumer = kafka_consumer_new_apart(
        &former->settings, former->group, former->topic, err);
    bool ok = reading.consumer && begin(&reading, err) &&
              read_on(former, &reading, err) &&
              hand_out(&reading, records, count, err);
    kafka_consumer_free(reading.consumer, false);
    return ok;
}
