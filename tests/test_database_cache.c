#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "database_cache.h"
#include "file.h"
#include "matcher.h"

#define KEY_A "a000000000000000000000000000000000000000000000000000000000000001"
#define KEY_B "a000000000000000000000000000000000000000000000000000000000000002"
#define FILE_NAME "patterns-2.hsdb" /* 0xa % 8 */

static char folder[] = "/tmp/karool-cache-XXXXXX";
static char file[64];
static struct buffer out;

static int
make_folder(void **state)
{
    return mkdtemp(folder) && setenv("CACHE_DIRECTORY", folder, 1) == 0 ? 0
                                                                        : -1;
}

static int
remove_folder(void **state)
{
    return rmdir(folder);
}

static int
setup(void **state)
{
    snprintf(file, sizeof(file), "%s/" FILE_NAME, folder);
    database_cache_store(KEY_A, span_of("compiled bytes"));
    return 0;
}

static int
teardown(void **state)
{
    buffer_done(&out);
    for (int i = 0; i < 8; i++) {
        snprintf(file, sizeof(file), "%s/patterns-%d.hsdb", folder, i);
        unlink(file);
    }
    return setenv("CACHE_DIRECTORY", folder, 1);
}

static void
what_was_stored_is_loaded_and_is_ours_alone(void **state)
{
    struct stat info;
    assert_true(database_cache_load(KEY_A, &out));
    assert_true(span_is(buffer_span(&out), "compiled bytes"));
    assert_int_equal(stat(file, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void
another_key_finds_nothing_and_takes_the_place(void **state)
{
    assert_false(database_cache_load(KEY_B, &out));
    database_cache_store(KEY_B, span_of("others"));
    assert_true(database_cache_load(KEY_B, &out));
    assert_true(span_is(buffer_span(&out), "others"));
    assert_false(database_cache_load(KEY_A, &out));
}

static void
a_damaged_byte_anywhere_is_noticed(void **state)
{
    CLEANUP(buffer_done) struct buffer whole = {0};
    assert_true(file_load(&whole, file, 4096, NULL));
    for (size_t i = 0; i < whole.len; i++) {
        whole.bytes[i] ^= 1;
        assert_true(file_replace(file, buffer_span(&whole), 0600, NULL));
        assert_false(database_cache_load(KEY_A, &out));
        whole.bytes[i] ^= 1;
    }
    for (size_t len = 0; len < whole.len; len++) {
        struct span part = {whole.bytes, len};
        assert_true(file_replace(file, part, 0600, NULL));
        assert_false(database_cache_load(KEY_A, &out));
    }
    buffer_append_byte(&whole, 'x');
    assert_true(file_replace(file, buffer_span(&whole), 0600, NULL));
    assert_false(database_cache_load(KEY_A, &out));
}

static void
a_file_that_others_may_write_is_not_used(void **state)
{
    assert_int_equal(chmod(file, 0620), 0);
    assert_false(database_cache_load(KEY_A, &out));
    assert_int_equal(chmod(file, 0602), 0);
    assert_false(database_cache_load(KEY_A, &out));
    assert_int_equal(chmod(file, 0644), 0);
    assert_true(database_cache_load(KEY_A, &out));
    if (geteuid() == 0) {
        assert_int_equal(chown(file, 65534, 65534), 0);
        assert_false(database_cache_load(KEY_A, &out));
    }
}

static void
a_link_a_pipe_and_a_folder_are_not_used(void **state)
{
    char elsewhere[sizeof(file) + 8];
    snprintf(elsewhere, sizeof(elsewhere), "%s.real", file);
    assert_int_equal(rename(file, elsewhere), 0);
    assert_int_equal(symlink(elsewhere, file), 0);
    assert_false(database_cache_load(KEY_A, &out));
    unlink(file);
    unlink(elsewhere);
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_false(database_cache_load(KEY_A, &out));
    unlink(file);
    assert_int_equal(mkdir(file, 0700), 0);
    assert_false(database_cache_load(KEY_A, &out));
    database_cache_store(KEY_A, span_of("x"));
    assert_int_equal(rmdir(file), 0);
}

static void
without_a_folder_there_is_no_cache(void **state)
{
    setenv("CACHE_DIRECTORY", "relative", 1);
    setenv("XDG_CACHE_HOME", "", 1);
    setenv("HOME", "", 1);
    database_cache_store(KEY_A, span_of("x"));
    assert_false(database_cache_load(KEY_A, &out));
    assert_int_equal(access("relative", F_OK), -1);
    setenv("CACHE_DIRECTORY", "/proc/nowhere", 1);
    database_cache_store(KEY_A, span_of("x"));
    assert_false(database_cache_load(KEY_A, &out));
}

/* --- Through the matcher --- */

/* A matcher of so many words that its patterns are worth keeping. */
static struct matcher *
compile(const char *first)
{
    static const char *const letters[] = {"а", "б", "в", "г", "д", "е",
                                          "ж", "з", "и", "к", "л", "м"};
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text, "id\tterm\tcategory\tseverity\nfirst\t%s\tplant\t1\n",
                  first);
    for (unsigned i = 0; i < 3000; i++)
        buffer_printf(&text, "t%u\t%s%sр%s%sуш\tplant\t1\n", i,
                      letters[i / 1728 % 12], letters[i / 144 % 12],
                      letters[i / 12 % 12], letters[i % 12]);
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: plant}\n")},
        {"a.tsv", buffer_span(&text)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    assert_non_null(rules);
    struct matcher *matcher = matcher_new(rules, diagnostics, &err);
    assert_non_null(matcher);
    return matcher;
}

static void
finds(const char *first, bool from_cache, const char *text, size_t count)
{
    CLEANUP(matcher_unrefp) struct matcher *matcher = compile(first);
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(NULL);
    const struct matcher_input input = {.fields = {span_of(text)}};
    struct match_list list;
    assert_int_equal(matcher_from_cache(matcher), from_cache);
    assert_true(matcher_scan(matcher, scanner, &input, &list, NULL));
    assert_int_equal(list.count, count);
}

static size_t
find_file(struct buffer *whole)
{
    for (int i = 0; i < 8; i++) {
        snprintf(file, sizeof(file), "%s/patterns-%d.hsdb", folder, i);
        buffer_clear(whole);
        if (access(file, F_OK) == 0 &&
            file_load(whole, file, 64 * 1024 * 1024, NULL))
            return whole->len;
    }
    return 0;
}

#define TEXT "роза, аараауш, гүл"

static void
a_matcher_from_the_cache_finds_the_same(void **state)
{
    teardown(state);
    finds("роза", false, TEXT, 2);
    finds("роза", true, TEXT, 2);
    /* Other words, other patterns. */
    finds("гүл", false, TEXT, 2);
    finds("гүл", true, TEXT, 2);
}

static void
a_damaged_database_is_compiled_anew(void **state)
{
    CLEANUP(buffer_done) struct buffer whole = {0};
    teardown(state);
    finds("роза", false, TEXT, 2);
    assert_true(find_file(&whole) > 1000);
    const size_t places[] = {0, 30, 100, 300, whole.len / 2, whole.len - 1};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        whole.bytes[places[i]] ^= 0x40;
        assert_true(file_replace(file, buffer_span(&whole), 0600, NULL));
        whole.bytes[places[i]] ^= 0x40;
        finds("роза", false, TEXT, 2);
        finds("роза", true, TEXT, 2);
    }
}

/* Of the right key and digest, and no database at all. */
static void
bytes_that_the_library_refuses_are_compiled_anew(void **state)
{
    CLEANUP(buffer_done) struct buffer whole = {0};
    char key[SHA256_HEX_SIZE];
    teardown(state);
    finds("роза", false, TEXT, 2);
    assert_true(find_file(&whole) > 1000);
    memcpy(key, strchr(whole.bytes, '\n') + 1, sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    database_cache_store(key, span_of("no database"));
    finds("роза", false, TEXT, 2);
    finds("роза", true, TEXT, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_was_stored_is_loaded_and_is_ours_alone),
        TEST(another_key_finds_nothing_and_takes_the_place),
        TEST(a_damaged_byte_anywhere_is_noticed),
        TEST(a_file_that_others_may_write_is_not_used),
        TEST(a_link_a_pipe_and_a_folder_are_not_used),
        TEST(without_a_folder_there_is_no_cache),
        TEST(a_matcher_from_the_cache_finds_the_same),
        TEST(a_damaged_database_is_compiled_anew),
        TEST(bytes_that_the_library_refuses_are_compiled_anew),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
