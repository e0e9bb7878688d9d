#include "clock.h"
#include "ingest_model.h"
#include "log.h"

/* A former owner's marker may be on its way to the topic while the offset
 * stands already; and a new leader tells its end late. */
enum { SURE_MS = 3000, REQUEST_MS = 5000 };

/* The records up to what was committed are not there and will not come: the
 * leader tells an end before it (and would not answer while it does not know
 * its end), and no transaction holds back what is behind. false: no answer. */
static bool
measure(struct ingest *ingest, const struct cursor_load *load, bool *is_short)
{
    struct error err = {0};
    int64_t first, end;
    *is_short = false;
    if (load->done || load->end < 0 || load->end >= load->committed)
        return true;
    if (!kafka_consumer_bounds(ingest->consumer, load->partition, REQUEST_MS,
                               &first, &end, &err)) {
        ingest_trouble(ingest, err.message);
        return false;
    }
    int64_t high = kafka_consumer_high(ingest->consumer, load->partition);
    *is_short = end < load->committed && high >= 0 && high < load->committed;
    return true;
}

/* Or every restart would wait again. */
static void
correct_offset(struct ingest *ingest, const struct cursor_load *load)
{
    const struct kafka_offset end = {load->partition, load->end};
    struct error err = {0};
    if (!kafka_consumer_set_committed(ingest->consumer, &end, 1, &err))
        log_warning("ingest", "%s", err.message);
}

static void
give_up(struct ingest *ingest, struct cursor_load *load)
{
    log_warning("ingest",
                "partition %d of %s ends at %lld, but %lld was committed: the "
                "topic %s was made anew or lost its end; the cursors that it "
                "holds count, a source without one begins as its `start` says",
                (int)load->partition, ingest->config->topics.cursors,
                (long long)load->end, (long long)load->committed,
                ingest->config->topics.cursors);
    correct_offset(ingest, load);
    load->done = true;
}

void
ingest_shortfall_look(struct ingest *ingest)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < ingest->load_count; i++) {
        struct cursor_load *load = &ingest->loads[i];
        if (load->short_ms && now_ms - load->short_ms < SURE_MS)
            continue;
        bool is_short;
        if (!measure(ingest, load, &is_short))
            return; /* the group must hear of us before the next question */
        if (!is_short)
            load->short_ms = 0;
        else if (load->short_ms)
            give_up(ingest, load);
        else
            load->short_ms = now_ms;
    }
}
