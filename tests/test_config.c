/* karool.yaml as people write it, with the traps of YAML 1.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"

#define HEAD                                                                   \
    "karool: config/1\n"                                                       \
    "campaign: test\n"                                                         \
    "brokers: embedded\n"                                                      \
    "connectors: connectors\n"

#define FEED "sources:\n  - id: news\n    connector: feed\n"

struct ground {
    char folder[64], file[96], connectors[96];
    struct buffer report;
};

static int
setup(void **state)
{
    static struct ground ground;
    ground = (struct ground){.folder = "/tmp/karool-config-XXXXXX"};
    *state = &ground;
    if (!mkdtemp(ground.folder))
        return -1;
    snprintf(ground.file, sizeof(ground.file), "%s/karool.yaml", ground.folder);
    snprintf(ground.connectors, sizeof(ground.connectors), "%s/connectors",
             ground.folder);
    return symlink(SOURCE_FOLDER "/config/connectors", ground.connectors);
}

static int
teardown(void **state)
{
    struct ground *ground = *state;
    buffer_done(&ground->report);
    unlink(ground->file);
    unlink(ground->connectors);
    return rmdir(ground->folder);
}

/* The configuration, or NULL; what was said of it is in ground->report. */
static struct config *
load(struct ground *ground, const char *text, bool secrets)
{
    const struct config_options options = {.secrets = secrets};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    FILE *file = fopen(ground->file, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    struct config *config = config_load(ground->file, &options, diagnostics);
    buffer_clear(&ground->report);
    diagnostics_write(diagnostics, &ground->report, false);
    return config;
}

static void
has(const struct ground *ground, const char *part)
{
    if (!strstr(buffer_text(&ground->report), part))
        fail_msg("'%s' is not in:\n%s", part, buffer_text(&ground->report));
}

static struct config *
good(struct ground *ground, const char *text)
{
    struct config *config = load(ground, text, true);
    if (!config || ground->report.len)
        fail_msg("%s", buffer_text(&ground->report));
    return config;
}

static void
refused(struct ground *ground, const char *text, const char *part)
{
    CLEANUP(config_unrefp) struct config *config = load(ground, text, true);
    if (config)
        fail_msg("this was taken:\n%s", text);
    has(ground, part);
}

static void
a_text_stays_the_text_that_was_written(void **state)
{
    /* YAML 1.1 reads a boolean, an octal and a time of day. */
    static const char *const names[] = {"no", "1488", "0123", "on", "1e3"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "karool: config/1\ncampaign: %s\nbrokers: embedded\n"
                 "connectors: connectors\nuser_agent: 12:30:45\n",
                 names[i]);
        CLEANUP(config_unrefp) struct config *config = good(*state, text);
        assert_string_equal(config->campaign, names[i]);
        assert_string_equal(config->user_agent, "12:30:45");
    }
}

static void
all_errors_come_in_one_go_each_with_its_place(void **state)
{
    struct ground *ground = *state;
    refused(ground,
            HEAD "sauces: []\n"
                 "screen: {threads: 1000}\n"
                 "dedupe: {window: 24}\n"
                 "privacy: {raw: everything}\n"
                 "roles: [watch]\n",
            "/karool.yaml:5:1: error: ");
    has(ground, "did you mean 'sources'?");
    has(ground, "/karool.yaml:6:19: error: ");
    has(ground, "/karool.yaml:7:18: error: ");
    has(ground, "/karool.yaml:8:16: error: ");
    has(ground, "/karool.yaml:9:9: error: ");
}

static void
what_the_file_must_have_is_asked_for(void **state)
{
    refused(*state, "campaign: a\nbrokers: embedded\n", "karool: config/1");
    refused(*state, "karool: config/1\nbrokers: embedded\n",
            "the key 'campaign' is missing");
    refused(*state, "karool: config/1\ncampaign: a\n",
            "the key 'brokers' is missing");
    refused(*state, "[]\n", "karool: config/1");
    refused(*state, "", "karool.yaml");
}

static void
a_secret_is_never_written_into_the_file(void **state)
{
    struct ground *ground = *state;
    refused(ground, HEAD "privacy: {key: planted-secret-8}\n",
            "{secret: NAME}");
    assert_null(strstr(buffer_text(&ground->report), "planted-secret-8"));
    refused(ground, HEAD "kafka: {properties: {sasl.password: planted-9}}\n",
            "{secret: NAME}");
    assert_null(strstr(buffer_text(&ground->report), "planted-9"));
}

static void
a_secret_that_is_missing_is_a_warning_where_none_is_needed(void **state)
{
    struct ground *ground = *state;
    const char *text = HEAD "privacy: {key: {secret: no_such_secret}}\n";
    refused(ground, text, "no secret 'no_such_secret'");
    CLEANUP(config_unrefp) struct config *config = load(ground, text, false);
    assert_non_null(config);
    has(ground, "warning: no secret 'no_such_secret'");
}

static void
plain_http_and_local_addresses_are_allowed_each_alone(void **state)
{
    struct ground *ground = *state;
    const char *urls = "    urls: [https://one.invalid/rss]\n";
    char text[512];
    static const char *const switches[] = {"", "    http: allow\n",
                                           "    local: true\n"};
    for (size_t i = 0; i < COUNT_OF(switches); i++) {
        snprintf(text, sizeof(text), "%s%s%s%s", HEAD, FEED, urls, switches[i]);
        CLEANUP(config_unrefp) struct config *config = good(ground, text);
        assert_int_equal(config->sources[0].http, i == 1);
        assert_int_equal(config->sources[0].local, i == 2);
    }
    snprintf(text, sizeof(text), "%s%s%s    http: true\n", HEAD, FEED, urls);
    refused(ground, text, "karool.yaml:9:11: error: ");
}

static void
paths_are_relative_to_the_file(void **state)
{
    struct ground *ground = *state;
    char expected[128];
    CLEANUP(config_unrefp)
    struct config *config =
        good(ground, HEAD "rules: words\nstate_directory: /var/lib/x\n");
    snprintf(expected, sizeof(expected), "%s/words", ground->folder);
    assert_string_equal(config->rules, expected);
    assert_string_equal(config->state_directory, "/var/lib/x");
}

static void
two_sources_of_one_id_are_refused(void **state)
{
    refused(*state,
            HEAD FEED "    urls: [https://one.invalid/rss]\n"
                      "  - id: news\n    connector: feed\n"
                      "    urls: [https://two.invalid/rss]\n",
            "karool.yaml:9:");
}

static void
a_source_has_one_former_name_and_nobody_else_has_it(void **state)
{
#define NAMED(names)                                                           \
    "  - {" names ", connector: feed, urls: ['https://a.invalid']}\n"
    refused(*state,
            HEAD "sources:\n" NAMED("id: new, renamed_from: old")
                NAMED("id: old"),
            "karool.yaml:6:29: error: 'old' is a source still, in line 7");
    refused(*state, HEAD "sources:\n" NAMED("id: new, renamed_from: new"),
            "'new' is a source still, in line 6");
    refused(*state,
            HEAD "sources:\n" NAMED("id: new, renamed_from: old")
                NAMED("id: newer, renamed_from: old"),
            "karool.yaml:7:31: error: a source is renamed from 'old' already, "
            "in line 6");
    config_unref(good(*state,
                      HEAD "sources:\n" NAMED("id: new, renamed_from: old")
                          NAMED("id: newer, renamed_from: older")));
}

static void
what_stands_in_a_list_twice_counts_once(void **state)
{
    struct ground *ground = *state;
    CLEANUP(config_unrefp)
    struct config *config =
        load(ground,
             HEAD FEED "    urls: [https://one.invalid/rss, "
                       "https://two.invalid/rss, https://one.invalid/rss]\n"
                       "  - id: files\n    connector: archive\n"
                       "    files: [a.ndjson, b.ndjson, ./a.ndjson]\n",
             true);
    assert_non_null(config);
    has(ground, "karool.yaml:8:62: warning: 'https://one.invalid/rss' stands "
                "in this list twice");
    has(ground, "karool.yaml:11:33: warning: ");
    const struct variable *urls = source_variable(&config->sources[0], "urls");
    const struct variable *files =
        source_variable(&config->sources[1], "files");
    assert_int_equal(urls->list.count, 2);
    assert_int_equal(files->list.count, 2);
    assert_true(span_is(urls->list.items[1], "https://two.invalid/rss"));
}

static void
kafka_elsewhere_needs_tls_or_a_word_that_it_does_not(void **state)
{
    const char *far = "karool: config/1\ncampaign: a\nconnectors: connectors\n"
                      "brokers: kafka.invalid:9092\n";
    char text[512];
    refused(*state, far, "Kafka on another machine without TLS");
    snprintf(text, sizeof(text), "%skafka: {plaintext: allow}\n", far);
    config_unref(good(*state, text));
    snprintf(text, sizeof(text),
             "%skafka: {properties: {security.protocol: ssl}}\n", far);
    config_unref(good(*state, text));
    refused(*state, HEAD "kafka: {properties: {group.id: mine}}\n",
            "it follows from the campaign");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_text_stays_the_text_that_was_written),
        TEST(all_errors_come_in_one_go_each_with_its_place),
        TEST(what_the_file_must_have_is_asked_for),
        TEST(a_secret_is_never_written_into_the_file),
        TEST(a_secret_that_is_missing_is_a_warning_where_none_is_needed),
        TEST(plain_http_and_local_addresses_are_allowed_each_alone),
        TEST(paths_are_relative_to_the_file),
        TEST(two_sources_of_one_id_are_refused),
        TEST(a_source_has_one_former_name_and_nobody_else_has_it),
        TEST(what_stands_in_a_list_twice_counts_once),
        TEST(kafka_elsewhere_needs_tls_or_a_word_that_it_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
