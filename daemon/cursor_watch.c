#include "cursor_watch.h"

#include <stdlib.h>

#include "clock.h"
#include "log.h"

enum { TURN_RECORDS = 1000, AGAIN_MS = 10000 };

struct cursor_watch {
    struct kafka_settings settings;
    const char *topic;
    struct cursor_news *news;
    struct kafka_consumer *consumer; /* NULL: nothing to follow, or it failed */
    bool followed[CURSOR_PARTITIONS];  /* by the consumer */
    bool caught_up[CURSOR_PARTITIONS]; /* what comes now is new */
    bool told;
    int64_t again_ms; /* monotonic; after a failure */
};

struct cursor_watch *
cursor_watch_new(const struct kafka_settings *settings, const char *topic,
                 struct cursor_news *news, struct error *err)
{
    struct cursor_watch *watch = calloc(1, sizeof(*watch));
    if (!watch) {
        error_no_memory(err);
        return NULL;
    }
    watch->settings = *settings;
    watch->topic = topic;
    watch->news = news;
    return watch;
}

static void
close_consumer(struct cursor_watch *watch)
{
    kafka_consumer_free(watch->consumer, false);
    watch->consumer = NULL;
    memset(watch->followed, 0, sizeof(watch->followed));
}

void
cursor_watch_free(struct cursor_watch *watch)
{
    if (!watch)
        return;
    close_consumer(watch);
    free(watch);
}

static bool
open_consumer(struct cursor_watch *watch, const bool wanted[CURSOR_PARTITIONS],
              struct error *err)
{
    struct kafka_offset offsets[CURSOR_PARTITIONS];
    size_t count = 0;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        if (wanted[i])
            offsets[count++] = (struct kafka_offset){i, KAFKA_BEGINNING};
    if (count == 0)
        return true;
    watch->consumer =
        kafka_consumer_new(&watch->settings, NULL, watch->topic, NULL, err);
    if (!watch->consumer ||
        !kafka_consumer_assign(watch->consumer, offsets, count, err))
        return false;
    memcpy(watch->followed, wanted, sizeof(watch->followed));
    memset(watch->caught_up, 0, sizeof(watch->caught_up));
    watch->told = false;
    return true;
}

/* Nothing depends on it: what it misses is only said later. */
static void
fail(struct cursor_watch *watch, const struct error *err)
{
    log_debug("ingest", "cursors of others are not followed: %s", err->message);
    close_consumer(watch);
    watch->again_ms = clock_monotonic_ms() + AGAIN_MS;
}

static void
note_end(struct cursor_watch *watch, int32_t partition)
{
    bool all = true;
    watch->caught_up[partition] = true;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        all = all && (!watch->followed[i] || watch->caught_up[i]);
    if (!all || watch->told)
        return;
    watch->told = true;
    cursor_news_tell(watch->news, clock_wall_ms());
}

/* false: nothing has come. */
static bool
take_one(struct cursor_watch *watch)
{
    struct kafka_message message;
    struct error err = {0};
    enum kafka_outcome outcome =
        kafka_consumer_poll(watch->consumer, 0, &message, &err);
    if (outcome == KAFKA_RECREATE)
        fail(watch, &err);
    if (outcome != KAFKA_OK)
        return false;
    bool some = message.handle || message.end;
    if (message.end)
        note_end(watch, message.partition);
    if (message.handle) {
        const struct cursor_record record = {message.key, message.value};
        cursor_news_take(watch->news, &record,
                         watch->caught_up[message.partition]);
    }
    kafka_message_done(&message);
    return some;
}

void
cursor_watch_turn(struct cursor_watch *watch,
                  const bool ours[CURSOR_PARTITIONS])
{
    bool wanted[CURSOR_PARTITIONS];
    struct error err = {0};
    if (clock_monotonic_ms() < watch->again_ms)
        return;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        wanted[i] = !ours[i];
    if (memcmp(wanted, watch->followed, sizeof(wanted)) != 0) {
        close_consumer(watch);
        if (!open_consumer(watch, wanted, &err))
            fail(watch, &err);
    }
    for (int i = 0; watch->consumer && i < TURN_RECORDS; i++)
        if (!take_one(watch))
            break;
}
