#include "fetcher.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "config_compare.h"
#include "fetcher_board.h"
#include "fetcher_inbox.h"
#include "log.h"
#include "pollers.h"
#include "pseudonym.h"

enum { WAIT_MAX_MS = 1000, REPORT_EVERY_MS = 100 };

struct fetcher {
    pthread_t thread;
    bool started;
    struct fetcher_inbox *inbox;
    struct fetcher_board *board;
    struct http_client *http;
    atomic_bool held, stopping;
    /* Of whoever configures: */
    struct config *config;         /* the last one */
    struct pseudonym **pseudonyms; /* all: sources hold no reference */
    size_t pseudonym_count;
    /* The fetch thread's: */
    struct pollers pollers;
    int64_t reported_ms; /* monotonic */
};

/* --- The fetch thread --- */

static void
carry_out(struct fetcher *fetcher, struct fetcher_order *order)
{
    struct pollers *pollers = &fetcher->pollers;
    switch (order->kind) {
    case FETCHER_ASSIGN:
        pollers_assign(pollers, order->epoch, order->partitions, order->records,
                       order->record_count);
        break;
    case FETCHER_FORMER:
        pollers_give_former(pollers, order->epoch, order->records,
                            order->record_count, order->former_id);
        break;
    case FETCHER_REVOKE:
        pollers_revoke(pollers, order->partitions);
        break;
    case FETCHER_SETTLED:
        pollers_settle(pollers, order->ticket, order->committed);
        break;
    case FETCHER_CONFIGURE:
        pollers_configure(pollers, order->plans, order->plan_count);
        break;
    }
}

static void
carry_out_all(struct fetcher *fetcher)
{
    for (;;) {
        CLEANUP(fetcher_order_freep)
        struct fetcher_order *order = fetcher_inbox_take(fetcher->inbox);
        if (!order)
            return;
        carry_out(fetcher, order);
    }
}

/* Shows how the sources are; returns when it wants to show them again. */
static int
report(struct fetcher *fetcher)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - fetcher->reported_ms < REPORT_EVERY_MS)
        return REPORT_EVERY_MS;
    struct error err = {0};
    if (!fetcher_board_write(fetcher->board, fetcher->pollers.items,
                             fetcher->pollers.count, &err))
        log_error("ingest", "%s", err.message);
    fetcher->reported_ms = now_ms;
    return WAIT_MAX_MS;
}

static void *
run(void *context)
{
    struct fetcher *fetcher = context;
    while (!fetcher->stopping) {
        carry_out_all(fetcher);
        int wait_ms = WAIT_MAX_MS;
        if (!fetcher->held)
            wait_ms = pollers_ask(&fetcher->pollers, WAIT_MAX_MS);
        int report_ms = report(fetcher);
        struct error err = {0};
        if (http_client_run(fetcher->http,
                            wait_ms < report_ms ? wait_ms : report_ms, &err))
            continue;
        log_error("ingest", "%s", err.message);
        usleep(WAIT_MAX_MS * 1000);
    }
    return NULL;
}

/* --- From other threads --- */

static bool
expect_settlement(void *context, struct error *err)
{
    struct fetcher *fetcher = context;
    return fetcher_inbox_expect(fetcher->inbox, err);
}

static void
give(struct fetcher *fetcher, struct fetcher_order *order)
{
    fetcher_inbox_put(fetcher->inbox, order);
    http_client_wake(fetcher->http);
}

/* The pseudonym of this configuration: the present one, or another. */
static const struct pseudonym *
get_pseudonym(struct fetcher *fetcher, const struct config *config,
              struct error *err)
{
    size_t count = fetcher->pseudonym_count;
    if (fetcher->config && config_same_privacy(fetcher->config, config))
        return fetcher->pseudonyms[count - 1];
    struct pseudonym **larger =
        realloc(fetcher->pseudonyms, (count + 1) * sizeof(*larger));
    if (!larger) {
        error_no_memory(err);
        return NULL;
    }
    fetcher->pseudonyms = larger;
    larger[count] = pseudonym_new(config, err);
    fetcher->pseudonym_count += larger[count] != NULL;
    return larger[count];
}

/* What becomes of each source; the fresh ones are made here, so that a fault
 * in one of them leaves everything as it is. */
static bool
make_plans(struct fetcher *fetcher, struct config *config,
           struct fetcher_order *order, struct error *err)
{
    const struct config *present = fetcher->config;
    bool same = present && config_same_privacy(present, config);
    const struct pseudonym *pseudonym = get_pseudonym(fetcher, config, err);
    if (!pseudonym)
        return false;
    order->plans = arena_alloc(order->arena, (config->source_count + 1) *
                                                 sizeof(*order->plans));
    if (!order->plans)
        return error_no_memory(err);
    for (size_t i = 0; i < config->source_count; i++) {
        const struct source_config *settings = &config->sources[i];
        struct poller_plan *plan = &order->plans[i];
        char *id = arena_copy(order->arena, span_of(settings->id));
        if (!id)
            return error_no_memory(err);
        plan->id = span_of(id);
        const struct source_config *old =
            same ? config_source(present, plan->id) : NULL;
        order->plan_count = i + 1;
        if (old && config_same_source(old, settings))
            continue;
        plan->fresh = poller_new(&fetcher->pollers.ground, config, settings,
                                 pseudonym, err);
        if (!plan->fresh)
            return false;
    }
    return true;
}

static bool
start_thread(struct fetcher *fetcher, struct error *err)
{
    sigset_t all, before;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&fetcher->thread, NULL, run, fetcher);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return error_set(err, ERROR_RETRY, "cannot start a thread: %s",
                         strerror(failed));
    fetcher->started = true;
    return true;
}

struct fetcher *
fetcher_new(struct config *config, fetcher_sink *sink, void *context,
            struct error *err)
{
    CLEANUP(fetcher_freep)
    struct fetcher *fetcher = calloc(1, sizeof(*fetcher));
    CLEANUP(fetcher_order_freep)
    struct fetcher_order *order = fetcher_order_new(FETCHER_CONFIGURE, err);
    if (!fetcher || !order) {
        error_no_memory(err);
        return NULL;
    }
    if (!(fetcher->inbox = fetcher_inbox_new(err)) ||
        !(fetcher->board = fetcher_board_new(err)) ||
        !(fetcher->http = http_client_new(err)) ||
        !pollers_init(&fetcher->pollers, fetcher->http, err))
        return NULL;
    struct poller_ground *ground = &fetcher->pollers.ground;
    ground->sink = sink;
    ground->sink_context = context;
    ground->expect = expect_settlement;
    ground->expect_context = fetcher;
    if (!make_plans(fetcher, config, order, err))
        return NULL;
    fetcher->config = config_ref(config);
    pollers_configure(&fetcher->pollers, order->plans, order->plan_count);
    if (!fetcher_board_write(fetcher->board, fetcher->pollers.items,
                             fetcher->pollers.count, err) ||
        !start_thread(fetcher, err))
        return NULL;
    return TAKE(fetcher);
}

void
fetcher_free(struct fetcher *fetcher)
{
    if (!fetcher)
        return;
    if (fetcher->started) {
        fetcher->stopping = true;
        http_client_wake(fetcher->http);
        pthread_join(fetcher->thread, NULL);
    }
    pollers_done(&fetcher->pollers);
    http_client_free(fetcher->http);
    fetcher_board_free(fetcher->board);
    fetcher_inbox_free(fetcher->inbox);
    for (size_t i = 0; i < fetcher->pseudonym_count; i++)
        pseudonym_free(fetcher->pseudonyms[i]);
    free(fetcher->pseudonyms);
    config_unref(fetcher->config);
    free(fetcher);
}

void
fetcher_freep(struct fetcher **fetcher)
{
    fetcher_free(*fetcher);
}

bool
fetcher_assign(struct fetcher *fetcher, uint64_t epoch,
               const int32_t *partitions, size_t partition_count,
               const struct cursor_record *records, size_t count,
               struct error *err)
{
    CLEANUP(fetcher_order_freep)
    struct fetcher_order *order = fetcher_order_new(FETCHER_ASSIGN, err);
    if (!order || !fetcher_order_records(order, records, count, err) ||
        !fetcher_inbox_expect(fetcher->inbox, err))
        return false;
    fetcher_order_partitions(order, partitions, partition_count);
    order->epoch = epoch;
    give(fetcher, TAKE(order));
    return true;
}

const char *
fetcher_wanted_former(struct fetcher *fetcher)
{
    return fetcher_board_wanted(fetcher->board);
}

bool
fetcher_give_former(struct fetcher *fetcher, uint64_t epoch,
                    struct span former_id, const struct cursor_record *records,
                    size_t count, struct error *err)
{
    CLEANUP(fetcher_order_freep)
    struct fetcher_order *order = fetcher_order_new(FETCHER_FORMER, err);
    if (!order || !fetcher_order_records(order, records, count, err))
        return false;
    char *id = arena_copy(order->arena, former_id);
    if (!id)
        return error_no_memory(err);
    order->former_id = (struct span){id, former_id.len};
    order->epoch = epoch;
    give(fetcher, TAKE(order));
    return true;
}

void
fetcher_revoke(struct fetcher *fetcher, const int32_t *partitions,
               size_t partition_count)
{
    struct fetcher_order *order =
        fetcher_inbox_expected(fetcher->inbox, FETCHER_REVOKE);
    if (!order) /* nothing is assigned */
        return;
    fetcher_order_partitions(order, partitions, partition_count);
    give(fetcher, order);
}

void
fetcher_settled(struct fetcher *fetcher, uint64_t ticket, bool committed)
{
    struct fetcher_order *order =
        fetcher_inbox_expected(fetcher->inbox, FETCHER_SETTLED);
    if (!order) {
        log_error("ingest", "a page was settled twice");
        return;
    }
    order->ticket = ticket;
    order->committed = committed;
    give(fetcher, order);
}

void
fetcher_hold(struct fetcher *fetcher, bool held)
{
    if (atomic_exchange(&fetcher->held, held) != held)
        http_client_wake(fetcher->http);
}

bool
fetcher_configure(struct fetcher *fetcher, struct config *config,
                  struct error *err)
{
    CLEANUP(fetcher_order_freep)
    struct fetcher_order *order = fetcher_order_new(FETCHER_CONFIGURE, err);
    if (!order || !make_plans(fetcher, config, order, err))
        return false;
    config_unref(fetcher->config);
    fetcher->config = config_ref(config);
    give(fetcher, TAKE(order));
    return true;
}

size_t
fetcher_reports(struct fetcher *fetcher, struct source_report *out, size_t max)
{
    return fetcher_board_read(fetcher->board, out, max);
}
