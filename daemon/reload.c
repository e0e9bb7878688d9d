#include "reload.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "reload_changes.h"

/* The thread's while it runs, then whoever joined it. */
struct reload_job {
    const struct reload_setup *setup;
    int done_fd;
    struct config *former; /* in force */
    struct config *config;
    struct matcher *matcher;
    struct diagnostics *diagnostics;
    struct error err;
};

struct reload {
    struct reload_setup setup;
    int fd;
    struct config *in_force;
    uint64_t started, wanted; /* numbers; started == wanted: none waits */
    bool busy, threaded;
    pthread_t thread;
    struct reload_job job;
    struct reload_result last;
    struct buffer text; /* of `last` */
};

/* --- The thread --- */

static bool
load_config(struct reload_job *job)
{
    const struct reload_setup *setup = job->setup;
    const char *path = job->former->path;
    CLEANUP(config_unrefp)
    struct config *config =
        config_load(path, &setup->options, job->diagnostics);
    if (!config)
        return error_set(&job->err, ERROR_CONFIG, "%s is not usable", path);
    if (setup->amend && !setup->amend(setup->amend_context, config, &job->err))
        return false;
    if (!config_keep(config, job->former, job->diagnostics))
        return error_no_memory(&job->err);
    job->config = TAKE(config);
    return true;
}

static void *
prepare(void *context)
{
    struct reload_job *job = context;
    struct error rules_err = {0};
    uint64_t one = 1;
    job->diagnostics = diagnostics_new();
    if (!job->diagnostics) {
        error_no_memory(&job->err);
    } else {
        /* Errors of the one must not hide those of the other. */
        bool ok = load_config(job);
        const char *rules = ok ? job->config->rules : job->former->rules;
        size_t before = diagnostics_errors(job->diagnostics);
        job->matcher = ruleset_compile(rules, job->diagnostics, &rules_err);
        if (ok && !job->matcher)
            job->err = rules_err;
        if (ok && job->err.kind == ERROR_NONE &&
            diagnostics_errors(job->diagnostics) > before)
            error_set(&job->err, ERROR_CONFIG, "%s has errors", rules);
    }
    ssize_t written = write(job->done_fd, &one, sizeof(one));
    (void)written; /* an event counter takes it always */
    return NULL;
}

static void
job_done(struct reload_job *job)
{
    config_unref(job->former);
    config_unref(job->config);
    matcher_unref(job->matcher);
    diagnostics_free(job->diagnostics);
    *job = (struct reload_job){0};
}

static void
start(struct reload *reload)
{
    uint64_t one = 1;
    reload->started++;
    reload->busy = true;
    reload->job = (struct reload_job){
        .setup = &reload->setup,
        .done_fd = reload->fd,
        .former = config_ref(reload->in_force),
    };
    reload->threaded =
        pthread_create(&reload->thread, NULL, prepare, &reload->job) == 0;
    if (reload->threaded)
        return;
    error_no_memory(&reload->job.err);
    ssize_t written = write(reload->fd, &one, sizeof(one));
    (void)written;
}

/* --- What comes of it --- */

static bool
put_in_force(struct reload *reload)
{
    struct reload_job *job = &reload->job;
    if (!job->config || !job->matcher || job->err.kind != ERROR_NONE)
        return false;
    const struct reload_setup *setup = &reload->setup;
    if (setup->apply &&
        !setup->apply(setup->apply_context, job->config, &job->err))
        return error_wrap(&job->err, "the sources");
    reload->last.generation = ruleset_swap(setup->ruleset, TAKE(job->matcher));
    config_unref(reload->in_force);
    reload->in_force = TAKE(job->config);
    return true;
}

static void
log_lines(struct span text, enum log_level level)
{
    while (text.len) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) : text.len;
        if (level == LOG_LEVEL_ERROR)
            log_error("reload", "%.*s", (int)len, text.at);
        else if (level == LOG_LEVEL_WARNING)
            log_warning("reload", "%.*s", (int)len, text.at);
        else
            log_notice("reload", "%.*s", (int)len, text.at);
        text = span_from(text, end ? len + 1 : len);
    }
}

/* What changes, and what will be in force. */
static void
describe(const struct reload *reload, struct buffer *changes,
         struct buffer *summary)
{
    const struct reload_job *job = &reload->job;
    CLEANUP(matcher_unrefp)
    struct matcher *former = ruleset_get(reload->setup.ruleset);
    if (!job->config || !job->matcher)
        return;
    reload_changes(reload->in_force, job->config, former, job->matcher,
                   changes);
    reload_name_rules(job->matcher, summary);
    buffer_printf(summary, ", %zu source%s", job->config->source_count,
                  job->config->source_count == 1 ? "" : "s");
}

static void
conclude(struct reload *reload)
{
    const struct reload_job *job = &reload->job;
    struct buffer *text = &reload->text;
    CLEANUP(buffer_done) struct buffer changes = {0};
    CLEANUP(buffer_done) struct buffer summary = {0};
    describe(reload, &changes, &summary);
    reload->last = (struct reload_result){
        .number = reload->started,
        .generation = ruleset_generation(reload->setup.ruleset),
        .at_ms = clock_wall_ms(),
    };
    bool ok = reload->last.ok = put_in_force(reload);
    unsigned long long generation = reload->last.generation;
    buffer_clear(text);
    if (job->diagnostics)
        diagnostics_write(job->diagnostics, text, false);
    log_lines(buffer_span(text), ok ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR);
    size_t told = text->len;
    if (ok)
        buffer_printf(text, "%sgeneration %llu, %s\n", buffer_text(&changes),
                      generation, buffer_text(&summary));
    else
        buffer_printf(text,
                      "nothing was changed, generation %llu stays in force: "
                      "%s\n",
                      generation, job->err.message);
    log_lines(span_from(buffer_span(text), told),
              ok ? LOG_LEVEL_NOTICE : LOG_LEVEL_ERROR);
    reload->last.text = buffer_text(text);
}

const struct reload_result *
reload_work(struct reload *reload)
{
    uint64_t count;
    if (read(reload->fd, &count, sizeof(count)) != (ssize_t)sizeof(count))
        return NULL;
    if (reload->threaded)
        pthread_join(reload->thread, NULL);
    reload->busy = reload->threaded = false;
    conclude(reload);
    job_done(&reload->job);
    if (reload->started < reload->wanted)
        start(reload);
    return &reload->last;
}

uint64_t
reload_request(struct reload *reload)
{
    reload->wanted = reload->started + 1;
    if (!reload->busy)
        start(reload);
    return reload->wanted;
}

bool
reload_busy(const struct reload *reload)
{
    return reload->busy;
}

int
reload_fd(const struct reload *reload)
{
    return reload->fd;
}

const struct reload_result *
reload_last(const struct reload *reload)
{
    return &reload->last;
}

/* --- Its life --- */

struct reload *
reload_new(const struct reload_setup *setup, struct error *err)
{
    struct reload *reload = calloc(1, sizeof(*reload));
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!reload || fd < 0) {
        if (fd >= 0)
            close(fd);
        free(reload);
        error_no_memory(err);
        return NULL;
    }
    reload->setup = *setup;
    reload->fd = fd;
    reload->in_force = config_ref(setup->config);
    reload->last = (struct reload_result){
        .generation = ruleset_generation(setup->ruleset), .text = ""};
    return reload;
}

void
reload_free(struct reload *reload)
{
    if (!reload)
        return;
    if (reload->threaded)
        pthread_join(reload->thread, NULL);
    job_done(&reload->job);
    config_unref(reload->in_force);
    buffer_done(&reload->text);
    close(reload->fd);
    free(reload);
}

void
reload_freep(struct reload **reload)
{
    reload_free(*reload);
    *reload = NULL;
}
