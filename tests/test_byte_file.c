#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "byte_file.h"

/* printf karool | gzip -n */
static const unsigned char packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00,
                                       0x00, 0x02, 0x03, 0xcb, 0x4e, 0x2c, 0xca,
                                       0xcf, 0xcf, 0x01, 0x00, 0xd6, 0xbe, 0x7f,
                                       0x53, 0x06, 0x00, 0x00, 0x00};

static char path[32];
static struct error err;

static int
make_file(void **state)
{
    strcpy(path, "/tmp/karool-bytes-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
    return unlink(path);
}

static void
write_twice(const void *bytes, size_t len, const void *more, size_t more_len)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fwrite(more, 1, more_len, file), more_len);
    assert_int_equal(fclose(file), 0);
}

/* All of it, a few bytes at a time, after `skip` of them. */
static bool
read_all(size_t skip, struct buffer *out)
{
    err = (struct error){0};
    CLEANUP(byte_file_closep)
    struct byte_file *file = byte_file_open(path, &err);
    assert_non_null(file);
    if (!byte_file_skip(file, skip, &err))
        return false;
    for (size_t got = 1; got;) {
        char *at = buffer_reserve(out, 4);
        assert_non_null(at);
        if (!byte_file_read(file, at, 4, &got, &err))
            return false;
        out->len += got;
    }
    return true;
}

static void
assert_reads(size_t skip, const char *expected)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    assert_true(read_all(skip, &out));
    assert_true(span_is(buffer_span(&out), expected));
}

static void
a_plain_file_is_read_as_it_is(void **state)
{
    write_twice("kar", 3, "ool\n", 4);
    assert_reads(0, "karool\n");
    assert_reads(5, "l\n");
    assert_reads(50, "");
    write_twice("\x1f", 1, "", 0);
    assert_reads(0, "\x1f");
    write_twice("", 0, "", 0);
    assert_reads(0, "");
}

static void
gzip_is_unpacked_whatever_the_name(void **state)
{
    write_twice(packed, sizeof(packed), "", 0);
    assert_reads(0, "karool");
    assert_reads(3, "ool");
    assert_reads(6, "");
}

static void
several_members_are_one_stream_and_padding_is_none(void **state)
{
    write_twice(packed, sizeof(packed), packed, sizeof(packed));
    assert_reads(0, "karoolkarool");
    assert_reads(8, "rool");
    write_twice(packed, sizeof(packed), "\0\0\0", 3);
    assert_reads(0, "karool");
}

static void
cut_or_damaged_gzip_is_an_error(void **state)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    write_twice(packed, sizeof(packed) - 3, "", 0);
    assert_false(read_all(0, &out));
    assert_int_equal(err.kind, ERROR_RETRY);
    assert_non_null(strstr(err.message, "ends in the middle"));
    write_twice(packed, 12, "garbage garbage garbage", 23);
    assert_false(read_all(0, &out));
    assert_int_equal(err.kind, ERROR_RETRY);
}

static void
what_cannot_be_opened_is_said(void **state)
{
    assert_null(byte_file_open("/nowhere/posts", &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "/nowhere/posts"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_file, remove_file)
    const struct CMUnitTest tests[] = {
        TEST(a_plain_file_is_read_as_it_is),
        TEST(gzip_is_unpacked_whatever_the_name),
        TEST(several_members_are_one_stream_and_padding_is_none),
        TEST(cut_or_damaged_gzip_is_an_error),
        TEST(what_cannot_be_opened_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
