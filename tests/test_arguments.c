#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "arguments.h"

static const struct option options[] = {
    {"config", 'c', "FILE", NULL, "help"},
    {"input", 'i', "FORMAT", "ndjson csv text", "help"},
    {"verbose", 'v', NULL, NULL, "help"},
    {"json", 'j', NULL, NULL, "help"},
    {"threads", 0, "N", NULL, "help"},
    {NULL, 0, NULL, NULL, NULL},
};

static struct arguments arguments;
static struct error err;

static int
free_arguments(void **state)
{
    arguments_done(&arguments);
    return 0;
}

/* Words end with NULL. */
static bool
parse(const char **words)
{
    int count = 0;
    while (words[count])
        count++;
    err = (struct error){0};
    return arguments_parse(&arguments, options, count, (char **)words, &err);
}
#define PARSE(...) parse((const char *[]){__VA_ARGS__, NULL})

static void
assert_refused(bool parsed, const char *reason)
{
    assert_false(parsed);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.message, reason))
        fail_msg("\"%s\" does not say \"%s\"", err.message, reason);
}

static void
a_value_follows_or_stands_in_one_word(void **state)
{
    assert_true(PARSE("--config", "a", "--input=csv", "-jc", "b", "-cd"));
    assert_string_equal(arguments_value(&arguments, "config"), "d");
    assert_string_equal(arguments_value(&arguments, "input"), "csv");
    assert_true(arguments_has(&arguments, "json"));
    assert_false(arguments_has(&arguments, "verbose"));
    size_t at = 0;
    assert_string_equal(arguments_next(&arguments, "config", &at), "a");
    assert_string_equal(arguments_next(&arguments, "config", &at), "b");
    assert_string_equal(arguments_next(&arguments, "config", &at), "d");
    assert_null(arguments_next(&arguments, "config", &at));
}

static void
operands_and_options_may_mix_until_two_dashes(void **state)
{
    assert_true(PARSE("one", "-v", "-", "--", "-j", "--config"));
    assert_int_equal(arguments.operand_count, 4);
    assert_string_equal(arguments.operands[0], "one");
    assert_string_equal(arguments.operands[1], "-");
    assert_string_equal(arguments.operands[2], "-j");
    assert_string_equal(arguments.operands[3], "--config");
    assert_true(arguments_has(&arguments, "verbose"));
    assert_false(arguments_has(&arguments, "json"));
}

static void
an_empty_value_is_a_value(void **state)
{
    assert_true(PARSE("--config=", "x"));
    assert_string_equal(arguments_value(&arguments, "config"), "");
    assert_int_equal(arguments.operand_count, 1);
}

static void
help_is_known_to_every_table(void **state)
{
    assert_true(PARSE("--help"));
    assert_true(arguments.help);
    arguments_done(&arguments);
    assert_true(PARSE("-vh"));
    assert_true(arguments.help);
}

static void
errors_say_what_to_type(void **state)
{
    assert_refused(PARSE("--confg", "a"), "did you mean --config?");
    assert_refused(PARSE("-x"), "no option -x");
    assert_refused(PARSE("--config"), "--config FILE");
    assert_refused(PARSE("-c"), "--config FILE");
    assert_refused(PARSE("--json=1"), "takes no value");
    assert_refused(PARSE("--input", "xml"), "one of ndjson, csv, text");
    assert_refused(PARSE("--input", "csv text"), "not \"csv text\"");
}

static void
a_number_keeps_its_limits(void **state)
{
    int64_t number;
    assert_true(PARSE("--threads", "8"));
    assert_true(
        arguments_number(&arguments, "threads", 1, 8, 2, &number, &err));
    assert_int_equal(number, 8);
    assert_refused(
        arguments_number(&arguments, "threads", 1, 7, 2, &number, &err),
        "from 1 to 7");
    arguments_done(&arguments);
    assert_true(PARSE("--threads", "8x"));
    assert_refused(
        arguments_number(&arguments, "threads", 1, 9, 2, &number, &err),
        "not \"8x\"");
    arguments_done(&arguments);
    assert_true(PARSE("x"));
    assert_true(
        arguments_number(&arguments, "threads", 1, 7, 2, &number, &err));
    assert_int_equal(number, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, free_arguments)
    const struct CMUnitTest tests[] = {
        TEST(a_value_follows_or_stands_in_one_word),
        TEST(operands_and_options_may_mix_until_two_dashes),
        TEST(an_empty_value_is_a_value),
        TEST(help_is_known_to_every_table),
        TEST(errors_say_what_to_type),
        TEST(a_number_keeps_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
