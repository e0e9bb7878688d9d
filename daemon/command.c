#include "command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "redact.h"
#include "terminal.h"

#define COMMANDS_MAX 32

/* For messages: the command that runs. */
static const struct command *running;

static int
print(struct buffer *text)
{
    struct error err = {0};
    if (!buffer_ok(text)) {
        error_no_memory(&err);
        return command_fail(&err);
    }
    if (!output_write(buffer_span(text)) && !output_finish(&err))
        return command_fail(&err);
    return COMMAND_OK;
}

static int
print_help(const struct command *command)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    command_help(command, &text);
    return print(&text);
}

static int
print_version(void)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    command_version(&text);
    return print(&text);
}

int
command_fail(const struct error *err)
{
    terminal_progress_clear();
    bool colour = terminal_colour(STDERR_FILENO);
    CLEANUP(buffer_done) struct buffer message = {0};
    buffer_append_text(&message, err->message);
    redact_text(&message);
    fprintf(stderr, "karool%s%s: %serror:%s %s\n", running ? " " : "",
            running ? running->name : "", terminal_style(colour, STYLE_RED),
            terminal_style(colour, STYLE_RESET), buffer_text(&message));
    return err->kind == ERROR_CONFIG ? COMMAND_USAGE : COMMAND_FAILED;
}

void
command_report(const struct diagnostics *diagnostics)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    diagnostics_write(diagnostics, &text, terminal_colour(STDERR_FILENO));
    terminal_progress_clear();
    fputs(buffer_text(&text), stderr);
}

const char *
command_config_path(const struct arguments *arguments)
{
    const char *path = arguments_value(arguments, "config");
    return path ? path : KAROOL_SYSCONFDIR "/karool/karool.yaml";
}

void
command_reads_input(void)
{
    if (terminal_is(STDIN_FILENO))
        fputs("reads what you type, line by line; Ctrl-D ends\n", stderr);
}

const char *
command_other_config(const struct arguments *arguments)
{
    return arguments_has(arguments, "config") ? ""
                                              : "; -c FILE names another one";
}

bool
command_config_unusable(const struct arguments *arguments, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "%s is not usable%s",
                     command_config_path(arguments),
                     command_other_config(arguments));
}

static bool
check_operands(const struct command *command, const struct arguments *arguments,
               struct error *err)
{
    if (arguments->operand_count < command->operands_min)
        return error_set(err, ERROR_CONFIG,
                         "something is missing; usage: karool %s %s",
                         command->name, command->synopsis);
    if (arguments->operand_count > command->operands_max)
        return error_set(err, ERROR_CONFIG,
                         "\"%s\" is too much; usage: karool %s %s",
                         arguments->operands[command->operands_max],
                         command->name, command->synopsis);
    return true;
}

int
command_start(const struct command *command, int argc, char **argv)
{
    running = command;
    struct error err = {0};
    CLEANUP(arguments_done) struct arguments arguments = {0};
    if (!arguments_parse(&arguments, command->options, argc - 1, argv + 1,
                         &err))
        return command_fail(&err);
    if (arguments.help)
        return print_help(command);
    if (!check_operands(command, &arguments, &err))
        return command_fail(&err);
    return command->run(&arguments);
}

static int
unknown_command(const char *name)
{
    const char *names[COMMANDS_MAX + 1];
    size_t count = 0;
    for (; command_table[count] && count < COMMANDS_MAX; count++)
        names[count] = command_table[count]->name;
    names[count] = NULL;
    const char *nearest = diagnostics_nearest(span_of(name), names);
    struct error err = {0};
    if (nearest)
        error_set(&err, ERROR_CONFIG,
                  "there is no command \"%s\"; did you mean \"%s\"?", name,
                  nearest);
    else
        error_set(&err, ERROR_CONFIG,
                  "there is no command \"%s\"; `karool --help` lists them",
                  name);
    return command_fail(&err);
}

static const struct command *
find(const char *name)
{
    for (size_t i = 0; command_table[i]; i++)
        if (strcmp(command_table[i]->name, name) == 0)
            return command_table[i];
    return NULL;
}

int
command_main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name) {
        CLEANUP(buffer_done) struct buffer text = {0};
        command_help(NULL, &text);
        fputs(buffer_text(&text), stderr);
        return COMMAND_USAGE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0 ||
        strcmp(name, "version") == 0)
        return print_version();
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return print_help(NULL);
    if (strcmp(name, "help") == 0 && argc == 2)
        return print_help(NULL);
    const struct command *command = find(name);
    if (strcmp(name, "help") == 0)
        return (command = find(argv[2])) ? print_help(command)
                                         : unknown_command(argv[2]);
    return command ? command_start(command, argc - 1, argv + 1)
                   : unknown_command(name);
}
