#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "words.h"

static bool
count(void *context, struct span word)
{
    size_t *words = context;
    assert_memory_equal(word.at, "ө", 2);
    ++*words;
    return true;
}

static bool
count_of_list(void *context, unsigned rank, struct span word)
{
    size_t *words = context;
    *words += word.len > 2 && memcmp(word.at, "ө", 2) == 0;
    return true;
}

static void
words_are_found_by_their_first_letter(void **state)
{
    size_t words = 0, of_list = 0;
    words_beginning(0x04E9, count, &words);
    words_each(WORDS_KYRGYZ, count_of_list, &of_list);
    assert_true(of_list > 10);
    assert_int_equal(words, of_list);
    words_beginning('o', count, &words);
    words_beginning(0, count, &words);
    assert_int_equal(words, of_list);
}

static bool
stop(void *context, struct span word)
{
    ++*(size_t *)context;
    return false;
}

static void
the_first_may_be_the_last(void **state)
{
    size_t words = 0;
    words_beginning(0x043A, stop, &words);
    assert_int_equal(words, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_by_their_first_letter),
        cmocka_unit_test(the_first_may_be_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
