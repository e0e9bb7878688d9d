/*
 * screen_model.h - the screen as its files share it.
 *
 * screen.c owns the threads and the counts; screen_worker.c is one thread and
 * what it does with each record; screen_group.c is its part of the group,
 * screen_place.c where in the topic it begins;
 * screen_batch.c is the thread's open transaction. Threads share nothing but
 * the counts.
 */
#ifndef KAROOL_SCREEN_MODEL_H
#define KAROOL_SCREEN_MODEL_H

#include <pthread.h>
#include <stdatomic.h>

#include "arena.h"
#include "kafka.h"
#include "recent.h"
#include "screen.h"
#include "screener.h"
#include "slot_lock.h"

enum {
    /* A commit holds its thread for 5 to 130 ms, and costs the broker most:
     * short batches when caught up, for latency; long ones when behind. */
    SCREEN_BATCH_MS = 150,
    SCREEN_BATCH_BEHIND_MS = 1000,
    SCREEN_BATCH_RECORDS = 200 * 1000,
    SCREEN_BATCH_EVENTS = 8000,
    SCREEN_BATCH_BYTES = 16 * 1024 * 1024, /* of events */
    SCREEN_CLOCK_POSTS = 16, /* between two looks at the clock, at most */
    SCREEN_CLOCK_BYTES = 1024 * 1024, /* the same; 16 posts may be 160 MB */
    SCREEN_REQUEST_MS = 10000,
    SCREEN_OPEN_MS = 15000,
    SCREEN_RECENT_IDS = 256 * 1024, /* of a thread; 8 MB */
    SCREEN_SHOWN_EVENTS = 200,      /* of a transaction, to on_event */
};

/* An event or a rejected record on its way, and the post it is of. */
struct screen_output {
    struct kafka_delivery delivery;
    int32_t partition;
    int64_t offset;
};

struct screen_batch {
    bool open;
    int64_t opened_ms; /* monotonic */
    bool caught_up;    /* the end of a partition was seen */
    int64_t *next;     /* of each partition: the offset to commit; -1: none */
    int64_t *stands;   /* where each partition stands: the embedded broker keeps
                          no offsets; -1: at its beginning */
    struct screen_output *outputs; /* SCREEN_BATCH_EVENTS of them */
    size_t output_count, output_bytes;
    uint64_t looked_bytes; /* of posts, when the clock was looked at last */
    struct arena *texts;   /* of the events to show once they are committed */
    struct span shown[SCREEN_SHOWN_EVENTS];
    size_t shown_count;
    struct screen_counts counts; /* of this transaction */
};

/* A post whose event Kafka will never take: rejected when it comes again. */
struct screen_refused {
    int32_t partition;
    int64_t offset;
    bool left_out; /* it was refused as a rejected record too */
    char reason[160];
};

struct screen_worker {
    struct screen *screen;
    unsigned number;
    pthread_t thread;
    bool thread_started;
    struct slot_lock *slot;
    struct kafka_producer *producer;
    struct kafka_consumer *consumer;
    struct screener *screener;
    struct recent *recent;
    bool more;       /* the next record is at hand */
    int64_t wall_ms; /* of a moment ago */
    struct screen_batch batch;
    struct screen_refused refused[64];
    size_t refused_count;
    bool careful; /* one request an event, to find the one that is refused */
    bool joined;  /* an assignment is in force, maybe an empty one */
    int64_t parted_ms;  /* monotonic; since when there is none */
    bool must_rejoin;   /* partitions were assigned, but not taken over */
    unsigned failures;  /* in a row */
    int64_t checked_ms; /* monotonic; when the topics were looked for */
    /* Of each partition: how far the events are known; -1: not at all. */
    int64_t *known;
};

struct screen {
    struct config *config;
    struct broker *broker;
    struct ruleset *ruleset;
    screen_event *on_event;
    void *context;
    unsigned partitions;
    atomic_bool stopping;
    struct screen_worker *workers;
    size_t worker_count;

    pthread_mutex_t lock; /* guards what follows */
    struct screen_counts counts;
    struct error failure;
};

/* screen.c */
void screen_trouble(struct screen *screen, const char *text);
void screen_fail(struct screen *screen, const struct error *err);
bool screen_stopping(const struct screen *screen);
/* screen_worker.c */
MUST_USE bool screen_worker_init(struct screen_worker *worker,
                                 struct screen *screen, unsigned number,
                                 struct error *err);
void screen_worker_done(struct screen_worker *worker);
void *screen_worker_run(void *context);
/* screen_group.c */
MUST_USE bool screen_join(struct screen_worker *worker, struct error *err);
/* Back to what the group committed; false: the end has come first. */
MUST_USE bool screen_rewind(struct screen_worker *worker);
/* screen_place.c: what the group committed becomes where to begin: at the
 * earliest post where it has committed nothing or what is not in the topic, and
 * it says so. false: Kafka does not tell what the topic holds. */
MUST_USE bool screen_place_choose(struct screen_worker *worker,
                                  struct kafka_offset *places, size_t count,
                                  size_t *fresh);
/* screen_worker.c: aborts the open transaction, or makes the client anew. */
MUST_USE bool screen_abandon(struct screen_worker *worker,
                             enum kafka_outcome outcome, const char *why);
/* screen_batch.c: KAFKA_OK, KAFKA_ABORT, KAFKA_RECREATE. */
enum kafka_outcome screen_batch_event(struct screen_worker *worker,
                                      const struct kafka_message *message,
                                      const struct screened *screened,
                                      const struct rules *rules,
                                      struct error *err);
const struct screen_refused *
screen_batch_refused(const struct screen_worker *worker, int32_t partition,
                     int64_t offset);
enum kafka_outcome screen_batch_rejected(struct screen_worker *worker,
                                         const struct kafka_message *message,
                                         const char *reason, struct error *err);
MUST_USE bool screen_batch_due(struct screen_worker *worker);
enum kafka_outcome screen_batch_begin(struct screen_worker *worker,
                                      struct error *err);
enum kafka_outcome screen_batch_commit(struct screen_worker *worker,
                                       struct error *err);
/* Forgets what the open transaction held; the consumer is to be rewound. */
void screen_batch_forget(struct screen_worker *worker);

#endif
