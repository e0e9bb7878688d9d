/*
 * ingest_model.h - ingest as its files share it.
 *
 * ingest.c owns the thread and the queue of pages; ingest_cursors.c reads the
 * cursor partitions that the group assigns; ingest_batch.c makes one
 * transaction of pages.
 */
#ifndef KAROOL_INGEST_MODEL_H
#define KAROOL_INGEST_MODEL_H

#include <pthread.h>
#include <stdatomic.h>

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
};

/* A partition whose cursors are being read. */
struct cursor_load {
    int32_t partition;
    int64_t committed; /* -1: none */
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
    pthread_t thread;
    bool thread_started;
    atomic_bool stopping;

    /* Of the ingest thread: */
    uint64_t epoch;
    struct cursor_load *loads;
    size_t load_count;
    bool loading;
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
/* ingest_batch.c: commits pages, tells the fetcher, frees them. */
void ingest_commit(struct ingest *ingest, struct page **pages, size_t count);
/* ingest.c */
void ingest_trouble(struct ingest *ingest, const char *text);
void ingest_drop_pages(struct ingest *ingest);

#endif
