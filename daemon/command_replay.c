#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "config.h"
#include "output.h"
#include "replay.h"
#include "ruleset.h"
#include "run_signals.h"

static const struct option options[] = {
    COMMAND_OPTION_CONFIG,
    COMMAND_OPTION_RULES,
    {"from", 'f', "TIME", NULL, "posts that were fetched then or later"},
    {"to", 't', "TIME", NULL, "and before then (default: until now)"},
    {"output", 'o', "TOPIC", NULL,
     "a topic, not standard output; each event once"},
    {"anew", 0, NULL, NULL, "do not go on with one that was interrupted"},
    COMMAND_OPTION_END,
};

/* A time, or an age. */
static bool
read_time(const char *name, const char *text, int64_t now_ms, int64_t *out,
          struct error *err)
{
    int64_t age_ms;
    if (clock_parse_duration(span_of(text), &age_ms))
        *out = now_ms - age_ms;
    else if (!clock_parse_iso8601(span_of(text), out))
        return error_set(err, ERROR_CONFIG,
                         "--%s: '%s' is no time: write 2026-11-23T10:00:00Z, "
                         "2026-11-23 (its midnight in UTC), or how long ago: "
                         "2h, 7d",
                         name, text);
    if (*out < 0)
        *out = 0;
    return true;
}

static bool
read_times(const struct arguments *arguments, struct replay_options *replay,
           struct error *err)
{
    const char *from = arguments_value(arguments, "from");
    const char *to = arguments_value(arguments, "to");
    int64_t now_ms = clock_wall_ms();
    replay->to_ms = INT64_MAX;
    if (!from)
        return error_set(err, ERROR_CONFIG,
                         "--from is missing: since when? Such as --from 7d");
    if (!read_time("from", from, now_ms, &replay->from_ms, err) ||
        (to && !read_time("to", to, now_ms, &replay->to_ms, err)))
        return false;
    if (replay->from_ms > now_ms)
        return error_set(err, ERROR_CONFIG, "--from %s has not come yet", from);
    return replay->from_ms < replay->to_ms ||
           error_set(err, ERROR_CONFIG, "--to %s is not after --from %s", to,
                     from);
}

/* As the topic is called in Kafka, or as the configuration calls it: without
 * the campaign in front. NULL: standard output. */
static bool
choose_output(const struct arguments *arguments, const struct config *config,
              const char **output, struct error *err)
{
    const char *name = arguments_value(arguments, "output");
    const char *const taken[] = {config->topics.posts, config->topics.cursors,
                                 config->topics.rejected,
                                 config->topics.verdicts};
    size_t prefix = strlen(config->campaign) + 1;
    *output = name && strcmp(name, "-") != 0 ? name : NULL;
    if (!*output)
        return true;
    for (size_t i = 0; i < COUNT_OF(taken); i++)
        if (strcmp(name, taken[i]) == 0 || strcmp(name, taken[i] + prefix) == 0)
            return error_set(err, ERROR_CONFIG,
                             "--output: %s is for other records than flagged "
                             "events",
                             name);
    if (strcmp(name, config->topics.flagged + prefix) == 0)
        *output = config->topics.flagged;
    return true;
}

static struct config *
load_config(const struct arguments *arguments, struct diagnostics *diagnostics,
            struct error *err)
{
    const struct config_options wanted = {.secrets = true};
    const char *path = command_config_path(arguments);
    CLEANUP(config_unrefp)
    struct config *config = config_load(path, &wanted, diagnostics);
    if (!config) {
        command_config_unusable(arguments, err);
        return NULL;
    }
    if (!config->embedded)
        return TAKE(config);
    error_set(err, ERROR_CONFIG,
              "the embedded broker keeps nothing to replay: name real "
              "`brokers`, or use `karool scan` on an archive");
    return NULL;
}

static bool
prepare(const struct arguments *arguments, struct config **config,
        struct matcher **matcher, struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    const char *rules = arguments_value(arguments, "rules");
    if (!diagnostics)
        return error_no_memory(err);
    *config = load_config(arguments, diagnostics, err);
    if (*config)
        *matcher =
            ruleset_compile(rules ? rules : (*config)->rules, diagnostics, err);
    command_report(diagnostics);
    return *config && *matcher;
}

/* The same for the same question: what was interrupted is found by it. */
static bool
name_replay(const struct arguments *arguments, struct buffer *out,
            struct error *err)
{
    static const char *const asked[] = {"from", "to"};
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        const char *value = arguments_value(arguments, asked[i]);
        buffer_printf(out, "%s=%s ", asked[i], value ? value : "");
    }
    return buffer_ok(out) || error_no_memory(err);
}

static bool
is_stopping(void *context)
{
    return run_signals_stop(context);
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    struct replay_counts counts;
    CLEANUP(buffer_done) struct buffer name = {0};
    CLEANUP(run_signals_freep)
    struct run_signals *signals = run_signals_new(&err);
    struct replay_options replay = {
        .anew = arguments_has(arguments, "anew"),
        .stopping = is_stopping,
        .context = signals,
    };
    if (!signals || !read_times(arguments, &replay, &err) ||
        !name_replay(arguments, &name, &err))
        return command_fail(&err);
    CLEANUP(config_unrefp) struct config *config = NULL;
    CLEANUP(matcher_unrefp) struct matcher *matcher = NULL;
    if (!prepare(arguments, &config, &matcher, &err) ||
        !choose_output(arguments, config, &replay.output, &err))
        return command_fail(&err);
    replay.config = config;
    replay.name = buffer_text(&name);
    if (!replay_run(&replay, matcher, &counts, &err) || !output_finish(&err))
        return command_fail(&err);
    return COMMAND_OK;
}

const struct command command_replay = {
    .name = "replay",
    .synopsis = "[-c FILE] --from TIME [--to TIME] [--output TOPIC]",
    .summary = "Screens stored posts again with today's rules",
    .details =
        "Reads the posts that Kafka keeps, from those fetched at TIME to the "
        "end that the topic has at the start, and writes their flagged "
        "events, marked as a replay, to standard output, or exactly once to "
        "a topic, made when missing. What the topic holds already (same "
        "post, version and rules) is left out. When it is interrupted, the "
        "same command goes on where it was. The running screen is not "
        "disturbed; -r DIR tries other rules on what was stored. TIME is "
        "2026-11-23T10:00:00Z, 2026-11-23, or how long ago: 2h, 7d.",
    .status = "0 all was screened, 1 interrupted, or Kafka is away",
    .options = options,
    .run = run,
};
