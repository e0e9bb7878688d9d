#include "clock.h"
#include "cursor_former.h"
#include "ingest_model.h"
#include "log.h"

/* The fetcher takes a moment to say that it has what it asked for. */
enum { AGAIN_MS = 1000, TELL_MS = 60 * 1000 };

static bool
is_ending(const void *context)
{
    const struct ingest *ingest = context;
    return atomic_load(&ingest->stopping);
}

static bool
serve(struct ingest *ingest, struct span id, struct error *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(buffer_done) struct buffer group = {0};
    buffer_printf(&group, "%s-ingest", ingest->config->campaign);
    if (!arena || !buffer_ok(&group))
        return error_no_memory(err);
    const struct cursor_former former = {
        .settings = {ingest->config, broker_address(ingest->broker), false},
        .group = buffer_text(&group),
        .topic = ingest->config->topics.cursors,
        .ending = is_ending,
        .context = ingest,
    };
    struct cursor_record *records;
    size_t count;
    if (!cursor_former_read(&former, id, arena, &records, &count, err))
        return false;
    log_info("ingest", "%zu cursor records of '%.*s' read, which was renamed",
             count, SPAN_ARGS(id));
    return fetcher_give_former(ingest->fetcher, ingest->epoch, id, records,
                               count, err);
}

static void
tell_failure(struct ingest *ingest, const char *id, const struct error *err)
{
    int64_t now_ms = clock_monotonic_ms();
    if (ingest->former_told_ms && now_ms - ingest->former_told_ms < TELL_MS)
        return;
    ingest->former_told_ms = now_ms;
    log_warning("ingest",
                "the cursor of '%s', which was renamed, is not read yet: %s",
                id, err->message);
}

void
ingest_former_serve(struct ingest *ingest)
{
    int64_t now_ms = clock_monotonic_ms();
    struct error err = {0};
    const char *id = now_ms < ingest->former_again_ms
                         ? NULL
                         : fetcher_wanted_former(ingest->fetcher);
    if (!id)
        return;
    if (!serve(ingest, span_of(id), &err) && !is_ending(ingest))
        tell_failure(ingest, id, &err);
    ingest->former_again_ms = clock_monotonic_ms() + AGAIN_MS;
}
