#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "config.h"
#include "file_reader.h"
#include "http_client.h"
#include "output.h"
#include "page.h"
#include "pseudonym.h"
#include "redact.h"
#include "source.h"

enum {
    PAGES_MAX = 10000,
    /* Questions that bring no page: a name to be looked up, an empty target. */
    SPARE_QUESTIONS = 20,
    PATIENCE_MS = 10 * 1000,
};

static const struct option options[] = {
    COMMAND_OPTION_CONFIG,
    {"pages", 'n', "COUNT", NULL, "so many pages (1)"},
    COMMAND_OPTION_END,
};

/* A source that is polled by hand: from its start, for this once. */
struct polling {
    struct config *config;
    struct pseudonym *pseudonym;
    struct source *source;
    struct http_client *http;
    struct file_reader *reader;
    int64_t asked_ms; /* monotonic */
    size_t posts, rejected, pages;
    struct page *page; /* of the last answer, or NULL */
    bool failed;       /* taking the answer: err is set */
    struct error err;
};

static void
polling_done(struct polling *polling)
{
    page_free(polling->page);
    source_free(polling->source);
    pseudonym_free(polling->pseudonym);
    http_client_free(polling->http);
    file_reader_free(polling->reader);
    config_unref(polling->config);
}

/* What happened goes to stderr, without secrets. */
PRINTF(1, 2)
static void
tell(const char *format, ...)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    va_list args;
    va_start(args, format);
    buffer_vprintf(&line, format, args);
    va_end(args);
    buffer_append_byte(&line, '\n');
    redact_text(&line);
    fputs(buffer_text(&line), stderr);
}

static void
tell_answer(const struct polling *polling, const struct response *response)
{
    char took[CLOCK_TEXT_SIZE];
    clock_format_duration(clock_monotonic_ms() - polling->asked_ms, took);
    if (response->failure)
        tell("  no answer: %s", response->reason);
    else
        tell("  status %u, %zu bytes, %s", response->status, response->body.len,
             took);
}

static void
on_response(void *context, const struct response *response)
{
    struct polling *polling = context;
    tell_answer(polling, response);
    polling->failed = !source_answer(polling->source, response, clock_wall_ms(),
                                     &polling->page, &polling->err);
}

static bool
ask(struct polling *polling, struct error *err)
{
    struct request request = {0};
    if (!source_ask(polling->source, clock_wall_ms(), &request, err))
        return false;
    tell("asks %.*s", SPAN_ARGS(request.url));
    polling->asked_ms = clock_monotonic_ms();
    if (request.transport == TRANSPORT_FILE) {
        struct response response;
        file_reader_read(polling->reader, &request, &response);
        on_response(polling, &response);
    } else {
        if (!http_client_start(polling->http, &request, on_response, polling,
                               err))
            return false;
        while (http_client_active(polling->http))
            if (!http_client_run(polling->http, 1000, err))
                return false;
    }
    if (polling->failed)
        *err = polling->err;
    return !polling->failed;
}

/* Posts to stdout, what could not be read to stderr. */
static bool
print_page(struct polling *polling)
{
    const struct page *page = polling->page;
    for (size_t i = 0; i < page_count(page); i++) {
        const struct page_record *record = page_record(page, i);
        if (record->topic == PAGE_REJECTED) {
            polling->rejected++;
            tell("  rejected: %.*s", SPAN_ARGS(record->value));
        }
        if (record->topic != PAGE_POSTS)
            continue;
        polling->posts++;
        if (!output_write(record->value) || !output_write(span_of("\n")))
            return false;
    }
    return true;
}

/* Waits for the source's own pace; false: its next question is too far off. */
static bool
wait_until_due(const struct polling *polling)
{
    int64_t wait_ms = source_due_ms(polling->source) - clock_wall_ms();
    if (wait_ms > PATIENCE_MS)
        return false;
    if (wait_ms > 0)
        usleep((useconds_t)wait_ms * 1000);
    return true;
}

/* false: err is set, or nobody reads the output any more. */
static bool
poll_pages(struct polling *polling, size_t wanted, struct error *err)
{
    size_t questions = wanted + SPARE_QUESTIONS;
    while (polling->pages < wanted && questions-- > 0 &&
           wait_until_due(polling)) {
        if (!ask(polling, err))
            return false;
        CLEANUP(page_freep) struct page *page = polling->page;
        struct source_report report = {0};
        source_report(polling->source, &report);
        if (report.reason[0])
            return error_set(err, ERROR_RETRY, "%s", report.reason);
        if (page) {
            polling->pages++;
            if (!print_page(polling))
                return false;
            source_settled(polling->source, true, clock_wall_ms());
        }
        polling->page = NULL;
    }
    return true;
}

static bool
find_settings(const struct config *config, const char *id,
              const struct source_config **settings, struct error *err)
{
    *settings = config_source(config, span_of(id));
    if (*settings)
        return true;
    CLEANUP(buffer_done) struct buffer known = {0};
    for (size_t i = 0; i < config->source_count; i++)
        buffer_printf(&known, "%s%s", i ? ", " : "", config->sources[i].id);
    return error_set(err, ERROR_CONFIG, "there is no source '%s' in %s; %s%s",
                     id, config->path,
                     known.len ? "there are: " : "it has none",
                     buffer_text(&known));
}

static bool
prepare(struct polling *polling, const struct arguments *arguments,
        struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return error_no_memory(err);
    const struct config_options config_options = {.secrets = true};
    const char *path = command_config_path(arguments);
    polling->config = config_load(path, &config_options, diagnostics);
    command_report(diagnostics);
    if (!polling->config)
        return command_config_unusable(arguments, err);
    const struct source_config *settings;
    if (!find_settings(polling->config, arguments->operands[0], &settings, err))
        return false;
    polling->pseudonym = pseudonym_new(polling->config, err);
    if (!polling->pseudonym)
        return false;
    polling->source =
        source_new(polling->config, settings, polling->pseudonym, err);
    polling->http = http_client_new(err);
    polling->reader = file_reader_new(err);
    return polling->source && polling->http && polling->reader;
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    CLEANUP(polling_done) struct polling polling = {0};
    int64_t pages;
    if (!arguments_number(arguments, "pages", 1, PAGES_MAX, 1, &pages, &err) ||
        !prepare(&polling, arguments, &err))
        return command_fail(&err);
    source_begin(polling.source, clock_wall_ms());
    bool done = poll_pages(&polling, (size_t)pages, &err);
    if ((!done && err.kind != ERROR_NONE) || !output_finish(&err)) {
        command_fail(&err);
        return COMMAND_FAILED;
    }
    tell("%s: %zu post%s, %zu rejected, of %zu page%s",
         source_id(polling.source), polling.posts,
         polling.posts == 1 ? "" : "s", polling.rejected, polling.pages,
         polling.pages == 1 ? "" : "s");
    return COMMAND_OK;
}

const struct command command_poll = {
    .name = "poll",
    .synopsis = "[-c FILE] [-n COUNT] SOURCE",
    .summary = "Fetches one page of a source and prints its posts",
    .details = "Asks the network as `run` would for a source without a cursor, "
               "and prints the posts as one JSON object a line. What was asked "
               "and what came back is told on standard error. Nothing is "
               "stored, and no cursor moves.",
    .status = "0 fetched, 1 the source could not be fetched, and why",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
