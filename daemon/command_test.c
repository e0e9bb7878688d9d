#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "command_rules.h"
#include "examples.h"
#include "output.h"
#include "terminal.h"

static const struct option options[] = {
    COMMAND_OPTION_RULES,
    COMMAND_OPTION_CONFIG,
    {"verbose", 'v', NULL, NULL, "the examples that passed, too"},
    COMMAND_OPTION_END,
};

struct test_run {
    bool verbose, colour;
    size_t passed, failed;
    struct buffer out;
};

static const char *
expectation(enum example_kind kind)
{
    switch (kind) {
    case EXAMPLE_FLAG:
        return "a match of this entry";
    case EXAMPLE_PASS:
        return "no match of this entry";
    case EXAMPLE_CLEAN:
        break;
    }
    return "nothing at all";
}

static void
append_place(struct buffer *out, const struct place *place)
{
    buffer_printf(out, "%s:%u:%u: ", place->file, place->line, place->column);
}

static void
report(void *context, const struct example_result *result)
{
    struct test_run *test = context;
    struct buffer *out = &test->out;
    const char *entry = result->entry ? result->entry : "clean";
    const char *reset = terminal_style(test->colour, STYLE_RESET);
    if (result->passed)
        test->passed++;
    else
        test->failed++;
    if (result->passed && !test->verbose)
        return;
    append_place(out, &result->example->place);
    buffer_printf(
        out, "%s%s%s %s\n",
        terminal_style(test->colour, result->passed ? STYLE_GREEN : STYLE_RED),
        result->passed ? "ok" : "FAILED", reset, entry);
    buffer_append_text(out, "    text      ");
    terminal_append_safe(out, result->example->text);
    if (!result->passed)
        buffer_printf(out, "\n    expected  %s\n    got       %s",
                      expectation(result->example->kind), result->got);
    buffer_append_text(out, "\n");
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = command_rules(arguments, RULES_NO_EXAMPLES, &err);
    if (!matcher)
        return command_fail(&err);
    struct test_run test = {
        .verbose = arguments_has(arguments, "verbose"),
        .colour = terminal_colour(STDOUT_FILENO),
    };
    CLEANUP(buffer_done) struct buffer out = {0};
    size_t failed = 0;
    bool ran = examples_run(matcher, report, &test, &failed, &err);
    out = test.out;
    if (!ran)
        return command_fail(&err);
    buffer_printf(&out, "%zu passed, %zu failed\n", test.passed, test.failed);
    if (!buffer_ok(&out)) {
        error_no_memory(&err);
        return command_fail(&err);
    }
    if (!output_write(buffer_span(&out)) && !output_finish(&err))
        return command_fail(&err);
    return failed ? COMMAND_FAILED : COMMAND_OK;
}

const struct command command_test = {
    .name = "test",
    .synopsis = "[-r DIR]",
    .summary = "Runs every example of the rules",
    .details = "Names each example that does not behave with its file, line "
               "and column, what was expected and what was found.",
    .status = "0 all passed, 1 some failed",
    .options = options,
    .run = run,
};
