/*
 * ingest_model.h - ingest as its files share it.
 *
 * ingest.c owns the thread and the queue of pages; ingest_cursors.c reads the
 * cursor partitions that the group assigns, ingest_shortfall.c notices those
 * that hold less than was committed; ingest_former.c reads those of sources
 * that were renamed; ingest_commit.c gets pages committed, whatever it takes;
 * ingest_batch.c is one attempt, one transaction; ingest_record.c says what a
 * page's record is in Kafka.
 */
#ifndef KAROOL_INGEST_MODEL_H
#define KAROOL_INGEST_MODEL_H

#include <pthread.h>
#include <stdatomic.h>

#include "cursor_watch.h"
#include "fetcher.h"
#include "ingest.h"
#include "kafka.h"
#include "map.h"
#include "partition.h"
#include "slot_lock.h"

enum {
    INGEST_BATCH_BYTES = 1024 * 1024,
    INGEST_BATCH_MS = 100,
    /* The mock keeps about 5 MB a partition and forgets silently. */
    EMBEDDED_BYTES_MOST = 2 * 1024 * 1024,
    /* More waiting than this, and the sources pause. */
    INGEST_WAITING_MOST = 32 * 1024 * 1024,
    INGEST_REQUEST_MS = 10000,
};

/* A record that the broker does not take becomes a rejected one. */
struct ingest_refusal {
    bool refused;
    bool left_out; /* refused as a rejected one too */
    char reason[160];
};

/* Pages that become one transaction, and what became of it. */
struct ingest_batch {
    struct page **pages;
    size_t page_count;
    struct kafka_delivery *deliveries; /* one a record, as `refusals` */
    struct ingest_refusal *refusals;
    size_t record_count;
    bool careful; /* one request a record, to find the one that is refused */
    /* Of the last attempt: */
    bool refused;     /* the broker did not take some request */
    bool hopeless;    /* it does not take a cursor: the page cannot stand */
    bool commit_sent; /* a failure may hide a success */
    int64_t cursors[CURSOR_PARTITIONS]; /* highest record of each; -1 none */
};

/* A partition whose cursors are being read. */
struct cursor_load {
    int32_t partition;
    int64_t committed; /* -1: none */
    int64_t end;       /* that was reached; -1: not yet */
    int64_t short_ms;  /* monotonic; since when it ends too early; 0: it does
                          not */
    bool done;
};

struct ingest {
    struct config *config;
    struct broker *broker;
    struct screen *screen;
    struct fetcher *fetcher;
    struct slot_lock *slot;
    struct kafka_producer *producer;
    struct kafka_consumer *consumer;
    struct cursor_news *news;
    struct cursor_watch *watch; /* NULL where nobody else can be */
    pthread_t thread;
    bool thread_started;
    atomic_bool stopping;

    /* Of the ingest thread: */
    uint64_t epoch;
    bool joined; /* an assignment is in force, maybe an empty one */
    bool owned[CURSOR_PARTITIONS]; /* by it */
    int64_t parted_ms;             /* monotonic; since when there is none */
    unsigned remade;  /* producers made anew since the last commit */
    bool must_rejoin; /* transactions fail again and again */
    struct cursor_load *loads;
    size_t load_count;
    bool loading;
    int64_t former_again_ms; /* monotonic; not to be looked for before */
    int64_t former_told_ms;  /* monotonic; when a failure was last told */
    uint64_t produced_bytes;
    struct map *records; /* key to struct stored_record, in order */
    struct arena *record_arena;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t filled;
    struct page **pages;
    size_t page_count, page_capacity;
    size_t page_bytes;
    struct ingest_counts counts;
    struct error failure;
};

/* ingest_cursors.c */
MUST_USE bool ingest_join(struct ingest *ingest, struct error *err);
/* One turn of the consumer; begins sources once their cursors are read. */
MUST_USE bool ingest_poll(struct ingest *ingest, int timeout_ms,
                          struct error *err);
/* ingest_shortfall.c: partitions whose end was reached, but not what was
 * committed, and will not be: they are done. */
void ingest_shortfall_look(struct ingest *ingest);
/* ingest_former.c: reads what a renamed source goes on from, where that is in
 * a partition of somebody else. */
void ingest_former_serve(struct ingest *ingest);
/* ingest_commit.c: commits pages, tells the fetcher, frees them. */
void ingest_commit(struct ingest *ingest, struct page **pages, size_t count);
/* Opens the producer, which ends what a predecessor left open; false: the end
 * has come first. */
MUST_USE bool ingest_open_producer(struct ingest *ingest);
/* ingest_batch.c */
MUST_USE bool ingest_batch_init(struct ingest_batch *batch, struct page **pages,
                                size_t count);
void ingest_batch_done(struct ingest_batch *batch);
enum kafka_outcome ingest_batch_attempt(struct ingest *ingest,
                                        struct ingest_batch *batch,
                                        struct error *err);
/* What the batch commits of the cursor partitions: of our own alone, though
 * it may take the records of a former name out of another one. */
size_t ingest_batch_offsets(const struct ingest *ingest,
                            const struct ingest_batch *batch,
                            struct kafka_offset offsets[CURSOR_PARTITIONS]);
/* ingest_record.c: `refusal` NULL: as it is; else as a rejected record, whose
 * bytes are in `rejected`. */
MUST_USE bool ingest_record_make(const struct ingest *ingest,
                                 const struct page_record *from,
                                 const char *refusal, struct kafka_record *out,
                                 struct buffer *rejected, struct error *err);
/* ingest.c */
void ingest_trouble(struct ingest *ingest, const char *text);
void ingest_drop_pages(struct ingest *ingest);
void ingest_fail(struct ingest *ingest, const struct error *err);

#endif
