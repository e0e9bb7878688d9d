/*
 * broker_reader.h - a look at a topic from outside: every partition, no group,
 * only what is committed.
 *
 * Threads: one. Ownership: kafka_consumer_free().
 */
#ifndef KAROOL_BROKER_READER_H
#define KAROOL_BROKER_READER_H

#include "buffer.h"
#include "config.h"
#include "error.h"
#include "kafka.h"

/* NULL: ERROR_RETRY when no broker answers or the topic is not there, with
 * what to do. */
MUST_USE struct kafka_consumer *broker_reader_new(struct config *config,
                                                  const char *topic,
                                                  bool from_beginning,
                                                  struct error *err);
/* Where it reads: `brokers`, or what `karool run` noted of its embedded one. */
MUST_USE bool broker_reader_address(const struct config *config,
                                    struct buffer *out, struct error *err);

#endif
