#include "arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "diagnostics.h"
#include "span.h"

#define OPTIONS_MAX 64

static const struct option help_option = {"help", 'h', NULL, NULL, "this text"};

static const struct option *
find_letter(const struct option *options, char letter)
{
    for (const struct option *o = options; o->name; o++)
        if (o->letter && o->letter == letter)
            return o;
    return letter == 'h' ? &help_option : NULL;
}

static const struct option *
find_name(const struct option *options, struct span name)
{
    for (const struct option *o = options; o->name; o++)
        if (span_is(name, o->name))
            return o;
    return span_is(name, "help") ? &help_option : NULL;
}

static bool
unknown_option(const struct option *options, struct span name,
               struct error *err)
{
    const char *names[OPTIONS_MAX + 2];
    size_t count = 0;
    for (const struct option *o = options; o->name && count < OPTIONS_MAX; o++)
        names[count++] = o->name;
    names[count++] = "help";
    names[count] = NULL;
    const char *nearest = diagnostics_nearest(name, names);
    if (nearest)
        return error_set(err, ERROR_CONFIG,
                         "there is no option --%.*s; did you mean --%s?",
                         SPAN_ARGS(name), nearest);
    return error_set(err, ERROR_CONFIG,
                     "there is no option --%.*s; --help lists them",
                     SPAN_ARGS(name));
}

/* Is `value` one of the words of `choices`? */
static bool
chosen(const char *choices, const char *value)
{
    size_t len = strlen(value);
    for (const char *word = choices; *word;) {
        size_t word_len = strcspn(word, " ");
        if (word_len == len && memcmp(word, value, len) == 0)
            return true;
        word += word_len;
        word += strspn(word, " ");
    }
    return false;
}

static bool
add(struct arguments *out, const struct option *option, const char *value,
    struct error *err)
{
    if (option == &help_option) {
        out->help = true;
        return true;
    }
    if (value && option->choices && !chosen(option->choices, value)) {
        CLEANUP(buffer_done) struct buffer list = {0};
        for (const char *c = option->choices; *c; c++)
            buffer_append_text(&list, *c == ' ' ? ", " : (char[]){*c, 0});
        return error_set(err, ERROR_CONFIG, "--%s is one of %s, not \"%s\"",
                         option->name, buffer_text(&list), value);
    }
    out->items[out->count++] = (struct argument){option, value};
    return true;
}

static bool
missing_value(const struct option *option, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "--%s needs a value: --%s %s",
                     option->name, option->name, option->value);
}

/* --name, --name=value, --name value */
static bool
parse_long(struct arguments *out, const struct option *options, int argc,
           char **argv, int *i, struct error *err)
{
    const char *text = argv[*i] + 2;
    struct span name = {text, strcspn(text, "=")};
    const char *value = text[name.len] ? text + name.len + 1 : NULL;
    const struct option *option = find_name(options, name);
    if (!option)
        return unknown_option(options, name, err);
    if (!option->value && value)
        return error_set(err, ERROR_CONFIG, "--%s takes no value",
                         option->name);
    if (option->value && !value) {
        if (*i + 1 >= argc)
            return missing_value(option, err);
        value = argv[++*i];
    }
    return add(out, option, value, err);
}

/* -n value, -nvalue, several switches in one: -vn value */
static bool
parse_short(struct arguments *out, const struct option *options, int argc,
            char **argv, int *i, struct error *err)
{
    for (const char *letter = argv[*i] + 1; *letter; letter++) {
        const struct option *option = find_letter(options, *letter);
        if (!option)
            return error_set(err, ERROR_CONFIG,
                             "there is no option -%c; --help lists them",
                             *letter);
        if (!option->value) {
            if (!add(out, option, NULL, err))
                return false;
            continue;
        }
        if (letter[1])
            return add(out, option, letter + 1, err);
        if (*i + 1 >= argc)
            return missing_value(option, err);
        return add(out, option, argv[++*i], err);
    }
    return true;
}

static bool
parse_all(struct arguments *out, const struct option *options, int argc,
          char **argv, struct error *err)
{
    bool ended = false;
    for (int i = 0; i < argc; i++) {
        const char *text = argv[i];
        bool parsed = true;
        if (ended || text[0] != '-' || !text[1])
            out->operands[out->operand_count++] = text;
        else if (strcmp(text, "--") == 0)
            ended = true;
        else if (text[1] == '-')
            parsed = parse_long(out, options, argc, argv, &i, err);
        else
            parsed = parse_short(out, options, argc, argv, &i, err);
        if (!parsed)
            return false;
    }
    return true;
}

bool
arguments_parse(struct arguments *out, const struct option *options, int argc,
                char **argv, struct error *err)
{
    *out = (struct arguments){0};
    /* -abc makes three items of one argument, but never more than letters. */
    size_t most = 1;
    for (int i = 0; i < argc; i++)
        most += strlen(argv[i]) + 1;
    out->items = calloc(most, sizeof(*out->items));
    out->operands = calloc((size_t)argc + 1, sizeof(*out->operands));
    if (!out->items || !out->operands) {
        arguments_done(out);
        return error_no_memory(err);
    }
    if (!parse_all(out, options, argc, argv, err)) {
        arguments_done(out);
        return false;
    }
    return true;
}

void
arguments_done(struct arguments *arguments)
{
    free(arguments->items);
    free(arguments->operands);
    *arguments = (struct arguments){0};
}

bool
arguments_has(const struct arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->count; i++)
        if (strcmp(arguments->items[i].option->name, name) == 0)
            return true;
    return false;
}

const char *
arguments_next(const struct arguments *arguments, const char *name,
               size_t *position)
{
    while (*position < arguments->count) {
        const struct argument *item = &arguments->items[(*position)++];
        if (strcmp(item->option->name, name) == 0)
            return item->value;
    }
    return NULL;
}

const char *
arguments_value(const struct arguments *arguments, const char *name)
{
    const char *last = NULL, *value;
    for (size_t i = 0; (value = arguments_next(arguments, name, &i));)
        last = value;
    return last;
}

bool
arguments_number(const struct arguments *arguments, const char *name,
                 int64_t lowest, int64_t highest, int64_t fallback,
                 int64_t *out, struct error *err)
{
    *out = fallback;
    const char *value = arguments_value(arguments, name);
    if (!value)
        return true;
    char *end = NULL;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < lowest || number > highest)
        return error_set(err, ERROR_CONFIG,
                         "--%s is a whole number from %lld to %lld, not \"%s\"",
                         name, (long long)lowest, (long long)highest, value);
    *out = number;
    return true;
}
