/* Reloads of real files: a configuration, and a dictionary of one word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reload.h"

struct ground {
    char folder[64];
    struct ruleset *ruleset;
    struct config *applied;
    struct reload *reload;
    unsigned applications;
    bool refuse;
};

static void
save(const struct ground *ground, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", ground->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void
save_config(const struct ground *ground, const char *source, const char *more)
{
    char text[1024];
    snprintf(text, sizeof(text),
             "karool: config/1\ncampaign: test\nbrokers: embedded\n"
             "connectors: " SOURCE_FOLDER "/config/connectors\n"
             "sources:\n  - id: news\n    connector: feed\n"
             "    urls: [https://%s.invalid/rss]\n%s",
             source, more);
    save(ground, "karool.yaml", text);
}

static void
save_rules(const struct ground *ground, const char *word)
{
    char text[1024];
    snprintf(text, sizeof(text),
             "karool: rules/1\nversion: 'of %s'\n"
             "defaults: {lang: ru, morphology: exact, review: draft}\n"
             "terms:\n  - id: t-one\n    term: '%s'\n"
             "    category: flowers\n    severity: 2\n    gloss: a flower\n",
             word, word);
    save(ground, "rules/terms.yaml", text);
}

static bool
apply(void *context, struct config *config, struct error *err)
{
    struct ground *ground = context;
    if (ground->refuse)
        return error_set(err, ERROR_RETRY, "no room");
    config_unref(ground->applied);
    ground->applied = config_ref(config);
    ground->applications++;
    return true;
}

static bool
load(struct ground *ground)
{
    char path[128];
    const struct config_options options = {.secrets = true};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    snprintf(path, sizeof(path), "%s/karool.yaml", ground->folder);
    ground->applied = config_load(path, &options, diagnostics);
    if (!ground->applied)
        return false;
    struct matcher *matcher =
        ruleset_compile(ground->applied->rules, diagnostics, NULL);
    ground->ruleset = matcher ? ruleset_new(matcher, NULL) : NULL;
    if (!ground->ruleset)
        return false;
    const struct reload_setup with = {.config = ground->applied,
                                      .options = options,
                                      .ruleset = ground->ruleset,
                                      .apply = apply,
                                      .apply_context = ground};
    ground->reload = reload_new(&with, NULL);
    return ground->reload;
}

static int
setup(void **state)
{
    static struct ground ground;
    char path[128];
    ground = (struct ground){.folder = "/tmp/karool-reload-XXXXXX"};
    *state = &ground;
    if (!mkdtemp(ground.folder))
        return -1;
    snprintf(path, sizeof(path), "%s/rules", ground.folder);
    mkdir(path, 0700);
    save(&ground, "rules/categories.yaml",
         "karool: categories/1\ncategories:\n  - id: flowers\n"
         "    name: {en: Flowers, ky: Гүлдөр, ru: Цветы}\n"
         "    description: placeholder words\n");
    save_config(&ground, "one", "");
    save_rules(&ground, "ромашка");
    return load(&ground) ? 0 : -1;
}

static int
remove_it(const char *path, const struct stat *stat_of, int flag,
          struct FTW *place)
{
    return remove(path);
}

static int
teardown(void **state)
{
    struct ground *ground = *state;
    reload_free(ground->reload);
    ruleset_free(ground->ruleset);
    config_unref(ground->applied);
    return nftw(ground->folder, remove_it, 8, FTW_DEPTH | FTW_PHYS);
}

/* Waits for the reload that is under way. */
static const struct reload_result *
finish(struct ground *ground)
{
    struct pollfd waited = {.fd = reload_fd(ground->reload), .events = POLLIN};
    assert_int_equal(poll(&waited, 1, 20000), 1);
    const struct reload_result *result = reload_work(ground->reload);
    assert_non_null(result);
    return result;
}

static const struct reload_result *
reload(struct ground *ground)
{
    uint64_t number = reload_request(ground->reload);
    const struct reload_result *result = finish(ground);
    assert_int_equal(result->number, number);
    return result;
}

static void
is_in_force(struct ground *ground, const char *version)
{
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = ruleset_get(ground->ruleset);
    assert_string_equal(matcher_rules(matcher)->version, version);
}

static void
has(const struct reload_result *result, const char *part)
{
    if (!strstr(result->text, part))
        fail_msg("'%s' is not in:\n%s", part, result->text);
}

static void
good_files_come_in_force_and_are_told(void **state)
{
    struct ground *ground = *state;
    save_rules(ground, "тюльпан");
    save_config(ground, "two",
                "  - id: more\n    connector: feed\n"
                "    urls: [https://three.invalid/rss]\n");
    const struct reload_result *result = reload(ground);
    assert_true(result->ok);
    assert_int_equal(result->generation, 2);
    has(result, "source news was changed\nsource more is new\n");
    has(result, " instead of rules of ромашка (sha256:");
    has(result, "generation 2, rules of тюльпан (sha256:");
    has(result, "…), 2 sources\n");
    is_in_force(ground, "of тюльпан");
    assert_int_equal(ground->applied->source_count, 2);

    save_config(ground, "two", "");
    result = reload(ground);
    assert_int_equal(result->generation, 3);
    has(result, "source more is gone\ngeneration 3, ");
    assert_ptr_equal(result, reload_last(ground->reload));
}

static void
a_bad_dictionary_leaves_the_old_one_and_the_old_sources(void **state)
{
    struct ground *ground = *state;
    save_rules(ground, "");
    save_config(ground, "two", "");
    const struct reload_result *result = reload(ground);
    assert_false(result->ok);
    assert_int_equal(result->generation, 1);
    has(result, "/rules/terms.yaml:5:5: error: ");
    has(result, "nothing was changed, generation 1 stays in force: ");
    is_in_force(ground, "of ромашка");
    assert_int_equal(ground->applications, 0);
    save_rules(ground, "ромашка");
    assert_true(reload(ground)->ok);
}

static void
a_bad_configuration_leaves_the_old_rules_too(void **state)
{
    struct ground *ground = *state;
    save_config(ground, "one", "campain: other\n");
    save_rules(ground, "");
    const struct reload_result *result = reload(ground);
    assert_false(result->ok);
    has(result, "/karool.yaml:9:1: error: ");
    has(result,
        "/rules/terms.yaml:5:5: error: "); /* all that is wrong, in one go */
    is_in_force(ground, "of ромашка");
    assert_int_equal(ground->applications, 0);
}

static void
sources_that_cannot_be_applied_keep_the_old_rules(void **state)
{
    struct ground *ground = *state;
    save_rules(ground, "тюльпан");
    ground->refuse = true;
    const struct reload_result *result = reload(ground);
    assert_false(result->ok);
    has(result, "the sources: no room");
    is_in_force(ground, "of ромашка");
}

static void
what_needs_a_restart_stays_with_a_warning_each(void **state)
{
    struct ground *ground = *state;
    save_config(ground, "two",
                "roles: [screen]\nscreen: {threads: 3}\nlog: error\n"
                "dedupe: {window: 2h}\nstatus: {listen: 127.0.0.1:1}\n"
                "kafka: {topics: {posts: other}, create_topics: false,\n"
                "  properties: {linger.ms: 7}}\n");
    const struct reload_result *result = reload(ground);
    const struct config *config = ground->applied;
    assert_true(result->ok);
    static const char *const keys[] = {
        "roles",           "screen.threads",     "dedupe.window",
        "status.listen",   "kafka.topics.posts", "kafka.create_topics",
        "kafka.properties"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        char part[64];
        snprintf(part, sizeof(part), "'%s' is another now", keys[i]);
        has(result, part);
    }
    assert_true(config->role_ingest && config->create_topics);
    assert_int_equal(config->screen_threads, 0);
    assert_int_equal(config->dedupe_window_ms, 24 * 3600 * 1000);
    assert_int_equal(config->property_count, 0);
    assert_string_equal(config->topics.posts, "test.karool.posts");
    assert_string_equal(config->status_listen, "127.0.0.1:9404");
    assert_string_equal(config->log_level, "error"); /* a reload applies it */
}

static void
another_campaign_is_one_warning(void **state)
{
    struct ground *ground = *state;
    save(ground, "karool.yaml",
         "karool: config/1\ncampaign: autumn\nbrokers: localhost:9092\n"
         "connectors: " SOURCE_FOLDER "/config/connectors\n");
    const struct reload_result *result = reload(ground);
    has(result, "'campaign' is 'autumn' now");
    has(result, "'brokers' is another now");
    assert_null(strstr(result->text, "topics"));
    assert_null(strstr(result->text, "_directory"));
    assert_string_equal(ground->applied->campaign, "test");
    assert_string_equal(ground->applied->topics.flagged, "test.karool.flagged");
    assert_true(ground->applied->embedded);
    assert_string_equal(ground->applied->brokers, "embedded");
}

static void
what_is_asked_meanwhile_is_one_more_reload(void **state)
{
    struct ground *ground = *state;
    uint64_t first = reload_request(ground->reload);
    assert_true(reload_busy(ground->reload));
    save_rules(ground, "тюльпан");
    uint64_t second = reload_request(ground->reload);
    assert_int_equal(second, first + 1);
    assert_int_equal(reload_request(ground->reload), second);
    assert_int_equal(finish(ground)->number, first);
    assert_int_equal(finish(ground)->number, second);
    is_in_force(ground, "of тюльпан");
    assert_false(reload_busy(ground->reload));
    assert_null(reload_work(ground->reload));
}

static void
it_may_end_in_the_middle_of_a_reload(void **state)
{
    struct ground *ground = *state;
    reload_request(ground->reload);
    reload_freep(&ground->reload);
    is_in_force(ground, "of ромашка");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(good_files_come_in_force_and_are_told),
        TEST(a_bad_dictionary_leaves_the_old_one_and_the_old_sources),
        TEST(a_bad_configuration_leaves_the_old_rules_too),
        TEST(sources_that_cannot_be_applied_keep_the_old_rules),
        TEST(what_needs_a_restart_stays_with_a_warning_each),
        TEST(another_campaign_is_one_warning),
        TEST(what_is_asked_meanwhile_is_one_more_reload),
        TEST(it_may_end_in_the_middle_of_a_reload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
