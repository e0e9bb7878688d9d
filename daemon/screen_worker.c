#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "screen_model.h"

enum { POLL_MS = 50, PAUSE_MS = 1000 };

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

/* Aborts the open transaction, or makes the client anew: that aborts it too,
 * and fences the one before. */
static bool
abandon(struct screen_worker *worker, enum kafka_outcome outcome,
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
    log_warning("screen", "the Kafka client of thread %u is made anew: %s",
                worker->number,
                err.kind ? err.message
                : why    ? why
                         : "");
    return make_producer(worker);
}

/* Every so-many-th partition, from where it stands. */
static bool
assign_embedded(struct screen_worker *worker, struct error *err)
{
    struct screen *screen = worker->screen;
    struct kafka_offset *mine = calloc(screen->partitions, sizeof(*mine));
    size_t count = 0;
    if (!mine)
        return error_no_memory(err);
    for (unsigned i = worker->number; i < screen->partitions;
         i += (unsigned)screen->worker_count) {
        int64_t stands = worker->batch.stands[i];
        mine[count++] = (struct kafka_offset){
            (int32_t)i, stands >= 0 ? stands : KAFKA_BEGINNING};
    }
    worker->assigned =
        kafka_consumer_assign(worker->consumer, mine, count, err);
    free(mine);
    pthread_mutex_lock(&screen->lock);
    screen->counts.assigned = true;
    pthread_mutex_unlock(&screen->lock);
    return worker->assigned;
}

/* Back to what the group committed. */
static bool
rewind_consumer(struct screen_worker *worker)
{
    struct error err = {0};
    if (broker_embedded(worker->screen->broker))
        return assign_embedded(worker, &err);
    while (!kafka_consumer_rewind(worker->consumer, SCREEN_REQUEST_MS, &err)) {
        screen_trouble(worker->screen, err.message);
        if (screen_stopping(worker->screen))
            return false;
        usleep(PAUSE_MS * 1000);
    }
    return true;
}

/* ---- the group ---- */

static void
on_assigned(void *context, struct kafka_offset *partitions, size_t count)
{
    struct screen_worker *worker = context;
    struct screen *screen = worker->screen;
    struct error err = {0};
    size_t fresh = 0;
    while (!kafka_consumer_committed(worker->consumer, partitions, count,
                                     SCREEN_REQUEST_MS, &err) &&
           !screen_stopping(screen))
        screen_trouble(screen, err.message);
    for (size_t i = 0; i < count; i++) {
        if (partitions[i].offset >= 0)
            continue;
        partitions[i].offset = KAFKA_BEGINNING;
        fresh++;
    }
    worker->assigned = kafka_consumer_note_generation(worker->consumer);
    log_info("screen",
             "thread %u: %zu partitions, %zu of them from the beginning",
             worker->number, count, fresh);
    pthread_mutex_lock(&screen->lock);
    screen->counts.assigned = true;
    pthread_mutex_unlock(&screen->lock);
}

/* What was screened so far is committed while the partitions are still ours. */
static void
on_revoked(void *context, const struct kafka_offset *partitions, size_t count,
           bool lost)
{
    struct screen_worker *worker = context;
    struct error err = {0};
    enum kafka_outcome outcome = KAFKA_ABORT;
    if (!lost && worker->producer)
        outcome = screen_batch_commit(worker, &err);
    if (outcome != KAFKA_OK && worker->producer)
        abandon(worker, outcome, err.kind ? err.message : NULL);
    worker->assigned = false;
    log_info("screen", "thread %u: %zu partitions %s", worker->number, count,
             lost ? "lost" : "given up");
}

static bool
join(struct screen_worker *worker, struct error *err)
{
    struct screen *screen = worker->screen;
    const struct kafka_settings settings = settings_of(screen);
    bool embedded = settings.embedded;
    const struct kafka_consumer_hooks hooks = {on_assigned, on_revoked, worker};
    CLEANUP(buffer_done) struct buffer group = {0};
    buffer_printf(&group, "%s-screen", screen->config->campaign);
    if (!buffer_ok(&group))
        return error_no_memory(err);
    worker->consumer = kafka_consumer_new(
        &settings, embedded ? NULL : buffer_text(&group),
        screen->config->topics.posts, embedded ? NULL : &hooks, err);
    if (!worker->consumer)
        return false;
    return !embedded || assign_embedded(worker, err);
}

/* ---- records ---- */

static bool
was_refused(const struct screen_worker *worker,
            const struct kafka_message *message)
{
    for (size_t i = 0; i < worker->refused_count; i++)
        if (worker->refused[i].partition == message->partition &&
            worker->refused[i].offset == message->offset)
            return true;
    return false;
}

static enum kafka_outcome
take_record(struct screen_worker *worker, const struct kafka_message *message,
            const struct matcher *matcher, struct error *err)
{
    struct screen_batch *batch = &worker->batch;
    struct screened screened;
    enum kafka_outcome outcome = screen_batch_begin(worker, err);
    if (outcome != KAFKA_OK)
        return outcome;
    if (was_refused(worker, message))
        outcome = screen_batch_rejected(worker, message,
                                        "Kafka does not take its event", err);
    else if (!screener_screen(worker->screener, matcher, message->value,
                              message->key, clock_wall_ms(), false, &screened,
                              err))
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

/* One message, or a wait for one. */
static enum kafka_outcome
turn(struct screen_worker *worker, const struct matcher *matcher,
     struct error *err)
{
    struct kafka_message message;
    enum kafka_outcome outcome =
        kafka_consumer_poll(worker->consumer, POLL_MS, &message, err);
    if (outcome == KAFKA_RETRY) {
        screen_trouble(worker->screen, err->message);
        return KAFKA_OK;
    }
    if (outcome != KAFKA_OK)
        return outcome;
    if (message.handle)
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
           !screen_stopping(screen) &&
           !screen_batch_due(worker, clock_monotonic_ms()));
    if (outcome != KAFKA_OK || !worker->batch.open)
        return outcome;
    outcome = screen_batch_commit(worker, err);
    if (outcome == KAFKA_OK)
        screen_trouble(screen, "");
    return outcome;
}

/* After a failure; false: it is time to end. */
static bool
recover(struct screen_worker *worker, enum kafka_outcome outcome,
        struct error *err)
{
    struct screen *screen = worker->screen;
    if (!abandon(worker, outcome, err->message) || screen_stopping(screen))
        return false;
    if (outcome == KAFKA_RECREATE && !broker_embedded(screen->broker)) {
        kafka_consumer_free(worker->consumer, true);
        worker->consumer = NULL;
        if (join(worker, err))
            return true;
        screen_fail(screen, err);
        return false;
    }
    usleep(100 * 1000);
    return rewind_consumer(worker);
}

void *
screen_worker_run(void *context)
{
    struct screen_worker *worker = context;
    struct error err = {0};
    if (!make_producer(worker))
        return NULL;
    if (!join(worker, &err)) {
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
    if (!worker->recent || !batch->texts || !batch->outputs || !batch->next ||
        !batch->stands)
        return error_no_memory(err);
    for (unsigned i = 0; i < screen->partitions; i++)
        batch->stands[i] = -1;
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
}
