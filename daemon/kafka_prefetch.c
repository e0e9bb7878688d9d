#include "kafka_prefetch.h"

#include <librdkafka/rdkafka.h>

#include "clock.h"

enum {
    LOOK_RECORDS = 256, /* between two looks at the queue */
    DRY_MS = 1000,      /* between two requests when nothing comes */
    DRY_REQUESTS = 8,   /* then: they wait for a broker that is away */
    LINE = 64,          /* bytes, of the cache */
    TOUCH_BYTES = 1536, /* of a record: what is read of most */
};

void
kafka_prefetch_init(struct kafka_prefetch *prefetch, struct rd_kafka_s *client)
{
    *prefetch = (struct kafka_prefetch){
        .queue = rd_kafka_queue_get_consumer(client),
        .until_look = LOOK_RECORDS,
        .at_end = true,
    };
}

static void
drop(rd_kafka_message_t **message)
{
    if (*message)
        rd_kafka_message_destroy(*message);
    *message = NULL;
}

void
kafka_prefetch_drop(struct kafka_prefetch *prefetch)
{
    drop(&prefetch->next_out);
    drop(&prefetch->ahead);
}

void
kafka_prefetch_done(struct kafka_prefetch *prefetch)
{
    kafka_prefetch_drop(prefetch);
    if (prefetch->queue)
        rd_kafka_queue_destroy(prefetch->queue);
    *prefetch = (struct kafka_prefetch){0};
}

/* Did the queue get half empty since it was fullest? */
static bool
runs_empty(struct kafka_prefetch *prefetch)
{
    if (--prefetch->until_look)
        return false;
    size_t waiting = rd_kafka_queue_length(prefetch->queue);
    prefetch->until_look = LOOK_RECORDS;
    if (waiting / 2 > prefetch->wake_below)
        prefetch->wake_below = waiting / 2;
    if (waiting > prefetch->wake_below || prefetch->wake_below < LOOK_RECORDS)
        return false;
    /* Of several brokers each may sleep: one more at every half. */
    prefetch->wake_below /= 2;
    return true;
}

/* Does nothing come though there is more? */
static bool
is_dry(struct kafka_prefetch *prefetch)
{
    if (prefetch->at_end || prefetch->dry_requests == DRY_REQUESTS)
        return false;
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < prefetch->woken_ms + DRY_MS)
        return false;
    prefetch->woken_ms = now_ms;
    prefetch->dry_requests++;
    return true;
}

/* Of an answer for which no time is left librdkafka knows that nobody is there
 * any more; rd_kafka_query_watermark_offsets() would wait for it whatever time
 * it is given. */
static void
wake(rd_kafka_t *client, const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset =
        RD_KAFKA_OFFSET_END;
    rd_kafka_offsets_for_times(client, list, 0);
    rd_kafka_topic_partition_list_destroy(list);
}

static void
touch(const rd_kafka_message_t *message)
{
    size_t len = message->len < TOUCH_BYTES ? message->len : TOUCH_BYTES;
    for (size_t at = 0; at < len; at += LINE)
        __builtin_prefetch((const char *)message->payload + at);
}

/* Without a wait there are two looks at the clock less. */
static rd_kafka_message_t *
poll_one(rd_kafka_t *client, int timeout_ms)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(client, 0);
    return message || timeout_ms == 0
               ? message
               : rd_kafka_consumer_poll(client, timeout_ms);
}

/* Each poll may call back, and drop what is held. */
static rd_kafka_message_t *
take(struct kafka_prefetch *prefetch, rd_kafka_t *client, int timeout_ms)
{
    if (!prefetch->ahead)
        prefetch->ahead = poll_one(client, timeout_ms);
    prefetch->next_out = prefetch->ahead;
    prefetch->ahead = NULL;
    if (prefetch->next_out && !prefetch->next_out->err)
        prefetch->ahead = poll_one(client, 0);
    if (prefetch->ahead && !prefetch->ahead->err)
        touch(prefetch->ahead);
    rd_kafka_message_t *message = prefetch->next_out;
    prefetch->next_out = NULL;
    return message;
}

rd_kafka_message_t *
kafka_prefetch_poll(struct kafka_prefetch *prefetch, rd_kafka_t *client,
                    const char *topic, const struct kafka_offset *partitions,
                    size_t count, int timeout_ms)
{
    rd_kafka_message_t *message = take(prefetch, client, timeout_ms);
    bool asleep;
    if (message) {
        if (!message->err)
            prefetch->at_end = false;
        prefetch->dry_requests = 0;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            prefetch->at_end = true;
        asleep = !message->err && runs_empty(prefetch);
    } else {
        asleep = is_dry(prefetch);
    }
    if (asleep && count)
        wake(client, topic, partitions[prefetch->next++ % count].partition);
    return message;
}

bool
kafka_prefetch_more(const struct kafka_prefetch *prefetch)
{
    return prefetch->ahead != NULL;
}
