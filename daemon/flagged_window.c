#include "flagged_window.h"

#include <stdlib.h>

#include "clock.h"

enum {
    REQUEST_MS = 10000,
    POLL_MS = 100,
    SILENCE_MS = 45000,
    /* Offsets at the end of a partition among which its last record is looked
     * for, and how many times more where there are only markers. */
    TAIL_OFFSETS = 64,
    TAIL_GROWS = 16,
};

/* What is read of a partition. */
struct reading {
    int64_t first, stable_end; /* of all that is there */
    int64_t end;               /* to be reached; -1: not known yet */
    bool done;
    int64_t last_ms;   /* stamp of the last record read; -1: there was none */
    int64_t now_ms;    /* when its window ends */
    int64_t latest_ms; /* the highest stamp that has come */
};

/* One way through a topic, up to the end that each partition has. */
struct pass {
    const struct flagged_window *window;
    struct kafka_consumer *consumer;
    struct kafka_offset *partitions;
    struct reading *readings; /* one a partition */
    size_t count;
    void (*take)(const struct pass *pass, struct reading *reading,
                 const struct kafka_message *message);
};

static size_t
index_of(const struct pass *pass, int32_t partition)
{
    size_t i = 0;
    while (i < pass->count && pass->partitions[i].partition != partition)
        i++;
    return i;
}

/* The end that a read_committed reader sees stands before the first open
 * transaction: what is behind it may still become committed. */
static void
note_end(const struct pass *pass, const struct kafka_message *end)
{
    size_t i = index_of(pass, end->partition);
    if (i == pass->count)
        return;
    struct reading *reading = &pass->readings[i];
    if (reading->end < 0)
        reading->end = kafka_consumer_high(pass->consumer, end->partition);
    reading->done = end->offset >= reading->end;
    pass->partitions[i].offset = end->offset;
}

static bool
all_done(const struct pass *pass)
{
    bool all = true;
    for (size_t i = 0; i < pass->count; i++)
        all = all && pass->readings[i].done;
    return all;
}

static void
take(const struct pass *pass, const struct kafka_message *message)
{
    size_t i = index_of(pass, message->partition);
    if (message->end)
        note_end(pass, message);
    else if (message->handle && i < pass->count)
        pass->take(pass, &pass->readings[i], message);
}

static bool
go_through(const struct pass *pass, struct error *err)
{
    const struct flagged_window *window = pass->window;
    for (size_t i = 0; i < pass->count; i++) {
        pass->readings[i].end = -1;
        pass->readings[i].done = false;
    }
    if (!kafka_consumer_assign(pass->consumer, pass->partitions, pass->count,
                               err))
        return false;
    int64_t heard_ms = clock_monotonic_ms();
    while (!all_done(pass)) {
        struct kafka_message message;
        if (window->ending(window->context))
            return error_set(err, ERROR_RETRY, "ended while reading %s",
                             window->topic);
        enum kafka_outcome outcome =
            kafka_consumer_poll(pass->consumer, POLL_MS, &message, err);
        if (outcome != KAFKA_OK && outcome != KAFKA_RETRY)
            return false;
        bool heard = message.handle || message.end;
        if (outcome == KAFKA_OK)
            take(pass, &message);
        kafka_message_done(&message);
        if (heard)
            heard_ms = clock_monotonic_ms();
        else if (clock_monotonic_ms() - heard_ms > SILENCE_MS)
            return error_set(err, ERROR_RETRY,
                             "%s: its end is not reached, somebody's "
                             "transaction is open or Kafka does not answer",
                             window->topic);
    }
    return true;
}

/* ---- when the window ends ---- */

static void
take_stamp(const struct pass *pass, struct reading *reading,
           const struct kafka_message *message)
{
    reading->last_ms = message->timestamp_ms;
}

/* Reads the last `tail` offsets of each partition. */
static bool
read_tails(const struct pass *pass, int64_t tail, struct error *err)
{
    for (size_t i = 0; i < pass->count; i++) {
        const struct reading *reading = &pass->readings[i];
        int64_t from = reading->stable_end - tail;
        pass->partitions[i].offset =
            from < reading->first ? reading->first : from;
    }
    return go_through(pass, err);
}

static bool
found_all(const struct pass *pass, int64_t tail)
{
    bool all = true;
    for (size_t i = 0; i < pass->count; i++) {
        const struct reading *reading = &pass->readings[i];
        all = all && (reading->last_ms >= 0 ||
                      reading->stable_end - tail <= reading->first);
    }
    return all;
}

static bool
find_last(const struct flagged_window *window, struct kafka_consumer *consumer,
          const struct kafka_offset *partitions, struct reading *readings,
          size_t count, struct error *err)
{
    struct kafka_offset *tails = calloc(count + 1, sizeof(*tails));
    if (!tails)
        return error_no_memory(err);
    memcpy(tails, partitions, count * sizeof(*tails));
    const struct pass pass = {window,   consumer, tails,
                              readings, count,    take_stamp};
    int64_t tail = TAIL_OFFSETS;
    bool ok = read_tails(&pass, tail, err);
    for (; ok && !found_all(&pass, tail); ok = read_tails(&pass, tail, err))
        tail *= TAIL_GROWS;
    for (size_t i = 0; i < count; i++) {
        struct reading *reading = &readings[i];
        bool ahead = reading->last_ms >= 0 && reading->last_ms < window->now_ms;
        reading->now_ms = ahead ? reading->last_ms : window->now_ms;
    }
    free(tails);
    return ok;
}

/* ---- the window ---- */

/* From the window's begin, but no more records than can be remembered. */
static bool
choose_offset(const struct flagged_window *window,
              struct kafka_consumer *consumer, struct kafka_offset *partition,
              const struct reading *reading, struct error *err)
{
    struct kafka_offset begin = {partition->partition, 0};
    if (!kafka_consumer_offsets_at(consumer, &begin, 1,
                                   reading->now_ms - window->length_ms,
                                   REQUEST_MS, err))
        return false;
    int64_t end = reading->stable_end, from = begin.offset;
    from = from == KAFKA_END ? end : from;
    from = from < end - window->most ? end - window->most : from;
    from = from < reading->first ? reading->first : from;
    /* What is known already lies behind `offset`. */
    if (partition->offset < from)
        partition->offset = from;
    return true;
}

/* Whoever wrote it, it is no older than what stands before it. */
static int64_t
age_of(struct reading *reading, const struct kafka_message *message)
{
    if (message->timestamp_ms > reading->latest_ms)
        reading->latest_ms = message->timestamp_ms;
    return reading->now_ms > reading->latest_ms
               ? reading->now_ms - reading->latest_ms
               : 0;
}

static void
take_event(const struct pass *pass, struct reading *reading,
           const struct kafka_message *message)
{
    const struct flagged_window *window = pass->window;
    struct span id = kafka_message_header(message, "ce_id");
    int64_t age_ms = age_of(reading, message);
    if (id.len && !span_is(kafka_message_header(message, "replay"), "true"))
        window->found(window->context, id, age_ms);
}

static bool
read_window(const struct flagged_window *window,
            struct kafka_consumer *consumer, struct kafka_offset *partitions,
            struct reading *readings, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct reading *reading = &readings[i];
        *reading = (struct reading){.last_ms = -1, .latest_ms = INT64_MIN};
        if (!kafka_consumer_bounds(consumer, partitions[i].partition,
                                   REQUEST_MS, &reading->first,
                                   &reading->stable_end, err))
            return false;
    }
    if (!find_last(window, consumer, partitions, readings, count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!choose_offset(window, consumer, &partitions[i], &readings[i], err))
            return false;
    const struct pass pass = {window,   consumer, partitions,
                              readings, count,    take_event};
    return go_through(&pass, err);
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
    struct reading *readings = calloc(count, sizeof(*readings));
    bool ok = readings ? read_window(window, consumer, partitions, readings,
                                     count, err)
                       : error_no_memory(err);
    free(readings);
    kafka_consumer_free(consumer, false);
    return ok;
}
