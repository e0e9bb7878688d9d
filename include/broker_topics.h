/*
 * broker_topics.h - the topics Karool needs, and what they must be like.
 *
 * Threads: any.
 */
#ifndef KAROOL_BROKER_TOPICS_H
#define KAROOL_BROKER_TOPICS_H

#include "config.h"
#include "error.h"

struct rd_kafka_s;

struct topic_plan {
    const char *name;
    unsigned partitions;
    const char *settings[8][2]; /* name and value; ends with NULL */
    char numbers[3][24];        /* storage for some values */
};

enum { TOPIC_COUNT = 5 };

void broker_topics_plan(const struct config *config,
                        struct topic_plan plans[TOPIC_COUNT]);
/* Makes missing topics (unless told not to) and warns of differing ones.
 * *partitions: how many posts and flagged events really have. */
MUST_USE bool broker_topics_make(struct rd_kafka_s *client,
                                 const struct config *config,
                                 unsigned *partitions, struct error *err);

/* See broker_check(). */
MUST_USE bool broker_topics_check(struct rd_kafka_s *client,
                                  const struct config *config,
                                  struct error *err);
/* The topic that a replay writes to, made with *partitions when missing. Then
 * *partitions is what it has. Waits a few seconds for Kafka. */
MUST_USE bool broker_topics_output(const struct config *config,
                                   const char *name, unsigned *partitions,
                                   struct error *err);

#endif
