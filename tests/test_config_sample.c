/* config/karool.yaml, which is installed as /etc/karool/karool.yaml, against
 * the table of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "config_loader.h"
#include "file.h"
#include "yaml_tree.h"

#define SAMPLE SOURCE_FOLDER "/config/karool.yaml"

enum { SAMPLE_MAX = 1 << 20 };

struct ground {
    char folder[64], file[96], connectors[96];
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct yaml_node *all; /* the sample with every setting in it */
};

/* "#key: value" is a setting that is left out, "# Text" is a comment. */
static bool
is_left_out(const char *line)
{
    return line[0] == '#' &&
           (strncmp(line, "#  ", 3) == 0 || (line[1] >= 'a' && line[1] <= 'z'));
}

static void
put_all_in(const char *sample, FILE *out)
{
    while (*sample) {
        size_t len = strcspn(sample, "\n");
        size_t sign = is_left_out(sample);
        fprintf(out, "%.*s\n", (int)(len - sign), sample + sign);
        sample += len + (sample[len] == '\n');
    }
}

static int
setup(void **state)
{
    static struct ground ground;
    ground = (struct ground){.folder = "/tmp/karool-sample-XXXXXX"};
    static const char *const secrets[] = {"mastodon_token", "author_key",
                                          "kafka_password"};
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        setenv(secrets[i], "placeholder", 1);
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer sample = {0};
    if (!mkdtemp(ground.folder) ||
        !file_load(&sample, SAMPLE, SAMPLE_MAX, &err))
        return -1;
    snprintf(ground.file, sizeof(ground.file), "%s/all.yaml", ground.folder);
    snprintf(ground.connectors, sizeof(ground.connectors), "%s/connectors",
             ground.folder);
    FILE *out = fopen(ground.file, "w");
    if (!out || symlink(SOURCE_FOLDER "/config/connectors", ground.connectors))
        return -1;
    put_all_in(buffer_text(&sample), out);
    fclose(out);
    ground.diagnostics = diagnostics_new();
    ground.arena = arena_new();
    ground.all = yaml_load(ground.arena, ground.file, ground.diagnostics);
    *state = &ground;
    return 0;
}

static int
teardown(void **state)
{
    struct ground *ground = *state;
    unlink(ground->file);
    unlink(ground->connectors);
    rmdir(ground->folder);
    diagnostics_free(ground->diagnostics);
    arena_free(ground->arena);
    return 0;
}

static void
loads_without_a_word(const char *path)
{
    const struct config_options options = {.secrets = false};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(config_unrefp)
    struct config *config = config_load(path, &options, diagnostics);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    if (!config || report.len)
        fail_msg("%s", buffer_text(&report));
}

static void
it_is_sound_as_it_is_and_with_every_setting_in_it(void **state)
{
    struct ground *ground = *state;
    loads_without_a_word(SAMPLE);
    loads_without_a_word(ground->file);
}

static const struct yaml_node *
at(const struct yaml_node *node, const char *path)
{
    char part[64];
    while (node && *path) {
        size_t len = strcspn(path, ".");
        snprintf(part, sizeof(part), "%.*s", (int)len, path);
        node = yaml_get(node, part);
        path += len + (path[len] == '.');
    }
    return node;
}

static void
every_key_is_in_it_with_its_default(void **state)
{
    struct ground *ground = *state;
    assert_non_null(ground->all);
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        const struct yaml_node *node = at(ground->all, key->path);
        if (!node)
            fail_msg("the sample does not name '%s'", key->path);
        if (key->fallback && !span_is(node->text, key->fallback))
            fail_msg("%s is '%.*s' in the sample, its default is '%s'",
                     key->path, SPAN_ARGS(node->text), key->fallback);
    }
}

static void
every_key_of_a_source_is_in_it(void **state)
{
    struct ground *ground = *state;
    const struct yaml_node *sources = at(ground->all, "sources");
    assert_non_null(sources);
    for (size_t i = 0; i < source_key_count; i++) {
        bool named = false;
        for (const struct yaml_node *source = sources->first; source;
             source = source->next)
            named = named || yaml_get(source, source_keys[i].path);
        if (!named)
            fail_msg("no source of the sample has '%s'", source_keys[i].path);
    }
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_is_sound_as_it_is_and_with_every_setting_in_it),
        TEST(every_key_is_in_it_with_its_default),
        TEST(every_key_of_a_source_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
