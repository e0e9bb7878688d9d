/*
 * command.h - what `karool COMMAND` can be: one declared row a command, one
 * daemon/command_NAME.c that defines it.
 *
 * Data goes to stdout (output.h), everything else to stderr. SIGPIPE is
 * ignored before a command runs. Exit status: enum command_status.
 *
 * Threads: the main thread.
 */
#ifndef KAROOL_COMMAND_H
#define KAROOL_COMMAND_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "arguments.h"
#include "buffer.h"
#include "diagnostics.h"
#include "error.h"

enum command_status {
    COMMAND_OK = 0,
    COMMAND_FAILED = 1, /* it ran, and something was not right */
    COMMAND_USAGE = 2,  /* usage, config, connector or rules errors */
};

#define COMMAND_ANY UINT_MAX

struct command {
    const char *name;
    const char *synopsis; /* after the name: "[-c FILE] SOURCE" */
    const char *summary;  /* one line, for the list of commands */
    const char *details;  /* paragraphs of its --help; or NULL */
    const char *status;   /* what 0 and 1 mean: "0 all read, 1 some bad" */
    const struct option *options;
    unsigned operands_min, operands_max; /* COMMAND_ANY: no limit */
    int (*run)(const struct arguments *arguments);
};

/* In the order of the help; ends with NULL. daemon/command_table.c */
extern const struct command *const command_table[];

/* Defined in daemon/command_NAME.c; in use when its row is in the table. */
extern const struct command command_run, command_check, command_scan;
extern const struct command command_explain, command_test, command_poll;
extern const struct command command_tail, command_reload, command_replay;

/* What main() does: finds the command, reads its arguments, runs it. */
MUST_USE int command_main(int argc, char **argv);
/* argv[0] is the command's name. */
MUST_USE int command_start(const struct command *command, int argc,
                           char **argv);
/* NULL: the list of all commands. */
void command_help(const struct command *command, struct buffer *out);
/* Karool's version and that of every library it runs on. */
void command_version(struct buffer *out);

/* "karool NAME: message" to stderr; COMMAND_USAGE for ERROR_CONFIG, else
 * COMMAND_FAILED. */
int command_fail(const struct error *err);
/* Errors and warnings to stderr, coloured on a terminal. */
void command_report(const struct diagnostics *diagnostics);

/* Tells a person at a terminal that standard input is waited for. */
void command_reads_input(void);

/* Rows that several commands have in their tables. */
#define COMMAND_OPTION_CONFIG                                                  \
    {                                                                          \
        "config", 'c', "FILE", NULL,                                           \
            "the configuration (default " KAROOL_SYSCONFDIR                    \
            "/karool/karool.yaml)"                                             \
    }
#define COMMAND_OPTION_RULES                                                   \
    {                                                                          \
        "rules", 'r', "DIR", NULL, "the folder of rules"                       \
    }
#define COMMAND_OPTION_END                                                     \
    {                                                                          \
        NULL, 0, NULL, NULL, NULL                                              \
    }

/* -c, else the installed configuration's path. */
const char *command_config_path(const struct arguments *arguments);
/* How to name another configuration, or "" when -c named this one. */
const char *command_other_config(const struct arguments *arguments);
/* The error of a configuration whose own errors were told; returns false. */
bool command_config_unusable(const struct arguments *arguments,
                             struct error *err);

#endif
