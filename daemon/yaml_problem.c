#include "yaml_problem.h"

#include <stddef.h>
#include <string.h>

#define QUOTES "put the value in single quotes: '…'"

/* What libyaml says, and what a linguist can do about it. The first row whose
 * problem (and context, where given) occurs in libyaml's own text is taken. */
static const struct {
    const char *problem;
    const char *context;
    const char *advice;
} advices[] = {
    {"found character that cannot start any token", NULL,
     "this sign cannot start a value: " QUOTES},
    {"found a tab character", NULL,
     "a tab: YAML is indented with blanks, not tabs"},
    {"mapping values are not allowed", NULL,
     "a second ': ' on this line, or an indentation that does not fit: if the "
     "colon belongs to the value, " QUOTES},
    {"unexpected end of stream", "quoted scalar",
     "a quote that is opened here is never closed (inside single quotes, "
     "write '' for one quote)"},
    {"unexpected document indicator", "quoted scalar",
     "a quote that is opened here is never closed"},
    {"unknown escape character", NULL,
     "inside double quotes a backslash starts an escape: use single quotes"},
    {"expected hexdecimal number", NULL,
     "inside double quotes a backslash starts an escape: use single quotes"},
    {"expected alphabetic or numeric character", NULL,
     "a value that starts with & or *: " QUOTES},
    {"", "scanning a directive", "a line that starts with %: " QUOTES},
    {"", "parsing a tag", "a value that starts with !: " QUOTES},
    {"", "scanning a tag", "a value that starts with !: " QUOTES},
    {"undefined tag handle", NULL, "a value that starts with !: " QUOTES},
    {"', or '", "flow sequence",
     "in a list between [ and ] a comma or the closing ] is missing; a value "
     "with a comma, a #, a bracket or a quote in it goes in single quotes"},
    {"', or '", "flow mapping",
     "between { and } a comma or the closing } is missing; a value with a "
     "comma, a #, a bracket or a quote in it goes in single quotes"},
    {"expected ',' or ']'", NULL,
     "in a list between [ and ] a comma or the closing ] is missing; a value "
     "with a comma, a #, a bracket or a quote in it goes in single quotes"},
    {"expected ',' or '}'", NULL,
     "between { and } a comma or the closing } is missing; a value with a "
     "comma, a #, a bracket or a quote in it goes in single quotes"},
    {"could not find expected ':'", NULL,
     "a ':' after the key is missing, or the line above is not finished"},
    {"did not find expected key", NULL,
     "this line does not fit the ones above: check its indentation; text "
     "after a closing quote is not allowed either"},
    {"expected '-' indicator", NULL,
     "this line does not fit the list above: check its indentation"},
    {"block sequence entries are not allowed", NULL,
     "a list item where none is allowed: check the indentation, or " QUOTES},
    {"mapping keys are not allowed", NULL,
     "a value that starts with ?: " QUOTES},
    {"did not find expected comment or line break", NULL,
     "a value that starts with | or >: " QUOTES},
    {"did not find expected node content", "flow node",
     "a list that is opened with [ or { is not finished above: an unquoted # "
     "cuts off the rest of its line; a value with a #, a comma or a bracket "
     "in it goes in single quotes"},
    {"control characters are not allowed", NULL,
     "an invisible control character: delete it and type the word again"},
    {"did not find expected <document start>", NULL,
     "something stands where the file should have ended: check the "
     "indentation"},
};

static bool
holds(const char *text, const char *part)
{
    return !part || (text && strstr(text, part));
}

const char *
yaml_problem_advice(const char *problem, const char *context)
{
    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
        if (holds(problem, advices[i].problem) &&
            holds(context, advices[i].context))
            return advices[i].advice;
    return NULL;
}
