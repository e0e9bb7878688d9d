#include "run_signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

struct run_signals {
    int fd;
    sigset_t set;
    pthread_t thread;
    bool thread_started;
    atomic_bool stop, reload, ended;
};

/* SIGUSR2 only wakes the thread, to end it. timeout(1) and others signal both
 * the process and its group: what comes so soon is no second one. */
enum { SIGNAL_END = SIGUSR2, SAME_MS = 300 };

static void
tell(const struct run_signals *signals)
{
    uint64_t one = 1;
    ssize_t written = write(signals->fd, &one, sizeof(one));
    (void)written; /* full: it is readable already */
}

static void *
listen_to_signals(void *context)
{
    struct run_signals *signals = context;
    int64_t end_ms = INT64_MAX;
    while (!atomic_load(&signals->ended)) {
        int64_t left_ms = end_ms - clock_monotonic_ms();
        const struct timespec wait = {.tv_sec = left_ms / 1000,
                                      .tv_nsec = left_ms % 1000 * 1000000};
        if (left_ms <= 0)
            _exit(0);
        int number = end_ms == INT64_MAX
                         ? sigwaitinfo(&signals->set, NULL)
                         : sigtimedwait(&signals->set, NULL, &wait);
        if (number == SIGHUP) {
            atomic_store(&signals->reload, true);
            tell(signals);
        } else if (number == SIGINT || number == SIGTERM) {
            int64_t now_ms = clock_monotonic_ms();
            if (!atomic_exchange(&signals->stop, true))
                end_ms = now_ms + RUN_SIGNALS_END_MS;
            else if (now_ms > end_ms - RUN_SIGNALS_END_MS + SAME_MS)
                _exit(0);
            tell(signals);
        }
    }
    return NULL;
}

struct run_signals *
run_signals_new(struct error *err)
{
    CLEANUP(run_signals_freep)
    struct run_signals *signals = calloc(1, sizeof(*signals));
    if (!signals) {
        error_no_memory(err);
        return NULL;
    }
    signals->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    sigemptyset(&signals->set);
    sigaddset(&signals->set, SIGINT);
    sigaddset(&signals->set, SIGTERM);
    sigaddset(&signals->set, SIGHUP);
    sigaddset(&signals->set, SIGNAL_END);
    pthread_sigmask(SIG_BLOCK, &signals->set, NULL);
    if (signals->fd < 0 || pthread_create(&signals->thread, NULL,
                                          listen_to_signals, signals) != 0) {
        error_set(err, ERROR_FATAL, "no thread for signals");
        return NULL;
    }
    signals->thread_started = true;
    return TAKE(signals);
}

void
run_signals_free(struct run_signals *signals)
{
    if (!signals)
        return;
    if (signals->thread_started) {
        atomic_store(&signals->ended, true);
        pthread_kill(signals->thread, SIGNAL_END);
        pthread_join(signals->thread, NULL);
    }
    if (signals->fd >= 0)
        close(signals->fd);
    free(signals);
}

void
run_signals_freep(struct run_signals **signals)
{
    run_signals_free(*signals);
}

int
run_signals_fd(const struct run_signals *signals)
{
    return signals->fd;
}

void
run_signals_clear(struct run_signals *signals)
{
    uint64_t count;
    ssize_t got = read(signals->fd, &count, sizeof(count));
    (void)got; /* nothing came: nothing to clear */
}

bool
run_signals_stop(const struct run_signals *signals)
{
    return atomic_load(&signals->stop);
}

bool
run_signals_reload(struct run_signals *signals)
{
    return atomic_exchange(&signals->reload, false);
}
