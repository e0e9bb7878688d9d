/*
 * kafka_prefetch.h - how far a consumer reads ahead, and that it goes on.
 *
 * librdkafka stops fetching when its queue is full, and then looks again only
 * once a second unless something wakes the thread of that broker
 * (`fetch.queue.backoff.ms` came in 2.2): a reader that empties its queue
 * sooner would wait for most of each second. So a request is sent when the
 * queue is half empty; any will do. Nobody waits for its answer, which would
 * come behind that of a fetch that waits for new records, or, when the broker
 * went away, after minutes.
 *
 * One record is held ahead, so that its bytes, which another core unpacked,
 * are on their way while the one before it is read. A rebalance may come
 * between the two: then neither is given out (kafka_prefetch_drop()).
 *
 * Threads: the consumer's, callbacks of its poll included.
 */
#ifndef KAROOL_KAFKA_PREFETCH_H
#define KAROOL_KAFKA_PREFETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kafka.h"

struct rd_kafka_s;
struct rd_kafka_queue_s;
struct rd_kafka_message_s;

/* As librdkafka is told; whichever comes first stops it. */
#define KAFKA_PREFETCH_RECORDS "16384"
#define KAFKA_PREFETCH_KBYTES "65536"

struct kafka_prefetch {
    struct rd_kafka_queue_s *queue;
    unsigned until_look;   /* records */
    size_t wake_below;     /* records in the queue */
    size_t next;           /* whose broker is woken */
    bool at_end;           /* the last thing heard was the end of a partition */
    int64_t woken_ms;      /* when nothing came; monotonic */
    unsigned dry_requests; /* since something came */
    struct rd_kafka_message_s *next_out, *ahead; /* not given out yet */
};

void kafka_prefetch_init(struct kafka_prefetch *prefetch,
                         struct rd_kafka_s *client);
/* Before the client ends. */
void kafka_prefetch_done(struct kafka_prefetch *prefetch);
/* Positions are set anew: what is held must not be given out any more. */
void kafka_prefetch_drop(struct kafka_prefetch *prefetch);
/* rd_kafka_consumer_poll(), and a request when the queue runs empty.
 * `partitions` of `topic` are those that are read. */
struct rd_kafka_message_s *
kafka_prefetch_poll(struct kafka_prefetch *prefetch, struct rd_kafka_s *client,
                    const char *topic, const struct kafka_offset *partitions,
                    size_t count, int timeout_ms);
/* The next poll will not wait. */
bool kafka_prefetch_more(const struct kafka_prefetch *prefetch);

#endif
