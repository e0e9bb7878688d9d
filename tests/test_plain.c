#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "cpu_wide.h"
#include "plain.h"

/* The definition, byte by byte. */
static size_t
slow_len(struct span text)
{
    size_t i = 0;
    while (i < text.len) {
        unsigned char c = (unsigned char)text.at[i];
        unsigned char next =
            i + 1 < text.len ? (unsigned char)text.at[i + 1] : 0;
        if (c >= 0x20 && c <= 0x7F && c != '"' && c != '\\')
            i++;
        else if (c >= 0xC2 && c <= 0xDF && next >= 0x80 && next <= 0xBF)
            i += 2;
        else
            break;
    }
    return i;
}

/* Exactly as long as it is, so that a sanitiser sees a byte read behind it. */
static void
assert_same(const char *bytes, size_t len)
{
    char *copy = malloc(len + !len);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    struct span text = {copy, len};
    assert_int_equal(plain_len(text), slow_len(text));
    free(copy);
}

static void
what_is_not_plain_is_found_at_every_place(void **state)
{
    static const char *const pieces[] = {
        "\"",
        "\\",
        "\x1F",
        "\x01",
        "\n",
        "\xD0",
        "\xB6",
        "\xC1\xBF",
        "\xC0\x80",
        "\xE2\x82\xAC",
        "\xFF",
        "\x7F",
        " ",
        "\xF0\x9F\x98\x80",
        "\xD0\xB6\xB6",
        "\xDF\xBF",
        "\xC2\x80",
        "\xD0\"",
        "\xE0",
        "\xED\xA0\x80",
    };
    for (size_t before = 0; before < 140; before++)
        for (size_t i = 0; i < COUNT_OF(pieces); i++)
            for (size_t after = 0; after < 40; after += 3) {
                CLEANUP(buffer_done) struct buffer text = {0};
                for (size_t k = 0; k < before; k++)
                    buffer_append_text(&text, k % 3 ? "\xD0\xB6" : "x");
                buffer_append_text(&text, pieces[i]);
                for (size_t k = 0; k < after; k++)
                    buffer_append_text(&text, k % 2 ? "\xD3\xA9" : "y");
                assert_same(text.bytes, text.len);
            }
}

static void
bytes_at_random_are_measured_as_one_by_one(void **state)
{
    static const unsigned char alphabet[] = {
        'a', ' ', 0xD0, 0xB6, 0xD2, 0xA3, 0xDF, 0xC2, 0xC1, 0xE0, '"', 0x1F};
    unsigned seed = 4;
    for (int round = 0; round < 20000; round++) {
        char bytes[200];
        size_t len = (size_t)(rand_r(&seed) % 200);
        /* Most rounds of plain pieces, so that they get far. */
        int few = round % 3 ? 6 : 12;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)alphabet[rand_r(&seed) % few];
        assert_same(bytes, len);
    }
}

static void
nul_and_nothing_are_no_plain_text(void **state)
{
    assert_int_equal(plain_len((struct span){"", 1}), 0);
    assert_int_equal(plain_len(SPAN_NONE), 0);
    assert_same("abc\0defghijklmnopqrst", 22);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_plain_is_found_at_every_place),
        cmocka_unit_test(bytes_at_random_are_measured_as_one_by_one),
        cmocka_unit_test(nul_and_nothing_are_no_plain_text),
    };
    cpu_wide_hide(true);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cpu_wide_hide(false);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
