#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "message_id.h"
#include "screen_model.h"

enum {
    POLL_MS = 50,
    PAUSE_MS = 500,
    CHECK_MS = 10000,
    TELL_AGAIN = 30,    /* failures in a row, then it is told again */
    FAILURES_MOST = 12, /* then the group is joined anew */
};

/* ---- the clients ---- */

static struct kafka_settings
settings_of(const struct screen *screen)
{
    return (struct kafka_settings){screen->config,
                                   broker_address(screen->broker),
                                   broker_embedded(screen->broker)};
}

/* Tries until Kafka answers or the end has come. */
static bool
make_producer(struct screen_worker *worker)
{
    struct screen *screen = worker->screen;
    const struct kafka_settings settings = settings_of(screen);
    struct error err = {0};
    kafka_producer_free(worker->producer);
    worker->producer = NULL;
    while (!screen_stopping(screen)) {
        worker->producer =
            kafka_producer_new(&settings, slot_transactional_id(worker->slot),
                               SCREEN_OPEN_MS, &err);
        if (worker->producer)
            return true;
        screen_trouble(screen, err.message);
        usleep(PAUSE_MS * 1000);
    }
    return false;
}

/* Making the client anew aborts too, and fences the one before. */
bool
screen_abandon(struct screen_worker *worker, enum kafka_outcome outcome,
               const char *why)
{
    struct screen *screen = worker->screen;
    struct error err = {0};
    bool was_open = worker->batch.open;
    if (why)
        screen_trouble(screen, why);
    screen_batch_forget(worker);
    if (outcome != KAFKA_RECREATE && was_open)
        outcome =
            kafka_producer_abort(worker->producer, SCREEN_REQUEST_MS, &err);
    else if (outcome != KAFKA_RECREATE)
        outcome = KAFKA_OK;
    if (was_open) {
        pthread_mutex_lock(&screen->lock);
        screen->counts.aborts++;
        pthread_mutex_unlock(&screen->lock);
    }
    if (outcome == KAFKA_OK)
        return true;
    if (screen_stopping(screen))
        return false;
    if (worker->failures % TELL_AGAIN <= 1)
        log_warning("screen", "the Kafka client of thread %u is made anew: %s",
                    worker->number,
                    err.kind ? err.message
                    : why    ? why
                             : "");
    return make_producer(worker);
}

/* A topic that somebody deleted does not come back by waiting. */
static void
check_topics(struct screen_worker *worker)
{
    struct error err = {0};
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - worker->checked_ms < CHECK_MS)
        return;
    worker->checked_ms = now_ms;
    if (!broker_check(worker->screen->broker, &err) && err.kind == ERROR_FATAL)
        screen_fail(worker->screen, &err);
}

/* ---- records ---- */

/* A post of 10 MB may take seconds on a busy machine: longer than the broker
 * leaves a transaction open that holds events of others already. */
static enum kafka_outcome
make_way(struct screen_worker *worker, const struct kafka_message *message,
         struct error *err)
{
    bool large = message->value.len >= SCREEN_CLOCK_BYTES;
    return large && worker->batch.output_count
               ? screen_batch_commit(worker, err)
               : KAFKA_OK;
}

static enum kafka_outcome
take_record(struct screen_worker *worker, const struct kafka_message *message,
            const struct matcher *matcher, struct error *err)
{
    struct screen_batch *batch = &worker->batch;
    struct screened screened;
    char place[MESSAGE_ID_SIZE];
    struct span id =
        message_id(message, worker->screen->config->topics.posts, place);
    enum kafka_outcome outcome = make_way(worker, message, err);
    if (outcome == KAFKA_OK)
        outcome = screen_batch_begin(worker, err);
    if (outcome != KAFKA_OK)
        return outcome;
    const struct screen_refused *refused =
        screen_batch_refused(worker, message->partition, message->offset);
    if (refused && refused->left_out)
        outcome = KAFKA_OK;
    else if (refused)
        outcome = screen_batch_rejected(worker, message, refused->reason, err);
    else if (!screener_screen(worker->screener, matcher, message->value, id,
                              worker->wall_ms, false, &screened, err))
        outcome =
            err->kind == ERROR_RECORD
                ? screen_batch_rejected(worker, message, err->message, err)
                : KAFKA_ABORT;
    else if (screened.event.at)
        outcome = screen_batch_event(worker, message, &screened,
                                     matcher_rules(matcher), err);
    if (outcome != KAFKA_OK)
        return outcome;
    batch->next[message->partition] = message->offset + 1;
    batch->counts.posts++;
    batch->counts.bytes += message->key.len + message->value.len;
    return KAFKA_OK;
}

/* librdkafka 2.0.2 may lose an assignment for good (issue 4059 of its
 * tracker). */
static bool
is_member(const struct screen_worker *worker, struct error *err)
{
    if (worker->must_rejoin)
        return error_set(err, ERROR_RETRY, "partitions were not taken over");
    if (!worker->joined && !broker_embedded(worker->screen->broker) &&
        clock_monotonic_ms() - worker->parted_ms > KAFKA_ASSIGN_MOST_MS)
        return error_set(err, ERROR_RETRY, "no assignment has come back");
    return true;
}

/* One message, or a wait for one. */
static enum kafka_outcome
turn(struct screen_worker *worker, const struct matcher *matcher,
     struct error *err)
{
    struct kafka_message message;
    enum kafka_outcome outcome =
        kafka_consumer_poll(worker->consumer, POLL_MS, &message, err);
    bool waited = !worker->more;
    worker->more = message.more;
    if (waited || worker->batch.counts.posts % SCREEN_CLOCK_POSTS == 0)
        worker->wall_ms = clock_wall_ms();
    if (outcome == KAFKA_RETRY) {
        screen_trouble(worker->screen, err->message);
        check_topics(worker);
        return KAFKA_OK;
    }
    if (outcome != KAFKA_OK)
        return outcome;
    if (!is_member(worker, err))
        outcome = KAFKA_RECREATE;
    else if (message.handle)
        outcome = take_record(worker, &message, matcher, err);
    else
        worker->batch.caught_up = true;
    kafka_message_done(&message);
    return outcome;
}

/* Records until the transaction is due, screened by one matcher, so that a
 * reload falls between two transactions. */
static enum kafka_outcome
fill_and_commit(struct screen_worker *worker, struct error *err)
{
    struct screen *screen = worker->screen;
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = ruleset_get(screen->ruleset);
    enum kafka_outcome outcome = KAFKA_OK;
    do
        outcome = turn(worker, matcher, err);
    while (outcome == KAFKA_OK && worker->batch.open &&
           !screen_stopping(screen) && !screen_batch_due(worker));
    if (outcome != KAFKA_OK || !worker->batch.open)
        return outcome;
    outcome = screen_batch_commit(worker, err);
    if (outcome != KAFKA_OK)
        return outcome;
    worker->failures = 0;
    screen_trouble(screen, "");
    return outcome;
}

/* After a failure; false: it is time to end. */
static bool
recover(struct screen_worker *worker, enum kafka_outcome outcome,
        struct error *err)
{
    struct screen *screen = worker->screen;
    if (++worker->failures > 1)
        check_topics(worker);
    if (worker->failures % FAILURES_MOST == 0)
        outcome = KAFKA_RECREATE;
    if (!screen_abandon(worker, outcome, err->message) ||
        screen_stopping(screen))
        return false;
    if (outcome == KAFKA_RECREATE && !broker_embedded(screen->broker)) {
        kafka_consumer_free(worker->consumer, true);
        worker->consumer = NULL;
        if (screen_join(worker, err))
            return true;
        screen_fail(screen, err);
        return false;
    }
    usleep(worker->failures > 1 ? PAUSE_MS * 1000 : 0);
    return screen_rewind(worker);
}

void *
screen_worker_run(void *context)
{
    struct screen_worker *worker = context;
    struct error err = {0};
    if (!make_producer(worker))
        return NULL;
    if (!screen_join(worker, &err)) {
        screen_fail(worker->screen, &err);
        return NULL;
    }
    while (!screen_stopping(worker->screen)) {
        enum kafka_outcome outcome = fill_and_commit(worker, &err);
        if (outcome != KAFKA_OK && !recover(worker, outcome, &err))
            break;
    }
    kafka_consumer_free(worker->consumer, true);
    worker->consumer = NULL;
    return NULL;
}

bool
screen_worker_init(struct screen_worker *worker, struct screen *screen,
                   unsigned number, struct error *err)
{
    struct screen_batch *batch = &worker->batch;
    worker->screen = screen;
    worker->number = number;
    worker->screener = screener_new(err);
    worker->slot = slot_take(screen->config, "screen", err);
    if (!worker->screener || !worker->slot)
        return false;
    worker->recent =
        recent_new(SCREEN_RECENT_IDS, screen->config->dedupe_window_ms);
    batch->texts = arena_new();
    batch->outputs = calloc(SCREEN_BATCH_EVENTS + 1, sizeof(*batch->outputs));
    batch->next = calloc(screen->partitions + 1, sizeof(*batch->next));
    batch->stands = calloc(screen->partitions + 1, sizeof(*batch->stands));
    worker->known = calloc(screen->partitions + 1, sizeof(*worker->known));
    if (!worker->recent || !batch->texts || !batch->outputs || !batch->next ||
        !batch->stands || !worker->known)
        return error_no_memory(err);
    for (unsigned i = 0; i < screen->partitions; i++)
        batch->stands[i] = worker->known[i] = -1;
    screen_batch_forget(worker);
    return true;
}

void
screen_worker_done(struct screen_worker *worker)
{
    kafka_producer_free(worker->producer);
    kafka_consumer_free(worker->consumer, true);
    slot_free(worker->slot);
    screener_free(worker->screener);
    recent_free(worker->recent);
    arena_free(worker->batch.texts);
    free(worker->batch.outputs);
    free(worker->batch.next);
    free(worker->batch.stands);
    free(worker->known);
}
