#include "command.h"

#include <stdio.h>
#include <string.h>

#include "wrap.h"

/* Columns of the left side of a two-column list, and of a line. */
enum { LEFT_WIDTH = 24, LINE_WIDTH = 80, LINES_MOST = 40 };

static void
append_wrapped(struct buffer *out, const char *first, const char *next,
               const char *text)
{
    wrap_text(out, span_of(text), LINE_WIDTH, first, next, LINES_MOST, NULL);
}

static void
append_option(const char *left, const char *help, struct buffer *out)
{
    char first[128], next[LEFT_WIDTH + 5];
    snprintf(first, sizeof(first), "  %-*s  ", LEFT_WIDTH, left);
    snprintf(next, sizeof(next), "%*s", LEFT_WIDTH + 4, "");
    append_wrapped(out, first, next, help);
}

static void
append_options(const struct option *options, struct buffer *out)
{
    buffer_append_text(out, "\nOptions:\n");
    for (const struct option *o = options; o->name; o++) {
        char left[128];
        snprintf(left, sizeof(left), "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
                 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
                 o->value ? " " : "", o->value ? o->value : "");
        append_option(left, o->help, out);
    }
    append_option("-h, --help", "this text", out);
}

static void
append_command(const struct command *command, struct buffer *out)
{
    buffer_printf(out, "Usage: karool %s%s%s\n\n%s.\n", command->name,
                  *command->synopsis ? " " : "", command->synopsis,
                  command->summary);
    if (command->details) {
        buffer_append_byte(out, '\n');
        append_wrapped(out, "", "", command->details);
    }
    append_options(command->options, out);
    CLEANUP(buffer_done) struct buffer status = {0};
    buffer_printf(&status,
                  "Exit status: %s,\n2 usage, configuration, connector or "
                  "rules errors.",
                  command->status ? command->status : "0 done, 1 failed");
    buffer_append_byte(out, '\n');
    append_wrapped(out, "", "", buffer_text(&status));
}

static void
append_all(struct buffer *out)
{
    buffer_append_text(
        out, "Usage: karool COMMAND [OPTION…]\n\n"
             "Watches public posts for the terms a team of analysts cares "
             "about.\n\nCommands:\n");
    for (size_t i = 0; command_table[i]; i++)
        buffer_printf(out, "  %-10s %s\n", command_table[i]->name,
                      command_table[i]->summary);
    buffer_append_text(
        out, "\n`karool COMMAND --help` tells more of one; `karool --version` "
             "the versions.\n"
             "Data goes to standard output, everything else to standard error."
             "\nColour only on a terminal, and never when NO_COLOR is set.\n"
             "Exit status: 0 done, 1 something was not right, 2 usage, "
             "configuration,\nconnector or rules errors.\n");
}

void
command_help(const struct command *command, struct buffer *out)
{
    if (command)
        append_command(command, out);
    else
        append_all(out);
}
