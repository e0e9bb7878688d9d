/*
 * Joined letters by the wide way and by the other one, against what is said of
 * them word by word. Where the machine knows no wide way, the other one is
 * tried twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alphabet.h"
#include "buffer.h"
#include "cpu_wide.h"
#include "joined.h"

#define CHANCE_SEED 20261128
#include "chance.h"

enum { MOST = 7 };

static uint64_t openings[(1 << JOINED_OPENING_BITS) / 64];

/* Words of few different letters, so that neighbours often end and begin with
 * the same one. */
static void
write_text(struct buffer *text)
{
    static const char *const letters[] = {"\u0430", "\u043e", "\u0440",
                                          "\u043b"};
    unsigned words = chance(200), kinds = 1 + chance(4);
    for (unsigned i = 0; i < words; i++) {
        unsigned most = 1 + (chance(3) ? chance(9) : chance(150));
        for (unsigned j = 0; j < most; j++)
            buffer_append_text(text, letters[chance(kinds)]);
        buffer_append_text(text, chance(4) ? " " : ", ");
    }
}

static size_t
word_len(const struct reading *reading, size_t word)
{
    return reading->words[word + 1] - 1 - reading->words[word];
}

static void
expect_joined(const struct reading *reading, const struct joined *joined)
{
    size_t count = 0;
    uint8_t before = LETTER_SEPARATOR;
    for (size_t i = 0; i < reading->word_count; i++)
        for (size_t j = 0; j < word_len(reading, i); j++) {
            uint8_t key = reading->letters[reading->words[i] + j];
            if (j == 0)
                assert_int_equal(joined->starts[i], count - (key == before));
            if (key == before)
                continue;
            assert_int_equal(joined->letters[count++], key);
            before = key;
        }
    assert_int_equal(joined->count, count);
    for (size_t i = 0; i < READING_SLACK; i++)
        assert_int_equal(joined->letters[count + i], LETTER_SEPARATOR);
}

static void
expect_looked_at(const struct reading *reading, const struct joined *joined)
{
    for (size_t first = 0; first < reading->word_count; first += JOINED_WORDS) {
        struct joined_words found =
            joined_look(joined, reading, openings, first, MOST);
        for (size_t i = 0; i < JOINED_WORDS; i++) {
            size_t word = first + i;
            bool there = word < reading->word_count;
            size_t len = there ? word_len(reading, word) : 0;
            uint32_t slot =
                there ? joined_slot(joined->letters + joined->starts[word]) : 0;
            assert_int_equal(found.singles >> i & 1, len == 1);
            assert_int_equal(found.openings >> i & 1,
                             there && len < MOST &&
                                 (openings[slot / 64] >> slot % 64 & 1));
        }
    }
}

static void
words_are_joined_and_looked_at(void **unused)
{
    struct reading reading = {0};
    struct joined joined = {0};
    for (unsigned round = 0; round < 3000; round++) {
        CLEANUP(buffer_done) struct buffer text = {0};
        cpu_wide_hide(round % 2);
        for (size_t i = 0; i < COUNT_OF(openings); i++)
            openings[i] ^= (uint64_t)chance(1u << 31) << chance(34);
        write_text(&text);
        assert_true(normalise(&reading, buffer_span(&text), NULL));
        assert_true(joined_make(&joined, &reading));
        expect_joined(&reading, &joined);
        expect_looked_at(&reading, &joined);
    }
    reading_done(&reading);
    joined_done(&joined);
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
        cmocka_unit_test(words_are_joined_and_looked_at),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
