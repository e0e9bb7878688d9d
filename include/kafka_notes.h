/*
 * kafka_notes.h - a group that nobody joins: one consumer at a time commits in
 * its name, each offset with a note of its own. Who may write is decided by
 * the producer's transactional id.
 *
 * Threads: the consumer's. Errors: ERROR_RETRY, Kafka does not answer.
 */
#ifndef KAROOL_KAFKA_NOTES_H
#define KAROOL_KAFKA_NOTES_H

#include "kafka.h"

/* As kafka_consumer_committed(), with the notes ("" where there is none). */
MUST_USE bool kafka_notes_read(struct kafka_consumer *consumer,
                               struct kafka_offset *offsets,
                               struct kafka_note *notes, size_t count,
                               int timeout_ms, struct error *err);
/* Has another group a member at this moment? */
MUST_USE bool kafka_notes_group_runs(struct kafka_consumer *consumer,
                                     const char *group, bool *runs,
                                     int timeout_ms, struct error *err);
/* Nothing more of one partition. */
void kafka_notes_leave(struct kafka_consumer *consumer, int32_t partition);

#endif
