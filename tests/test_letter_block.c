/*
 * Letters of a block by the wide way and by the other one, against what is
 * said of them one by one. Where the machine knows no wide way, the other one
 * is tried twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alphabet.h"
#include "cpu_wide.h"
#include "letter_block.h"

#define CHANCE_SEED 20261127
#include "chance.h"

struct expected {
    uint8_t keys[2 * TEXT_BLOCK];
    uint32_t origins[2 * TEXT_BLOCK];
    size_t count, behind;
    uint8_t last;
};

static void
one_by_one(struct expected *out, const char *bytes, uint64_t starts,
           size_t from)
{
    for (unsigned i = 0; i < TEXT_BLOCK; i++) {
        unsigned char first = (unsigned char)bytes[i];
        if (!(starts >> i & 1))
            continue;
        out->behind = from + i;
        uint8_t key = LETTER_SEPARATOR;
        if (first >= 0x80)
            key = alphabet_key(
                (uint32_t)((first & 0x1F) << 6 | (bytes[i + 1] & 0x3F)));
        if (first >= 0x80 && key <= LETTER_SEPARATOR)
            return;
        if (key != out->last) {
            out->keys[out->count] = key;
            out->origins[out->count++] = (uint32_t)(from + i);
        }
        out->last = key;
        out->behind += key == LETTER_SEPARATOR ? 1 : 2;
    }
}

/* Characters of all of 0400 to 04FF, blanks, marks, others; the text ends
 * where what can be read does. */
static void
fill(char *bytes)
{
    for (unsigned i = 0; i < TEXT_BLOCK + 1;) {
        unsigned kind = chance(12);
        if (kind == 0) {
            bytes[i++] = " \n.,!-a7"[chance(8)];
        } else if (i == TEXT_BLOCK) {
            bytes[i++] = ' ';
        } else {
            unsigned letter = kind < 4    ? 0x430 + chance(3)
                              : kind == 4 ? 0x400 + chance(256)
                                          : 0x410 + chance(64);
            bytes[i++] = (char)(0xC0 | letter >> 6);
            bytes[i++] = (char)(0x80 | (letter & 0x3F));
        }
    }
}

static void
expect_same(const char *bytes, uint64_t starts, bool hide)
{
    struct expected expected = {.keys = {LETTER_FIRST}, .count = 1};
    uint8_t keys[3 * TEXT_BLOCK] = {LETTER_FIRST};
    uint32_t origins[3 * TEXT_BLOCK] = {0};
    struct letter_row row = {keys, origins, 1, LETTER_FIRST};
    size_t from = 100 + chance(100000);
    expected.last = LETTER_FIRST;
    one_by_one(&expected, bytes, starts, from);
    cpu_wide_hide(hide);
    size_t behind = letter_block_read(&row, bytes, starts, from);
    assert_int_equal(behind, expected.behind);
    assert_int_equal(row.count, expected.count);
    assert_int_equal(row.last, expected.last);
    assert_memory_equal(keys, expected.keys, row.count);
    assert_memory_equal(origins, expected.origins,
                        row.count * sizeof(*origins));
}

static void
plain_characters_become_letters_once(void **unused)
{
    /* Exactly as many as can be read, so that a sanitiser sees one more. */
    char *bytes = malloc(TEXT_BLOCK + 1);
    assert_non_null(bytes);
    for (unsigned round = 0; round < 40000; round++) {
        fill(bytes);
        struct text_block block = text_block_of(bytes, true);
        uint64_t starts = block.starts;
        if (round % 3)
            starts &= ~(uint64_t)0 << chance(64);
        if (round % 2)
            starts &= ~(uint64_t)0 >> chance(64);
        expect_same(bytes, starts ? starts : block.starts, round % 4 < 2);
    }
    free(bytes);
    cpu_wide_hide(false);
}

static void
words_begin_behind_separators(void **unused)
{
    uint8_t keys[TEXT_BLOCK];
    uint32_t words[TEXT_BLOCK];
    for (unsigned round = 0; round < 20000; round++) {
        size_t count = 1 + chance(200), found = 0, from = chance(1000);
        for (unsigned i = 0; i < TEXT_BLOCK; i++)
            keys[i] = (uint8_t)(LETTER_SEPARATOR + chance(1 + round % 5));
        cpu_wide_hide(round % 2);
        size_t got = letter_block_words(keys, count, from, words);
        for (unsigned i = 0; i < TEXT_BLOCK && i < count; i++) {
            if (keys[i] != LETTER_SEPARATOR)
                continue;
            assert_true(found < got);
            assert_int_equal(words[found++], from + i + 1);
        }
        assert_int_equal(got, found);
    }
    cpu_wide_hide(false);
}

static int
load(void **unused)
{
    return alphabet_load(NULL) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_characters_become_letters_once),
        cmocka_unit_test(words_begin_behind_separators),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
