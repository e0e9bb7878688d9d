/*
 * broker.h - the Kafka that this process talks to: an embedded mock cluster or
 * real brokers, and the topics on it.
 *
 * Threads: made and freed by one thread, read by any. Ownership: everything
 * that was made from a broker must be freed before it.
 */
#ifndef KAROOL_BROKER_H
#define KAROOL_BROKER_H

#include <stdbool.h>

#include "config.h"
#include "error.h"

struct broker;

/* Embedded: starts the cluster on loopback and makes the topics. Real: checks
 * that it answers (a few seconds, then ERROR_RETRY with what to do), makes
 * missing topics, warns of differing ones. */
MUST_USE struct broker *broker_new(struct config *config, struct error *err);
void broker_free(struct broker *broker);
void broker_freep(struct broker **broker);
/* Are the topics still there? ERROR_FATAL: one of them is not, which waiting
 * does not mend; ERROR_RETRY: Kafka does not say. */
MUST_USE bool broker_check(struct broker *broker, struct error *err);
/* host:port,… for any Kafka client. */
const char *broker_address(const struct broker *broker);
bool broker_embedded(const struct broker *broker);
/* Of posts and of flagged events: as the topics are, whatever the
 * configuration says. */
unsigned broker_partitions(const struct broker *broker);
/* "librdkafka 2.0.2" */
const char *broker_library_version(void);

#endif
