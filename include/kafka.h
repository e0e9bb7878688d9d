/*
 * kafka.h - librdkafka as Karool uses it: a producer of transactions and a
 * consumer, with errors sorted by what the caller does next.
 *
 * pitfalls: a transaction request that timed out is not over, so that the
 * producer must be made anew (KAFKA_RECREATE); every wait is bounded.
 *
 * Threads: a client belongs to one thread; callbacks come from its poll.
 * Ownership: messages are freed by kafka_message_done().
 */
#ifndef KAROOL_KAFKA_H
#define KAROOL_KAFKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "error.h"
#include "span.h"

enum kafka_outcome {
    KAFKA_OK,
    KAFKA_RETRY,    /* the same call again */
    KAFKA_ABORT,    /* abort the transaction, go back to committed offsets */
    KAFKA_RECREATE, /* the client is of no use any more */
    KAFKA_REFUSED,  /* the broker will never take this record */
};

struct kafka_settings {
    const struct config *config;
    const char *brokers;
    bool embedded;
};

struct kafka_header {
    const char *name;
    struct span value;
};

/* What became of a record; must live until the flush. */
struct kafka_delivery {
    int64_t offset;
    enum kafka_outcome outcome;
    bool purged; /* for another one's sake: the reason is the transaction's */
    char reason[160];
};

struct kafka_record {
    const char *topic;
    int32_t partition;
    struct span key, value; /* value absent: a tombstone */
    int64_t timestamp_ms;   /* 0: now */
    const struct kafka_header *headers;
    size_t header_count;
    struct kafka_delivery *delivery;
};

struct kafka_offset {
    int32_t partition;
    int64_t offset; /* the next one to read; -1: none */
};

/* Kept with a group's offset. */
struct kafka_note {
    char text[160];
};

struct kafka_producer;
struct kafka_consumer;

/* Transactional unless embedded (the mock shows what is aborted): there a
 * transaction is a flush. Waits for the broker up to timeout_ms. */
MUST_USE struct kafka_producer *
kafka_producer_new(const struct kafka_settings *settings,
                   const char *transactional_id, int timeout_ms,
                   struct error *err);
void kafka_producer_free(struct kafka_producer *producer);
void kafka_producer_freep(struct kafka_producer **producer);
enum kafka_outcome kafka_producer_begin(struct kafka_producer *producer,
                                        struct error *err);
/* The bytes are copied. KAFKA_RETRY: the queue is full, poll first. */
enum kafka_outcome kafka_producer_produce(struct kafka_producer *producer,
                                          const struct kafka_record *record,
                                          struct error *err);
/* Waits until every record has its delivery. */
enum kafka_outcome kafka_producer_flush(struct kafka_producer *producer,
                                        int timeout_ms, struct error *err);
/* Offsets of the consumer's group go into the transaction. */
enum kafka_outcome
kafka_producer_send_offsets(struct kafka_producer *producer,
                            struct kafka_consumer *consumer, const char *topic,
                            const struct kafka_offset *offsets, size_t count,
                            int timeout_ms, struct error *err);
/* The same, each with a note (notes[i] goes with offsets[i]). */
enum kafka_outcome kafka_producer_send_notes(struct kafka_producer *producer,
                                             struct kafka_consumer *consumer,
                                             const char *topic,
                                             const struct kafka_offset *offsets,
                                             const struct kafka_note *notes,
                                             size_t count, int timeout_ms,
                                             struct error *err);
enum kafka_outcome kafka_producer_commit(struct kafka_producer *producer,
                                         int timeout_ms, struct error *err);
enum kafka_outcome kafka_producer_abort(struct kafka_producer *producer,
                                        int timeout_ms, struct error *err);
/* Why the open transaction cannot be committed, in the place of err, when that
 * is known. */
void kafka_producer_why(struct kafka_producer *producer, struct error *err);
/* Another producer took its transactional id over, or it stood still for
 * longer than a transaction may. */
bool kafka_producer_fenced(const struct kafka_producer *producer);

struct kafka_message {
    void *handle;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    struct span key, value; /* value absent: a tombstone */
    bool end;               /* no message: the end of `partition` at `offset` */
    bool more;              /* the next one is there: no poll will wait */
};

struct kafka_consumer_hooks {
    /* Partitions of the topic were assigned: where to begin each (offsets are
     * filled by the hook: -2 the beginning, -1000 the committed one, …). */
    void (*assigned)(void *context, struct kafka_offset *partitions,
                     size_t count);
    /* They go away; `lost`: others have them already. */
    void (*revoked)(void *context, const struct kafka_offset *partitions,
                    size_t count, bool lost);
    void *context;
};

#define KAFKA_BEGINNING (-2)
#define KAFKA_END (-1)
#define KAFKA_COMMITTED (-1000)

/* A rebalance waits for every member's next poll, at most so long; then the
 * assignment must come, if only an empty one. */
#define KAFKA_POLL_MOST_MS 60000
#define KAFKA_ASSIGN_MOST_MS 90000

/* `group` NULL: no group, kafka_consumer_assign() it. */
MUST_USE struct kafka_consumer *
kafka_consumer_new(const struct kafka_settings *settings, const char *group,
                   const char *topic, const struct kafka_consumer_hooks *hooks,
                   struct error *err);
/* The same under a name of its own: who comes back under it takes its place
 * again at once, and disturbs no other member (KIP-345). */
MUST_USE struct kafka_consumer *kafka_consumer_new_member(
    const struct kafka_settings *settings, const char *group,
    const char *instance, const char *topic,
    const struct kafka_consumer_hooks *hooks, struct error *err);
/* In the group's name and without joining it: kafka_consumer_assign() it.
 * Who commits in that name is fenced by the producer's transactional id. */
MUST_USE struct kafka_consumer *
kafka_consumer_new_apart(const struct kafka_settings *settings,
                         const char *group, const char *topic,
                         struct error *err);
/* Leaves the group when `leave`; bounded by a few seconds. */
void kafka_consumer_free(struct kafka_consumer *consumer, bool leave);
MUST_USE bool kafka_consumer_assign(struct kafka_consumer *consumer,
                                    const struct kafka_offset *partitions,
                                    size_t count, struct error *err);
/* How many partitions the topic has. ERROR_RETRY: no broker answers, or the
 * topic is not there. */
MUST_USE bool kafka_consumer_partitions(struct kafka_consumer *consumer,
                                        int timeout_ms, unsigned *count,
                                        struct error *err);
/* KAFKA_OK with out->handle NULL and !out->end: nothing came in time. A member
 * whose position is not in the topic (any more) gets KAFKA_RECREATE: it never
 * goes elsewhere without a word. */
enum kafka_outcome kafka_consumer_poll(struct kafka_consumer *consumer,
                                       int timeout_ms,
                                       struct kafka_message *out,
                                       struct error *err);
void kafka_message_done(struct kafka_message *message);
/* Absent when there is none of that name; lives as long as the message. */
struct span kafka_message_header(const struct kafka_message *message,
                                 const char *name);
/* The group's committed offsets, waited for while a transaction that carries
 * some is open; -1 where there is none. */
MUST_USE bool kafka_consumer_committed(struct kafka_consumer *consumer,
                                       struct kafka_offset *partitions,
                                       size_t count, int timeout_ms,
                                       struct error *err);
/* The group's offsets become these, outside any transaction. */
MUST_USE bool
kafka_consumer_set_committed(struct kafka_consumer *consumer,
                             const struct kafka_offset *partitions,
                             size_t count, struct error *err);
/* The first record of each that is not older than wall_ms; KAFKA_END: none. */
MUST_USE bool kafka_consumer_offsets_at(struct kafka_consumer *consumer,
                                        struct kafka_offset *partitions,
                                        size_t count, int64_t wall_ms,
                                        int timeout_ms, struct error *err);
/* The first offset there is, and the end of what is committed. */
MUST_USE bool kafka_consumer_bounds(struct kafka_consumer *consumer,
                                    int32_t partition, int timeout_ms,
                                    int64_t *first, int64_t *end,
                                    struct error *err);
/* The end as the last answer had it, behind open transactions too; -1: none
 * came yet. */
int64_t kafka_consumer_high(const struct kafka_consumer *consumer,
                            int32_t partition);
/* Reads on from the committed offsets, or from the beginning. */
MUST_USE bool kafka_consumer_rewind(struct kafka_consumer *consumer,
                                    int timeout_ms, struct error *err);
void kafka_consumer_pause(struct kafka_consumer *consumer);
/* Taken in the `assigned` hook, once an assignment: what fences in the broker.
 * false: no member any more, or generation -1, which a broker lets pass. */
bool kafka_consumer_note_generation(struct kafka_consumer *consumer);

#endif
