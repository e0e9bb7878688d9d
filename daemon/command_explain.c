#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "command_forms.h"
#include "command_rules.h"
#include "explanation.h"
#include "output.h"
#include "terminal.h"

static const struct option options[] = {
    COMMAND_OPTION_RULES,
    COMMAND_OPTION_CONFIG,
    {"lang", 'l', "LANG", NULL, "the text's language: ky, ru, … (unknown)"},
    {"forms", 'f', NULL, NULL, "the forms of a term, instead of a text"},
    {"morphology", 'm', "GRAMMAR", NULL,
     "with --forms: any word, by this grammar"},
    {"json", 'j', NULL, NULL, "one JSON object a text, for programs"},
    COMMAND_OPTION_END,
};

struct explaining {
    struct explainer explainer;
    struct span lang;
    bool json, colour;
    unsigned width;
    size_t count;
    struct buffer out;
};

static void
explaining_done(struct explaining *explaining)
{
    explainer_done(&explaining->explainer);
    buffer_done(&explaining->out);
}

/* false: stop; err is set unless nobody reads the output any more. */
static bool
explain(struct explaining *explaining, struct span text, struct error *err)
{
    struct buffer *out = &explaining->out;
    buffer_clear(out);
    if (!explainer_explain(&explaining->explainer, text, explaining->lang, err))
        return false;
    if (explaining->json) {
        if (!explanation_write_json(&explaining->explainer, out, err))
            return false;
    } else {
        if (explaining->count++)
            buffer_append_byte(out, '\n');
        explanation_print(&explaining->explainer, explaining->width,
                          explaining->colour, out);
    }
    if (!buffer_ok(out))
        return error_no_memory(err);
    return output_write(buffer_span(out));
}

static void
free_line(char **line)
{
    free(*line);
}

/* Each line of standard input is a text. */
static bool
explain_input(struct explaining *explaining, struct error *err)
{
    CLEANUP(free_line) char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    command_reads_input();
    while ((len = getline(&line, &capacity, stdin)) >= 0) {
        struct span text = {line, (size_t)len};
        while (text.len && strchr("\r\n", text.at[text.len - 1]))
            text.len--;
        if (span_trim(text).len && !explain(explaining, text, err))
            return false;
    }
    if (ferror(stdin))
        return error_set(err, ERROR_FATAL, "cannot read standard input: %s",
                         strerror(errno));
    return true;
}

/* The words of an unquoted sentence are one text. */
static bool
explain_operands(struct explaining *explaining,
                 const struct arguments *arguments, struct error *err)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    for (size_t i = 0; i < arguments->operand_count; i++)
        buffer_printf(&text, "%s%s", i ? " " : "", arguments->operands[i]);
    if (!buffer_ok(&text))
        return error_no_memory(err);
    return explain(explaining, buffer_span(&text), err);
}

static int
run(const struct arguments *arguments)
{
    struct error err = {0};
    if (arguments_has(arguments, "forms"))
        return command_forms(arguments, &err) ? COMMAND_OK : command_fail(&err);
    CLEANUP(matcher_unrefp)
    struct matcher *matcher =
        command_rules(arguments, RULES_DEMO | RULES_NO_EXAMPLES, &err);
    if (!matcher)
        return command_fail(&err);
    CLEANUP(explaining_done)
    struct explaining explaining = {
        .lang = span_of(arguments_value(arguments, "lang")),
        .json = arguments_has(arguments, "json"),
        .colour = terminal_colour(STDOUT_FILENO),
        .width = terminal_width(STDOUT_FILENO),
    };
    if (!explainer_init(&explaining.explainer, matcher, &err))
        return command_fail(&err);
    bool input = arguments->operand_count == 1 &&
                 strcmp(arguments->operands[0], "-") == 0;
    bool done = input ? explain_input(&explaining, &err)
                      : explain_operands(&explaining, arguments, &err);
    if ((!done && err.kind != ERROR_NONE) || !output_finish(&err))
        return command_fail(&err);
    return COMMAND_OK;
}

const struct command command_explain = {
    .name = "explain",
    .synopsis = "[-r DIR] TEXT | - | --forms TERM",
    .summary = "Shows what a text becomes, what matches in it and why",
    .details =
        "With `-` each line of standard input is a text. Shows the text as it "
        "is read, with a mark under each character that is read as another "
        "one; what matches, and why; what was considered, and why it passed. "
        "Without -r and without a configuration it uses the rules of the demo. "
        "With --forms TERM, an entry's id or its dictionary form: what it "
        "expands to, the shortest forms of each kind; with --morphology any "
        "word by that grammar.",
    .status = "0 explained, flagged or not, 1 it could not be read",
    .options = options,
    .operands_min = 1,
    .operands_max = COMMAND_ANY,
    .run = run,
};
