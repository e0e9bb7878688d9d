#include "scan_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum chunk_state { EMPTY, FILLING, FILLED, SCREENING, SCREENED };

/* Chunk number n uses chunks[n % count]. */
struct scan_queue {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t emptied, filled, screened;
    struct scan_chunk *chunks;
    size_t count;
    uint64_t to_fill, to_take, to_write; /* numbers of the next chunks */
    bool ended, stopped;
    struct error error;
};

struct scan_queue *
scan_queue_new(size_t chunk_count)
{
    struct scan_queue *queue = calloc(1, sizeof(*queue));
    if (!queue)
        return NULL;
    queue->chunks = calloc(chunk_count, sizeof(*queue->chunks));
    queue->count = chunk_count;
    if (!queue->chunks) {
        free(queue);
        return NULL;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->emptied, NULL);
    pthread_cond_init(&queue->filled, NULL);
    pthread_cond_init(&queue->screened, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void
scan_queue_free(struct scan_queue *queue)
{
    if (!queue)
        return;
    for (size_t i = 0; i < queue->count; i++) {
        buffer_done(&queue->chunks[i].input);
        buffer_done(&queue->chunks[i].output);
    }
    pthread_cond_destroy(&queue->emptied);
    pthread_cond_destroy(&queue->filled);
    pthread_cond_destroy(&queue->screened);
    pthread_mutex_destroy(&queue->lock);
    free(queue->chunks);
    free(queue);
}

void
scan_queue_freep(struct scan_queue **queue)
{
    scan_queue_free(*queue);
    *queue = NULL;
}

static struct scan_chunk *
chunk_of(struct scan_queue *queue, uint64_t number)
{
    return &queue->chunks[number % queue->count];
}

static void
clear(struct scan_chunk *chunk)
{
    buffer_clear(&chunk->input);
    buffer_clear(&chunk->output);
    chunk->posts = chunk->flagged = chunk->bad = chunk->repaired = 0;
    chunk->oversized.line = 0;
    chunk->error.kind = ERROR_NONE;
}

struct scan_chunk *
scan_queue_empty(struct scan_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    struct scan_chunk *chunk = chunk_of(queue, queue->to_fill);
    while (chunk->state != EMPTY && !queue->stopped)
        pthread_cond_wait(&queue->emptied, &queue->lock);
    if (queue->stopped)
        chunk = NULL;
    else
        chunk->state = FILLING;
    pthread_mutex_unlock(&queue->lock);
    if (chunk)
        clear(chunk);
    return chunk;
}

void
scan_queue_filled(struct scan_queue *queue, struct scan_chunk *chunk)
{
    pthread_mutex_lock(&queue->lock);
    chunk->state = FILLED;
    queue->to_fill++;
    pthread_cond_signal(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

void
scan_queue_end(struct scan_queue *queue, const struct error *err)
{
    pthread_mutex_lock(&queue->lock);
    queue->ended = true;
    if (err)
        queue->error = *err;
    pthread_cond_broadcast(&queue->filled);
    pthread_cond_signal(&queue->screened);
    pthread_mutex_unlock(&queue->lock);
}

struct scan_chunk *
scan_queue_take(struct scan_queue *queue)
{
    struct scan_chunk *chunk = NULL;
    pthread_mutex_lock(&queue->lock);
    while (queue->to_take == queue->to_fill && !queue->ended && !queue->stopped)
        pthread_cond_wait(&queue->filled, &queue->lock);
    if (queue->to_take < queue->to_fill && !queue->stopped) {
        chunk = chunk_of(queue, queue->to_take++);
        chunk->state = SCREENING;
    }
    pthread_mutex_unlock(&queue->lock);
    return chunk;
}

void
scan_queue_screened(struct scan_queue *queue, struct scan_chunk *chunk)
{
    pthread_mutex_lock(&queue->lock);
    chunk->state = SCREENED;
    if (chunk == chunk_of(queue, queue->to_write))
        pthread_cond_signal(&queue->screened);
    pthread_mutex_unlock(&queue->lock);
}

static struct timespec
deadline_in(int timeout_ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += timeout_ms / 1000;
    at.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

struct scan_chunk *
scan_queue_next(struct scan_queue *queue, int timeout_ms, bool *ended)
{
    struct timespec deadline = deadline_in(timeout_ms);
    int waited = 0;
    *ended = false;
    pthread_mutex_lock(&queue->lock);
    struct scan_chunk *chunk = chunk_of(queue, queue->to_write);
    while (chunk->state != SCREENED && waited == 0) {
        *ended = queue->ended && queue->to_write == queue->to_fill;
        if (*ended)
            break;
        waited =
            pthread_cond_timedwait(&queue->screened, &queue->lock, &deadline);
    }
    if (chunk->state != SCREENED)
        chunk = NULL;
    pthread_mutex_unlock(&queue->lock);
    return chunk;
}

void
scan_queue_written(struct scan_queue *queue, struct scan_chunk *chunk)
{
    pthread_mutex_lock(&queue->lock);
    chunk->state = EMPTY;
    queue->to_write++;
    pthread_cond_signal(&queue->emptied);
    pthread_mutex_unlock(&queue->lock);
}

void
scan_queue_stop(struct scan_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->stopped = true;
    pthread_cond_broadcast(&queue->emptied);
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

bool
scan_queue_stopped(struct scan_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool stopped = queue->stopped;
    pthread_mutex_unlock(&queue->lock);
    return stopped;
}

bool
scan_queue_failed(struct scan_queue *queue, struct error *err)
{
    pthread_mutex_lock(&queue->lock);
    bool failed = queue->error.kind != ERROR_NONE;
    if (failed)
        *err = queue->error;
    pthread_mutex_unlock(&queue->lock);
    return failed;
}
