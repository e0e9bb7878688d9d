#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pseudonym.h"

struct ground {
    char folder[64], key[96];
    struct config config;
};

static int
setup(void **state)
{
    static struct ground ground;
    ground = (struct ground){.folder = "/tmp/karool-pseudonym-XXXXXX"};
    *state = &ground;
    if (!mkdtemp(ground.folder))
        return -1;
    snprintf(ground.key, sizeof(ground.key), "%s/author.key", ground.folder);
    ground.config.state_directory = ground.folder;
    ground.config.author_pseudonyms = true;
    return 0;
}

static int
teardown(void **state)
{
    struct ground *ground = *state;
    unlink(ground->key);
    return rmdir(ground->folder); /* so nothing else was left in it */
}

static void
hash(const struct ground *ground, const char *author, char out[PSEUDONYM_SIZE])
{
    struct error err = {0};
    CLEANUP(pseudonym_freep)
    struct pseudonym *pseudonym = pseudonym_new(&ground->config, &err);
    if (!pseudonym)
        fail_msg("%s", err.message);
    pseudonym_of(pseudonym, span_of("mastodon"), span_of(author), out);
}

static void
the_key_is_made_once_and_for_its_owner_alone(void **state)
{
    struct ground *ground = *state;
    char first[PSEUDONYM_SIZE], again[PSEUDONYM_SIZE], other[PSEUDONYM_SIZE];
    struct stat info;
    hash(ground, "aida", first);
    hash(ground, "aida", again);
    hash(ground, "bakyt", other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_int_equal(strlen(first), strlen("h1:") + 32);
    assert_memory_equal(first, "h1:", 3);
    assert_int_equal(stat(ground->key, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(info.st_size, 64);
}

static void
processes_that_start_together_share_one_key(void **state)
{
    enum { PROCESSES = 8 };
    struct ground *ground = *state;
    char seen[PROCESSES][PSEUDONYM_SIZE] = {{0}};
    int pipes[PROCESSES][2];
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(pipe(pipes[i]), 0);
        if (fork() == 0) {
            char out[PSEUDONYM_SIZE] = "";
            struct pseudonym *made = pseudonym_new(&ground->config, NULL);
            if (made)
                pseudonym_of(made, span_of("n"), span_of("a"), out);
            ssize_t written = write(pipes[i][1], out, sizeof(out));
            _exit(written != sizeof(out));
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(read(pipes[i][0], seen[i], PSEUDONYM_SIZE),
                         PSEUDONYM_SIZE);
        close(pipes[i][0]);
        close(pipes[i][1]);
        wait(NULL);
    }
    assert_int_equal(strlen(seen[0]), strlen("h1:") + 32);
    for (int i = 1; i < PROCESSES; i++)
        assert_string_equal(seen[i], seen[0]);
}

static void
a_key_of_the_configuration_leaves_no_file(void **state)
{
    struct ground *ground = *state;
    char one[PSEUDONYM_SIZE], two[PSEUDONYM_SIZE];
    ground->config.author_key = span_of("the first key of this test");
    hash(ground, "aida", one);
    ground->config.author_key = span_of("the second key of this test");
    hash(ground, "aida", two);
    assert_string_not_equal(one, two);
    assert_int_equal(access(ground->key, F_OK), -1);
}

static void
a_key_that_was_cut_short_is_refused(void **state)
{
    struct ground *ground = *state;
    struct error err = {0};
    FILE *file = fopen(ground->key, "w");
    fputs("short", file);
    fclose(file);
    assert_null(pseudonym_new(&ground->config, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "author.key: shorter than 32 bytes"));
}

static void
authors_are_kept_when_the_operator_says_so(void **state)
{
    struct ground *ground = *state;
    char out[PSEUDONYM_SIZE];
    ground->config.author_pseudonyms = false;
    hash(ground, "aida@mastodon.example", out);
    assert_string_equal(out, "aida@mastodon.example");
    hash(ground, "https://mastodon.example/users/aida-of-the-gardens", out);
    assert_string_equal(out,
                        "https://mastodon.example/users/aida-of-the-gardens");
    char longer[2 * PSEUDONYM_SIZE + 1] = "a";
    for (size_t i = 1; i < 2 * PSEUDONYM_SIZE - 1; i += 2)
        memcpy(longer + i, "ү", 3);
    hash(ground, longer, out);
    assert_int_equal(strlen(out), PSEUDONYM_SIZE - 1);
    hash(ground, longer + 1, out); /* an even number of bytes fits */
    assert_int_equal(strlen(out), PSEUDONYM_SIZE - 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_key_is_made_once_and_for_its_owner_alone),
        TEST(processes_that_start_together_share_one_key),
        TEST(a_key_of_the_configuration_leaves_no_file),
        TEST(a_key_that_was_cut_short_is_refused),
        TEST(authors_are_kept_when_the_operator_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
