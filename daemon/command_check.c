#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "common_words.h"
#include "config.h"
#include "connector.h"
#include "dictionary_check.h"
#include "kafka_client.h"
#include "output.h"
#include "ruleset.h"

static const struct option options[] = {
    COMMAND_OPTION_CONFIG,
    {"rules", 'r', "DIR", NULL,
     "these rules; without -c nothing but the rules is checked"},
    COMMAND_OPTION_END,
};

static size_t
count_examples(const struct rules *rules)
{
    size_t count = rules->clean_count;
    for (size_t i = 0; i < rules->term_count; i++)
        count += rules->terms[i].example_count;
    for (size_t i = 0; i < rules->rule_count; i++)
        count += rules->rules[i].example_count;
    return count;
}

static void
summarise_rules(const char *folder, const struct matcher *matcher,
                int64_t took_ms, struct buffer *out)
{
    const struct rules *rules = matcher_rules(matcher);
    buffer_printf(out, "rules    %s\n", folder);
    buffer_printf(out,
                  "         %zu terms, %zu rules, %zu categories, %zu examples"
                  " passed\n",
                  rules->term_count, rules->rule_count, rules->category_count,
                  count_examples(rules));
    buffer_printf(out, "         version %s, %s\n",
                  *rules->version ? rules->version : "not named",
                  rules->digest);
    buffer_printf(out, "         ready in %lld ms, %.1f MB%s\n",
                  (long long)took_ms, (double)matcher_size_bytes(matcher) / 1e6,
                  matcher_from_cache(matcher) ? ", patterns from the cache"
                                              : "");
}

static void
summarise_config(const struct config *config, struct buffer *out)
{
    buffer_printf(out, "config   %s\n", config->path);
    buffer_printf(out, "         campaign %s, brokers %s\n", config->campaign,
                  config->embedded ? "embedded" : config->brokers);
    buffer_printf(out, "sources  %zu\n", config->source_count);
    for (size_t i = 0; i < config->source_count; i++)
        buffer_printf(out, "         %-24s %s\n", config->sources[i].id,
                      connector_name(config->sources[i].connector));
}

static bool
check_config(const struct arguments *arguments, char **rules,
             struct buffer *out, struct error *err)
{
    const char *path = command_config_path(arguments);
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return error_no_memory(err);
    const struct config_options config_options = {
        .secrets = false,
        .look = true,
        .property_fault = kafka_client_property_fault,
    };
    CLEANUP(config_unrefp)
    struct config *config = config_load(path, &config_options, diagnostics);
    command_report(diagnostics);
    if (!config)
        return error_set(err, ERROR_CONFIG, "%s: %zu error%s%s", path,
                         diagnostics_errors(diagnostics),
                         diagnostics_errors(diagnostics) == 1 ? "" : "s",
                         command_other_config(arguments));
    summarise_config(config, out);
    *rules = strdup(config->rules);
    return *rules || error_no_memory(err);
}

static bool
check_rules(const char *folder, struct buffer *out, struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return error_no_memory(err);
    int64_t start_ms = clock_monotonic_ms();
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = ruleset_compile(folder, diagnostics, err);
    int64_t took_ms = clock_monotonic_ms() - start_ms;
    bool ok = matcher && dictionary_check(matcher, diagnostics, err) &&
              common_words_check(matcher, diagnostics, err);
    command_report(diagnostics);
    if (ok)
        summarise_rules(folder, matcher, took_ms, out);
    return ok;
}

/* The rules to check: those named, else the configuration's, else (its errors
 * must not hide theirs) those in the usual place beside it. */
static char *
rules_beside(const char *config)
{
    const char *slash = strrchr(config, '/');
    CLEANUP(buffer_done) struct buffer path = {0};
    buffer_append(&path, config, slash ? (size_t)(slash - config) + 1 : 0);
    buffer_append_text(&path, "rules");
    return access(buffer_text(&path), R_OK) ? NULL : buffer_take(&path);
}

static void
free_text(char **text)
{
    free(*text);
}

static int
run(const struct arguments *arguments)
{
    const char *named = arguments_value(arguments, "rules");
    int status = COMMAND_OK;
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    CLEANUP(free_text) char *rules = NULL;

    if (!named || arguments_has(arguments, "config")) {
        if (!check_config(arguments, &rules, &out, &err))
            status = command_fail(&err);
        if (!rules && !named)
            rules = rules_beside(command_config_path(arguments));
    }
    const char *folder = named ? named : rules;
    if (folder && !check_rules(folder, &out, &err)) {
        int failed = command_fail(&err);
        status = failed > status ? failed : status;
    }
    if (!output_write(buffer_span(&out)) && !output_finish(&err))
        return command_fail(&err);
    return status;
}

const struct command command_check = {
    .name = "check",
    .synopsis = "[-c FILE] [-r DIR]",
    .summary = "Checks configuration, connectors and rules as `run` would",
    .details =
        "Reads the configuration with its connectors, reads and "
        "compiles the rules and runs their examples, by the code that "
        "`karool run` starts with. Says all that is wrong at once, each "
        "with file, line and column, and changes nothing. Warns of what "
        "cannot be meant: exceptions that never apply, terms that are forms "
        "of others, terms that common words are mistaken for, files of "
        "sources that are not there.",
    .status = "0 `run` would start with them, 1 out of memory or the like",
    .options = options,
    .run = run,
};
