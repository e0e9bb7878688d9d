#include "run_reload.h"

#include <stdlib.h>

#include "control_socket.h"
#include "log.h"
#include "run_hosts.h"
#include "service.h"

enum { QUESTIONS_MAX = 64 };

struct run_reload {
    struct running *running;
    struct reload *reload;
    struct control_socket *control; /* or NULL: another process has it */
    bool offline;
    size_t waiting_count;
    struct {
        uint64_t question, reload;
    } waiting[QUESTIONS_MAX];
};

static bool
apply(void *context, struct config *config, struct error *err)
{
    struct run_reload *run = context;
    if (!run_hosts_say(config, run->offline, err) ||
        !running_configure(run->running, config, err))
        return false;
    run_log_level(config->log_level);
    return true;
}

static void
on_request(void *context, uint64_t question, struct span request)
{
    struct run_reload *run = context;
    const char *refusal = NULL;
    if (!span_is(request, "reload"))
        refusal = "what this karool can be asked is: reload";
    else if (run->waiting_count == QUESTIONS_MAX)
        refusal = "too many ask at once: try again";
    if (refusal) {
        control_socket_answer(run->control, question, span_of(refusal), false);
        return;
    }
    run->waiting[run->waiting_count].question = question;
    run->waiting[run->waiting_count++].reload = run_reload_request(run);
}

static bool
listen_for_commands(struct run_reload *run, struct error *err)
{
    struct error taken = {0};
    run->control = control_socket_new(run->running->config->runtime_directory,
                                      on_request, run, &taken);
    if (run->control)
        return true;
    if (taken.kind != ERROR_RETRY) {
        *err = taken;
        return false;
    }
    log_warning("reload",
                "%s; that one answers `karool reload`, this one "
                "reloads on SIGHUP",
                taken.message);
    return true;
}

struct run_reload *
run_reload_new(struct running *running, const struct reload_setup *setup,
               struct error *err)
{
    CLEANUP(run_reload_freep) struct run_reload *run = calloc(1, sizeof(*run));
    if (!run) {
        error_no_memory(err);
        return NULL;
    }
    struct reload_setup whole = *setup;
    whole.config = running->config;
    whole.ruleset = running->ruleset;
    whole.apply = apply;
    whole.apply_context = run;
    run->running = running;
    run->offline = setup->options.offline;
    run->reload = reload_new(&whole, err);
    if (!run->reload || !listen_for_commands(run, err))
        return NULL;
    return TAKE(run);
}

void
run_reload_free(struct run_reload *run)
{
    if (!run)
        return;
    control_socket_free(run->control);
    reload_free(run->reload);
    free(run);
}

void
run_reload_freep(struct run_reload **run)
{
    run_reload_free(*run);
    *run = NULL;
}

void
run_reload_fds(const struct run_reload *run, struct pollfd out[RUN_RELOAD_FDS])
{
    /* poll(2) passes over a negative descriptor. */
    out[0] = (struct pollfd){.fd = reload_fd(run->reload), .events = POLLIN};
    out[1] = (struct pollfd){
        .fd = run->control ? control_socket_fd(run->control) : -1,
        .events = POLLIN};
}

static void
answer(struct run_reload *run, const struct reload_result *result)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->waiting_count; i++)
        if (run->waiting[i].reload <= result->number)
            control_socket_answer(run->control, run->waiting[i].question,
                                  span_of(result->text), result->ok);
        else
            run->waiting[kept++] = run->waiting[i];
    run->waiting_count = kept;
}

void
run_reload_work(struct run_reload *run)
{
    const struct reload_result *result = reload_work(run->reload);
    if (result) {
        answer(run, result);
        if (!reload_busy(run->reload))
            service_ready(result->ok ? "Reloaded"
                                     : "Running; the last reload failed, see "
                                       "the log");
    }
    if (run->control)
        control_socket_work(run->control);
}

uint64_t
run_reload_request(struct run_reload *run)
{
    service_reloading();
    log_info("reload", "reading rules and sources again");
    return reload_request(run->reload);
}
