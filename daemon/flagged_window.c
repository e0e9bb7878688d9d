#include "flagged_window.h"

#include <stdlib.h>

#include "clock.h"

enum { REQUEST_MS = 10000, POLL_MS = 100, SILENCE_MS = 45000 };

struct reading {
    int32_t partition;
    int64_t end; /* to be reached; -1: not known yet */
    bool done;
};

/* From the window's begin, but no more records than can be remembered. */
static bool
choose_offsets(const struct flagged_window *window,
               struct kafka_consumer *consumer, struct kafka_offset *partitions,
               size_t count, struct error *err)
{
    struct kafka_offset *begins = calloc(count + 1, sizeof(*begins));
    if (!begins)
        return error_no_memory(err);
    memcpy(begins, partitions, count * sizeof(*begins));
    bool ok = kafka_consumer_offsets_at(consumer, begins, count,
                                        window->since_ms, REQUEST_MS, err);
    for (size_t i = 0; ok && i < count; i++) {
        int64_t first, end, from = begins[i].offset;
        ok = kafka_consumer_bounds(consumer, begins[i].partition, REQUEST_MS,
                                   &first, &end, err);
        if (!ok)
            break;
        from = from == KAFKA_END ? end : from;
        from = from < end - window->most ? end - window->most : from;
        from = from < first ? first : from;
        /* What is known already lies behind `offset`. */
        if (partitions[i].offset < from)
            partitions[i].offset = from;
    }
    free(begins);
    return ok;
}

static void
take_event(const struct flagged_window *window,
           const struct kafka_message *message)
{
    struct span id = kafka_message_header(message, "ce_id");
    if (id.len == 0 || span_is(kafka_message_header(message, "replay"), "true"))
        return;
    window->found(window->context, id, message->timestamp_ms);
}

/* The end that a read_committed reader sees stands before the first open
 * transaction: what is behind it may still become committed. */
static bool
at_end(struct kafka_consumer *consumer, struct reading *readings, size_t count,
       struct kafka_offset *partitions, const struct kafka_message *end)
{
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        struct reading *reading = &readings[i];
        if (reading->partition == end->partition) {
            if (reading->end < 0)
                reading->end = kafka_consumer_high(consumer, end->partition);
            reading->done = end->offset >= reading->end;
            partitions[i].offset = end->offset;
        }
        all = all && reading->done;
    }
    return all;
}

static bool
read_all(const struct flagged_window *window, struct kafka_consumer *consumer,
         struct kafka_offset *partitions, size_t count, struct error *err)
{
    struct reading *readings = calloc(count + 1, sizeof(*readings));
    if (!readings)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++)
        readings[i] = (struct reading){partitions[i].partition, -1, false};
    int64_t heard_ms = clock_monotonic_ms();
    bool all = false, ok = true;
    while (ok && !all && !window->ending(window->context)) {
        struct kafka_message message;
        enum kafka_outcome outcome =
            kafka_consumer_poll(consumer, POLL_MS, &message, err);
        ok = outcome == KAFKA_OK || outcome == KAFKA_RETRY;
        if (outcome == KAFKA_OK && message.handle)
            take_event(window, &message);
        if (outcome == KAFKA_OK && message.end)
            all = at_end(consumer, readings, count, partitions, &message);
        if (message.handle || message.end)
            heard_ms = clock_monotonic_ms();
        else if (clock_monotonic_ms() - heard_ms > SILENCE_MS)
            ok = error_set(err, ERROR_RETRY,
                           "%s: its end is not reached, somebody's transaction "
                           "is open or Kafka does not answer",
                           window->topic);
        kafka_message_done(&message);
    }
    free(readings);
    return ok && (all || error_set(err, ERROR_RETRY, "ended while reading %s",
                                   window->topic));
}

bool
flagged_window_read(const struct flagged_window *window,
                    struct kafka_offset *partitions, size_t count,
                    struct error *err)
{
    if (count == 0)
        return true;
    struct kafka_consumer *consumer =
        kafka_consumer_new(&window->settings, NULL, window->topic, NULL, err);
    if (!consumer)
        return false;
    bool ok = choose_offsets(window, consumer, partitions, count, err) &&
              kafka_consumer_assign(consumer, partitions, count, err) &&
              read_all(window, consumer, partitions, count, err);
    kafka_consumer_free(consumer, false);
    return ok;
}
