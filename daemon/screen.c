#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "screen_model.h"

bool
screen_stopping(const struct screen *screen)
{
    return atomic_load(&screen->stopping);
}

void
screen_trouble(struct screen *screen, const char *text)
{
    pthread_mutex_lock(&screen->lock);
    bool changed = strcmp(screen->counts.trouble, text) != 0;
    if (changed)
        snprintf(screen->counts.trouble, sizeof(screen->counts.trouble),
                 "%.255s", text);
    pthread_mutex_unlock(&screen->lock);
    if (changed && text[0])
        log_warning("screen", "%s", text);
}

void
screen_fail(struct screen *screen, const struct error *err)
{
    pthread_mutex_lock(&screen->lock);
    screen->failure = *err;
    pthread_mutex_unlock(&screen->lock);
}

static unsigned
thread_count(const struct screen *screen)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned count = screen->config->screen_threads;
    if (count == 0)
        count = cores > 0 ? (unsigned)cores : 1;
    return count < screen->partitions ? count : screen->partitions;
}

static bool
start_workers(struct screen *screen, struct error *err)
{
    unsigned count = thread_count(screen);
    screen->workers = calloc(count, sizeof(*screen->workers));
    if (!screen->workers)
        return error_no_memory(err);
    screen->worker_count = count;
    for (unsigned i = 0; i < count; i++)
        if (!screen_worker_init(&screen->workers[i], screen, i, err))
            return false;
    for (unsigned i = 0; i < count; i++) {
        struct screen_worker *worker = &screen->workers[i];
        if (pthread_create(&worker->thread, NULL, screen_worker_run, worker))
            return error_set(err, ERROR_FATAL, "no thread for the screen");
        worker->thread_started = true;
    }
    return true;
}

struct screen *
screen_new(struct config *config, struct broker *broker,
           struct ruleset *ruleset, screen_event *on_event, void *context,
           struct error *err)
{
    CLEANUP(screen_freep) struct screen *screen = calloc(1, sizeof(*screen));
    if (!screen) {
        error_no_memory(err);
        return NULL;
    }
    pthread_mutex_init(&screen->lock, NULL);
    screen->config = config_ref(config);
    screen->broker = broker;
    screen->ruleset = ruleset;
    screen->on_event = on_event;
    screen->context = context;
    screen->partitions = broker_partitions(broker);
    return start_workers(screen, err) ? TAKE(screen) : NULL;
}

void
screen_end(struct screen *screen)
{
    atomic_store(&screen->stopping, true);
}

bool
screen_stop(struct screen *screen, int deadline_ms)
{
    struct timespec until;
    bool stopped = true;
    if (!screen)
        return true;
    screen_end(screen);
    until = clock_monotonic_after(deadline_ms);
    for (size_t i = 0; i < screen->worker_count; i++) {
        struct screen_worker *worker = &screen->workers[i];
        if (worker->thread_started &&
            pthread_clockjoin_np(worker->thread, NULL, CLOCK_MONOTONIC,
                                 &until) == 0)
            worker->thread_started = false;
        stopped = stopped && !worker->thread_started;
    }
    return stopped;
}

void
screen_free(struct screen *screen)
{
    if (!screen)
        return;
    atomic_store(&screen->stopping, true);
    for (size_t i = 0; i < screen->worker_count; i++)
        if (screen->workers[i].thread_started)
            pthread_join(screen->workers[i].thread, NULL);
    for (size_t i = 0; i < screen->worker_count; i++)
        screen_worker_done(&screen->workers[i]);
    free(screen->workers);
    config_unref(screen->config);
    pthread_mutex_destroy(&screen->lock);
    free(screen);
}

void
screen_freep(struct screen **screen)
{
    screen_free(*screen);
}

void
screen_counts(struct screen *screen, struct screen_counts *out)
{
    pthread_mutex_lock(&screen->lock);
    *out = screen->counts;
    pthread_mutex_unlock(&screen->lock);
}

bool
screen_failed(struct screen *screen, struct error *err)
{
    pthread_mutex_lock(&screen->lock);
    bool failed = screen->failure.kind != ERROR_NONE;
    if (failed && err)
        *err = screen->failure;
    pthread_mutex_unlock(&screen->lock);
    return failed;
}
