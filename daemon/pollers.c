#include "pollers.h"

#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "map.h"

/* Files are read at once: after so long it is HTTP's turn again. */
#define TURN_MS 50
/* A smaller step than this is a slow clock's, not somebody's. */
#define CLOCK_SET_MS 2000

bool
pollers_init(struct pollers *pollers, struct http_client *http,
             struct error *err)
{
    pollers->ground.http = http;
    pollers->ground.cursors = cursor_store_new();
    pollers->ground.owned = pollers->partitions;
    pollers->strangers = map_new();
    return (pollers->ground.cursors && pollers->strangers) ||
           error_no_memory(err);
}

void
pollers_done(struct pollers *pollers)
{
    for (size_t i = 0; i < pollers->count; i++)
        poller_free(pollers->items[i]);
    while (pollers->leaving) {
        struct poller *poller = pollers->leaving;
        pollers->leaving = poller->next;
        poller_free(poller);
    }
    free(pollers->items);
    map_free(pollers->strangers);
    cursor_store_free(pollers->ground.cursors);
    *pollers = (struct pollers){0};
}

static bool
is_assigned(const struct pollers *pollers, int32_t partition)
{
    return pollers->partitions[partition];
}

static struct poller *
find_poller(struct pollers *pollers, struct span id)
{
    for (size_t i = 0; i < pollers->count; i++)
        if (pollers->items[i] && span_is(id, pollers->items[i]->settings->id))
            return pollers->items[i];
    return NULL;
}

static bool
is_former_name(const struct pollers *pollers, struct span id)
{
    for (size_t i = 0; i < pollers->count; i++) {
        const char *former = pollers->items[i]->settings->renamed_from;
        if (former && span_is(id, former))
            return true;
    }
    return false;
}

/* Does it stand anywhere, and not only where it went? */
static bool
has_cursor(const struct pollers *pollers, struct span id)
{
    struct cursor_record record;
    for (size_t i = 0;
         cursor_store_record(pollers->ground.cursors, id, &i, &record);)
        if (!memchr(record.key.at, '#', record.key.len) &&
            !cursor_moved(record.value))
            return true;
    return false;
}

/* Processes with unequal configurations are noticed here. */
static void
report_strangers(struct pollers *pollers)
{
    struct span id;
    for (size_t i = 0; cursor_store_source(pollers->ground.cursors, &i, &id);) {
        if (find_poller(pollers, id) || is_former_name(pollers, id) ||
            map_has(pollers->strangers, id) || !has_cursor(pollers, id))
            continue;
        log_warning("ingest",
                    "there is a cursor of source '%.*s', which is not in "
                    "this configuration; nobody polls it",
                    SPAN_ARGS(id));
        if (!map_set(pollers->strangers, id, pollers))
            return;
    }
}

static void
stop_partition(struct pollers *pollers, int32_t partition)
{
    pollers->partitions[partition] = false;
    for (size_t i = 0; i < pollers->count; i++)
        if (pollers->items[i]->partition == partition)
            poller_stop(pollers->items[i]);
    for (struct poller **link = &pollers->leaving; *link;) {
        struct poller *poller = *link;
        if (poller->partition != partition) {
            link = &poller->next;
            continue;
        }
        *link = poller->next;
        poller_free(poller);
    }
    cursor_store_drop(pollers->ground.cursors, partition);
}

/* With the records just assigned; false when there is no memory. */
static bool
keep_records(struct pollers *pollers, const struct cursor_record *records,
             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t partition = cursor_partition(cursor_source(records[i].key));
        /* Of a partition that is not ours it would never be dropped. */
        if (is_assigned(pollers, partition) &&
            !cursor_store_put(pollers->ground.cursors, &records[i]))
            return false;
    }
    return true;
}

void
pollers_assign(struct pollers *pollers, uint64_t epoch,
               const bool partitions[CURSOR_PARTITIONS],
               const struct cursor_record *records, size_t count)
{
    pollers_revoke(pollers, partitions);
    pollers->ground.epoch = epoch;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        pollers->partitions[i] |= partitions[i];
    if (!keep_records(pollers, records, count)) {
        /* A source without its cursor would begin anew: better none. */
        log_error("ingest", "out of memory: sources wait for the next "
                            "assignment");
        pollers_revoke(pollers, partitions);
        return;
    }
    int64_t now_ms = clock_wall_ms();
    for (size_t i = 0; i < pollers->count; i++)
        if (!pollers->items[i]->assigned &&
            is_assigned(pollers, pollers->items[i]->partition))
            poller_begin(pollers->items[i], now_ms);
    report_strangers(pollers);
}

void
pollers_give_former(struct pollers *pollers, uint64_t epoch,
                    const struct cursor_record *records, size_t count,
                    struct span former_id)
{
    if (epoch != pollers->ground.epoch)
        return; /* whoever waits still will ask again */
    for (size_t i = 0; i < pollers->count; i++) {
        const char *wanted = poller_wanted(pollers->items[i]);
        if (wanted && span_is(former_id, wanted))
            poller_give_former(pollers->items[i], records, count,
                               clock_wall_ms());
    }
}

void
pollers_revoke(struct pollers *pollers,
               const bool partitions[CURSOR_PARTITIONS])
{
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        if (partitions[i])
            stop_partition(pollers, i);
}

/* Begins when its partition is ours and nobody of its id is still leaving. */
static void
begin_if_ours(struct pollers *pollers, struct poller *poller)
{
    if (poller->assigned || !is_assigned(pollers, poller->partition))
        return;
    for (struct poller *left = pollers->leaving; left; left = left->next)
        if (strcmp(left->settings->id, poller->settings->id) == 0)
            return;
    poller_begin(poller, clock_wall_ms());
}

void
pollers_settle(struct pollers *pollers, uint64_t ticket, bool committed)
{
    int64_t now_ms = clock_wall_ms();
    for (size_t i = 0; i < pollers->count; i++) {
        if (pollers->items[i]->ticket != ticket)
            continue;
        poller_settle(pollers->items[i], committed, now_ms);
        return;
    }
    for (struct poller **link = &pollers->leaving; *link;
         link = &(*link)->next) {
        CLEANUP(poller_freep) struct poller *poller = NULL;
        if ((*link)->ticket != ticket)
            continue;
        poller = *link;
        *link = poller->next;
        poller_settle(poller, committed, now_ms);
        struct poller *heir =
            find_poller(pollers, span_of(poller->settings->id));
        if (heir)
            begin_if_ours(pollers, heir);
        return;
    }
}

static void
let_go(struct pollers *pollers, struct poller *poller)
{
    if (!poller)
        return;
    if (!poller->ticket) {
        poller_free(poller);
        return;
    }
    poller->next = pollers->leaving;
    pollers->leaving = poller;
}

void
pollers_configure(struct pollers *pollers, struct poller_plan *plans,
                  size_t count)
{
    struct poller **next = calloc(count + 1, sizeof(struct poller *));
    if (!next) {
        log_error("ingest", "out of memory: the old sources stay");
        return;
    }
    size_t next_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct poller *poller = TAKE(plans[i].fresh);
        for (size_t j = 0; !poller && j < pollers->count; j++)
            if (pollers->items[j] &&
                span_is(plans[i].id, pollers->items[j]->settings->id))
                poller = TAKE(pollers->items[j]);
        if (poller)
            next[next_count++] = poller;
    }
    for (size_t i = 0; i < pollers->count; i++)
        let_go(pollers, pollers->items[i]);
    free(pollers->items);
    pollers->items = next;
    pollers->count = next_count;
    pollers->turn = 0;
    for (size_t i = 0; i < next_count; i++)
        begin_if_ours(pollers, next[i]);
    report_strangers(pollers);
}

/* Plans are in wall time, which an operator or NTP may set. */
static void
follow_clock(struct pollers *pollers, int64_t monotonic_ms, int64_t wall_ms)
{
    int64_t clocks_ms = wall_ms - monotonic_ms;
    int64_t by_ms = clocks_ms - pollers->clocks_ms;
    bool first = pollers->clocks_ms == 0;
    pollers->clocks_ms = clocks_ms;
    if (first || (by_ms < CLOCK_SET_MS && by_ms > -CLOCK_SET_MS))
        return;
    log_warning("ingest", "the clock was set by %lld s",
                (long long)by_ms / 1000);
    for (size_t i = 0; i < pollers->count; i++) {
        source_clock_set(pollers->items[i]->source, by_ms);
        pollers->items[i]->not_before_ms += by_ms;
    }
}

int
pollers_ask(struct pollers *pollers, int max_ms)
{
    int64_t start_ms = clock_monotonic_ms(), now_ms = clock_wall_ms();
    follow_clock(pollers, start_ms, now_ms);
    int64_t soonest_ms = now_ms + max_ms;
    size_t first = pollers->turn;
    for (size_t i = 0; i < pollers->count; i++) {
        size_t at = (first + i) % pollers->count;
        struct poller *poller = pollers->items[at];
        if (poller_due_ms(poller) <= now_ms) {
            if (clock_monotonic_ms() - start_ms > TURN_MS) {
                pollers->turn = at;
                return 0;
            }
            poller_ask(poller, now_ms);
        }
        int64_t due_ms = poller_due_ms(poller);
        soonest_ms = due_ms < soonest_ms ? due_ms : soonest_ms;
    }
    return soonest_ms > now_ms ? (int)(soonest_ms - now_ms) : 0;
}
