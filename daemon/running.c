#include "running.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "terminal.h"

static void
on_event(void *context, struct span event_json)
{
    struct running *running = context;
    if (running->display)
        display_event(running->display, event_json);
    else
        run_log_event(event_json);
}

static bool
open_view(struct running *running, struct error *err)
{
    const char *term = getenv("TERM");
    bool can_move = term && strcmp(term, "dumb") != 0;
    if (terminal_is(STDOUT_FILENO) && can_move)
        running->display = display_new();
    else
        running->log = run_log_new();
    return running->display || running->log || error_no_memory(err);
}

static bool
make_reports(struct running *running, const struct config *config,
             struct error *err)
{
    struct source_report *reports =
        calloc(config->source_count + 1, sizeof(*reports));
    if (!reports)
        return error_no_memory(err);
    free(running->reports);
    running->reports = reports;
    return true;
}

static bool
start_stages(struct running *running, struct error *err)
{
    struct config *config = running->config;
    running->broker = broker_new(config, err);
    if (!running->broker || !open_view(running, err))
        return false;
    if (config->role_screen) {
        running->screen = screen_new(config, running->broker, running->ruleset,
                                     on_event, running, err);
        if (!running->screen)
            return false;
    }
    if (config->role_ingest)
        running->ingest =
            ingest_new(config, running->broker, running->screen, err);
    return running->ingest || !config->role_ingest;
}

bool
running_start(struct running *running, struct config *config,
              struct matcher *matcher, struct error *err)
{
    *running =
        (struct running){.config = config, .started_ms = clock_monotonic_ms()};
    running->ruleset = ruleset_new(matcher, err);
    if (!running->ruleset) {
        matcher_unref(matcher);
        return false;
    }
    return make_reports(running, config, err) && start_stages(running, err);
}

static void
read_status(struct running *running, const struct matcher *matcher,
            struct display_status *status)
{
    *status = (struct display_status){
        .campaign = running->config->campaign,
        .broker = broker_address(running->broker),
        .rules_version = matcher_rules(matcher)->version,
        .rules_generation = ruleset_generation(running->ruleset),
        .running_ms = clock_monotonic_ms() - running->started_ms,
        .now_ms = clock_wall_ms(),
        .sources = running->reports,
    };
    if (running->ingest) {
        size_t most = running->config->source_count;
        size_t count = ingest_reports(running->ingest, running->reports, most);
        status->source_count = count < most ? count : most;
        ingest_counts(running->ingest, &status->ingest);
    }
    if (running->screen)
        screen_counts(running->screen, &status->screen);
}

bool
running_show(struct running *running)
{
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = ruleset_get(running->ruleset);
    struct display_status status;
    read_status(running, matcher, &status);
    if (running->display)
        return display_draw(running->display, &status);
    run_log_status(running->log, &status);
    return true;
}

bool
running_failed(struct running *running, struct error *err)
{
    return (running->ingest && ingest_failed(running->ingest, err)) ||
           (running->screen && screen_failed(running->screen, err));
}

bool
running_configure(struct running *running, struct config *config,
                  struct error *err)
{
    if (!make_reports(running, config, err))
        return false;
    if (running->ingest && !ingest_configure(running->ingest, config, err))
        return false;
    config_unref(running->config);
    running->config = config_ref(config);
    return true;
}

static void
say_goodbye(struct running *running)
{
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = ruleset_get(running->ruleset);
    struct display_status status;
    read_status(running, matcher, &status);
    display_freep(&running->display);
    running->display = NULL;
    run_log_counts(&status);
}

bool
running_stop(struct running *running, int deadline_ms)
{
    int64_t until_ms = clock_monotonic_ms() + deadline_ms;
    if (running->screen)
        screen_end(running->screen);
    bool stopped = ingest_stop(running->ingest, deadline_ms);
    int64_t left_ms = until_ms - clock_monotonic_ms();
    stopped =
        screen_stop(running->screen, left_ms > 0 ? (int)left_ms : 0) && stopped;
    if (running->ingest || running->screen)
        say_goodbye(running);
    return stopped;
}

void
running_done(struct running *running)
{
    ingest_free(running->ingest);
    screen_free(running->screen);
    display_free(running->display);
    run_log_free(running->log);
    broker_free(running->broker);
    ruleset_free(running->ruleset);
    free(running->reports);
    config_unref(running->config);
}
