/*
 * kafka_waker.h - wakes a broker's thread inside librdkafka, without a wait.
 *
 * Such a thread that found its queue full looks again when something comes in
 * from its broker (kafka_prefetch.h): any request will do, and its answer is of
 * no interest. But the answer comes behind that of a fetch that waits for new
 * records, some 100 ms later, and behind a broker that went away only after
 * minutes, whatever time the request is given (librdkafka 2.0.2). So a thread
 * of the waker waits for it.
 *
 * Ownership: the waker borrows the client until kafka_waker_end() takes it.
 * Threads: one at a time.
 */
#ifndef KAROOL_KAFKA_WAKER_H
#define KAROOL_KAFKA_WAKER_H

#include <stdint.h>

struct kafka_waker;
struct rd_kafka_s;

/* NULL: no memory or no thread. */
struct kafka_waker *kafka_waker_new(struct rd_kafka_s *client,
                                    const char *topic);
/* Asks the leader of a partition, unless an answer is waited for already. */
void kafka_waker_ask(struct kafka_waker *waker, int32_t partition);
/* Destroys the client without leaving its group: now, or, where an answer is
 * still waited for, once it has come. `waker` may be NULL. */
void kafka_waker_end(struct kafka_waker *waker, struct rd_kafka_s *client);

#endif
