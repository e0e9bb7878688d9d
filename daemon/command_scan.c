#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "command_rules.h"
#include "diagnostics.h"
#include "output.h"
#include "scan.h"

#define THREADS_MAX 256

static const struct option options[] = {
    COMMAND_OPTION_RULES,
    COMMAND_OPTION_CONFIG,
    {"input", 'i', "FORMAT", "ndjson csv text",
     "ndjson (default), csv or text (a line is a post)"},
    {"output", 'o', "FORMAT", "ndjson csv summary",
     "ndjson (default), csv (a row a match) or summary"},
    {"threads", 't', "N", NULL, "threads that screen (default: one a core)"},
    COMMAND_OPTION_END,
};

static enum scan_input
input_of(const struct arguments *arguments)
{
    const char *name = arguments_value(arguments, "input");
    if (name && strcmp(name, "csv") == 0)
        return SCAN_CSV_IN;
    return name && strcmp(name, "text") == 0 ? SCAN_TEXT_IN : SCAN_NDJSON_IN;
}

static enum scan_output
output_of(const struct arguments *arguments)
{
    const char *name = arguments_value(arguments, "output");
    if (name && strcmp(name, "csv") == 0)
        return SCAN_CSV_OUT;
    return name && strcmp(name, "summary") == 0 ? SCAN_SUMMARY_OUT
                                                : SCAN_NDJSON_OUT;
}

/* All that cannot be read, before anything is written. */
static bool
check_files(const struct arguments *arguments, struct error *err)
{
    CLEANUP(buffer_done) struct buffer list = {0};
    for (size_t i = 0; i < arguments->operand_count; i++) {
        const char *path = arguments->operands[i];
        struct stat status;
        if (strcmp(path, "-") == 0)
            continue;
        const char *reason = NULL;
        if (access(path, F_OK))
            reason = "does not exist";
        else if (access(path, R_OK))
            reason = "may not be read";
        else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
            reason = "is a folder";
        if (reason)
            buffer_printf(&list, "%s%s %s", list.len ? "; " : "", path, reason);
    }
    if (list.len == 0)
        return true;
    return error_set(err, ERROR_CONFIG, "%s", buffer_text(&list));
}

static int
run(const struct arguments *arguments)
{
    static const char *const standard_input[] = {"-"};
    struct error err = {0};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads;
    if (!arguments_number(arguments, "threads", 1, THREADS_MAX,
                          cores > 0 && cores < THREADS_MAX ? cores : 1,
                          &threads, &err) ||
        !check_files(arguments, &err))
        return command_fail(&err);
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = command_rules(arguments, 0, &err);
    if (!matcher)
        return command_fail(&err);

    const bool files = arguments->operand_count > 0;
    const struct scan_options scan = {
        .input = input_of(arguments),
        .output = output_of(arguments),
        .threads = (unsigned)threads,
        .paths = files ? arguments->operands : standard_input,
        .path_count = files ? arguments->operand_count : 1,
    };
    for (size_t i = 0; i < scan.path_count; i++)
        if (strcmp(scan.paths[i], "-") == 0)
            command_reads_input();
    struct scan_counts counts;
    if (!scan_run(&scan, matcher, &counts, &err))
        return command_fail(&err);
    return counts.bad ? COMMAND_FAILED : COMMAND_OK;
}

const struct command command_scan = {
    .name = "scan",
    .synopsis = "[-r DIR] [--input FORMAT] [--output FORMAT] [FILE…]",
    .summary = "Screens files or standard input: posts in, flagged events out",
    .details = "Reads standard input when no FILE is given or FILE is `-`. "
               "NDJSON objects need a \"text\", and may have \"id\" (else the "
               "line number is the id), \"title\", \"lang\" and the other "
               "members of a karool.post/1. CSV needs a header row with a "
               "column \"text\". Files in gzip are unpacked as they are read. "
               "Events come in the order of the input. A bad line is named on "
               "standard error, counted, and does not stop the scan.",
    .status = "0 all lines were read, 1 some were bad",
    .options = options,
    .operands_max = COMMAND_ANY,
    .run = run,
};
