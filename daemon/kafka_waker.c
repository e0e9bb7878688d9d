#include "kafka_waker.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MS = 200 };

struct kafka_waker {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    rd_kafka_t *client;
    char *topic;
    pthread_t thread;
    int32_t partition;
    bool wanted; /* a request */
    bool busy;   /* an answer is waited for */
    bool ended;  /* and the client is the thread's, should it be busy */
};

static void
destroy_client(rd_kafka_t *client)
{
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

static void
free_waker(struct kafka_waker *waker)
{
    pthread_cond_destroy(&waker->changed);
    pthread_mutex_destroy(&waker->lock);
    free(waker->topic);
    free(waker);
}

/* Waits until a request is wanted; false: the end has come. */
static bool
next_request(struct kafka_waker *waker, int32_t *partition)
{
    pthread_mutex_lock(&waker->lock);
    waker->busy = false;
    while (!waker->wanted && !waker->ended)
        pthread_cond_wait(&waker->changed, &waker->lock);
    bool wanted = !waker->ended;
    waker->wanted = false;
    waker->busy = wanted;
    *partition = waker->partition;
    pthread_mutex_unlock(&waker->lock);
    return wanted;
}

static void *
run(void *context)
{
    struct kafka_waker *waker = context;
    int32_t partition;
    int64_t low, high;
    bool left_behind = false;
    while (!left_behind && next_request(waker, &partition)) {
        rd_kafka_query_watermark_offsets(waker->client, waker->topic, partition,
                                         &low, &high, ANSWER_MS);
        pthread_mutex_lock(&waker->lock);
        left_behind = waker->ended;
        pthread_mutex_unlock(&waker->lock);
    }
    if (left_behind) {
        destroy_client(waker->client);
        free_waker(waker);
    }
    return NULL;
}

struct kafka_waker *
kafka_waker_new(rd_kafka_t *client, const char *topic)
{
    struct kafka_waker *waker = calloc(1, sizeof(*waker));
    if (!waker)
        return NULL;
    waker->client = client;
    waker->topic = strdup(topic);
    pthread_mutex_init(&waker->lock, NULL);
    pthread_cond_init(&waker->changed, NULL);
    if (waker->topic && pthread_create(&waker->thread, NULL, run, waker) == 0)
        return waker;
    free_waker(waker);
    return NULL;
}

void
kafka_waker_ask(struct kafka_waker *waker, int32_t partition)
{
    pthread_mutex_lock(&waker->lock);
    if (!waker->busy && !waker->wanted) {
        waker->partition = partition;
        waker->wanted = true;
        pthread_cond_signal(&waker->changed);
    }
    pthread_mutex_unlock(&waker->lock);
}

void
kafka_waker_end(struct kafka_waker *waker, rd_kafka_t *client)
{
    if (!waker) {
        destroy_client(client);
        return;
    }
    pthread_mutex_lock(&waker->lock);
    bool busy = waker->busy;
    waker->ended = true;
    if (busy) /* from here on it may free itself */
        pthread_detach(waker->thread);
    pthread_cond_signal(&waker->changed);
    pthread_t thread = waker->thread;
    pthread_mutex_unlock(&waker->lock);
    if (busy)
        return;
    pthread_join(thread, NULL);
    free_waker(waker);
    destroy_client(client);
}
