#include <stdio.h>

#include "command.h"

#include "config.h"
#include "control_socket.h"
#include "output.h"

/* A dictionary of 20,000 terms compiles in seconds; one that takes minutes is
 * still waited for, as systemd does (TimeoutStartSec). */
enum { ANSWER_MS = 90 * 1000 };

static const struct option options[] = {
    COMMAND_OPTION_CONFIG,
    COMMAND_OPTION_END,
};

static void
keep_line(void *context, struct span line)
{
    struct buffer *answer = context;
    buffer_append_span(answer, line);
    buffer_append_byte(answer, '\n');
}

/* Only where the daemon is to be found is taken from it; the daemon reads it
 * itself, with its own secrets. */
static struct config *
load_config(const char *path)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return NULL;
    const struct config_options wanted = {.secrets = false};
    struct config *config = config_load(path, &wanted, diagnostics);
    if (!config)
        command_report(diagnostics);
    return config;
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    bool ok = false;
    CLEANUP(buffer_done) struct buffer answer = {0};
    const char *path = command_config_path(arguments);
    CLEANUP(config_unrefp) struct config *config = load_config(path);
    if (!config) {
        command_config_unusable(arguments, &err);
        error_wrap(&err, "nothing was asked for");
        return command_fail(&err);
    }
    if (!control_socket_ask(config->runtime_directory, "reload", ANSWER_MS,
                            keep_line, &answer, &ok, &err))
        return command_fail(&err);
    if (!buffer_ok(&answer)) {
        error_no_memory(&err);
        return command_fail(&err);
    }
    if (!ok) {
        fputs(buffer_text(&answer), stderr);
        return COMMAND_FAILED;
    }
    if (!output_write(buffer_span(&answer)) && !output_finish(&err))
        return command_fail(&err);
    return COMMAND_OK;
}

const struct command command_reload = {
    .name = "reload",
    .synopsis = "[-c FILE]",
    .summary = "Has the running daemon read rules and sources again",
    .details =
        "Asks the daemon that runs with this configuration, waits, and prints "
        "what is in force now. When the files have errors, it prints all of "
        "them, the old rules and sources stay in force, and no post is lost. "
        "Members of the group karool may ask; root is not needed.",
    .status = "0 all is in force, 1 nothing was changed, or nobody answers",
    .options = options,
    .run = run,
};
