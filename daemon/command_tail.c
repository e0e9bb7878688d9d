#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "broker_reader.h"
#include "command.h"
#include "event_view.h"
#include "json.h"
#include "kafka.h"
#include "output.h"
#include "rejected_view.h"
#include "run_signals.h"
#include "terminal.h"

enum { WAIT_MS = 200, CATEGORIES_MOST = 32 };

static const struct option options[] = {
    COMMAND_OPTION_CONFIG,
    {"severity", 's', "N", NULL, "only events of at least this severity"},
    {"category", 'C', "ID", NULL, "only this category; may be given again"},
    {"from-beginning", 0, NULL, NULL, "begin with the oldest that is kept"},
    {"count", 'n', "N", NULL, "end after so many"},
    {"json", 0, NULL, NULL,
     "the records as they are, one a line, as in a pipe"},
    {"rejected", 0, NULL, NULL, "what could not be read, instead of events"},
    COMMAND_OPTION_END,
};

struct tail {
    const struct arguments *arguments;
    const struct config *config;
    struct buffer address; /* of the broker */
    int64_t severity, count;
    bool json, rejected, colour;
};

/* true: no category was asked for, or one of those is there. */
static bool
has_category(const struct tail *tail, const struct json *event)
{
    const struct json *categories = json_member(event, "categories");
    const char *wanted;
    bool any = false;
    for (size_t i = 0;
         (wanted = arguments_next(tail->arguments, "category", &i));) {
        any = true;
        for (const struct json *item = categories ? categories->first : NULL;
             item; item = item->next)
            if (span_is(json_text(item), wanted))
                return true;
    }
    return !any;
}

static bool
is_wanted(const struct tail *tail, struct span value)
{
    struct error err = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *event =
        arena ? json_parse(arena, value, NULL, &err) : NULL;
    int64_t severity = 0;
    if (!event || tail->rejected)
        return true;
    if (!json_int64(json_member(event, "severity"), &severity))
        severity = 0;
    return severity >= tail->severity && has_category(tail, event);
}

static bool
print_record(const struct tail *tail, struct span value)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    if (tail->json) {
        buffer_append_span(&out, value);
        buffer_append_byte(&out, '\n');
    } else if (tail->rejected) {
        rejected_view(&out, value, terminal_width(STDOUT_FILENO), tail->colour);
    } else {
        event_view(&out, value, terminal_width(STDOUT_FILENO), tail->colour);
    }
    return output_write(buffer_span(&out));
}

/* An embedded broker never comes back: another `run` has another address. */
static bool
broker_ended(const struct tail *tail, struct error *err)
{
    if (!tail->config->embedded)
        return false;
    struct error none = {0};
    CLEANUP(buffer_done) struct buffer address = {0};
    if (broker_reader_address(tail->config, &address, &none) &&
        span_equal(buffer_span(&address), buffer_span(&tail->address)))
        return false;
    error_set(err, ERROR_RETRY,
              "`karool run` has ended, and its embedded broker with it");
    return true;
}

/* To a person: silence means that nothing was flagged. */
static void
say_where(const struct tail *tail, const char *topic)
{
    if (terminal_is(STDOUT_FILENO) && terminal_is(STDERR_FILENO))
        fprintf(stderr, "follows %s at %s; Ctrl-C ends\n", topic,
                buffer_text(&tail->address));
}

/* Until a signal, the count, or a closed pipe. */
static bool
follow(struct tail *tail, struct kafka_consumer *consumer,
       struct run_signals *signals, struct error *err)
{
    char last[256] = "";
    while (!run_signals_stop(signals) && tail->count != 0) {
        struct kafka_message message;
        enum kafka_outcome outcome =
            kafka_consumer_poll(consumer, WAIT_MS, &message, err);
        if (outcome == KAFKA_RECREATE)
            return false;
        if (outcome != KAFKA_OK && strncmp(last, err->message, 255) != 0) {
            /* It tries again by itself. */
            fprintf(stderr, "karool tail: %s\n", err->message);
            snprintf(last, sizeof(last), "%.255s", err->message);
        }
        bool going_on = true;
        if (message.handle && message.value.at &&
            is_wanted(tail, message.value)) {
            going_on = print_record(tail, message.value);
            tail->count -= tail->count > 0;
        }
        if (!message.handle && broker_ended(tail, err))
            return false;
        kafka_message_done(&message);
        /* The reader of a pipe may go while nothing comes. */
        struct pollfd reader = {.fd = STDOUT_FILENO};
        if (!going_on || (poll(&reader, 1, 0) > 0 && reader.revents & POLLERR))
            return true;
    }
    return true;
}

static struct config *
load_config(const struct arguments *arguments, struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics) {
        error_no_memory(err);
        return NULL;
    }
    const struct config_options wanted = {.secrets = true};
    const char *path = command_config_path(arguments);
    struct config *config = config_load(path, &wanted, diagnostics);
    command_report(diagnostics);
    if (!config)
        command_config_unusable(arguments, err);
    return config;
}

static bool
read_arguments(struct tail *tail, const struct arguments *arguments,
               struct error *err)
{
    *tail = (struct tail){
        .arguments = arguments,
        .json = arguments_has(arguments, "json") || !terminal_is(STDOUT_FILENO),
        .rejected = arguments_has(arguments, "rejected"),
        .colour = terminal_colour(STDOUT_FILENO),
    };
    return arguments_number(arguments, "severity", 1, 5, 1, &tail->severity,
                            err) &&
           arguments_number(arguments, "count", 1, INT64_MAX, -1, &tail->count,
                            err);
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    struct tail tail;
    if (!read_arguments(&tail, arguments, &err))
        return command_fail(&err);
    CLEANUP(run_signals_freep)
    struct run_signals *signals = run_signals_new(&err);
    CLEANUP(config_unrefp) struct config *config = NULL;
    if (signals)
        config = load_config(arguments, &err);
    if (!config)
        return command_fail(&err);
    const char *topic =
        tail.rejected ? config->topics.rejected : config->topics.flagged;
    tail.config = config;
    struct kafka_consumer *consumer = NULL;
    if (broker_reader_address(config, &tail.address, &err))
        consumer = broker_reader_new(
            config, topic, arguments_has(arguments, "from-beginning"), &err);
    if (consumer)
        say_where(&tail, topic);
    bool ok = consumer && follow(&tail, consumer, signals, &err);
    if (consumer)
        kafka_consumer_free(consumer, false);
    buffer_done(&tail.address);
    return ok && output_finish(&err) ? COMMAND_OK : command_fail(&err);
}

const struct command command_tail = {
    .name = "tail",
    .synopsis = "[-c FILE] [--severity N] [--category ID]… [--json]",
    .summary = "Follows the flagged events of a running karool",
    .details = "Shows each event that is committed from now on, with its "
               "reason, and changes nothing: it joins no group and commits no "
               "offset. It reads from the brokers of the configuration; an "
               "embedded broker is found where `karool run` noted its address.",
    .status = "0 ended by a signal, --count or a closed pipe, 1 Kafka is away",
    .options = options,
    .run = run,
};
