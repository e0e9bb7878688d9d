#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "redact.h"
#include "secret.h"

struct ground {
    char credentials[64], folder[64];
    const char *folders[2];
};

static void
put(const char *folder, const char *value, unsigned mode)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/token_of_test", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(value, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static int
setup(void **state)
{
    static struct ground ground;
    ground = (struct ground){.credentials = "/tmp/karool-creds-XXXXXX",
                             .folder = "/tmp/karool-secret-XXXXXX"};
    *state = &ground;
    ground.folders[0] = ground.folder;
    return !mkdtemp(ground.credentials) || !mkdtemp(ground.folder);
}

static int
teardown(void **state)
{
    struct ground *ground = *state;
    char path[128];
    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("token_of_test");
    unsetenv("TOKEN_OF_TEST");
    snprintf(path, sizeof(path), "%s/token_of_test", ground->credentials);
    unlink(path);
    snprintf(path, sizeof(path), "%s/token_of_test", ground->folder);
    unlink(path);
    return rmdir(ground->credentials) || rmdir(ground->folder);
}

static void
is_found(struct ground *ground, const char *expected)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer value = {0};
    if (!secret_find(&value, span_of("token_of_test"), ground->folders, &err))
        fail_msg("%s", err.message);
    assert_string_equal(buffer_text(&value), expected);
}

static void
is_refused(struct ground *ground, const char *name, const char *why)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer value = {0};
    assert_false(secret_find(&value, span_of(name), ground->folders, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.message, why))
        fail_msg("'%s' is not in: %s", why, err.message);
}

static void
a_credential_stands_over_the_environment_over_a_file(void **state)
{
    struct ground *ground = *state;
    put(ground->folder, "from a file\n", 0600);
    is_found(ground, "from a file");
    setenv("TOKEN_OF_TEST", "from capitals", 1);
    is_found(ground, "from capitals");
    setenv("token_of_test", "from the environment", 1);
    is_found(ground, "from the environment");
    /* systemd guards its folder itself: the mode is its business. */
    put(ground->credentials, "from a credential\r\n", 0440);
    setenv("CREDENTIALS_DIRECTORY", ground->credentials, 1);
    is_found(ground, "from a credential");
}

static void
a_file_that_others_may_read_is_refused(void **state)
{
    struct ground *ground = *state;
    static const unsigned modes[] = {0604, 0640, 0660, 0644, 0610};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        put(ground->folder, "from a file", modes[i]);
        is_refused(ground, "token_of_test", "run: chmod 600 ");
    }
}

static void
what_is_missing_or_too_short_is_said(void **state)
{
    struct ground *ground = *state;
    is_refused(ground, "token_of_test", "LoadCredential=");
    put(ground->folder, "abc\n", 0600);
    is_refused(ground, "token_of_test", "fewer than 4 bytes");
    put(ground->folder, "\n\n\n\n\n\n", 0600);
    is_refused(ground, "token_of_test", "fewer than 4 bytes");
}

static void
a_name_never_leaves_its_folder(void **state)
{
    struct ground *ground = *state;
    static const char *const names[] = {"../token", "/etc/passwd", "",
                                        ".",        "..",          "a b"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        is_refused(ground, names[i], "cannot be the name of a secret");
}

static void
what_was_found_is_redacted_and_no_error_quotes_it(void **state)
{
    struct ground *ground = *state;
    CLEANUP(buffer_done) struct buffer text = {0};
    put(ground->folder, "planted-secret-7", 0600);
    is_found(ground, "planted-secret-7");
    buffer_append_text(&text, "HTTP 401 for token planted-secret-7.");
    redact_text(&text);
    assert_string_equal(buffer_text(&text), "HTTP 401 for token ***.");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_credential_stands_over_the_environment_over_a_file),
        TEST(a_file_that_others_may_read_is_refused),
        TEST(what_is_missing_or_too_short_is_said),
        TEST(a_name_never_leaves_its_folder),
        TEST(what_was_found_is_redacted_and_no_error_quotes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
