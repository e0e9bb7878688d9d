#include <unistd.h>

#include "log.h"
#include "screen_model.h"

enum { REQUEST_MS = 5000, TRIES = 3, AGAIN_MS = 1000 };

/* The group's offset is not in the topic when this is still so a moment later.
 * false: nobody answers, or the end has come. */
static bool
read_bounds(struct screen_worker *worker, const struct kafka_offset *place,
            int64_t *first, int64_t *end)
{
    struct screen *screen = worker->screen;
    struct error err = {0};
    bool answered = false;
    for (int i = 0; i < TRIES && !screen_stopping(screen); i++) {
        if (i > 0)
            usleep(AGAIN_MS * 1000);
        answered = kafka_consumer_bounds(worker->consumer, place->partition,
                                         REQUEST_MS, first, end, &err);
        if (!answered)
            screen_trouble(screen, err.message);
        else if (place->offset <= *end)
            return true;
    }
    return answered;
}

/* A group that has no offsets though there are events had some: they expired,
 * or somebody removed them. */
static void
say_expired(const struct screen_worker *worker, int32_t partition)
{
    if (worker->known[partition] > 0)
        log_warning("screen",
                    "partition %d: Kafka has no offset of the group any more "
                    "(see offsets.retention.minutes; or the topic was made "
                    "anew): screening resumes at the earliest post",
                    (int)partition);
}

static void
begin_in_topic(struct screen_worker *worker, struct kafka_offset *place,
               int64_t first, int64_t end)
{
    const char *topic = worker->screen->config->topics.posts;
    if (place->offset > end)
        log_warning("screen",
                    "partition %d of %s ends at %lld, but %lld was committed: "
                    "the topic %s was made anew or lost its end; screening "
                    "resumes at the earliest post",
                    (int)place->partition, topic, (long long)end,
                    (long long)place->offset, topic);
    else
        log_warning("screen",
                    "partition %d of %s begins at %lld, but %lld was to be "
                    "screened next: posts were removed before they were "
                    "screened (see retention.ms)",
                    (int)place->partition, topic, (long long)first,
                    (long long)place->offset);
    place->offset = KAFKA_BEGINNING;
}

bool
screen_place_choose(struct screen_worker *worker, struct kafka_offset *places,
                    size_t count, size_t *fresh)
{
    *fresh = 0;
    for (size_t i = 0; i < count; i++) {
        struct kafka_offset *place = &places[i];
        int64_t first, end;
        if (place->offset < 0) {
            say_expired(worker, place->partition);
            place->offset = KAFKA_BEGINNING;
        } else if (!read_bounds(worker, place, &first, &end))
            return false;
        else if (place->offset < first || place->offset > end)
            begin_in_topic(worker, place, first, end);
        *fresh += place->offset == KAFKA_BEGINNING;
    }
    return true;
}
