/*
 * kafka_client.h - what producer, consumer and broker share: the settings of a
 * client, its log, and the sorting of its errors.
 *
 * The types are librdkafka's own, named without including it.
 *
 * Threads: any.
 */
#ifndef KAROOL_KAFKA_CLIENT_H
#define KAROOL_KAFKA_CLIENT_H

#include "kafka.h"

struct rd_kafka_conf_s;
struct rd_kafka_error_s;
struct rd_kafka_s;

struct kafka_property_pair {
    const char *name, *value;
};

/* NULL with ERROR_CONFIG: a property that librdkafka does not take. Karool's
 * own first, the operator's over them: those on which the guarantees rest he
 * cannot set (config_kafka.c). */
MUST_USE struct rd_kafka_conf_s *
kafka_client_conf(const struct kafka_settings *settings,
                  const struct kafka_property_pair *own, size_t count,
                  struct error *err);
/* Does librdkafka refuse it? `reason` says why. */
bool kafka_client_property_fault(const char *name, const char *value,
                                 char *reason, size_t size);
/* Sorts an error of the transactional API, sets err and destroys it. NULL:
 * KAFKA_OK. */
enum kafka_outcome kafka_client_sort(struct rd_kafka_error_s *error,
                                     const char *what, struct error *err);
/* The same of a plain code. */
enum kafka_outcome kafka_client_sort_code(int code, const char *what,
                                          struct error *err);
/* KAFKA_RECREATE, and why, once it has failed for good. */
enum kafka_outcome kafka_client_state(struct rd_kafka_s *client,
                                      struct error *err);
/* rd_kafka_metadata() of one topic (or NULL: of all), which waits in vain where
 * a password or a certificate does not pass: it ends soon then. A code. */
struct rd_kafka_topic_s;
struct rd_kafka_metadata;
int kafka_client_metadata(struct rd_kafka_s *client,
                          struct rd_kafka_topic_s *topic,
                          const struct rd_kafka_metadata **metadata,
                          int timeout_ms);
/* Of a consumer, for those of its functions that are in a file of their own. */
struct rd_kafka_s *kafka_consumer_client(const struct kafka_consumer *consumer);
const char *kafka_consumer_topic(const struct kafka_consumer *consumer);

#endif
