/*
 * broker_policy.h - are topics that existed before, and the broker, as the
 * guarantees need them? Warns where they are not.
 *
 * Threads: any.
 */
#ifndef KAROOL_BROKER_POLICY_H
#define KAROOL_BROKER_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "broker_topics.h"
#include "config.h"

struct rd_kafka_s;

/* What our producers send at most. */
#define RECORD_BYTES_MOST 1000000

/* `plans`: the topics that were there already. Silent where Kafka does not
 * tell. */
void broker_policy_check(struct rd_kafka_s *client, int32_t broker_id,
                         const struct topic_plan *plans, size_t count,
                         const struct config *config);

#endif
