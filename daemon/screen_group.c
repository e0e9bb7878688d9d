#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "flagged_window.h"
#include "log.h"
#include "screen_model.h"

enum { PAUSE_MS = 500, COMMITTED_TRIES = 3 };

static struct kafka_settings
settings_of(const struct screen *screen)
{
    return (struct kafka_settings){screen->config,
                                   broker_address(screen->broker),
                                   broker_embedded(screen->broker)};
}

static void
show_assigned(struct screen *screen)
{
    pthread_mutex_lock(&screen->lock);
    screen->counts.assigned = true;
    pthread_mutex_unlock(&screen->lock);
}

/* ---- embedded: no group ---- */

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
    bool ok = kafka_consumer_assign(worker->consumer, mine, count, err);
    free(mine);
    show_assigned(screen);
    return ok;
}

bool
screen_rewind(struct screen_worker *worker)
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

/* ---- taking partitions over ---- */

/* Not answered while a former owner's transaction that carries offsets is
 * open. */
static bool
read_committed(struct screen_worker *worker, struct kafka_offset *partitions,
               size_t count)
{
    struct error err = {0};
    for (int i = 0; i < COMMITTED_TRIES; i++) {
        if (kafka_consumer_committed(worker->consumer, partitions, count,
                                     SCREEN_REQUEST_MS, &err))
            return true;
        screen_trouble(worker->screen, err.message);
        if (screen_stopping(worker->screen))
            return false;
        usleep(PAUSE_MS * 1000);
    }
    return false;
}

static bool
is_ending(const void *context)
{
    const struct screen_worker *worker = context;
    return screen_stopping(worker->screen);
}

static void
on_found(void *context, struct span event_id, int64_t age_ms)
{
    struct screen_worker *worker = context;
    char id[FLAGGED_ID_SIZE];
    if (event_id.len < 32 || event_id.len >= sizeof(id))
        return;
    memcpy(id, event_id.at, event_id.len);
    id[event_id.len] = '\0';
    /* Ages count by a clock that nobody sets. */
    (void)recent_add(worker->recent, id, clock_monotonic_ms() - age_ms);
}

/* The events that whoever screened these partitions before has committed. */
static bool
read_events(struct screen_worker *worker, const struct kafka_offset *partitions,
            size_t count)
{
    struct screen *screen = worker->screen;
    struct error err = {0};
    const struct flagged_window window = {
        .settings = settings_of(screen),
        .topic = screen->config->topics.flagged,
        .now_ms = clock_wall_ms(),
        .length_ms = screen->config->dedupe_window_ms,
        .most = SCREEN_RECENT_IDS,
        .ending = is_ending,
        .found = on_found,
        .context = worker,
    };
    struct kafka_offset *events = calloc(count + 1, sizeof(*events));
    bool ok = events != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        int32_t partition = partitions[i].partition;
        events[i] = (struct kafka_offset){partition, worker->known[partition]};
    }
    ok = ok && flagged_window_read(&window, events, count, &err);
    if (!ok && err.kind)
        screen_trouble(screen, err.message);
    for (size_t i = 0; ok && i < count; i++)
        worker->known[events[i].partition] = events[i].offset;
    free(events);
    recent_commit(worker->recent);
    return ok;
}

static bool
take_over(struct screen_worker *worker, struct kafka_offset *partitions,
          size_t count)
{
    if (count == 0)
        return true;
    size_t fresh;
    if (!kafka_consumer_note_generation(worker->consumer) ||
        !read_committed(worker, partitions, count) ||
        !read_events(worker, partitions, count) ||
        !screen_place_choose(worker, partitions, count, &fresh))
        return false;
    log_info("screen",
             "thread %u: %zu partitions, %zu of them from the beginning",
             worker->number, count, fresh);
    return true;
}

static void
on_assigned(void *context, struct kafka_offset *partitions, size_t count)
{
    struct screen_worker *worker = context;
    worker->joined = true;
    worker->must_rejoin = !take_over(worker, partitions, count);
    show_assigned(worker->screen);
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
    if (outcome != KAFKA_OK && worker->producer &&
        !screen_abandon(worker, outcome, err.kind ? err.message : NULL))
        worker->must_rejoin = true;
    worker->joined = false;
    worker->parted_ms = clock_monotonic_ms();
    log_info("screen", "thread %u: %zu partitions %s", worker->number, count,
             lost ? "lost" : "given up");
}

bool
screen_join(struct screen_worker *worker, struct error *err)
{
    struct screen *screen = worker->screen;
    const struct kafka_settings settings = settings_of(screen);
    bool embedded = settings.embedded;
    const struct kafka_consumer_hooks hooks = {on_assigned, on_revoked, worker};
    CLEANUP(buffer_done) struct buffer group = {0};
    buffer_printf(&group, "%s-screen", screen->config->campaign);
    if (!buffer_ok(&group))
        return error_no_memory(err);
    worker->joined = worker->must_rejoin = false;
    worker->parted_ms = clock_monotonic_ms();
    worker->consumer = kafka_consumer_new_member(
        &settings, embedded ? NULL : buffer_text(&group),
        embedded ? NULL : slot_transactional_id(worker->slot),
        screen->config->topics.posts, embedded ? NULL : &hooks, err);
    if (!worker->consumer)
        return false;
    return !embedded || assign_embedded(worker, err);
}
