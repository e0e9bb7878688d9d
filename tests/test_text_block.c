/*
 * Blocks of text against what is said of them byte by byte, on random bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cpu_wide.h"
#include "text_block.h"

#define CHANCE_SEED 20261126
#include "chance.h"

static bool
blank(char byte)
{
    return byte == ' ' || byte == '\n';
}

static bool
leads(char byte)
{
    return (unsigned char)byte >= 0xD0 && (unsigned char)byte <= 0xD3;
}

/* Is the byte a mark that is plain where it stands? */
static bool
plain_mark(const char *bytes, unsigned place, bool behind_blank)
{
    char byte = bytes[place];
    bool before = place ? blank(bytes[place - 1]) : behind_blank;
    bool next = place + 1 < TEXT_BLOCK && blank(bytes[place + 1]);
    return byte && strchr("'(),-./:;?\"", byte) && (next || before);
}

static void
expect_block(const char *bytes, bool behind_blank)
{
    struct text_block block = text_block_of(bytes, behind_blank);
    for (unsigned i = 0; i < TEXT_BLOCK; i++) {
        bool starts = leads(bytes[i]) || blank(bytes[i]) ||
                      plain_mark(bytes, i, behind_blank);
        bool second = i && leads(bytes[i - 1]);
        assert_int_equal(block.starts >> i & 1, starts);
        assert_int_equal(block.plain >> i & 1, starts || second);
        assert_int_equal(block.blanks >> i & 1, blank(bytes[i]));
    }
}

static void
each_byte_is_what_it_is_alone(void **unused)
{
    char bytes[TEXT_BLOCK];
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned place = 0; place < TEXT_BLOCK; place++) {
            memset(bytes, 'x', sizeof(bytes));
            bytes[place] = (char)byte;
            expect_block(bytes, place % 2);
        }
}

static void
marks_are_plain_beside_a_blank_alone(void **unused)
{
    static const char some[] = " \n.,!-(\"*#aTx7\t\xD0\xB0\xD1\xD2\xE2";
    char bytes[TEXT_BLOCK];
    for (unsigned round = 0; round < 20000; round++) {
        for (unsigned i = 0; i < TEXT_BLOCK; i++)
            bytes[i] = some[chance(sizeof(some))];
        expect_block(bytes, chance(2));
    }
}

static void
a_byte_is_found_where_it_stands(void **unused)
{
    uint8_t bytes[TEXT_BLOCK];
    for (unsigned round = 0; round < 5000; round++) {
        uint64_t expected = 0;
        for (unsigned i = 0; i < TEXT_BLOCK; i++) {
            bytes[i] = (uint8_t)chance(3);
            expected |= (uint64_t)(bytes[i] == 1) << i;
        }
        assert_int_equal(text_block_find(bytes, 1), expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_is_what_it_is_alone),
        cmocka_unit_test(marks_are_plain_beside_a_blank_alone),
        cmocka_unit_test(a_byte_is_found_where_it_stands),
    };
    cpu_wide_hide(true);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cpu_wide_hide(false);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
