/*
 * A defect for the harness to find: cursors are stored by a producer of their
 * own, outside the transaction of the posts that they cover. A kill between
 * the two loses posts.
 *
 * Linked with --wrap into a program of its own; no part of karool.
 */
#include <librdkafka/rdkafka.h>
#include <string.h>
#include <unistd.h>

#include "kafka.h"

static struct kafka_producer *apart;

struct kafka_producer *
__real_kafka_producer_new(const struct kafka_settings *settings,
                          const char *transactional_id, int timeout_ms,
                          struct error *err);
struct kafka_producer *
__wrap_kafka_producer_new(const struct kafka_settings *settings,
                          const char *transactional_id, int timeout_ms,
                          struct error *err);
enum kafka_outcome
__real_kafka_producer_produce(struct kafka_producer *producer,
                              const struct kafka_record *record,
                              struct error *err);
enum kafka_outcome
__wrap_kafka_producer_produce(struct kafka_producer *producer,
                              const struct kafka_record *record,
                              struct error *err);

struct kafka_producer *
__wrap_kafka_producer_new(const struct kafka_settings *settings,
                          const char *transactional_id, int timeout_ms,
                          struct error *err)
{
    /* "embedded": a producer without transactions. */
    struct kafka_settings plain = *settings;
    plain.embedded = true;
    if (!apart)
        apart = __real_kafka_producer_new(&plain, "", timeout_ms, err);
    return __real_kafka_producer_new(settings, transactional_id, timeout_ms,
                                     err);
}

enum kafka_outcome
__wrap_kafka_producer_produce(struct kafka_producer *producer,
                              const struct kafka_record *record,
                              struct error *err)
{
    if (!apart || !strstr(record->topic, "cursors"))
        return __real_kafka_producer_produce(producer, record, err);
    enum kafka_outcome outcome =
        __real_kafka_producer_produce(apart, record, err);
    if (outcome == KAFKA_OK)
        outcome = kafka_producer_flush(apart, 10000, err);
    usleep(100 * 1000); /* so that a kill need not be lucky */
    return outcome;
}
