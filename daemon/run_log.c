#include "run_log.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "event_view.h"
#include "log.h"

enum { COUNTS_EVERY_MS = 60 * 1000 };

struct run_log {
    int64_t counts_ms; /* running time at the last line */
    uint64_t counted;  /* posts and screened at the last line */
};

struct run_log *
run_log_new(void)
{
    return calloc(1, sizeof(struct run_log));
}

void
run_log_free(struct run_log *log)
{
    free(log);
}

void
run_log_freep(struct run_log **log)
{
    run_log_free(*log);
}

void
run_log_event(struct span event_json)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    event_line(&line, event_json);
    if (buffer_ok(&line))
        log_notice("flagged", "%s", buffer_text(&line));
}

void
run_log_counts(const struct display_status *status)
{
    const struct ingest_counts *ingest = &status->ingest;
    const struct screen_counts *screen = &status->screen;
    log_info("karool",
             "%llu posts stored, %llu screened, %llu flagged, %llu rejected",
             (unsigned long long)ingest->posts,
             (unsigned long long)screen->posts,
             (unsigned long long)screen->flagged,
             (unsigned long long)(ingest->rejected + screen->rejected));
}

void
run_log_status(struct run_log *log, const struct display_status *status)
{
    uint64_t counted = status->ingest.posts + status->screen.posts;
    if (status->running_ms - log->counts_ms < COUNTS_EVERY_MS ||
        counted == log->counted)
        return;
    log->counts_ms = status->running_ms;
    log->counted = counted;
    run_log_counts(status);
}

void
run_log_level(const char *name)
{
    static const struct {
        const char *name;
        enum log_level level;
    } levels[] = {
        {"error", LOG_LEVEL_ERROR},   {"warning", LOG_LEVEL_WARNING},
        {"notice", LOG_LEVEL_NOTICE}, {"info", LOG_LEVEL_INFO},
        {"debug", LOG_LEVEL_DEBUG},
    };
    for (size_t i = 0; name && i < COUNT_OF(levels); i++)
        if (strcmp(name, levels[i].name) == 0)
            log_set_level(levels[i].level);
}
