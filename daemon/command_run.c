#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "kafka_client.h"
#include "run_hosts.h"
#include "run_log.h"
#include "run_reload.h"
#include "run_signals.h"
#include "running.h"
#include "service.h"

enum {
    SHOW_MS = 250,  /* on a terminal */
    LOG_MS = 1000,  /* elsewhere */
    STOP_MS = 3500, /* then what still waits is abandoned */
};

static const struct option options[] = {
    COMMAND_OPTION_CONFIG,
    {"role", 'R', "ROLE", "ingest screen",
     "only this stage; may be given twice (default: `roles` of the file)"},
    {"offline", 0, NULL, NULL, "leave out the sources that need a network"},
    COMMAND_OPTION_END,
};

/* --role stands over `roles`. */
static bool
choose_roles(const void *context, struct config *config, struct error *err)
{
    const struct arguments *arguments = context;
    const char *role;
    if (arguments_has(arguments, "role"))
        config->role_ingest = config->role_screen = false;
    for (size_t i = 0; (role = arguments_next(arguments, "role", &i));) {
        config->role_ingest |= strcmp(role, "ingest") == 0;
        config->role_screen |= strcmp(role, "screen") == 0;
    }
    if (!config->embedded || (config->role_ingest && config->role_screen))
        return true;
    return error_set(err, ERROR_CONFIG,
                     "the embedded broker lives in this process, so that all "
                     "stages must: leave --role and `roles` out, or name real "
                     "`brokers`");
}

static struct config *
load_config(const struct arguments *arguments, struct diagnostics *diagnostics,
            struct error *err)
{
    const struct config_options wanted = {
        .secrets = true,
        .offline = arguments_has(arguments, "offline"),
        .property_fault = kafka_client_property_fault,
    };
    const char *path = command_config_path(arguments);
    CLEANUP(config_unrefp)
    struct config *config = config_load(path, &wanted, diagnostics);
    if (!config) {
        command_config_unusable(arguments, err);
        error_wrap(err, "nothing was started");
        return NULL;
    }
    return choose_roles(arguments, config, err) ? TAKE(config) : NULL;
}

/* The very code that `check` uses; all errors are told. */
static struct config *
load_all(const struct arguments *arguments, struct matcher **matcher,
         struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics) {
        error_no_memory(err);
        return NULL;
    }
    CLEANUP(config_unrefp)
    struct config *config = load_config(arguments, diagnostics, err);
    if (config) {
        *matcher = ruleset_compile(config->rules, diagnostics, err);
        if (!*matcher && err->kind == ERROR_CONFIG)
            error_wrap(err, "nothing was started");
    }
    command_report(diagnostics);
    return *matcher ? TAKE(config) : NULL;
}

/* Loads all, says whom it will ask, and starts the stages. */
static bool
start(const struct arguments *arguments, struct running *running,
      struct error *err)
{
    CLEANUP(matcher_unrefp) struct matcher *matcher = NULL;
    CLEANUP(config_unrefp)
    struct config *config = load_all(arguments, &matcher, err);
    if (!config)
        return false;
    run_log_level(config->log_level);
    return run_hosts_say(config, arguments_has(arguments, "offline"), err) &&
           running_start(running, TAKE(config), TAKE(matcher), err);
}

/* Until a signal ends it, or a stage fails for good. */
static bool
loop(struct running *running, struct run_reload *reload,
     struct run_signals *signals, struct error *err)
{
    int every_ms = running->display ? SHOW_MS : LOG_MS;
    while (!run_signals_stop(signals)) {
        struct pollfd waited[1 + RUN_RELOAD_FDS] = {
            {.fd = run_signals_fd(signals), .events = POLLIN}};
        run_reload_fds(reload, &waited[1]);
        if (!running_show(running))
            return true;
        if (running_failed(running, err))
            return false;
        if (poll(waited, COUNT_OF(waited), every_ms) > 0 && waited[0].revents)
            run_signals_clear(signals);
        if (run_signals_reload(signals))
            run_reload_request(reload);
        run_reload_work(reload);
    }
    return true;
}

/* From the start of the stages to a signal. */
static bool
serve(const struct arguments *arguments, struct running *running,
      struct run_signals *signals, struct error *err)
{
    const struct reload_setup setup = {
        .options = {.secrets = true,
                    .offline = arguments_has(arguments, "offline"),
                    .property_fault = kafka_client_property_fault},
        .amend = choose_roles,
        .amend_context = arguments,
    };
    CLEANUP(run_reload_freep)
    struct run_reload *reload = run_reload_new(running, &setup, err);
    if (!reload)
        return false;
    service_ready("Running");
    bool ok = loop(running, reload, signals, err);
    service_stopping();
    return ok;
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    struct running running = {0};
    CLEANUP(run_signals_freep)
    struct run_signals *signals = run_signals_new(&err);
    if (!signals)
        return command_fail(&err);
    bool ok = start(arguments, &running, &err) &&
              serve(arguments, &running, signals, &err);
    bool stopped = running_stop(&running, STOP_MS);
    /* A thread that still waits for Kafka keeps what it uses until the process
     * ends; its transaction is abandoned, which loses nothing. */
    if (stopped)
        running_done(&running);
    return ok || run_signals_stop(signals) ? COMMAND_OK : command_fail(&err);
}

const struct command command_run = {
    .name = "run",
    .synopsis = "[-c FILE] [--role ROLE]… [--offline]",
    .summary = "Polls the sources, screens their posts, emits flagged events",
    .details =
        "The daemon. On a terminal it shows each source's state, the counts, "
        "and the flagged events as they come, each with its reason; elsewhere "
        "it logs lines on standard error. On Ctrl-C or SIGTERM it finishes "
        "what is open and ends within 5 s; a second one ends it at once. "
        "SIGHUP, like `karool reload`, reads rules and sources again.",
    .status = "0 ended by a signal, 1 it could not go on, and why",
    .options = options,
    .run = run,
};
