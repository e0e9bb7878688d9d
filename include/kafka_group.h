/*
 * kafka_group.h - a consumer's membership, as a producer sends it along.
 *
 * Threads: the consumer's. Ownership: the consumer's.
 */
#ifndef KAROOL_KAFKA_GROUP_H
#define KAROOL_KAFKA_GROUP_H

#include <stdbool.h>

struct kafka_consumer;
struct rd_kafka_consumer_group_metadata_s;

/* As noted by kafka_consumer_note_generation(); NULL: not a member. */
struct rd_kafka_consumer_group_metadata_s *
kafka_group_metadata(const struct kafka_consumer *consumer);
/* Would the broker check it? With generation -1, or of nobody, it does not
 * (design, "Fencing"). */
bool
kafka_group_fences(const struct rd_kafka_consumer_group_metadata_s *metadata,
                   const char *group, const char *member, const char *instance);

#endif
