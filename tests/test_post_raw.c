#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cpu_wide.h"
#include "post_raw.h"

#define ROUNDS 200000

/* In a place of its own size, so that a sanitiser sees what is read beyond. */
static bool
is_last(const char *bytes, size_t len)
{
    char *copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    copy = realloc(copy, len ? len : 1);
    bool last = post_raw_is_last((struct span){copy, len}, 0);
    free(copy);
    return last;
}

static bool
text_is_last(const char *text)
{
    return is_last(text, strlen(text));
}

static void
a_value_that_ends_the_record_is_last(void **state)
{
    static const char *const texts[] = {
        ":{}}",
        " : [] } ",
        ":{\"a\":[1,{\"b\":2}],\"c\":\"}],{\"}}\n",
        ":[\"\\\"]\",\"\\\\\",[\"[\"]]}",
        ":{\"a\":1}\v\f}\r\n",
        ":{} trailing",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!text_is_last(texts[i]))
            fail_msg("%s", texts[i]);
}

static void
a_member_behind_it_is_seen(void **state)
{
    static const char *const texts[] = {
        ":{},\"text\":\"a\"}",
        " : [] ,\"text\":\"a\"}",
        ":{\"a\":[1,{\"b\":2}],\"c\":\"}]}\"}\t,",
        ":[\"\\\"]\",\"\\\\\",[\"[\"]] ,\"a\":{}}",
        ":{\"a\":1}\v\f,\"x\":{\"y\":{}}}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (text_is_last(texts[i]))
            fail_msg("%s", texts[i]);
}

static void
a_value_without_an_end_has_nothing_behind_it(void **state)
{
    assert_true(text_is_last(""));
    assert_true(text_is_last(":"));
    assert_true(text_is_last(":{"));
    assert_true(text_is_last(":{{{{ anything"));
    assert_true(text_is_last(":[\"],\\\"],"));
}

static void
of_a_scalar_nothing_is_promised(void **state)
{
    assert_false(text_is_last(":1}"));
    assert_false(text_is_last(":\"{}\"}"));
    assert_false(text_is_last(":null}"));
}

/* ---- against a loop over the bytes ---- */

static bool
slow_is_last(const char *bytes, size_t len)
{
    size_t depth = 0;
    bool inside = false;
    for (size_t i = 1; i < len; i++) {
        char c = bytes[i];
        if (c == '\\' && (inside || strchr("\"\\", bytes[i + 1])))
            i++; /* JSON has none outside */
        else if (c == '"')
            inside = !inside;
        else if (!inside && strchr("{[", c))
            depth++;
        else if (!inside && strchr("}]", c) && --depth == 0)
            return i + 1 == len || bytes[i + 1] != ',';
    }
    return true;
}

static uint64_t random_state = 20261125;

static size_t
pick(size_t count)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state >> 20) % count;
}

static void
blocks_are_counted_as_bytes_are(void **state)
{
    /* Brackets, quotes and escapes at all places of a block. */
    static const char dense[] = "{}[]\"\\,a";
    char bytes[400] = {0};
    size_t last = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len = 2 + pick(sizeof(bytes) - 2);
        size_t rarity = pick(30) + 1;
        bytes[0] = ':';
        bytes[1] = '{';
        for (size_t i = 2; i < len; i++)
            bytes[i] =
                pick(rarity) ? ",a"[pick(2)] : dense[pick(sizeof(dense) - 1)];
        for (size_t i = 2; i < len; i++)
            if (bytes[i] == '\\' && bytes[i - 1] != '\\' && !pick(2))
                bytes[i] = 'a';
        bool expected = slow_is_last(bytes, len);
        if (is_last(bytes, len) != expected)
            fail_msg("%d: %.*s", expected, (int)len, bytes);
        last += expected;
    }
    assert_in_range(last, ROUNDS / 3, ROUNDS * 9 / 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_that_ends_the_record_is_last),
        cmocka_unit_test(a_member_behind_it_is_seen),
        cmocka_unit_test(a_value_without_an_end_has_nothing_behind_it),
        cmocka_unit_test(of_a_scalar_nothing_is_promised),
        cmocka_unit_test(blocks_are_counted_as_bytes_are),
    };
    cpu_wide_hide(true);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cpu_wide_hide(false);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
